import { describe, expect, it } from 'vitest';
import { encodeInWorkers } from '#dist/brain/encoding/encode.node.js';
import {
  type EncodedSet,
  encode,
  encodingPresets,
  joinBlocks,
  logSpaced,
  planEncoding,
  VoxelEncoder,
  voxelKinds,
} from '#dist/brain/encoding/index.js';
import { referencePredictions } from '#dist/brain/encoding/reference.js';
import { matrix } from '#dist/numerics/matrix.js';
import { columnOf, largestDifference, plantedResponses, slowPearson } from './planted.js';

const options = { ...encodingPresets.p1, alphas: logSpaced(1e-2, 1e3, 12) };
const { features, responses } = plantedResponses(90, 5, 70);
const set = { name: 'planted', features };
const bytesOf = ({ r, r2, foldR, alphas }: EncodedSet) =>
  [r, r2, foldR, alphas].map((values) => Buffer.from(values.buffer).toString('hex')).join();

/** Columns of `responses`, changed. */
const withVoxels = (nVoxels: number, value: (t: number, v: number) => number) =>
  matrix(
    responses.nRows,
    nVoxels,
    Float64Array.from({ length: responses.nRows * nVoxels }, (_, at) =>
      value(Math.floor(at / nVoxels), at % nVoxels),
    ),
  );
const at = (t: number, v: number) => responses.data[t * responses.nColumns + v];

describe('encode', () => {
  const result = encode([set], responses, options);

  it('gives what fitting every fold with its alpha gives', () => {
    const nFold = 18;
    const trials = Array.from({ length: 90 }, (_, t) => t);
    for (const v of [0, 33, 69])
      for (let fold = 0; fold < 5; fold++) {
        const tested = trials.filter((t) => Math.floor(t / nFold) === fold);
        const trained = trials.filter((t) => Math.floor(t / nFold) !== fold);
        const alpha = result.sets[0].alphas[fold * 70 + v];
        const y = columnOf(responses, v);
        const predicted = referencePredictions(features, y, { trained, tested, alpha });
        const r = slowPearson(
          predicted,
          Float64Array.from(tested, (t) => y[t]),
        );
        expect(result.sets[0].foldR[fold * 70 + v]).toBeCloseTo(r, 11);
      }
  });

  it('finds planted signal and leaves null voxels at the nominal rate', () => {
    const planted = plantedResponses(300, 5, 800, { seed: 5, signal: 1.5 });
    const fresh = plantedResponses(300, 5, 1600, { seed: 6 });
    const own = { name: 'x', features: planted.features };
    const { r } = encode([own], planted.responses, options).sets[0];
    // Held-out r of one voxel in several folds share training trials: its null is wider than 1 / sqrt(n), so it is simulated.
    const nulls = encode([own], fresh.responses, options).sets[0].r.slice(800).sort();
    const limit = nulls[Math.floor(0.95 * nulls.length)];
    expect(r.subarray(0, 400).filter((value) => value > limit).length).toBeGreaterThan(385);
    const share = r.subarray(400).filter((value) => value > limit).length / 400;
    expect(Math.abs(share - 0.05)).toBeLessThan(3 * Math.sqrt(0.05 * 0.95 * (1 / 400 + 1 / 800)));
    expect(Math.abs(nulls.reduce((sum, value) => sum + value, 0) / nulls.length)).toBeLessThan(0.02);
  });

  it('does not change when features are rotated or shifted', () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const turned = Float64Array.from(features.data);
    for (let t = 0; t < 90; t++) {
      const [a, b] = [features.data[5 * t + 1], features.data[5 * t + 3]];
      turned[5 * t + 1] = c * a - s * b + 4;
      turned[5 * t + 3] = s * a + c * b;
    }
    const other = encode([{ name: 'turned', features: matrix(90, 5, turned) }], responses, options).sets[0];
    expect(other.alphas).toEqual(result.sets[0].alphas);
    expect(largestDifference(other.r, result.sets[0].r)).toBeLessThan(1e-11);
  });

  it('does not change when voxels are scaled, shifted or in another order', () => {
    const changed = withVoxels(70, (t, v) => 7 * at(t, 69 - v) + 100);
    const other = encode([set], changed, options).sets[0];
    const reversed = result.sets[0].r.slice().reverse();
    expect(largestDifference(other.r, reversed)).toBeLessThan(1e-10);
    const reordered = encode(
      [set],
      withVoxels(70, (t, v) => at(t, 69 - v)),
      options,
    ).sets[0];
    expect(reordered.r).toEqual(reversed);
  });

  it('takes several sets in one pass with the results of each alone', () => {
    const other = { name: 'other', features: plantedResponses(90, 9, 1, { seed: 8 }).features };
    const both = encode([set, other], responses, options);
    expect(bytesOf(both.sets[0])).toBe(bytesOf(result.sets[0]));
    expect(bytesOf(both.sets[1])).toBe(bytesOf(encode([other], responses, options).sets[0]));
  });

  it('computes ranges of voxels that join to the same bytes', () => {
    const plan = planEncoding([set], options);
    const encoder = new VoxelEncoder(plan);
    const blocks = [
      [45, 25],
      [0, 13],
      [13, 32],
    ].map(([firstVoxel, nVoxels]) => encoder.encode(responses, { firstVoxel, nVoxels }));
    expect(bytesOf(joinBlocks(blocks, plan).sets[0])).toBe(bytesOf(result.sets[0]));
  });
});

