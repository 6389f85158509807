import { describe, expect, test } from 'vitest';
import { choiceProbabilityRsm, cosineRsm, dotProductRsm } from '#dist/embedding/rsm.js';
import { compareRsms, rsmGeneralisation } from '#dist/embedding/rsm-generalisation.js';
import { measuredRsm } from '#dist/embedding/rsm-measured.js';
import { matrix } from '#dist/numerics/matrix.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { pearson } from '#dist/numerics/statistics.js';
import { samplePrototypes } from '#dist/trials/sample.js';
import { randomEmbedding, similarity } from './random-embedding.js';

const embedding = randomEmbedding(25, 4, 1);
const everyone = Array.from({ length: 25 }, (_, s) => s);

/** The definition, term by term. */
function slowChoice(i: number, j: number, thirds: readonly number[]): number {
  const terms = thirds
    .filter((k) => k !== i && k !== j)
    .map((k) => {
      const [ij, ik, jk] = [
        similarity(embedding, i, j),
        similarity(embedding, i, k),
        similarity(embedding, j, k),
      ];
      return Math.exp(ij) / (Math.exp(ij) + Math.exp(ik) + Math.exp(jk));
    });
  return terms.reduce((sum, term) => sum + term, 0) / terms.length;
}

describe('choiceProbabilityRsm', () => {
  const stimuli = [7, 3, 20, 11, 0];
  test.each([
    ['the full matrix', {}, everyone, everyone],
    ['a list against all thirds', { stimuli }, stimuli, everyone],
    ['a list against itself', { stimuli, thirds: 'listed' as const }, stimuli, stimuli],
  ])('%s equals the definition', (_, options, listed, thirds) => {
    const rsm = choiceProbabilityRsm(embedding, options);
    expect([rsm.nRows, rsm.nColumns]).toEqual([listed.length, listed.length]);
    listed.forEach((i, row) => {
      listed.forEach((j, column) => {
        const expected = i === j ? 1 : slowChoice(i, j, thirds);
        expect(rsm.data[row * listed.length + column]).toBeCloseTo(expected, 12);
      });
    });
  });

  test('the three pairs of every triplet share one unit of probability', () => {
    const rsm = choiceProbabilityRsm(embedding);
    const offDiagonal = Array.from(rsm.data).reduce((sum, p) => sum + p, 0) - 25;
    expect(offDiagonal / (25 * 24)).toBeCloseTo(1 / 3, 12);
  });

  test('reports progress, stops on request', () => {
    const seen: number[] = [];
    choiceProbabilityRsm(embedding, { watch: { onProgress: ({ done }) => seen.push(done) } });
    expect(seen).toEqual([...everyone, 25]);
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    expect(() =>
      choiceProbabilityRsm(embedding, { watch: { signal: controller.signal, onProgress } }),
    ).toThrow(/Stopped/);
  });

  test('weights rescaled to 0..100 are refused, not turned into ties', () => {
    const rescaled = { ...embedding, weights: embedding.weights.map((w) => 50 * w) };
    expect(() => choiceProbabilityRsm(rescaled)).toThrow(/span \d+ nats.*divide/);
  });

  test('stimuli must exist and differ', () => {
    expect(() => choiceProbabilityRsm(embedding, { stimuli: [1, 25] })).toThrow(/below 25, got 25/);
    expect(() => choiceProbabilityRsm(embedding, { stimuli: [1, 2, 1] })).toThrow(/got 1 at place 2/);
  });
});

test('dot products and cosines are of the weights', () => {
  expect(dotProductRsm(embedding).data[4 * 25 + 9]).toBe(similarity(embedding, 4, 9));
  const length = (s: number) => Math.sqrt(similarity(embedding, s, s));
  expect(cosineRsm(embedding).data[4 * 25 + 9]).toBeCloseTo(
    similarity(embedding, 4, 9) / (length(4) * length(9)),
    12,
  );
});

const answered = (triplets: number[], choice: number[], nStimuli: number) => ({
  trials: {
    nStimuli,
    nTrials: choice.length,
    triplets: Uint32Array.from(triplets),
    shownOrder: new Uint8Array(choice.length),
  },
  judgments: {
    nTrials: choice.length,
    choice: Uint8Array.from(choice),
    outcome: Uint8Array.from(choice, (c) => (c === 255 ? 1 : 0)),
    nTies: 0,
  },
});

