import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { searchlightPatterns } from '#dist/brain/searchlight/patterns.js';
import { prepareSearchlight } from '#dist/brain/searchlight/prepare.js';
import { searchlight } from '#dist/brain/searchlight/searchlight.js';
import { sphereNeighbourhoods } from '#dist/brain/searchlight/sphere.js';
import { readNifti } from '#dist/formats/nifti.js';
import { makeVolume, maskVoxels, volumeValues, voxelSeries } from '#dist/formats/volume.js';
import { gram, type Matrix } from '#dist/numerics/matrix.js';
import { maskOf, modelOf, noise, randomOf } from './volumes.js';

describe('a volume with planted geometries', () => {
  const random = randomOf(41);
  const nStimuli = 40;
  const shape = [16, 9, 9] as const;
  const neighbourhoods = sphereNeighbourhoods(maskOf(shape), { unit: 'voxels', length: 2 });
  const geometries = [0, 1].map(() => noise(nStimuli, 4, random));
  const similarities = geometries.map((geometry) => gram(geometry));
  const models = similarities.map((rsm, k) =>
    modelOf(`geometry ${'AB'[k]}`, nStimuli, (i, j) => rsm.data[i * nStimuli + j]),
  );
  /** Voxels with x < 5 carry A, with x > 10 B, those between nothing. */
  const kindOf = (voxel: number) => (voxel % 16 < 5 ? 0 : voxel % 16 > 10 ? 1 : -1);
  const responses = noise(nStimuli, neighbourhoods.nVoxels, random);
  for (let v = 0; v < responses.nColumns; v++) {
    if (kindOf(v) < 0) continue;
    const weights = [0, 1, 2, 3].map(() => random.normal());
    for (let s = 0; s < nStimuli; s++) {
      const geometry = geometries[kindOf(v)].data;
      for (let d = 0; d < 4; d++)
        responses.data[s * responses.nColumns + v] += weights[d] * geometry[4 * s + d];
    }
  }

  test('each half is won by its own model', async () => {
    const map = await searchlight(
      prepareSearchlight({ patterns: searchlightPatterns(responses), neighbourhoods, models }),
    );
    const at = (centre: number, model: number) => map.correlations[2 * centre + model];
    const inside = Array.from({ length: map.nCentres }, (_, c) => c);
    const clear = inside.filter((c) => c % 16 < 3 || c % 16 > 12);
    const wins = clear.filter((c) => at(c, kindOf(c)) > at(c, 1 - kindOf(c)) + 0.2);
    expect(wins.length / clear.length).toBeGreaterThan(0.99);
  });

  test('centres of noise exceed the limit of a permutation test at the nominal rate', async () => {
    // Neighbourhoods share no voxel, so that their tests are independent.
    const nCentres = 400;
    const nMembers = 30;
    const nVoxels = nCentres * nMembers;
    const apart = {
      kind: 'listed' as const,
      nVoxels,
      centres: Uint32Array.from({ length: nCentres }, (_, c) => c * nMembers),
      starts: Uint32Array.from({ length: nCentres + 1 }, (_, c) => c * nMembers),
      members: Uint32Array.from({ length: nVoxels }, (_, v) => v),
    };
    const permuted = Array.from({ length: 40 }, (_, p) => {
      const order = p === 0 ? Uint32Array.from(Array(nStimuli).keys()) : random.sample(nStimuli, nStimuli);
      return modelOf(`order ${p}`, nStimuli, (i, j) => models[0].values[order[i] * nStimuli + order[j]]);
    });
    const patterns = searchlightPatterns(noise(nStimuli, nVoxels, random));
    const map = await searchlight(prepareSearchlight({ patterns, neighbourhoods: apart, models: permuted }));
    let nSignificant = 0;
    for (let c = 0; c < nCentres; c++) {
      const rhos = map.correlations.subarray(40 * c, 40 * c + 40);
      if (rhos.filter((rho) => rho >= rhos[0]).length <= 2) nSignificant++;
    }
    // p <= 2 / 40 has probability .05: 20 of 400 expected, standard deviation 4.4.
    expect(nSignificant).toBeGreaterThanOrEqual(4);
    expect(nSignificant).toBeLessThanOrEqual(38);
  });
});

