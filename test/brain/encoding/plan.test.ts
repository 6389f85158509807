import { describe, expect, it } from 'vitest';
import { encodePlanned } from '#dist/brain/encoding/encode.node.js';
import {
  encode,
  encodingBytes,
  encodingPresets,
  layOutEncoding,
  planEncoding,
  planEncodingInTurns,
  VoxelEncoder,
} from '#dist/brain/encoding/index.js';
import { matrix } from '#dist/numerics/matrix.js';
import { largestDifference, plantedResponses } from './planted.js';

const { features, responses } = plantedResponses(36, 5, 60);
const wide = plantedResponses(36, 50, 1, { seed: 3 }).features;
const sets = [
  { name: 'few', features },
  { name: 'wide', features: wide },
];
const options = encodingPresets.p1;

describe('a plan', () => {
  it('counts its splits', async () => {
    const seen: string[] = [];
    const plan = await planEncodingInTurns(sets, {
      ...options,
      onProgress: ({ task, done, total, unit }) => seen.push(`${task}: ${done} of ${total} ${unit}`),
    });
    expect(plan.sets.map(({ form }) => form)).toEqual(['features', 'kernel']);
    expect(seen.length).toBe(70);
    expect(seen[34]).toBe('preparing few, wide: 35 of 70 splits');
  });

  it('stops between two of them', async () => {
    for (const make of [planEncoding, planEncodingInTurns]) {
      const controller = new AbortController();
      let last = 0;
      const stopped = async () =>
        make(sets, {
          ...options,
          signal: controller.signal,
          onProgress: ({ done }) => {
            last = done;
            if (done === 4) controller.abort();
          },
        });
      await expect(stopped()).rejects.toMatchObject({ code: 'cancelled' });
      expect(last).toBe(4);
    }
  });

  it('lets a timer stop it', async () => {
    const many = plantedResponses(150, 120, 1, { seed: 8 }).features;
    const controller = new AbortController();
    const stopped = planEncodingInTurns(
      Array.from({ length: 40 }, (_, s) => ({ name: String(s), features: many })),
      { ...options, signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 5);
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('is made once for any responses, and shared by encoders that work side by side', async () => {
    const plan = planEncoding(sets, options);
    const expected = encode(sets, responses, options);
    const found = await encodePlanned(plan, responses, { nWorkers: 2 });
    const [first, second] = [new VoxelEncoder(plan), new VoxelEncoder(plan)];
    const half = { firstVoxel: 0, nVoxels: 30 };
    const others = first.encode(
      matrix(
        36,
        60,
        responses.data.map((value) => -value),
      ),
      half,
    );
    const own = second.encode(responses, half);
    sets.forEach((_, s) => {
      expect(found.sets[s].r).toEqual(expected.sets[s].r);
      expect(own.sets[s].r).toEqual(expected.sets[s].r.slice(0, 30));
      expect(largestDifference(others.sets[s].r, own.sets[s].r)).toBeLessThan(1e-12);
    });
  });

  it('takes no more memory than was counted', () => {
    const layout = layOutEncoding(sets, options);
    const { shared, perWorker } = encodingBytes(layout);
    const plan = planEncoding(sets, options);
    expect(plan.memory.buffer.byteLength).toBeLessThanOrEqual(shared + 65536);
    const before = plan.memory.buffer.byteLength;
    new VoxelEncoder(plan);
    expect(plan.memory.buffer.byteLength - before).toBeLessThanOrEqual(perWorker + 65536);
    expect(shared).toBeLessThan(2.5 * plan.memory.buffer.byteLength);
  });

  it('refuses what cannot fit before it computes anything', () => {
    const large = { name: 'clip', features: matrix(3000, 3000, new Float32Array(9e6)) };
    expect(() => planEncoding([large], options)).toThrow(
      /needs 5\.2 GB: 35 splits with two matrices of 3000 x 3000 for clip \(5\.0 GB\); a kernel can address 4\.3 GB\. Use fewer folds/,
    );
    expect(() =>
      planEncoding([sets[0], { ...large, features: matrix(36, 9, wide.data.slice(0, 324)) }], options),
    ).not.toThrow();
  });
});
