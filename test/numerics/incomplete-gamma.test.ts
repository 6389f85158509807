import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { upperGamma } from '#dist/numerics/incomplete-gamma.js';
import { chiSquareUniform } from '#dist/numerics/statistics.js';

const golden: { df: number; x: number; p: number }[] = JSON.parse(
  readFileSync(new URL('../golden/chi-square.json', import.meta.url), 'utf8'),
);

test('upper tails of chi-square are those of SciPy, down to 1e-300', () => {
  expect(Math.min(...golden.map(({ p }) => p))).toBeLessThan(1e-290);
  for (const { df, x, p } of golden)
    expect(Math.abs(upperGamma(df / 2, x / 2) / p - 1), `df ${df}, x ${x}`).toBeLessThan(1e-8);
});

test('two degrees of freedom: exp(-x / 2)', () => {
  for (const x of [0, 1e-9, 0.3, 2, 5, 60, 500, 1400])
    expect(upperGamma(1, x / 2) / Math.exp(-x / 2)).toBeCloseTo(1, 9);
});

test('at the ends', () => {
  expect([upperGamma(2, 0), upperGamma(2, Number.POSITIVE_INFINITY)]).toEqual([1, 0]);
  expect(upperGamma(2, Number.NaN)).toBeNaN();
});

test('a p that is tiny is not 0', () => {
  const { chiSquare, df, p } = chiSquareUniform([1000, 800, 700]);
  expect([chiSquare, df]).toEqual([56, 2]);
  expect(p / Math.exp(-28)).toBeCloseTo(1, 9);
  const strong = chiSquareUniform([1000, 500, 300]);
  expect(strong.p).toBeGreaterThan(0);
  expect(strong.p).toBeLessThan(1e-90);
});
