import { describe, expect, test } from 'vitest';
import { searchlightPatterns } from '#dist/brain/searchlight/patterns.js';
import { prepareSearchlight } from '#dist/brain/searchlight/prepare.js';
import { searchlight } from '#dist/brain/searchlight/searchlight.js';
import type { Rsm } from '#dist/geometry/rsm/rsm.js';
import type { Matrix } from '#dist/numerics/matrix.js';
import { pearson } from '#dist/numerics/statistics.js';
import { modelOf, oneCentre, pairsInOrder, randomOf } from './volumes.js';

/** Sum with the rounding of every step carried along (Neumaier). */
function carefulSum(values: readonly number[]): number {
  let [sum, carried] = [0, 0];
  for (const x of values) {
    const next = sum + x;
    carried += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
  }
  return sum + carried;
}

/** r - 1 = -|u - v|^2 / 2 of standardised patterns: keeps the digits in which correlations near 1 differ. */
function belowOne({ nRows, nColumns, data }: Matrix): Float64Array {
  const patterns = Array.from({ length: nRows }, (_, s) => {
    const row = Array.from(data.subarray(s * nColumns, (s + 1) * nColumns));
    const mean = carefulSum(row) / nColumns;
    const centred = row.map((x) => x - mean);
    const norm = Math.sqrt(carefulSum(centred.map((x) => x * x)));
    return Float64Array.from(centred, (x) => x / norm);
  });
  const differences: number[] = [];
  patterns.forEach((u, i) => {
    for (const v of patterns.slice(i + 1)) {
      let square = 0;
      for (let voxel = 0; voxel < nColumns; voxel++) square += (u[voxel] - v[voxel]) ** 2;
      differences.push(-square / 2);
    }
  });
  return Float64Array.from(differences);
}

/** Voxels whose means over stimuli lie `size` standard deviations from 0: all patterns are nearly the same. */
function offsetResponses(nStimuli: number, size: number): Matrix {
  const nColumns = 40;
  const random = randomOf(size + nStimuli);
  const data = Float32Array.from(
    { length: nStimuli * nColumns },
    (_, at) => random.normal() + size * Math.sin((at % nColumns) * 12.9898),
  );
  return { nRows: nStimuli, nColumns, data };
}

async function errorOf(nStimuli: number, size: number, precision: 'fast' | 'exact'): Promise<number> {
  const random = randomOf(9);
  const responses = offsetResponses(nStimuli, size);
  const expected = belowOne(responses);
  const models: Rsm[] = [
    modelOf('continuous', nStimuli, () => random.normal()),
    modelOf('far from 0', nStimuli, () => 5 + random.below(5)),
  ];
  const { nColumns } = responses;
  const data = { patterns: searchlightPatterns(responses), neighbourhoods: oneCentre(nColumns), models };
  const map = await searchlight(prepareSearchlight(data, { correlation: 'pearson', precision }));
  expect(map.counts.compared).toBe(1);
  return Math.max(
    ...models.map((model, m) => Math.abs(map.correlations[m] - pearson(expected, pairsInOrder(model)))),
  );
}

describe('Pearson where the means of voxels drown their differences', () => {
  for (const [size, bound] of [
    [0, 1e-13],
    [10, 1e-13],
    [100, 1e-12],
    [1000, 1e-9],
  ]) {
    test(`exact, means of ${size} standard deviations`, async () =>
      expect(await errorOf(60, size, 'exact')).toBeLessThan(bound));
  }

  for (const size of [0, 0.5, 1, 2, 10, 100, 1000]) {
    test(`fast, means of ${size} standard deviations`, async () =>
      expect(await errorOf(700, size, 'fast')).toBeLessThan(1e-7));
  }
});
