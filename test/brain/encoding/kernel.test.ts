import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logSpaced } from '#dist/brain/encoding/index.js';
import { encodingKernel } from '#dist/brain/encoding/kernel.js';
import { skeletonOf } from '#dist/brain/encoding/skeleton.js';
import { Arena } from '#dist/embedding/arena.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { kernelMemory } from '#dist/numerics/wasm.js';
import { largestDifference } from './planted.js';

const memory = kernelMemory(0);
const arena = new Arena(memory);
const kernel = encodingKernel(memory);
const at = (start: number, n: number) => new Float64Array(memory.buffer, start, n);

function place(n: number, value: (i: number) => number): number {
  const start = arena.take(8 * n);
  at(start, n).set(Float64Array.from({ length: n }, (_, i) => value(i)));
  return start;
}

describe('the kernel against plain loops', () => {
  const shapes = fc.record({
    nRows: fc.constantFrom(4, 8, 12),
    nInner: fc.integer({ min: 0, max: 23 }),
    width: fc.constantFrom(4, 8, 32),
    seed: fc.nat(1000),
  });

  it('multiplies', () =>
    fc.assert(
      fc.property(shapes, ({ nRows, nInner, width, seed }) => {
        const random = new Random(keyOf(seed));
        const stride = nInner + 3;
        const a = place(nRows * stride, () => random.normal());
        const b = place(nInner * width, () => random.normal());
        const c = place(nRows * width, () => 9);
        kernel.multiply(a, 8 * stride, b, c, nRows, nInner, width);
        const expected = Float64Array.from({ length: nRows * width }, (_, i) => {
          let sum = 0;
          for (let k = 0; k < nInner; k++)
            sum +=
              at(a, nRows * stride)[Math.floor(i / width) * stride + k] *
              at(b, nInner * width)[k * width + (i % width)];
          return sum;
        });
        expect(at(c, nRows * width)).toEqual(expected);
      }),
      { numRuns: 40, seed: 2 },
    ));

  it('takes quadratic and linear forms', () =>
    fc.assert(
      fc.property(shapes, ({ nRows: size, width, seed }) => {
        const random = new Random(keyOf(seed));
        const half = Float64Array.from({ length: size * size }, () => random.normal());
        const full = (i: number, j: number) => half[Math.max(i, j) * size + Math.min(i, j)];
        const m = place(size * size, (k) => {
          const [i, j] = [Math.floor(k / size), k % size];
          return j > i ? 0 : (i === j ? 1 : 2) * full(i, j);
        });
        const [b, z] = [0, 1].map(() => place(size * width, () => random.normal()));
        const [linear, square] = [0, 1].map(() => place(width, () => 9));
        kernel.quadratic(m, b, z, linear, square, size, width);
        for (let v = 0; v < width; v++) {
          let [l, q] = [0, 0];
          for (let i = 0; i < size; i++) {
            l += at(b, size * width)[i * width + v] * at(z, size * width)[i * width + v];
            for (let j = 0; j < size; j++)
              q += at(b, size * width)[i * width + v] * full(i, j) * at(b, size * width)[j * width + v];
          }
          expect(at(linear, width)[v]).toBeCloseTo(l, 11);
          expect(at(square, width)[v]).toBeCloseTo(q, 11);
        }
      }),
      { numRuns: 40, seed: 3 },
    ));

  it('describes voxels: exact for constants, NaN for what is not finite', () => {
    const columns = [() => 0.1, (t: number) => t, (t: number) => (t === 2 ? NaN : t), () => 1e300];
    const y = place(5 * 4, (i) => columns[i % 4](Math.floor(i / 4)));
    const [mean, spread] = [place(4, () => 9), place(4, () => 9)];
    kernel.describe(y, 5, 4, mean, spread);
    expect([...at(mean, 4)]).toEqual([0.1, 2, NaN, 1e300]);
    expect([...at(spread, 4)]).toEqual([0, 4, NaN, 0]);
  });
});

describe('the skeleton', () => {
  const alphas = logSpaced(1e-3, 1e3, 100);
  const spectra = [
    [3000, 700, 80, 9, 0.4, 0.01, 1e-6, 0],
    [2500, 610, 99, 3, 0.2, 0.03, 0, 0],
  ];

  const many = Array.from({ length: 3 }, (_, s) =>
    Array.from({ length: 70 }, (_, i) => 4000 / (1 + i + s / 7) ** 2.7),
  );

  it.each([
    { name: 'few eigenvalues', relative: false, spectra },
    { name: 'few eigenvalues, relative', relative: true, spectra },
    { name: 'many eigenvalues, unevenly spread', relative: false, spectra: many },
    { name: 'many eigenvalues, unevenly spread, relative', relative: true, spectra: many },
  ])('a few alphas give all others to rounding: $name', ({ relative, spectra }) => {
    const { chosen, linear, quadratic } = skeletonOf(alphas, spectra, relative);
    const n = chosen.length;
    expect(n).toBeLessThan(45);
    let worst = 0;
    for (const spectrum of spectra)
      for (const d of spectrum)
        for (const e of spectrum) {
          const one = (alpha: number) => d / (d + alpha);
          const two = (alpha: number) => (d / (d + alpha)) * (e / (e + alpha));
          for (let a = 0; a < 100; a++) {
            let [l, q] = [0, 0];
            for (let s = 0; s < n; s++) {
              l += linear[a * n + s] * one(alphas[chosen[s]]);
              q += quadratic[a * n + s] * two(alphas[chosen[s]]);
            }
            worst = Math.max(worst, Math.abs(l - one(alphas[a])), Math.abs(q - two(alphas[a])));
          }
        }
    expect(worst).toBeLessThan(1e-11);
  });

  it('stays accurate relative to terms that large alphas make tiny', () => {
    const tiny = [[1e-5, 1e-6, 1e-7]];
    const { chosen, quadratic } = skeletonOf(alphas, tiny, true);
    const values = (a: number) => (1e-5 / (1e-5 + alphas[a])) * (1e-6 / (1e-6 + alphas[a]));
    const relative = Float64Array.from(alphas, (_, a) => {
      let sum = 0;
      for (let s = 0; s < chosen.length; s++) sum += quadratic[a * chosen.length + s] * values(chosen[s]);
      return sum / values(a);
    });
    expect(
      largestDifference(
        relative,
        relative.map(() => 1),
      ),
    ).toBeLessThan(1e-10);
  });
});
