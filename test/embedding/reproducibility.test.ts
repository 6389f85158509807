import { describe, expect, test } from 'vitest';
import { reproducibility } from '#dist/embedding/reproducibility.js';
import { fisherZ, pearson } from '#dist/numerics/statistics.js';
import { golden, goldenEmbedding } from './golden.js';
import { randomEmbedding } from './random-embedding.js';

const meta = { seeds: [1, 2, 3, 4], heldOutAccuracy: [0.5, 0.5, 0.5, 0.5] };

describe('reproducibility', () => {
  test('agrees with SciPy: highest r, Fisher z mean, t interval over the other runs', () => {
    const result = reproducibility(golden.runs.map(goldenEmbedding), meta);
    result.components.forEach((estimate, c) => {
      for (const limit of ['value', 'low', 'high'] as const) {
        expect(estimate[limit]).toBeCloseTo(golden.reproducibility[limit][c], 6);
      }
      expect(estimate.n).toBe(3);
    });
    expect(result.overall.value).toBeCloseTo(golden.reproducibility.overall, 6);
    expect(result).toMatchObject({ seeds: meta.seeds, nComponents: [5, 5, 5, 5] });
  });

  test('finds permuted and rescaled components again', () => {
    const first = randomEmbedding(50, 3, 1);
    const permuted = {
      ...first,
      weights: first.weights.map((_, at) => 2 * first.weights[at - (at % 3) + ((at + 1) % 3)]),
    };
    const { components, overall } = reproducibility([first, permuted, permuted], meta);
    for (const { value } of components) expect(value).toBeCloseTo(1, 6);
    expect(overall.value).toBeCloseTo(1, 6);
  });

  test('lets several components match the same one', () => {
    const first = randomEmbedding(40, 3, 2);
    const single = {
      nStimuli: 40,
      nComponents: 1,
      weights: Float32Array.from({ length: 40 }, (_, s) => first.weights[3 * s]),
    };
    const { components, nComponents } = reproducibility([first, single, single], meta);
    const columns = [0, 1, 2].map((c) => Array.from({ length: 40 }, (_, s) => first.weights[3 * s + c]));
    components.forEach(({ value }, c) => {
      expect(fisherZ(value)).toBeCloseTo(
        fisherZ(c === 0 ? 1 - 1e-12 : pearson(columns[c], columns[0])),
        c === 0 ? 1 : 6,
      );
    });
    expect(nComponents).toEqual([3, 1, 1]);
  });

  test('a constant component and an empty run come back with r = 0', () => {
    const constant = { nStimuli: 3, nComponents: 1, weights: Float32Array.of(0.3, 0.3, 0.3) };
    const varying = { nStimuli: 3, nComponents: 1, weights: Float32Array.of(0, 1, 2) };
    const empty = { nStimuli: 3, nComponents: 0, weights: new Float32Array(0) };
    expect(reproducibility([constant, varying, varying], meta).components[0].value).toBe(0);
    expect(reproducibility([varying, empty, empty], meta).components[0].value).toBe(0);
  });

  test('asks for a second run', () => {
    expect(() => reproducibility([randomEmbedding(5, 2, 1)], meta)).toThrow(
      /at least 2 independent runs, got 1/,
    );
  });
});
