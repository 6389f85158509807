import { describe, expect, test } from 'vitest';
import type { Candidate } from '#dist/embedding/results.js';
import { chooseCandidate, foldsOf, splitFold, summariseCandidate } from '#dist/embedding/select.js';
import { keyOf } from '#dist/numerics/random.js';
import { intervalFrom } from '#dist/numerics/statistics.js';
import { randomTrials } from './random-embedding.js';

/** Trials that all ask another triplet. */
const different = (nTrials: number) => ({
  nStimuli: 3 * nTrials,
  nTrials,
  oddLast: Uint32Array.from({ length: 3 * nTrials }, (_, at) => at),
});

describe('folds', () => {
  test('are even, complete and decided by the key', () => {
    const folds = foldsOf(different(1003), 5, keyOf(1));
    const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((f) => f === fold).length);
    expect(sizes).toEqual([201, 201, 201, 200, 200]);
    expect(foldsOf(different(1003), 5, keyOf(1))).toEqual(folds);
    expect(foldsOf(different(1003), 5, keyOf(2))).not.toEqual(folds);
    const wrong = (n: number, nFolds: number) => expect(() => foldsOf(different(n), nFolds, keyOf(1)));
    const where = { code: 'config', where: { field: 'embedding.folds' } };
    wrong(3, 5).toThrow(/2 to 3 folds for 3 trials, got 5\. Set embedding\.folds to at most 3/);
    wrong(3, 5).toThrow(expect.objectContaining(where));
    wrong(1000, 257).toThrow(/2 to 256 folds for 1000 trials, got 257/);
  });

  test('hold out every trial exactly once', () => {
    const set = different(101);
    const folds = foldsOf(set, 4, keyOf(3));
    let nHeldOut = 0;
    for (let fold = 0; fold < 4; fold++) {
      const { training, heldOut } = splitFold(set, folds, fold);
      expect(training.nTrials + heldOut.nTrials).toBe(101);
      const first = folds.indexOf(fold);
      expect(heldOut.oddLast.slice(0, 3)).toEqual(set.oddLast.slice(3 * first, 3 * first + 3));
      nHeldOut += heldOut.nTrials;
    }
    expect(nHeldOut).toBe(101);
  });

  test('keep the trials of one triplet together', () => {
    const set = randomTrials(12, 2000, 5);
    const folds = foldsOf(set, 5, keyOf(3));
    const foldOf = new Map<string, Set<number>>();
    folds.forEach((fold, t) => {
      const triplet = [...set.oddLast.subarray(3 * t, 3 * t + 3)].sort((a, b) => a - b).join();
      foldOf.set(triplet, (foldOf.get(triplet) ?? new Set()).add(fold));
    });
    expect(Math.max(...[...foldOf.values()].map(({ size }) => size))).toBe(1);
    for (let fold = 0; fold < 5; fold++)
      expect(Math.abs(folds.filter((f) => f === fold).length - 400)).toBeLessThanOrEqual(3);
    expect(foldsOf(set, 5, keyOf(4))).not.toEqual(folds);
    const once = { nStimuli: 3, nTrials: 4, oddLast: Uint32Array.from([0, 1, 2, 2, 1, 0, 1, 0, 2, 0, 1, 2]) };
    expect(() => foldsOf(once, 2, keyOf(1))).toThrow(/at least 2 different triplets, got 1/);
  });
});

const estimate = (value: number, standardError: number) =>
  intervalFrom(value, standardError, { method: 'normal', n: 5 });
const candidate = (
  lambda: number,
  components: number,
  accuracy: number,
  logLikelihood: number,
): Candidate => ({
  lambda,
  components,
  accuracy: estimate(accuracy, 0.01),
  logLikelihood: estimate(logLikelihood, 0.02),
  nComponents: components,
});

test('summariseCandidate averages over folds', () => {
  const evaluation = (accuracy: number) => ({
    accuracy: estimate(accuracy, 0.1),
    logLikelihood: estimate(-accuracy, 0.1),
    nTies: 0,
    tieRule: 'wrong' as const,
    ceiling: null,
    explainable: null,
  });
  const folds = [0.6, 0.7, 0.8].map((accuracy, fold) => ({
    evaluation: evaluation(accuracy),
    nComponents: fold,
  }));
  const summary = summariseCandidate({ lambda: 0.1, components: 5 }, folds);
  expect(summary).toMatchObject({ lambda: 0.1, components: 5, nComponents: 1 });
  expect(summary.accuracy.value).toBeCloseTo(0.7, 12);
  expect(summary.accuracy.high).toBeCloseTo(0.7 + (1.959964 * 0.1) / Math.sqrt(3), 6);
  expect(summary.logLikelihood.value).toBeCloseTo(-0.7, 12);
});

describe('chooseCandidate', () => {
  const lambdas = [
    candidate(0.001, 30, 0.6, -0.95),
    candidate(0.004, 30, 0.7, -0.8),
    candidate(0.01, 30, 0.7, -0.815),
    candidate(0.1, 30, 0.6, -0.9),
  ];

  test('lambda: the likeliest, or the sparsest within one standard error of it', () => {
    expect(chooseCandidate('lambda', lambdas, { nFolds: 5 })).toMatchObject({
      chosen: 1,
      over: 'lambda',
      nFolds: 5,
    });
    const sparse = chooseCandidate('lambda', lambdas, { nFolds: 5, oneStandardError: true });
    expect(sparse.chosen).toBe(2);
    expect(sparse.rule).toMatch(/largest lambda .* within one standard error .*5-fold/);
  });

  test('components: where accuracy saturates', () => {
    const numbers = [
      candidate(0, 40, 0.801, -1),
      candidate(0, 10, 0.7, -1),
      candidate(0, 20, 0.795, -1),
      candidate(0, 30, 0.8, -1),
    ];
    const { chosen, rule, candidates } = chooseCandidate('components', numbers, { nFolds: 3 });
    expect(candidates[chosen].components).toBe(20);
    expect(rule).toMatch(/smallest number of components/);
  });

  test('needs candidates', () => {
    expect(() => chooseCandidate('lambda', [], { nFolds: 5 })).toThrow(/no candidate/);
  });
});
