import { describe, expect, it } from 'vitest';
import { ColumnGatherer } from '#dist/brain/encoding/gather.js';
import { matrix } from '#dist/numerics/index.js';

describe('columns gathered for tiles', () => {
  const order = [3, 0, 4, 1, 2];
  const value = (trial: number, voxel: number) => 1000 * trial + voxel;
  const responsesOf = (nVoxels: number, isSingle: boolean) => {
    const values = Array.from({ length: 5 * nVoxels }, (_, i) => value(Math.floor(i / nVoxels), i % nVoxels));
    return matrix(5, nVoxels, isSingle ? Float32Array.from(values) : Float64Array.from(values));
  };

  it.each([true, false])('are the columns asked for, wherever they lie (float32: %s)', (isSingle) => {
    const responses = responsesOf(23, isSingle);
    const gatherer = new ColumnGatherer(order, 2);
    for (const firstVoxel of [0, 2, 14, 16, 18, 20, 3, 22]) {
      const nVoxels = Math.min(2, 23 - firstVoxel);
      const tile = new Float64Array(10).fill(-1);
      gatherer.copy(responses, { firstVoxel, nVoxels }, tile);
      const expected = order.flatMap((trial) =>
        [0, 1].map((v) => (v < nVoxels ? value(trial, firstVoxel + v) : -1)),
      );
      expect([...tile]).toEqual(expected);
    }
  });

  it('are read again after a release, and from another matrix', () => {
    const responses = responsesOf(8, true);
    const gatherer = new ColumnGatherer(order, 2);
    const tile = new Float64Array(10);
    gatherer.copy(responses, { firstVoxel: 0, nVoxels: 2 }, tile);
    responses.data.fill(7);
    gatherer.release();
    gatherer.copy(responses, { firstVoxel: 2, nVoxels: 2 }, tile);
    expect([...tile]).toEqual(new Array(10).fill(7));
    gatherer.copy(responsesOf(8, false), { firstVoxel: 2, nVoxels: 2 }, tile);
    expect(tile[0]).toBe(value(3, 2));
  });
});
