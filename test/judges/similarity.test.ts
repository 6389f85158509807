import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerBySimilarity, trialsPerState } from '#dist/judges/similarity.js';
import { keyOf, type Matrix, matrix, Random } from '#dist/numerics/index.js';
import { randomTrials, someTrials } from './random-trials.js';

/** Symmetric similarities; `levels` different values make ties likely. */
function randomSimilarity(nStimuli: number, levels: number, random: Random): Matrix {
  const result = matrix(nStimuli, nStimuli);
  for (let i = 0; i < nStimuli; i++) {
    for (let j = 0; j <= i; j++) {
      const value = i === j ? 1 : random.below(levels) / levels;
      result.data[i * nStimuli + j] = value;
      result.data[j * nStimuli + i] = value;
    }
  }
  return result;
}

/** The rule in words: list the three pairs, keep those as good as the best. Returns the places that may be odd. */
function possibleOddOnes(similarity: Matrix, triplet: readonly number[]): number[] {
  const at = (a: number, b: number) => similarity.data[triplet[a] * similarity.nRows + triplet[b]];
  const pairs = [
    { odd: 0, kept: at(1, 2) },
    { odd: 1, kept: at(0, 2) },
    { odd: 2, kept: at(0, 1) },
  ];
  const best = Math.max(...pairs.map((pair) => pair.kept));
  return pairs.filter((pair) => best - pair.kept <= 1e-12).map((pair) => pair.odd);
}

describe('answering by similarity', () => {
  it('keeps the most similar pair and counts ties, as a slow loop does', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 3, max: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (seed, nStimuli, levels) => {
          const similarity = randomSimilarity(nStimuli, levels, new Random(keyOf(seed)));
          const trials = randomTrials(nStimuli, 200, keyOf(seed + 1));
          const answers = answerBySimilarity(similarity, trials, keyOf(3));
          let nTies = 0;
          for (let t = 0; t < trials.nTrials; t++) {
            const possible = possibleOddOnes(similarity, [...trials.triplets.subarray(3 * t, 3 * t + 3)]);
            expect(possible).toContain(answers.choice[t]);
            if (possible.length > 1) nTies++;
          }
          expect(answers.nTies).toBe(nTies);
          expect(answers.outcome.every((outcome) => outcome === 0)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('takes similarities within 1e-12 as equal and larger differences as real', () => {
    const similarity = (difference: number) =>
      matrix(3, 3, Float64Array.from([1, 0.5, 0.5 + difference, 0.5, 1, 0.1, 0.5 + difference, 0.1, 1]));
    const trials = randomTrials(3, 1000, keyOf(1));
    expect(answerBySimilarity(similarity(5e-13), trials, keyOf(2)).nTies).toBe(1000);
    const real = answerBySimilarity(similarity(2e-12), trials, keyOf(2));
    expect(real.nTies).toBe(0);
    expect(new Set(real.choice)).toEqual(new Set([1]));
  });

  it('decides ties with equal chances', () => {
    const n = 90_000;
    const { choice, nTies } = answerBySimilarity(matrix(20, 20), randomTrials(20, n, keyOf(4)), keyOf(5));
    expect(nTies).toBe(n);
    const counts = [0, 1, 2].map((place) => choice.filter((odd) => odd === place).length);
    // Four standard deviations of a binomial count.
    for (const count of counts) expect(Math.abs(count - n / 3)).toBeLessThan(4 * Math.sqrt((n * 2) / 9));
  });

  it('gives a repeated triplet with a tie a new coin, and another key other coins', () => {
    const trials = { ...randomTrials(3, 64, keyOf(1)), nStimuli: 3 };
    const { choice } = answerBySimilarity(matrix(3, 3), trials, keyOf(1));
    expect(new Set(choice).size).toBe(3);
    expect(answerBySimilarity(matrix(3, 3), trials, keyOf(2)).choice).not.toEqual(choice);
    expect(answerBySimilarity(matrix(3, 3), trials, keyOf(1)).choice).toEqual(choice);
  });

  it('answers the first trials the same whatever follows, across chunk borders', () => {
    const nTrials = trialsPerState + 5000;
    const similarity = randomSimilarity(30, 5, new Random(keyOf(7)));
    const trials = randomTrials(30, nTrials, keyOf(8));
    const all = answerBySimilarity(similarity, trials, keyOf(9));
    for (const end of [1, 1000, trialsPerState - 1, trialsPerState, trialsPerState + 1]) {
      const part = answerBySimilarity(similarity, someTrials(trials, 0, end), keyOf(9));
      expect(Buffer.compare(part.choice, all.choice.subarray(0, end))).toBe(0);
    }
  });

  it('reports progress and stops on request', () => {
    const trials = randomTrials(10, 2 * trialsPerState + 10, keyOf(1));
    const states: number[] = [];
    answerBySimilarity(matrix(10, 10), trials, keyOf(1), { onProgress: ({ done }) => states.push(done) });
    expect(states).toEqual([trialsPerState, 2 * trialsPerState, 2 * trialsPerState + 10]);
    const stop = new AbortController();
    const watch = { signal: stop.signal, onProgress: () => stop.abort() };
    expect(() => answerBySimilarity(matrix(10, 10), trials, keyOf(1), watch)).toThrowError(
      expect.objectContaining({ code: 'cancelled' }),
    );
  });
});
