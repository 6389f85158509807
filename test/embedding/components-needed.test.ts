import { describe, expect, test } from 'vitest';
import { componentsNeeded } from '#dist/embedding/components-needed.js';
import { evaluate } from '#dist/embedding/evaluate.js';
import { golden, goldenEmbedding, goldenTrials } from './golden.js';
import { randomEmbedding, randomTrials } from './random-embedding.js';

/** The k largest weights of each stimulus, the rest zero. */
function truncated(embedding: ReturnType<typeof randomEmbedding>, k: number) {
  const { nStimuli, nComponents } = embedding;
  const weights = new Float32Array(embedding.weights);
  for (let s = 0; s < nStimuli; s++) {
    const own = Array.from(weights.subarray(s * nComponents, (s + 1) * nComponents));
    const kept = own
      .map((w, c) => ({ w, c }))
      .sort((a, b) => b.w - a.w || a.c - b.c)
      .slice(0, k)
      .map(({ c }) => c);
    for (let c = 0; c < nComponents; c++) if (!kept.includes(c)) weights[s * nComponents + c] = 0;
  }
  return { ...embedding, weights };
}

describe('componentsNeeded', () => {
  test('agrees with NumPy', () => {
    const { accuracy } = componentsNeeded(goldenEmbedding(), goldenTrials);
    expect(accuracy).toEqual(golden.accuracyByRank);
  });

  test.each(['wrong', 'expected'] as const)(
    'equals evaluating each truncated embedding (ties: %s)',
    (ties) => {
      const embedding = randomEmbedding(20, 7, 1);
      const set = randomTrials(20, 1500, 2);
      const { accuracy, fullAccuracy } = componentsNeeded(embedding, set, { ties });
      for (let k = 1; k <= 7; k++) {
        expect(accuracy[k - 1]).toBeCloseTo(
          evaluate(truncated(embedding, k), set, { ties }).accuracy.value,
          10,
        );
      }
      expect(fullAccuracy).toBe(accuracy[6]);
    },
  );

  test('names the first k that reaches 95 % and 99 %', () => {
    const { accuracy, fullAccuracy, for95, for99 } = componentsNeeded(goldenEmbedding(), goldenTrials);
    expect(accuracy[for95 - 1]).toBeGreaterThanOrEqual(0.95 * fullAccuracy);
    for (let k = 1; k < for95; k++) expect(accuracy[k - 1]).toBeLessThan(0.95 * fullAccuracy);
    expect(accuracy[for99 - 1]).toBeGreaterThanOrEqual(0.99 * fullAccuracy);
    expect(for99).toBeGreaterThanOrEqual(for95);
  });

  test('pairs without a component in common are at chance when ties are shared out, below it when they are wrong', () => {
    // Two groups by the first component; each stimulus's largest weight is on a component of its own.
    const nComponents = 13;
    const weights = new Float32Array(12 * nComponents);
    for (let s = 0; s < 12; s++) {
      weights[s * nComponents] = s < 6 ? 1 : 0;
      weights[s * nComponents + 1 + s] = 2;
    }
    const embedding = { nStimuli: 12, nComponents, weights };
    const set = {
      nStimuli: 12,
      nTrials: 4,
      oddLast: Uint32Array.from([0, 1, 6, 2, 3, 7, 4, 5, 8, 0, 5, 9]),
    };
    expect(componentsNeeded(embedding, set).accuracy[0]).toBe(0);
    const { accuracy } = componentsNeeded(embedding, set, { ties: 'expected' });
    expect(accuracy[0]).toBeCloseTo(1 / 3, 12);
    expect(accuracy[1]).toBe(1);
  });

  test('one component is enough when there is one', () => {
    const set = { nStimuli: 3, nTrials: 1, oddLast: Uint32Array.of(0, 1, 2) };
    const embedding = { nStimuli: 3, nComponents: 1, weights: Float32Array.of(1, 1, 0) };
    expect(componentsNeeded(embedding, set)).toEqual({
      accuracy: [1],
      tieRule: 'wrong',
      fullAccuracy: 1,
      for95: 1,
      for99: 1,
    });
  });
});
