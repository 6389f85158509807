import { describe, expect, test } from 'vitest';
import { evaluate, explainableShare } from '#dist/embedding/evaluate.js';
import { predictProbabilities } from '#dist/embedding/predict.js';
import { intervalFrom } from '#dist/numerics/statistics.js';
import { golden, goldenEmbedding, goldenTrials } from './golden.js';
import { randomEmbedding, randomTrials, similarity } from './random-embedding.js';

const trials = (...oddLast: number[]) => ({
  nStimuli: 4,
  nTrials: oddLast.length / 3,
  oddLast: Uint32Array.from(oddLast),
});

describe('predictProbabilities', () => {
  test('agrees with SciPy', () => {
    const probabilities = predictProbabilities(goldenEmbedding(), goldenTrials);
    golden.probabilities.forEach((p: number, at: number) => {
      expect(probabilities[at]).toBeCloseTo(p, 6);
    });
  });

  test('is a softmax of every trial, beyond one block of trials', () => {
    const embedding = randomEmbedding(30, 6, 1);
    const set = randomTrials(30, 2500, 2);
    const probabilities = predictProbabilities(embedding, set);
    for (let t = 0; t < set.nTrials; t++) {
      const [a, b, odd] = set.oddLast.subarray(3 * t, 3 * t + 3);
      const e = [
        similarity(embedding, a, b),
        similarity(embedding, a, odd),
        similarity(embedding, b, odd),
      ].map(Math.exp);
      for (let pair = 0; pair < 3; pair++) {
        expect(probabilities[3 * t + pair]).toBeCloseTo(e[pair] / (e[0] + e[1] + e[2]), 6);
      }
    }
  });

  test('stays finite where exp() overflows', () => {
    const embedding = { nStimuli: 4, nComponents: 1, weights: Float32Array.of(100, 100, 90, 0) };
    const probabilities = predictProbabilities(embedding, trials(0, 1, 2, 2, 3, 0));
    expect(Array.from(probabilities)).toEqual([1, 0, 0, 0, 1, 0]);
  });
});

describe('evaluate', () => {
  test('agrees with SciPy: accuracy with Wilson interval, log-likelihood with normal interval', () => {
    const { accuracy, logLikelihood, nTies } = evaluate(goldenEmbedding(), goldenTrials);
    for (const limit of ['value', 'low', 'high'] as const) {
      expect(accuracy[limit]).toBeCloseTo(golden.accuracy[limit], 9);
      expect(logLikelihood[limit]).toBeCloseTo(golden.logLikelihood[limit], 6);
    }
    expect(nTies).toBe(0);
    expect(accuracy.n).toBe(goldenTrials.nTrials);
  });

  test('counts ties as the slow loop does, under both rules', () => {
    const embedding = randomEmbedding(12, 3, 3);
    const set = randomTrials(12, 3000, 4);
    let wrong = 0;
    let expected = 0;
    let nTies = 0;
    for (let t = 0; t < set.nTrials; t++) {
      const [a, b, odd] = set.oddLast.subarray(3 * t, 3 * t + 3);
      const pairs = [
        similarity(embedding, a, b),
        similarity(embedding, a, odd),
        similarity(embedding, b, odd),
      ];
      const nBest = pairs.filter((value) => value === Math.max(...pairs)).length;
      if (nBest > 1) nTies++;
      if (pairs[0] === Math.max(...pairs)) {
        wrong += nBest === 1 ? 1 : 0;
        expected += 1 / nBest;
      }
    }
    expect(nTies).toBeGreaterThan(50);
    const strict = evaluate(embedding, set);
    expect(strict.accuracy.value).toBe(wrong / 3000);
    expect(strict).toMatchObject({ nTies, tieRule: 'wrong' });
    const lenient = evaluate(embedding, set, { ties: 'expected' });
    expect(lenient.accuracy.value).toBeCloseTo(expected / 3000, 12);
    expect(lenient.tieRule).toBe('expected');
  });

  test('an embedding of zeros is at chance', () => {
    const nothing = { nStimuli: 12, nComponents: 2, weights: new Float32Array(24) };
    const { accuracy, logLikelihood } = evaluate(nothing, randomTrials(12, 100, 5), { ties: 'expected' });
    expect(accuracy.value).toBeCloseTo(1 / 3, 12);
    expect(logLikelihood.value).toBeCloseTo(-Math.log(3), 12);
    expect(logLikelihood.high - logLikelihood.low).toBeCloseTo(0, 6);
  });

  test('explainable share is that of the room above chance, and both errors widen it', () => {
    const accuracy = intervalFrom(0.6, 0.01, { method: 'normal', n: 100 });
    const sure = explainableShare(accuracy, intervalFrom(0.7, 0, { method: 'normal', n: 1 }));
    expect(sure.value).toBeCloseTo((0.6 - 1 / 3) / (0.7 - 1 / 3), 12);
    expect(sure.high - sure.value).toBeCloseTo((1.959964 * 0.01) / (0.7 - 1 / 3), 6);
    const unsure = explainableShare(accuracy, intervalFrom(0.7, 0.02, { method: 'normal', n: 1 }));
    const gradient = [1 / (0.7 - 1 / 3), -(0.6 - 1 / 3) / (0.7 - 1 / 3) ** 2];
    const standardError = Math.hypot(gradient[0] * 0.01, gradient[1] * 0.02);
    expect(unsure.high - unsure.value).toBeCloseTo(1.959964 * standardError, 6);
    expect(evaluate(goldenEmbedding(), goldenTrials, { ceiling: accuracy }).explainable?.value).toBeCloseTo(
      (golden.accuracy.value - 1 / 3) / (0.6 - 1 / 3),
      9,
    );
    expect(explainableShare(accuracy, intervalFrom(0.3, 0, { method: 'normal', n: 1 })).value).toBeNaN();
  });

  test('says what is wrong with the trials', () => {
    const embedding = randomEmbedding(4, 2, 6);
    expect(() => evaluate(embedding, trials())).toThrow(/no held-out trials/);
    expect(() => evaluate(embedding, trials(0, 1, 2, 3, 4, 1))).toThrow(
      /Trial 1 names stimulus 4; the embedding has 4/,
    );
  });
});
