import fc from 'fast-check';
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '#dist/numerics/eigen/symmetric-eigen.js';
import { keyOf, Random } from '#dist/numerics/random.js';

/** n x n of the values of a function of row and column, made symmetric. */
const symmetric = (n: number, value: (i: number, j: number) => number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return value(Math.max(i, j), Math.min(i, j));
  });

/** X X' of n x rank normal numbers, rows scaled. */
function gram(n: number, rank: number, { seed = 1, scale = (_: number): number => 1 } = {}): Float64Array {
  const random = new Random(keyOf(seed));
  const x = Array.from({ length: n }, (_, i) =>
    Array.from({ length: rank }, () => scale(i) * random.normal()),
  );
  return symmetric(n, (i, j) => x[i].reduce((sum, value, k) => sum + value * x[j][k], 0));
}

/** Largest errors of V V' = 1 and A V' = V' D, the latter relative to the largest number in A. */
function errorsOf(a: Float64Array, n: number): { orthogonality: number; residual: number } {
  const { values, vectors } = symmetricEigen(a, n);
  const size = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  let [orthogonality, residual] = [0, 0];
  for (let k = 0; k < n; k++) {
    for (let l = 0; l <= k; l++) {
      let product = 0;
      for (let i = 0; i < n; i++) product += vectors[k * n + i] * vectors[l * n + i];
      orthogonality = Math.max(orthogonality, Math.abs(product - (k === l ? 1 : 0)));
    }
    for (let i = 0; i < n; i++) {
      let product = 0;
      for (let j = 0; j < n; j++) product += (a[i * n + j] / size) * vectors[k * n + j];
      residual = Math.max(residual, Math.abs(product - (values[k] / size) * vectors[k * n + i]));
    }
  }
  return { orthogonality, residual };
}

function expectDecomposed(a: Float64Array, n: number): void {
  const { orthogonality, residual } = errorsOf(a, n);
  expect(orthogonality).toBeLessThan(2e-15 * (n + 4));
  expect(residual).toBeLessThan(2e-15 * (n + 4));
  const { values } = symmetricEigen(a, n);
  for (let k = 1; k < n; k++) expect(values[k]).toBeGreaterThanOrEqual(values[k - 1]);
}

describe('symmetricEigen', () => {
  it('decomposes matrices of any size and rank', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 34 }), fc.nat(34), fc.nat(1000), (n, rank, seed) => {
        expectDecomposed(gram(n, Math.min(rank, n), { seed }), n);
      }),
      { numRuns: 60, seed: 5 },
    ));

  it('and large ones, across many sweeps and columns', () => {
    expectDecomposed(gram(131, 131), 131);
    expectDecomposed(gram(203, 90), 203);
  });

  it('of rank one, where each step leaves the roundings of roundings', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = new Random(keyOf(seed));
      const x = Array.from({ length: 47 }, () => Math.round(4 * random.uniform() - 2));
      expectDecomposed(
        symmetric(47, (i, j) => x[i] * x[j]),
        47,
      );
    }
  });

  it('gives the eigenvalues of ml-matrix', () => {
    for (const [n, rank] of [
      [9, 9],
      [40, 40],
      [41, 12],
      [90, 60],
    ]) {
      const a = gram(n, rank, { seed: n });
      const { values } = symmetricEigen(a, n);
      const rows = Array.from({ length: n }, (_, i) => Array.from(a.subarray(i * n, (i + 1) * n)));
      const expected = new EigenvalueDecomposition(new Matrix(rows), { assumeSymmetric: true });
      const sorted = expected.realEigenvalues.sort((p, q) => p - q);
      sorted.forEach((value, k) => {
        expect(Math.abs(value - values[k]) / sorted[n - 1]).toBeLessThan(1e-13);
      });
    }
  });

  it.each<[string, number, Float64Array]>([
    ['zeros', 7, new Float64Array(49)],
    ['one', 12, symmetric(12, (i, j) => Number(i === j))],
    ['a diagonal out of order', 9, symmetric(9, (i, j) => (i === j ? (i * 4) % 9 : 0))],
    ['rank one', 15, symmetric(15, (i, j) => (i + 1) * (j + 1))],
    [
      'equal eigenvalues in blocks',
      12,
      symmetric(12, (i, j) => (i >> 2 === j >> 2 ? 1 + Number(i === j) : 0)),
    ],
    ["Wilkinson's pairs", 21, symmetric(21, (i, j) => (i === j ? Math.abs(i - 10) : Number(i - j === 1)))],
    ['a constant row among others', 10, symmetric(10, (i, j) => (i === 4 || j === 4 ? 0 : 1 / (1 + i + j)))],
    ['a saddle', 3, symmetric(3, (i, j) => [[0], [1, 0], [2, 3, 0]][i][j])],
    ['rows of many sizes', 16, gram(16, 16, { scale: (i) => 10 ** (i - 8) })],
    ['the same, upside down', 16, gram(16, 16, { scale: (i) => 10 ** (8 - i) })],
    ['tiny numbers', 8, gram(8, 5).map((value) => value * 1e-290)],
    ['huge numbers', 8, gram(8, 5).map((value) => value * 1e290)],
  ])('%s', (_, n, a) => expectDecomposed(a, n));

  it('knows exact cases', () => {
    expect([...symmetricEigen(Float64Array.of(2, 1, 1, 2), 2).values]).toEqual([
      expect.closeTo(1, 15),
      expect.closeTo(3, 15),
    ]);
    expect(symmetricEigen(Float64Array.of(-5), 1)).toEqual({
      values: Float64Array.of(-5),
      vectors: Float64Array.of(1),
    });
    expect(symmetricEigen(new Float64Array(0), 0).values.length).toBe(0);
    const { values } = symmetricEigen(
      symmetric(30, () => 1),
      30,
    );
    expect(values[29]).toBeCloseTo(30, 12);
    expect(Math.max(...values.slice(0, 29).map(Math.abs))).toBeLessThan(1e-13);
  });

  it('reads the lower triangle and gives the same bytes again, whatever came before', () => {
    const a = gram(23, 23);
    const first = symmetricEigen(a, 23);
    symmetricEigen(gram(64, 64), 64);
    const lower = Float64Array.from(a, (value, at) => (at % 23 > Math.floor(at / 23) ? Number.NaN : value));
    const again = symmetricEigen(lower, 23);
    expect(again.values).toEqual(first.values);
    expect(again.vectors).toEqual(first.vectors);
  });

  it('says what is wrong', () => {
    expect(() => symmetricEigen(Float64Array.of(1, 0, Number.NaN, 1), 2)).toThrow(
      /reach NaN; expected finite/,
    );
    expect(() => symmetricEigen(Float64Array.of(1, 0, 1 / 0, 1), 2)).toThrow(/reach Infinity/);
    expect(() => symmetricEigen(new Float64Array(5), 2)).toThrow(RangeError);
  });
});
