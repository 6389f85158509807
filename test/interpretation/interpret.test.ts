import { describe, expect, test } from 'vitest';
import { interpret } from '#dist/interpretation/interpret.js';
import { interpretationOptions } from '#dist/interpretation/options.js';
import type { Ratings } from '#dist/stimuli/ratings.js';
import { golden, goldenEmbedding } from '../embedding/golden.js';

const options = interpretationOptions.parse({});
const ratings: Ratings = {
  name: 'golden',
  nStimuli: golden.nStimuli,
  scales: ['a', 'b', 'c', 'd'].map((name) => ({ name, kind: 'dimension', min: -9, max: 9 })),
  values: Float64Array.from(golden.ratings),
};
const groups: Ratings = {
  name: 'groups',
  nStimuli: golden.nStimuli,
  scales: [
    { name: 'even', kind: 'category', min: 0, max: 1 },
    { name: 'constant', kind: 'category', min: 0, max: 1 },
  ],
  values: Float64Array.from({ length: 2 * golden.nStimuli }, (_, at) => (at % 2 === 1 ? 0.5 : (at / 2) % 2)),
};

describe('interpret', () => {
  test('correlates every component with every scale, as SciPy does', () => {
    const { correlations } = interpret(goldenEmbedding(), [ratings], options);
    expect([correlations.nRows, correlations.nColumns]).toEqual([golden.nComponents, golden.nScales]);
    golden.correlations.forEach((r: number, at: number) => {
      expect(correlations.data[at]).toBeCloseTo(r, 6);
    });
  });

  test('joins rating tables in order; constant scales and components are NaN', () => {
    const weights = golden.weights.map((w: number, at: number) => (at % golden.nComponents === 2 ? 0.5 : w));
    const { correlations, scales, components } = interpret(
      goldenEmbedding(weights),
      [groups, ratings],
      options,
    );
    expect(scales.map(({ name }) => name)).toEqual(['even', 'constant', 'a', 'b', 'c', 'd']);
    expect(correlations.data[1]).toBeNaN();
    expect(Array.from(correlations.data.subarray(12, 18)).every(Number.isNaN)).toBe(true);
    expect(components[2]).toMatchObject({ terms: [], kind: 'uninterpretable' });
    expect(correlations.data[2]).toBeCloseTo(golden.correlations[0], 6);
  });

  test('counts interpretable components and kinds', () => {
    const { interpretable, kinds, components, correlations } = interpret(
      goldenEmbedding(),
      [ratings],
      options,
    );
    expect(interpretable.map(({ threshold }) => threshold)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    interpretable.forEach(({ threshold, share }) => {
      let count = 0;
      for (let c = 0; c < 5; c++) {
        if (Array.from(correlations.data.subarray(4 * c, 4 * c + 4)).some((r) => Math.abs(r) > threshold))
          count++;
      }
      expect(share).toBe(count / 5);
    });
    const total = Object.values(kinds).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(components.length);
    expect(kinds.dimensional).toBe(components.filter(({ kind }) => kind === 'dimensional').length);
  });

  test('missing ratings leave their stimulus out of that correlation only', () => {
    const values = Float64Array.from(golden.ratings);
    values[0] = Number.NaN;
    const full = interpret(goldenEmbedding(), [ratings], options).correlations.data;
    const gappy = interpret(goldenEmbedding(), [{ ...ratings, values }], options).correlations.data;
    expect(gappy[1]).toBe(full[1]);
    expect(gappy[0]).not.toBe(full[0]);
    expect(gappy[0]).toBeCloseTo(full[0], 1);
  });

  test('top stimuli have the largest weights and none of zero', () => {
    const embedding = { nStimuli: 5, nComponents: 2, weights: Float32Array.of(0, 1, 3, 0, 1, 0, 3, 0, 2, 0) };
    const { components } = interpret(embedding, [], { ...options, topStimuli: 3 });
    expect(components.map(({ topStimuli }) => topStimuli)).toEqual([[1, 3, 4], [0]]);
  });

  test('ratings of other stimuli are refused', () => {
    expect(() => interpret(goldenEmbedding(), [{ ...ratings, nStimuli: 3 }], options)).toThrow(
      /"golden" are of 3 stimuli/,
    );
  });
});

test('the defaults are those of P1', () => {
  expect(options).toEqual({
    ratings: [],
    categories: null,
    margin: 0.1,
    threshold: 0.1,
    topStimuli: 8,
    minPerCategory: 10,
    permutations: 1000,
    seed: 1,
  });
  expect(() => interpretationOptions.parse({ margins: 1 })).toThrow();
});
