import { expect, test } from 'vitest';
import { controlledCorrelations } from '#dist/brain/searchlight/partial.js';

const between = 0.6;
const controlled = (...correlations: number[]) =>
  controlledCorrelations({
    correlations: Float64Array.from(correlations),
    modelCorrelations: Float64Array.of(1, between, between, 1),
    modelNames: ['a', 'b'],
    nCentres: correlations.length / 2,
    correlation: 'pearson',
  });

test('a neural RSM that is a model: that model keeps 1, and nothing is left for the other', () => {
  const { partial, semipartial, explained } = controlled(1, between, -1, -between);
  expect(partial[0]).toBeCloseTo(1, 12);
  expect(partial[1]).toBeNaN();
  expect(partial[2]).toBeCloseTo(-1, 12);
  expect(partial[3]).toBeNaN();
  expect(semipartial[0]).toBeCloseTo(0.8, 12);
  expect(semipartial[1]).toBeCloseTo(0, 12);
  expect(explained[0]).toBeCloseTo(1, 12);
});

test('one that both explain wholly: both are 1, and never beyond', () => {
  const angle = 0.3;
  const second = Math.acos(between) - angle;
  const { partial, explained } = controlled(Math.cos(angle), Math.cos(second));
  expect(explained[0]).toBeCloseTo(1, 12);
  for (const value of partial) {
    expect(value).toBeCloseTo(1, 9);
    expect(value).toBeLessThanOrEqual(1);
  }
});

test('centres that were not compared stay NaN', () => {
  const { partial } = controlled(Number.NaN, Number.NaN);
  expect(Array.from(partial, Number.isNaN)).toEqual([true, true]);
});
