import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapsOf, parseNpy, readGifti } from '#dist/node.js';
import { brain, brainJson, ratedStudy, readBytes } from './brain-study.js';

const runs = fileURLToPath(new URL('../golden/surface-runs', import.meta.url));
const func = 'fmriprep/sub-01/func/sub-01_task-clips';

/** What tools/golden/surface_runs.py shows: run, onset in seconds. */
const shown: Record<string, [number, number][]> = {
  s001: [
    [1, 0],
    [2, 4],
  ],
  s002: [[1, 4]],
  s003: [[1, 8]],
  s004: [[2, 0]],
  s005: [[2, 8]],
  s006: [[2, 12]],
};

/** The mean over the two frames that begin 4 s after each onset, by the formula of that script. */
const response = (stimulus: string, place: number) => {
  const all = shown[stimulus].map(([run, onset]) => 1000 * run + 10 * ((onset + 4) / 2 + 0.5) + place);
  return all.reduce((sum, value) => sum + value, 0) / all.length;
};

interface Shown {
  readonly steps: readonly { readonly notes: readonly string[] }[];
  readonly results: readonly object[];
}

describe('responses on surfaces and grayordinates, from recordings', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await ratedStudy(6);
    await cp(runs, join(folder, 'fmriprep'), { recursive: true });
    await appendFile(
      join(folder, 'study.yaml'),
      `brain:
  responses: { bids: fmriprep, task: clips, drift: none, despike: null, confounds: [], zScore: none, leaveOut: [rest] }
`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function responses() {
    const { shape, data } = parseNpy(await readBytes(folder, 'brain/sub-01/responses.npy'));
    const { axes, space } = JSON.parse(await readFile(join(folder, 'brain/sub-01/responses.json'), 'utf8'));
    return { shape, data, ids: axes[0].labels as string[], space };
  }

  it.each([
    ['cifti', 9],
    ['surface', 7],
  ])('of kind %s are the means of their frames', async (kind, nPlaces) => {
    const { results } = await brainJson<Shown>(folder, `responses --kind ${kind}`);
    expect(results).toMatchObject([{ nStimuli: 6, nVoxels: nPlaces, space: kind, nConstant: 0 }]);
    const { shape, data, ids, space } = await responses();
    expect(shape).toEqual([6, nPlaces]);
    expect(ids).toEqual(['s001', 's002', 's003', 's004', 's005', 's006']);
    const wanted = ids.flatMap((id) => Array.from({ length: nPlaces }, (_, place) => response(id, place)));
    expect([...data]).toEqual(wanted);
    if (kind === 'surface') expect(space).toEqual({ kind, space: 'fsaverage5', nLeft: 4, nRight: 3 });
    else expect(space.models.map((model: { count: number }) => model.count)).toEqual([4, 3, 2]);
  });

  it('are predicted, and mapped for viewers one side each', async () => {
    await brainJson(folder, 'encode --features one --cv 2x2 --no-weights');
    const { data: r } = parseNpy(await readBytes(folder, 'brain/sub-01/encoding/one/r.npy'));
    const maps = await Promise.all(
      ['L', 'R'].map(async (side) => {
        const bytes = await readBytes(folder, `brain/sub-01/encoding/one/r.${side}.shape.gii`);
        return [...mapsOf(readGifti(bytes))[0].values];
      }),
    );
    expect(maps.flat()).toEqual([...r]);
    expect(maps.map((map) => map.length)).toEqual([4, 3]);
  });

  it('keep what the study does not know, and say so', async () => {
    const yaml = join(folder, 'study.yaml');
    const text = await readFile(yaml, 'utf8');
    await writeFile(yaml, text.replace(', leaveOut: [rest]', ''));
    const { steps } = await brainJson<Shown>(folder, 'responses --kind surface');
    await writeFile(yaml, text);
    expect(steps[0].notes.join('; ')).toMatch(/1 of 7 stimuli .* not in the study: rest.*leaveOut/);
  });

  const mistakes: [string, string, (whole: Buffer) => Uint8Array | string, string, RegExp][] = [
    [
      'volumes that are not there',
      '_run-1_events.tsv',
      (whole) => whole,
      '--kind volume',
      /run-1 has 0 recordings of kind volume; it has .*surface in fsaverage5.*cifti in fsLR/,
    ],
    [
      'a cut hemisphere',
      '_run-2_hemi-R_space-fsaverage5_bold.func.gii',
      (whole) => whole.subarray(0, 3000),
      '--kind surface',
      /run-2_hemi-R_space-fsaverage5_bold\.func\.gii/,
    ],
    [
      'a cut CIFTI file',
      '_run-2_space-fsLR_den-91k_bold.dtseries.nii',
      (whole) => whole.subarray(0, whole.length - 20),
      '--kind cifti',
      /run-2_space-fsLR_den-91k_bold\.dtseries\.nii\s+(is truncated|has \d+ bytes)/,
    ],
    [
      'events outside the run',
      '_run-1_events.tsv',
      (whole) => `${whole}16\t4\ts004\n`,
      '--kind surface',
      /run-1\s+shows "s004" at 16 s for 4 s; with a delay of 4 s its response lies at 20 to 24 s, and the run lasts from 0 to 20 s/,
    ],
    [
      'events without durations',
      '_run-1_events.tsv',
      () => 'onset\ttrial_type\n0\ts001\n',
      '--kind surface',
      /duration/,
    ],
  ];
  it.each(mistakes)('refuse %s', async (_, name, change, words, message) => {
    const path = join(folder, func + name);
    const whole = await readFile(path);
    await writeFile(path, change(whole));
    const { code, stderr } = await brain(folder, `responses ${words}`);
    await writeFile(path, whole);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});
