import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowProducts, rowsOf } from '#dist/brain/encoding/row-products.js';
import { keyOf, Random } from '#dist/numerics/random.js';

const numbers = (n: number, seed: number) => {
  const random = new Random(keyOf(seed));
  return Float64Array.from({ length: n }, () => random.normal());
};

describe('products of rows', () => {
  it('are those of plain loops', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(20),
        (na, nb, gap) => {
          const nColumns = 1 + ((na * nb) % 37);
          const stride = nColumns + gap;
          const a = { data: numbers(na * stride + 3, 1), nRows: na, nColumns, stride, start: 3 };
          const b = { data: numbers(nb * nColumns, 2), nRows: nb, nColumns };
          const found = rowProducts(a, b);
          for (let i = 0; i < na; i++)
            for (let j = 0; j < nb; j++) {
              let sum = 0;
              for (let c = 0; c < nColumns; c++) sum += a.data[3 + i * stride + c] * b.data[j * nColumns + c];
              expect(found[i * nb + j]).toBeCloseTo(sum, 12);
            }
        },
      ),
      { numRuns: 40, seed: 1 },
    ));

  it('also of long rows, and of the lower triangle alone', () => {
    const a = rowsOf(numbers(70 * 2500, 3), 2500);
    const [all, lower] = [rowProducts(a, a), rowProducts(a, a, 'lower')];
    for (let i = 0; i < 70; i++)
      for (let j = 0; j <= i; j++) {
        expect(lower[i * 70 + j]).toBe(all[i * 70 + j]);
        let sum = 0;
        for (let c = 0; c < 2500; c++) sum += a.data[i * 2500 + c] * a.data[j * 2500 + c];
        expect(all[i * 70 + j]).toBeCloseTo(sum, 10);
      }
  });
});