describe('what cannot be predicted', () => {
  it('has no answer, is counted, and changes no other voxel', () => {
    const damaged = withVoxels(70, (t, v) => {
      if (v === 3) return 5.1;
      if (v === 10 && t === 40) return Number.NaN;
      return v === 11 && t === 2 ? Number.POSITIVE_INFINITY : at(t, v);
    });
    const clean = encode([set], withVoxels(70, at), options).sets[0];
    const found = encode([set], damaged, options);
    expect([found.nUsable, found.nConstant, found.nNotFinite]).toEqual([67, 1, 2]);
    expect(found.kinds[3]).toBe(voxelKinds.constant);
    const { r, r2, alphas } = found.sets[0];
    for (const v of [3, 10, 11]) expect([r[v], r2[v], alphas[v]]).toEqual([NaN, NaN, NaN]);
    const kept = (values: Float64Array) => values.filter((_, v) => ![3, 10, 11].includes(v));
    expect(kept(r)).toEqual(kept(clean.r));
    const shared = { ...options, alphaFor: 'fold' } as const;
    const good = withVoxels(67, (t, v) =>
      at(t, [...Array(70).keys()].filter((w) => ![3, 10, 11].includes(w))[v]),
    );
    expect(encode([set], damaged, shared).sets[0].alphas[0]).toBe(
      encode([set], good, shared).sets[0].alphas[0],
    );
  });

  it('a constant feature gets no weight and is counted', () => {
    const more = new Float64Array(90 * 6);
    for (let t = 0; t < 90; t++) {
      more.set(features.data.subarray(5 * t, 5 * t + 5), 6 * t);
      more[6 * t + 5] = 0.1;
    }
    const found = encode([{ name: 'more', features: matrix(90, 6, more) }], responses, options);
    expect(found.nConstantFeatures).toEqual([1]);
    expect(largestDifference(found.sets[0].r, encode([set], responses, options).sets[0].r)).toBeLessThan(
      1e-12,
    );
  });

  it('a feature that is constant in some folds keeps every number finite', () => {
    const rare = Float64Array.from({ length: 90 }, (_, t) => (t === 50 ? 1 : 0));
    const found = encode([{ name: 'rare', features: matrix(90, 1, rare) }], responses, {
      ...options,
      innerScore: 'pearson',
      standardiseFeatures: true,
    });
    expect(found.sets[0].r.every(Number.isFinite)).toBe(true);
    expect(found.sets[0].foldR.subarray(0, 70).every((r) => r === 0)).toBe(true);
  });

  it('says what is wrong with its input', () => {
    const short = matrix(80, 1, new Float64Array(80));
    expect(() => encode([set], short, options)).toThrow(/80 trials, the features 90/);
    const holes = { name: 'holes', features: matrix(90, 1, new Float64Array(90).fill(NaN, 7, 8)) };
    expect(() => encode([holes], responses, options)).toThrow(/"holes": trial 8, feature 1 is NaN/);
    expect(() => encode([set], responses, { ...options, alphas: [1, 1] })).toThrow(/Alpha 2 is 1/);
    expect(() => encode([set], responses, encodingPresets.horikawa2020)).toThrow(
      /need a label for each trial/,
    );
    const outer = { kind: 'contiguous', nFolds: 91 } as const;
    expect(() => encode([set], responses, { ...options, outer })).toThrow(
      /90 trials cannot be divided into 91/,
    );
  });

  it('no voxels in, no voxels out', () => {
    const found = encode([set], matrix(90, 0, new Float32Array(0)), options);
    expect([found.nVoxels, found.sets[0].r.length]).toEqual([0, 0]);
  });
});

describe('encodeInWorkers', () => {
  const many = plantedResponses(40, 3, 2100, { seed: 3 });
  const wide = { name: 'x', features: many.features };

  it.each(['voxel', 'fold'] as const)('gives the bytes of encode, alpha for each %s', async (alphaFor) => {
    const own = { ...options, alphaFor };
    const expected = bytesOf(encode([wide], many.responses, own).sets[0]);
    for (const nWorkers of [1, 2, 3]) {
      const blocks: number[] = [];
      const found = await encodeInWorkers([wide], many.responses, {
        ...own,
        nWorkers,
        onBlock: ({ firstVoxel }) => blocks.push(firstVoxel),
      });
      expect(bytesOf(found.sets[0])).toBe(expected);
      expect(blocks.sort((a, b) => a - b)).toEqual([0, 1024, 2048]);
    }
  });

  it('counts voxels, stops on request and passes errors on', async () => {
    const done: number[] = [];
    const controller = new AbortController();
    const stopped = encodeInWorkers([wide], many.responses, {
      ...options,
      nWorkers: 1,
      signal: controller.signal,
      onProgress: (state) => {
        if (state.unit !== 'voxels') return;
        done.push(state.done);
        controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(done).toEqual([1024]);
    const short = matrix(30, 4, new Float32Array(120));
    await expect(encodeInWorkers([wide], short, { ...options, nWorkers: 2 })).rejects.toMatchObject({
      code: 'input',
    });
  });
});