const folder = join(process.env.AFFECTOME_DATA ?? '../shared/data', 'fmri', 'haxby_pymvpa');
const isHere = existsSync(join(folder, 'bold.nii.gz'));

describe.skipIf(!isHere)(
  `one slice of Haxby et al. (2001)${isHere ? '' : ` (skipped: no ${folder})`}`,
  () => {
    /** Mean of detrended, z-scored volumes per category and run parity: 16 patterns of 8 categories. */
    function categoryPatterns() {
      const bold = readNifti(new Uint8Array(readFileSync(join(folder, 'bold.nii.gz'))), 'bold.nii.gz');
      const rows = readFileSync(join(folder, 'attributes_literal.txt'), 'utf8')
        .trim()
        .split(/\r?\n/)
        .map((line) => line.split(/\s+/));
      const means = volumeValues(bold).slice(0, bold.shape[0] * bold.shape[1] * bold.shape[2]);
      const limit = 0.3 * Math.max(...means);
      const mask = makeVolume({
        shape: bold.shape.slice(0, 3),
        affine: bold.affine,
        data: Uint8Array.from(means, (x) => (x > limit ? 1 : 0)),
      });
      const series = voxelSeries(bold, maskVoxels(mask));
      return { mask, rows, series };
    }

    test('categories are told apart: two halves agree on them more than chance at many centres', async () => {
      const { mask, rows, series } = categoryPatterns();
      expect(series.nRows).toBe(rows.length);
      const categories = [...new Set(rows.map(([category]) => category))]
        .filter((name) => name !== 'rest')
        .sort();
      const half = averages(series, rows, categories);
      const patterns = searchlightPatterns(half);
      const model = modelOf('category', 2 * categories.length, (i, j) =>
        i % categories.length === j % categories.length ? 1 : 0,
      );
      const neighbourhoods = sphereNeighbourhoods(mask, { unit: 'voxels', length: 3 });
      const map = await searchlight(prepareSearchlight({ patterns, neighbourhoods, models: [model] }));
      const found = Array.from(map.correlations).filter(Number.isFinite);
      expect(found.length).toBeGreaterThan(100);
      const positive = found.filter((rho) => rho > 0).length / found.length;
      expect(positive).toBeGreaterThan(0.6);
      // rho with a model of 8 same-category pairs among 120 has a standard deviation of about .09 under no relation.
      expect(Math.max(...found)).toBeGreaterThan(0.3);
    });
  },
);

/** Two rows per category, even and odd runs; within a run every voxel has mean 0 and standard deviation 1. */
function averages(series: Matrix, rows: readonly string[][], categories: readonly string[]): Matrix {
  const nVoxels = series.nColumns;
  const scaled = Float64Array.from(series.data);
  for (const run of new Set(rows.map(([, run]) => run))) {
    const frames = rows.flatMap(([, other], frame) => (other === run ? [frame] : []));
    for (let v = 0; v < nVoxels; v++) {
      const values = frames.map((frame) => series.data[frame * nVoxels + v]);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length) || 1;
      for (const [f, frame] of frames.entries()) scaled[frame * nVoxels + v] = (values[f] - mean) / spread;
    }
  }
  const data = new Float64Array(2 * categories.length * nVoxels);
  for (const parity of [0, 1]) {
    categories.forEach((category, c) => {
      const frames = rows.flatMap(([name, run], f) =>
        name === category && Number(run) % 2 === parity ? [f] : [],
      );
      for (let v = 0; v < nVoxels; v++) {
        const sum = frames.reduce((total, frame) => total + scaled[frame * nVoxels + v], 0);
        data[(parity * categories.length + c) * nVoxels + v] = sum / frames.length;
      }
    });
  }
  return { nRows: 2 * categories.length, nColumns: nVoxels, data };
}
