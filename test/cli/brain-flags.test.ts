import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVolume, writeNifti } from '#dist/node.js';
import { writeBrainDemo } from '#dist/pipeline/brain/demo/study.js';
import { affectome } from './affectome.js';
import { boxMask, brain, brainJson, noise, ratedStudy, writeArray } from './brain-study.js';

const confounds = 'derivatives/fmriprep/sub-02/func/sub-02_task-clips_run-2_desc-confounds_timeseries.tsv';

describe('recordings', () => {
  let folder = '';
  let yaml = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'affectome-flags-'));
    await writeBrainDemo(folder, { nSubjects: 2, nStimuli: 24, nRuns: 2 });
    yaml = await readFile(join(folder, 'study.yaml'), 'utf8');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const refused = async (line: string) => {
    const { code, stderr } = await brain(folder, line);
    expect(code).toBe(1);
    return stderr;
  };
  const subjects = async () =>
    (await readdir(join(folder, 'brain')).catch(() => [])).filter((name) => name.startsWith('sub-'));

  it('of all subjects are looked at before the first is computed, also in a dry run', async () => {
    const file = join(folder, confounds);
    const table = await readFile(file);
    await rm(file);
    for (const line of ['responses --dry-run', 'responses'])
      expect(await refused(line)).toMatch(/sub-02_task-clips_run-2.*\n {2}has no confounds table/);
    expect(await subjects()).toEqual([]);
    await writeFile(file, table);
    for (const line of ['responses --column colour --dry-run', 'responses --column colour'])
      expect(await refused(line)).toMatch(/no column "colour".*\n.*--column/);
    expect(await subjects()).toEqual([]);
  });

  it('are found by study.yaml and flags together', async () => {
    await writeFile(join(folder, 'study.yaml'), yaml.replace('bids: derivatives/fmriprep, ', ''));
    expect(await refused('responses')).toMatch(
      /^Error in "--bids"\n {2}Nothing says where the recordings are/,
    );
    expect(await refused('responses --bids nowhere')).toMatch(/^Error in "--bids"\n {2}There is no folder/);
    const bids = 'responses --bids derivatives/fmriprep';
    expect(await refused(`${bids} --subject 07`)).toContain('It has some of 01, 02.');
    const { steps } = await brainJson<{ steps: { notes: string[] }[] }>(folder, `${bids} --subject 01`);
    expect(steps[0].notes.join()).toContain('24 stimuli');
    const shorter = await brain(folder, `${bids} --subject 01 --tr 1 --leave-out clips/clip-001.mp4`);
    expect(shorter.stderr).toMatch(/its response lies at/);
    const { results } = await brainJson<{ results: { nStimuli: number }[] }>(
      folder,
      `${bids} --subject 01 --leave-out clips/clip-001.mp4`,
    );
    expect(results[0].nStimuli).toBe(23);
    await writeFile(join(folder, 'study.yaml'), yaml);
  });
});

describe('an error about an option', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await ratedStudy(12);
    await writeFile(join(folder, 'mask.nii'), boxMask([5, 4, 3]));
    await writeArray(join(folder, 'responses.npy'), noise(12, 60, 1), [12, 60]);
    await brainJson(folder, 'import responses.npy --subject 1 --mask mask.nii');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['compare --fdr 5', 'Error in "--fdr"\n  found 5; expected a number above 0 and below 1.\n'],
    ['compare --test wilcoxon', 'Error in "--test"\n  found "wilcoxon"; expected one of "t", "signflip".\n'],
    ['encode --features one --cv five', 'Error in "--cv"\n  found "five"; expected '],
    ['encode', 'Error in "--features"\n  There are no feature sets'],
    [
      'encode --features one --subject 7',
      'Error in "--subject"\n  There are no responses of sub-7.\n  There are those of sub-1.',
    ],
    ['merge', 'Error: No shard has left anything to merge.'],
    ['regions', 'Error in "--labels"\n  No atlas is named, neither here nor in study.yaml.'],
    [
      'regions --name areas',
      'Error in "--labels"\n  --name says something of the atlas of --labels, which is missing.',
    ],
    ['responses', 'Error in "--bids"\n  Nothing says where the recordings are.'],
    ['compare', 'Error: A comparison across subjects needs two of them; there is one.\n  Of one subject'],
  ])('names the flag: %s', async (line, expected) => {
    const { code, stderr } = await brain(folder, line);
    expect([code, stderr.slice(0, expected.length)]).toEqual([1, expected]);
  });

  it('one subject has its regions in the report', async () => {
    const data = Uint8Array.from({ length: 60 }, (_, voxel) => 1 + (voxel % 2));
    const affine = Float64Array.of(3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1);
    await writeFile(join(folder, 'areas.nii'), writeNifti(makeVolume({ shape: [5, 4, 3], affine, data })));
    await brainJson(folder, 'encode --features one,two --cv 3x3 --alphas 1:100:3');
    await brainJson(folder, 'regions --labels areas.nii');
    const { code } = await affectome(['report', '--study', folder, '--quiet']);
    expect(code).toBe(0);
    const page = await readFile(join(folder, 'report/index.html'), 'utf8');
    for (const text of ['By region: areas', 'mean over a region of the only subject', 'there is one.'])
      expect(page).toContain(text);
    const means = await readFile(join(folder, 'report/tables/brain-region-means.tsv'), 'utf8');
    const [, first] = means.split('\n').map((line) => line.split('\t'));
    const values = JSON.parse(await readFile(join(folder, 'brain/regions/areas.json'), 'utf8')).values;
    expect(first.slice(0, 5)).toEqual(['areas', 'encoding', 'one', 'sub-1', values[0].region]);
    expect(Number(first[5])).toBeCloseTo(values[0].mean, 6);
  });

  it('names the line of study.yaml where it stands there', async () => {
    const file = join(folder, 'study.yaml');
    const yaml = await readFile(file, 'utf8');
    await writeFile(file, `${yaml}brain:\n  features: [nobody]\n`);
    expect((await brain(folder, 'encode')).stderr).toContain('nobody');
    await writeFile(file, `${yaml}brain:\n  encoding: { alphas: "5:1:3" }\n`);
    expect((await brain(folder, 'encode --features one')).stderr).toMatch(
      /study\.yaml:\d+:\d+ "brain\.encoding\.alphas"/,
    );
    await writeFile(file, yaml);
  });
});
