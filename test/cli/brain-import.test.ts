import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVolume, parseNpy, writeNifti } from '#dist/node.js';
import {
  boxMask,
  brain,
  brainJson,
  noise,
  ratedStudy,
  readBytes,
  stimulusIds,
  table,
  writeArray,
} from './brain-study.js';

const [nStimuli, nVoxels] = [12, 60];

describe('responses from elsewhere', () => {
  let folder = '';
  const data = noise(nStimuli, nVoxels, 3);

  beforeAll(async () => {
    folder = await ratedStudy(nStimuli);
    for (let row = 0; row < nStimuli; row++) {
      data[row * nVoxels + 5] = 1;
      if (row === 3) data[row * nVoxels + 7] = Number.NaN;
    }
    await writeArray(join(folder, 'responses.npy'), data, [nStimuli, nVoxels]);
    await writeFile(join(folder, 'mask.nii'), boxMask([5, 4, 3]));
    await writeFile(join(folder, 'moved.nii'), boxMask([5, 4, 3], 40));
    await writeFile(join(folder, 'small.nii'), boxMask([5, 4, 2]));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('takes an array and counts its voxels', async () => {
    const { results } = await brainJson<{ results: unknown[] }>(
      folder,
      'import responses.npy --subject 01 --mask mask.nii',
    );
    expect(results).toMatchObject([{ nStimuli, nVoxels, nConstant: 1, nNotFinite: 1 }]);
  });

  it('leaves voxels without an answer as NaN and says so', async () => {
    const { steps } = await brainJson<{ steps: { notes: string[] }[] }>(
      folder,
      'encode --features one --cv 3x3 --no-weights',
    );
    expect(steps[0].notes.join('; ')).toMatch(
      /1 voxels have the same response .* 1 voxels have responses that are no numbers/,
    );
    const { data: r } = parseNpy(await readBytes(folder, 'brain/sub-01/encoding/one/r.npy'));
    expect(Array.from(r.keys()).filter((v) => Number.isNaN(r[v]))).toEqual([5, 7]);
  });

  it('takes a 4-D image in the order of a table, and averages repeats', async () => {
    const [first, second] = stimulusIds(nStimuli);
    const frames = [first, second, first, 'elsewhere'];
    const stored = Float32Array.from(
      { length: 60 * frames.length },
      (_, i) => Math.floor(i / 60) * 100 + (i % 60),
    );
    const affine = Float64Array.from([3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1]);
    const volume = makeVolume({
      shape: [5, 4, 3, frames.length],
      affine: affine as never,
      data: stored,
      steps: [2],
    });
    await writeFile(join(folder, 'betas.nii.gz'), writeNifti(volume, { gzip: true }));
    await writeFile(
      join(folder, 'order.tsv'),
      table(
        ['stimulus_id'],
        frames.map((id) => [id]),
      ),
    );
    const { steps } = await brainJson<{ steps: { notes: string[] }[] }>(
      folder,
      'import betas.nii.gz --subject 02 --mask mask.nii --stimuli order.tsv',
    );
    expect(steps[0].notes.join('; ')).toMatch(
      /1 of 4 samples left out: elsewhere not in the study; .*averaged/,
    );
    const { data: read, shape } = parseNpy(await readBytes(folder, 'brain/sub-02/responses.npy'));
    expect(shape).toEqual([2, 60]);
    expect([read[0], read[59], read[60], read[119]]).toEqual([100, 159, 100, 159]);
    const wrong = await brain(
      folder,
      'import betas.nii.gz --subject 02 --mask moved.nii --stimuli order.tsv',
    );
    expect(wrong.stderr).toMatch(/its affine places them elsewhere/);
  });

  const mistakes: [string, string, RegExp][] = [
    [
      'another mask',
      'import responses.npy --subject 03 --mask small.nii',
      /has 60 columns; the mask .* has 40 voxels/,
    ],
    ['no mask for an image', 'import mask.nii --subject 03', /needs a mask/],
    ['an unknown kind', 'import study.yaml --subject 03', /is no kind of file that responses are read from/],
    ['a name that is none', 'import responses.npy --subject ../x', /expected letters and digits/],
    ['subjects that are not there', 'encode --features one --subject 9', /There are no responses of sub-9/],
    ['folds that cannot be', 'encode --features one --cv 5', /two whole numbers, as in 5x6/],
    ['alphas that cannot be', 'encode --features one --alphas 1:0.1:5', /expected lowest:highest:number/],
    ['too few reliable stimuli', 'searchlight --models one --stimuli best', /all, or reliable:N/],
    ['nothing to compare', 'compare', /There are no results to compare yet/],
    ['no such regions', 'compare --by areas', /There are no regions "areas"/],
    ['recordings nowhere', 'responses --bids nowhere --task clips', /There is no folder/],
  ];
  for (const [what, line, message] of mistakes) {
    it(`refuses ${what}`, async () => {
      const { code, stderr } = await brain(folder, line);
      expect(stderr).toMatch(message);
      expect(code).toBe(1);
    });
  }

  it('refuses a truncated array, and one that is turned', async () => {
    await writeFile(join(folder, 'cut.npy'), (await readBytes(folder, 'responses.npy')).subarray(0, 900));
    expect((await brain(folder, 'import cut.npy --subject 03')).stderr).toMatch(/cut\.npy/);
    await writeArray(join(folder, 'turned.npy'), noise(nVoxels, nStimuli, 3), [nVoxels, nStimuli]);
    expect((await brain(folder, 'import turned.npy --subject 03')).stderr).toContain('--transpose');
  });
});
