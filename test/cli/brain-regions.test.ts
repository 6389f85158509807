import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVolume, writeNifti } from '#dist/node.js';
import { boxMask, brainJson, noise, ratedStudy, writeArray } from './brain-study.js';

interface Shown {
  readonly steps: readonly { readonly id: string; readonly state: string }[];
}

interface RegionValue {
  readonly subject: string;
  readonly region: string;
  readonly mean: number;
}

/** With two subjects the bootstrap's percentiles are their two values, and half of the four sign flips are mirror images. */
function expectTests(table: string, values: readonly RegionValue[], regions: readonly string[]): void {
  const [header, ...rows] = table
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const pairs = regions.map((region) =>
    values.filter((one) => one.region === region).map(({ mean }) => mean),
  );
  const t = ([a, b]: readonly number[]) => Math.abs((a + b) / (a - b));
  const largest = (sign: number) =>
    Math.max(...pairs.map(([a, b]) => t([a, sign * b])).filter(Number.isFinite));
  const cellOf = (row: readonly string[], name: string) => Number(row[header.indexOf(name)]);
  for (const row of rows) {
    const own = pairs[regions.indexOf(row[header.indexOf('region')])];
    if (!own.every(Number.isFinite)) continue;
    expect(cellOf(row, 'bootstrap_low')).toBeCloseTo(Math.min(...own), 5);
    expect(cellOf(row, 'bootstrap_high')).toBeCloseTo(Math.max(...own), 5);
    const p = [1, -1].filter((sign) => largest(sign) >= t(own) - 1e-9).length / 2;
    expect(cellOf(row, 'p_maximum')).toBeCloseTo(p, 9);
  }
}

describe('regions', () => {
  let folder = '';
  const nVoxels = 60;
  const json = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const affine = Float64Array.of(3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1);
  const labels = (keys: (voxel: number) => number) =>
    writeNifti(
      makeVolume({
        shape: [5, 4, 3],
        affine,
        data: Uint8Array.from({ length: nVoxels }, (_, voxel) => keys(voxel)),
      }),
    );

  beforeAll(async () => {
    folder = await ratedStudy(20);
    await writeFile(join(folder, 'mask.nii'), boxMask([5, 4, 3]));
    for (const [seed, subject] of ['1', '2'].entries()) {
      await writeArray(join(folder, `${subject}.npy`), noise(20, nVoxels, seed), [20, nVoxels]);
      await brainJson(folder, `import ${subject}.npy --subject ${subject} --mask mask.nii`);
    }
    // Areas 1 (V1) and 4 (V2) of the HCP; the first subject lacks V2.
    await writeFile(
      join(folder, 'sub-1_areas.nii'),
      labels(() => 1),
    );
    await writeFile(
      join(folder, 'sub-2_areas.nii'),
      labels((voxel) => (voxel < 30 ? 1 : 4)),
    );
    const yaml = await readFile(join(folder, 'study.yaml'), 'utf8');
    await writeFile(join(folder, 'study.yaml'), `${yaml}brain: { searchlight: { models: [two] } }\n`);
    await brainJson(folder, 'encode --features one --cv 3x3 --alphas 1e-1:1e3:4 --no-weights');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('take what is there, though study.yaml names models of a searchlight that was not run', async () => {
    await brainJson(folder, 'regions --labels {subject}_areas.nii --names hcp-mmp1 --groups p1-cortical');
    const { measures } = await json('brain/regions/areas.json');
    expect(measures).toEqual([{ kind: 'encoding', name: 'one', slug: 'one' }]);
  });

  it('name the areas that any subject lacks', async () => {
    const { missing } = await json('brain/regions/areas.json');
    const areas = missing.map(({ area }: { area: string }) => area);
    expect(areas).toContain('V2');
    expect(areas).not.toContain('V1');
    expect(new Set(missing.map((one: object) => JSON.stringify(one))).size).toBe(missing.length);
  });

  it('are made again before they are compared, where maps have changed', async () => {
    const before = await json('brain/regions/areas.json');
    await brainJson(folder, 'encode --features one --cv 5x3 --alphas 1e-1:1e3:4 --no-weights');
    const { steps } = await brainJson<Shown>(folder, 'compare --by areas');
    expect(steps.slice(0, 2).map(({ id, state }) => [id, state])).toEqual([
      ['brain/regions/areas', 'done'],
      ['brain/compare/areas', 'done'],
    ]);
    const after = await json('brain/regions/areas.json');
    expect(after.values[0].mean).not.toBe(before.values[0].mean);
    const means = await readFile(join(folder, 'brain/compare/areas-means.tsv'), 'utf8');
    const own = after.values.filter(({ region }: { region: string }) => region === after.values[0].region);
    const mean = (own[0].mean + own[1].mean) / 2;
    expect(Number(means.split('\n')[1].split('\t')[4])).toBeCloseTo(mean, 5);
    expectTests(means, after.values, after.regions);
    const again = await brainJson<Shown>(folder, 'compare --by areas');
    expect(again.steps.every(({ state }) => state === 'up to date')).toBe(true);
  });
});
