import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { featuresJudge, ratingsJudge } from '#dist/judges/index.js';
import { keyOf, matrix, Random } from '#dist/numerics/index.js';
import type { Ratings } from '#dist/stimuli/index.js';
import { randomTrials } from './random-trials.js';

function ratingsOf(
  rows: readonly (readonly number[])[],
  kind: 'category' | 'dimension' = 'dimension',
): Ratings {
  const [min, max] = kind === 'dimension' ? [1, 9] : [0, 1];
  const scales = rows[0].map((_, s) => ({ name: `scale ${s}`, kind, min, max }));
  return { name: 'test', scales, nStimuli: rows.length, values: Float64Array.from(rows.flat()) };
}

const randomRows = (nStimuli: number, nScales: number, seed: number) => {
  const random = new Random(keyOf(seed));
  return Array.from({ length: nStimuli }, () =>
    Array.from({ length: nScales }, () => 1 + 8 * random.uniform()),
  );
};

/** One obvious formula per pair, no shared code with the judge. */
function cosine(a: readonly number[], b: readonly number[]): number {
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((x, s) => {
    ab += x * b[s];
    aa += x * x;
    bb += b[s] * b[s];
  });
  return ab / Math.sqrt(aa * bb);
}

function oddByMostSimilarPair(rows: readonly (readonly number[])[], [i, j, k]: readonly number[]): number {
  const kept = [cosine(rows[j], rows[k]), cosine(rows[i], rows[k]), cosine(rows[i], rows[j])];
  return kept.indexOf(Math.max(...kept));
}

function oddByGreatestMeanDistance(rows: readonly (readonly number[])[], triplet: readonly number[]): number {
  const mean = triplet.map((a) => {
    const others = triplet.filter((b) => b !== a);
    return others.reduce((sum, b) => sum + 1 - cosine(rows[a], rows[b]), 0) / 2;
  });
  return mean.indexOf(Math.max(...mean));
}

const choicesOf = (
  rows: readonly (readonly number[])[],
  rule: typeof oddByMostSimilarPair,
  trials: { triplets: Uint32Array; nTrials: number },
) =>
  Uint8Array.from({ length: trials.nTrials }, (_, t) =>
    rule(rows, [...trials.triplets.subarray(3 * t, 3 * t + 3)]),
  );

describe('ratings judge', () => {
  const rows = randomRows(40, 6, 1);
  const trials = randomTrials(40, 3000, keyOf(2));
  const answer = (judged: readonly (readonly number[])[], center: 'none' | 'midpoint' | 'column' | 'row') =>
    ratingsJudge(ratingsOf(judged), { center }).answer(trials, keyOf(3)).choice;

  it('keeps the pair with the greatest cosine, raw unless told otherwise', () => {
    const expected = choicesOf(rows, oddByMostSimilarPair, trials);
    expect(ratingsJudge(ratingsOf(rows)).answer(trials, keyOf(3)).choice).toEqual(expected);
  });

  it.each([
    ['midpoint', rows.map((row) => row.map((value) => value - 5))],
    ['row', rows.map((row) => row.map((value) => value - row.reduce((a, b) => a + b) / row.length))],
    [
      'column',
      rows.map((row) =>
        row.map((value, s) => {
          const column = rows.map((other) => other[s]);
          const mean = column.reduce((a, b) => a + b) / column.length;
          const sd = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / column.length);
          return (value - mean) / sd;
        }),
      ),
    ],
  ] as const)('centres by %s', (center, centred) => {
    expect(answer(rows, center)).toEqual(choicesOf(centred, oddByMostSimilarPair, trials));
  });

  it('gives all-zero stimuli similarity 0 and says how many there are', () => {
    const judge = ratingsJudge(
      ratingsOf(
        [
          [0, 0],
          [0, 0],
          [1, 0],
          [0.9, 0.1],
          [0, 1],
        ],
        'category',
      ),
    );
    expect(judge.warnings).toEqual([expect.stringContaining('2 stimuli have all-zero ratings')]);
    const asked = {
      nStimuli: 5,
      nTrials: 2,
      triplets: Uint32Array.from([0, 2, 3, 0, 1, 2]),
      shownOrder: new Uint8Array(2),
    };
    const { choice, nTies } = judge.answer(asked, keyOf(1));
    expect(choice[0]).toBe(0);
    expect(nTies).toBe(1);
  });

  it('refuses missing cells, or compares the scales that both stimuli have', () => {
    const gaps = rows.map((row, r) =>
      row.map((value, s) => (r % 3 === 0 && s === r % 6 ? Number.NaN : value)),
    );
    expect(() => ratingsJudge(ratingsOf(gaps))).toThrowError(/14 ratings are missing.*missing: pairwise/);
    const { choice } = ratingsJudge(ratingsOf(gaps), { missing: 'pairwise' }).answer(trials, keyOf(3));
    const shared = (a: readonly number[], b: readonly number[]) =>
      a.map((_, s) => s).filter((s) => a[s] + b[s] > 0);
    const pairwise = (i: number, j: number) => {
      const common = shared(gaps[i], gaps[j]);
      return cosine(
        common.map((s) => gaps[i][s]),
        common.map((s) => gaps[j][s]),
      );
    };
    for (let t = 0; t < trials.nTrials; t++) {
      const [i, j, k] = trials.triplets.subarray(3 * t, 3 * t + 3);
      const kept = [pairwise(j, k), pairwise(i, k), pairwise(i, j)];
      expect(choice[t]).toBe(kept.indexOf(Math.max(...kept)));
    }
  });

  it('warns of pairs that share no scale', () => {
    const { NaN: gap } = Number;
    const judge = ratingsJudge(
      ratingsOf([
        [1, gap],
        [gap, 2],
        [3, 4],
      ]),
      { missing: 'pairwise' },
    );
    expect(judge.warnings).toEqual(['1 pairs of stimuli share no rated scale: their similarity is 0.']);
  });
});

describe('features judge', () => {
  it('names the stimulus with the greatest mean cosine distance, which is the one outside the most similar pair', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 2, max: 8 }), (seed, nFeatures) => {
        const rows = randomRows(12, nFeatures, seed);
        const trials = randomTrials(12, 100, keyOf(seed + 1));
        const byDistance = choicesOf(rows, oddByGreatestMeanDistance, trials);
        expect(byDistance).toEqual(choicesOf(rows, oddByMostSimilarPair, trials));
        const vectors = matrix(12, nFeatures, Float64Array.from(rows.flat()));
        expect(featuresJudge(vectors).answer(trials, keyOf(0)).choice).toEqual(byDistance);
      }),
      { numRuns: 40 },
    );
  });

  it('refuses numbers that are not finite, naming stimulus and feature', () => {
    const vectors = matrix(2, 2, Float64Array.from([1, 2, Number.NaN, 4]));
    expect(() => featuresJudge(vectors)).toThrowError(/Feature 1 of stimulus 2 is NaN/);
  });
});
