import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNpy } from '#dist/node.js';
import type { ResponsesImport } from '#dist/pipeline/brain/import.js';
import { readSamples } from '#dist/pipeline/brain/import-samples.js';
import { boxMask, brain, brainJson, ratedStudy, readBytes, stimulusIds } from './brain-study.js';

const made = (name: string) => fileURLToPath(new URL(`../golden/brain-imports/${name}`, import.meta.url));
const [nStimuli, nVoxels] = [6, 5];

/** What tools/golden/brain_imports.py says of every file. */
const response = (stimulus: number, voxel: number) => 100 * stimulus + voxel + 0.25;

interface Shown {
  readonly steps: readonly { readonly notes: readonly string[] }[];
  readonly results: readonly { readonly nStimuli: number; readonly nVoxels: number }[];
}

describe('responses in files of MATLAB and bdpy', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await ratedStudy(nStimuli);
    await writeFile(join(folder, 'mask.nii'), boxMask([5, 1, 1]));
    for (const name of ['v5.mat', 'v7.mat', 'v73.mat', 'bdata.h5']) {
      await copyFile(made(name), join(folder, name));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function imported(subject: string) {
    const { shape, data } = parseNpy(await readBytes(folder, `brain/sub-${subject}/responses.npy`));
    const { axes } = JSON.parse(await readFile(join(folder, `brain/sub-${subject}/responses.json`), 'utf8'));
    return { shape, data, ids: axes[0].labels as string[] };
  }

  const wanted = (more: number) =>
    Array.from(
      { length: nStimuli * nVoxels },
      (_, i) => response(1 + Math.floor(i / nVoxels), i % nVoxels) + more,
    );

  it.each([
    ['v7, compressed and turned', 'import v7.mat --subject 01 --transpose'],
    ['v7.3, in compressed pieces', 'import v73.mat --subject 01 --variable betas --mask mask.nii'],
  ])('MATLAB %s', async (_, line) => {
    const { results } = await brainJson<Shown>(folder, line);
    expect(results).toMatchObject([{ nStimuli, nVoxels, nConstant: 0, nNotFinite: 0 }]);
    const { shape, data, ids } = await imported('01');
    expect(shape).toEqual([nStimuli, nVoxels]);
    expect(ids).toEqual(stimulusIds(nStimuli));
    expect([...data]).toEqual(wanted(0));
  });

  it.each([
    ['v5', 'v5.mat', 'betas', 0],
    ['v7.3, a field of a structure', 'v73.mat', 'session/betas', 1000],
  ])('MATLAB %s', async (_, name, variable, more) => {
    const { samples } = await readSamples({ file: made(name), subject: '01', variable }, null);
    expect([samples.nRows, samples.nColumns]).toEqual([nStimuli, nVoxels]);
    expect([...samples.data]).toEqual(wanted(more));
  });

  it('bdata: voxels by key, stimuli by their names, repeats averaged', async () => {
    const { steps } = await brainJson<Shown>(
      folder,
      'import bdata.h5 --subject 05 --key VoxelData --stimulus-key stimulus_name',
    );
    expect(steps[0].notes.join('; ')).toMatch(
      /1 of 9 samples left out: elsewhere not in the study; .*up to 3/,
    );
    const { data, ids } = await imported('05');
    expect(ids).toEqual(['s003', 's001', 's002', 's004', 's005', 's006']);
    expect([...data]).toEqual(
      ids.flatMap((id) => [0, 1, 2, 3, 4].map((v) => response(Number(id.slice(1)), v))),
    );
  });

  it('bdata: a region, samples named by a table', async () => {
    const shown = [3, 1, 2, 3, 4, 5, 6, 3, 7].map((number) => `s00${number}`);
    await writeFile(join(folder, 'shown.tsv'), `stimulus_id\n${shown.join('\n')}\n`);
    await brainJson(folder, 'import bdata.h5 --subject 06 --key ROI_V1 --stimuli shown.tsv');
    const { shape, data } = await imported('06');
    expect(shape).toEqual([nStimuli, 2]);
    expect([...data.subarray(0, 4)]).toEqual([300.25, 303.25, 100.25, 103.25]);
  });

  const typed: [string, string, RegExp][] = [
    ['a turned array', 'v7.mat', /has 5 rows; the study has 6\. .*add --transpose/],
    [
      'stimuli that nobody named',
      'bdata.h5 --key VoxelData',
      /has 9 rows; .*\s+Name the column .*--stimulus-key/,
    ],
    ['labels of no stimuli', 'bdata.h5 --key VoxelData --stimulus-key Run', /names 0, 1, 2; none of them/],
    [
      'a mask of other voxels',
      'v5.mat --variable betas --mask small.nii',
      /has 5 columns; the mask .* has 4/,
    ],
  ];
  it.each(typed)('refuses %s', async (_, words, message) => {
    await writeFile(join(folder, 'small.nii'), boxMask([4, 1, 1]));
    const { code, stderr } = await brain(folder, `import ${words} --subject 07`);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  const given: [string, Partial<ResponsesImport>, RegExp][] = [
    ['v5.mat', { variable: 'note' }, /"note": is text; expected a real 2-D numeric array/],
    ['v73.mat', {}, /holds betas \(6 x 5\), count \(1 x 1\)\. Name the one .*--variable/],
    ['v5.mat', {}, /holds betas \(6 x 5\), other \(2 x 2\)/],
    ['v5.mat', { variable: 'beta' }, /no variable "beta"; it has .*Did you mean "betas"/],
    ['v73.mat', { variable: 'beta' }, /no variable "beta"; it has .*Did you mean "betas"/],
    ['v73.mat', { variable: 'session/b' }, /it has betas, count, note, session/],
    ['v73.mat', { variable: 'note' }, /"note": is char of 2 axes; expected/],
    ['bdata.h5', {}, /VoxelData, ROI_V1, stimulus_name, Run says which columns/],
    ['bdata.h5', { key: 'V1' }, /no key "V1"; it has VoxelData, .* Name one of these/],
    ['bdata.h5', { key: 'VoxelData', stimulusKey: 'ROI_V1' }, /selects 2 columns by "ROI_V1"/],
    ['v5.mat', { key: 'VoxelData' }, /"--key": It is for bdata files/],
    ['bdata.h5', { variable: 'betas' }, /"--variable": It is for \.mat files/],
  ];
  it.each(given)('refuses %s read as %j', async (name, options, message) => {
    await expect(readSamples({ file: made(name), subject: '07', ...options }, null)).rejects.toThrow(message);
  });

  it.each(['v5.mat', 'v7.mat', 'v73.mat', 'bdata.h5'])('refuses %s when it is cut', async (name) => {
    const whole = await readBytes(folder, name);
    const file = join(folder, `cut-${name}`);
    await writeFile(file, whole.subarray(0, Math.floor(whole.length * 0.6)));
    const options = name === 'bdata.h5' ? { key: 'VoxelData' } : { variable: 'betas' };
    const read = readSamples({ file, subject: '08', ...options }, null);
    await expect(read).rejects.toThrow(new RegExp(`cut-${name}.*(damaged|truncated)`));
  });
});
