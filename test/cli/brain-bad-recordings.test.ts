import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVolume, maskVoxels, parseNpy, readNifti, writeNifti } from '#dist/node.js';
import { writeBrainDemo } from '#dist/pipeline/brain/demo/study.js';
import { brain, brainJson } from './brain-study.js';

const run = 'derivatives/fmriprep/sub-01/func/sub-01_task-clips_run-1';
const space = '_space-MNI152NLin2009cAsym_desc';
const [bold, mask] = [`${run}${space}-preproc_bold.nii.gz`, `${run}${space}-brain_mask.nii.gz`];
const events = 'bids/sub-01/func/sub-01_task-clips_run-1_events.tsv';

/** A volume with other voxels, affine or shape. */
function changed(
  bytes: Uint8Array,
  change: (shape: number[], affine: Float64Array, data: Float32Array) => Float32Array,
) {
  const { shape, affine, stored, scaling, zooms } = readNifti(bytes);
  const data = Float32Array.from(stored, (value) => value * scaling.slope + scaling.intercept);
  const [newShape, newAffine] = [[...shape], Float64Array.from(affine)];
  const values = change(newShape, newAffine, data);
  const steps = zooms.slice(3);
  return writeNifti(makeVolume({ shape: newShape, affine: newAffine, data: values, steps }), { gzip: true });
}

const cut = (share: number) => (whole: Uint8Array) => whole.subarray(0, Math.floor(whole.length * share));
const moved = (whole: Uint8Array) =>
  changed(whole, (_, affine, data) => {
    affine[3] += 9;
    return data;
  });
const shortened = (whole: Uint8Array) =>
  changed(whole, (shape, _, data) => data.subarray(0, (data.length / shape[2]) * --shape[2]));
const withLine = (line: string) => (whole: Uint8Array) => `${new TextDecoder().decode(whole)}${line}\n`;

describe('recordings that are not as they should be', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'affectome-bad-'));
    await writeBrainDemo(folder, { nSubjects: 1, nStimuli: 20, nRuns: 2 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function withFile<T>(
    name: string,
    change: (whole: Uint8Array) => Uint8Array | string,
    work: () => Promise<T>,
  ): Promise<T> {
    const whole = await readFile(join(folder, name));
    await writeFile(join(folder, name), change(whole));
    try {
      return await work();
    } finally {
      await writeFile(join(folder, name), whole);
    }
  }

  const refused: [string, string, (whole: Uint8Array) => Uint8Array | string, RegExp][] = [
    ['a cut recording', bold, cut(0.5), /preproc_bold\.nii\.gz\s+has damaged or truncated gzip data/],
    ['a cut mask', mask, cut(0.3), /brain_mask\.nii\.gz\s+has damaged or truncated gzip data/],
    ['a mask elsewhere', mask, moved, /has as many voxels as .*, but its affine places them elsewhere/],
    ['a mask of another shape', mask, shortened, /has \d+ x \d+ x \d+ voxels, .*; expected the same grid/],
    [
      'an event after the run',
      events,
      withLine('9000\t4\tclip\tclips/clip-001.mp4'),
      /run-1\s+shows "clip.*001.*" at 9000 s for 4 s; with a delay of 4 s its response lies at 9004 to 9008 s, and the run lasts/,
    ],
    [
      'an event without a time',
      events,
      withLine('soon\t4\tclip\tclip-001'),
      /events\.tsv:\d+:1 "onset"\s+"soon" is no number/,
    ],
    ['a cell too few', events, withLine('1\t4'), /events\.tsv:\d+\s+the row has 2 cells; the header has 4/],
    [
      'events of nothing',
      events,
      () => 'onset\tduration\ttrial_type\tstim_file\n',
      /has 0 events, and no stimulus in "stim_file"\.\s+Check the table/,
    ],
  ];
  it.each(refused)('%s', async (_, name, change, message) => {
    const { code, stderr } = await withFile(name, change, () => brain(folder, 'responses'));
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  it('voxels of NaN, of one value, and of one value in one run are counted', async () => {
    const voxels = maskVoxels(readNifti(await readFile(join(folder, mask))));
    const [missing, constant, partly] = [voxels[3], voxels[10], voxels[20]];
    const spoil = (isFirst: boolean) => (whole: Uint8Array) =>
      changed(whole, (shape, _, data) => {
        const nVoxels = shape[0] * shape[1] * shape[2];
        for (let frame = 0; frame < shape[3]; frame++) {
          data[frame * nVoxels + constant] = 7;
          if (isFirst) data[frame * nVoxels + partly] = 7;
        }
        if (isFirst) data[5 * nVoxels + missing] = Number.NaN;
        return data;
      });
    const other = bold.replace('run-1', 'run-2');
    const { steps, results } = await withFile(bold, spoil(true), () =>
      withFile(other, spoil(false), () =>
        brainJson<{ steps: { notes: string[] }[]; results: object[] }>(folder, 'responses'),
      ),
    );
    expect(results).toMatchObject([{ nConstant: 1, nNotFinite: 1 }]);
    const notes = steps[0].notes.join('; ');
    expect(notes).toMatch(/1 voxels have the same response to every stimulus/);
    expect(notes).toMatch(/1 voxels have responses that are no numbers/);
    expect(notes).toMatch(/voxels that do not vary over the events of one run \(0 there\): 1/);
    const { shape, data } = parseNpy(await readFile(join(folder, 'brain/sub-01/responses.npy')));
    const column = (v: number) => Array.from({ length: shape[0] }, (_, row) => data[row * shape[1] + v]);
    expect(column(3).some(Number.isNaN)).toBe(true);
    expect(column(10).every((value) => value === 0)).toBe(true);
    expect(column(20).filter((value) => value === 0).length).toBe(shape[0] / 2);
  });

  it('a run whose events are nowhere says where they may be', async () => {
    const whole = await readFile(join(folder, events));
    await rm(join(folder, events));
    const { stderr } = await brain(folder, 'responses');
    await writeFile(join(folder, events), whole);
    expect(stderr).toMatch(/run-1\s+has no events table .*\s+Name the raw BIDS data set .*--raw/);
  });
});