describe('measuredRsm', () => {
  test('counts kept pairs over asked pairs; pairs never asked are NaN, trials without a choice do not count', () => {
    const { trials, judgments } = answered(
      [0, 1, 2, 0, 1, 3, 0, 1, 4, 0, 2, 3, 0, 1, 2],
      [2, 2, 0, 1, 255],
      5,
    );
    const rsm = measuredRsm(trials, judgments, Uint32Array.of(1, 0, 2, 4));
    const at = (row: number, column: number) => rsm.data[4 * row + column];
    expect(at(0, 1)).toBeCloseTo(2 / 3, 12); // (0, 1): kept, kept, not kept
    expect(at(1, 0)).toBe(at(0, 1));
    expect(at(1, 2)).toBe(0); // (0, 2): never kept in two
    expect(at(0, 3)).toBe(1); // (1, 4): kept in its only trial
    expect(at(2, 3)).toBeNaN(); // (2, 4): never together
    expect([0, 1, 2, 3].map((s) => at(s, s))).toEqual([1, 1, 1, 1]);
  });
});

describe('measuredRsm of the prototype design', () => {
  test('is the share over uniformly drawn thirds, although prototype thirds are asked more often', () => {
    const nStimuli = 12;
    const prototypes = Uint32Array.of(0, 3, 4, 7, 9);
    const trials = samplePrototypes({ nStimuli, prototypes, thirdsPerDyad: nStimuli - 2, key: keyOf(1) });
    // A judge that keeps a dyad of prototypes exactly when the third is none; among three prototypes the last is odd.
    const isPrototype = (stimulus: number) => prototypes.includes(stimulus);
    const choice = Uint8Array.from({ length: trials.nTrials }, (_, t) => {
      const places = [0, 1, 2].filter((place) => !isPrototype(trials.triplets[3 * t + place]));
      return places.length === 1 ? places[0] : 2;
    });
    const outcome = new Uint8Array(choice.length);
    const rsm = measuredRsm(trials, { nTrials: trials.nTrials, choice, outcome, nTies: 0 }, prototypes);
    // Pair (0, 3): kept with all 7 other thirds and with the three prototypes above it (4, 7, 9): 10 of 10.
    expect(rsm.data[1]).toBeCloseTo(1, 12);
    // Pair (7, 9): kept with the 7 others, never with the three prototypes below it: 7 of 10.
    expect(rsm.data[3 * 5 + 4]).toBeCloseTo(0.7, 12);
    // Pair (3, 7): third 0 -> odd is 7; third 4 -> odd is 7; third 9 -> odd is 9, kept: 8 of 10.
    expect(rsm.data[5 + 3]).toBeCloseTo(0.8, 12);
  });
});

describe('rsmGeneralisation', () => {
  const random = new Random(keyOf(7));
  const triplets: number[] = [];
  const choice: number[] = [];
  for (let t = 0; t < 60000; t++) {
    const [a, b, c] = random.sample(25, 3).sort();
    const e = [similarity(embedding, b, c), similarity(embedding, a, c), similarity(embedding, a, b)].map(
      Math.exp,
    );
    const draw = random.uniform() * (e[0] + e[1] + e[2]);
    triplets.push(a, b, c);
    choice.push(draw < e[0] ? 0 : draw < e[0] + e[1] ? 1 : 2);
  }
  const { trials, judgments } = answered(triplets, choice, 25);

  test('a judge that follows the embedding is predicted almost perfectly', () => {
    const stimuli = Uint32Array.of(1, 4, 9, 16, 2, 3, 5, 7, 11, 13);
    const { r, nPairs, predicted, measured } = rsmGeneralisation(
      embedding,
      trials,
      judgments,
      stimuli,
      keyOf(1),
    );
    expect(nPairs).toBe(45);
    expect(r.value).toBeGreaterThan(0.99);
    expect(r.low).toBeLessThanOrEqual(r.value);
    expect(r.high).toBeGreaterThanOrEqual(r.value);
    const pairs = [0, 1, 2, 3, 4, 5, 6, 7, 8].flatMap((i) =>
      Array.from({ length: 9 - i }, (_, d) => 10 * i + i + 1 + d),
    );
    expect(r.value).toBeCloseTo(
      pearson(
        pairs.map((at) => predicted.data[at]),
        pairs.map((at) => measured.data[at]),
      ),
      12,
    );
  });

  test('the bootstrap leaves out pairs of a stimulus with itself, and unknown pairs', () => {
    const a = matrix(
      4,
      4,
      Float64Array.of(1, 0.1, 0.2, 0.3, 0.1, 1, 0.4, 0.5, 0.2, 0.4, 1, 0.6, 0.3, 0.5, 0.6, 1),
    );
    const b = matrix(
      4,
      4,
      a.data.map((v, at) => (at % 5 === 0 ? -1000 : v === 0.6 ? Number.NaN : v)),
    );
    const { r, nPairs } = compareRsms(a, b, keyOf(1));
    expect(nPairs).toBe(5);
    expect(r.value).toBeCloseTo(1, 12);
    expect(r.low).toBeCloseTo(1, 12); // the diagonal of b would have spoilt it
  });
});
