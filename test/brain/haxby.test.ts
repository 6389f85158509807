import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findFmriprepRunsIn } from '#dist/brain/fmriprep.node.js';
import type { StimulusEvent } from '#dist/brain/responses/events.js';
import { joinRuns, type Responses } from '#dist/brain/responses/join-runs.js';
import { readResponses } from '#dist/brain/responses/responses.node.js';
import { runResponses } from '#dist/brain/responses/run-responses.js';
import { searchlightPatterns } from '#dist/brain/searchlight/patterns.js';
import { prepareSearchlight } from '#dist/brain/searchlight/prepare.js';
import { searchlight } from '#dist/brain/searchlight/searchlight.js';
import { sphereNeighbourhoods } from '#dist/brain/searchlight/sphere.js';
import { readNifti } from '#dist/formats/nifti.js';
import { makeVolume, voxelSeries } from '#dist/formats/volume.js';
import { rsm } from '#dist/geometry/index.js';
import { spearman } from '#dist/numerics/rank-correlation.js';
import { mean, pearson } from '#dist/numerics/statistics.js';
import { dataBytes, hasData, whyNoData } from '../formats/brain-files.js';

const folder = mkdtempSync(join(tmpdir(), 'affectome-haxby-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// NumPy's least squares, clipping and means of the same recordings.
const golden = JSON.parse(
  readFileSync(new URL('../golden/brain-statistics.json', import.meta.url), 'utf8'),
).haxby;

const text = (path: string) => new TextDecoder().decode(dataBytes(path));

/** Share of categories whose mean pattern over the even runs is most like its own over the odd runs. */
function identification({ stimuli, responses: { nColumns, data }, runs }: Responses): number {
  const categories = [...new Set(stimuli)];
  const pattern = (category: string, half: number) =>
    Float64Array.from({ length: nColumns }, (_, v) =>
      mean(
        stimuli.flatMap((one, row) =>
          one === category && runs[row] % 2 === half ? [data[row * nColumns + v]] : [],
        ),
      ),
    );
  const [even, odd] = [0, 1].map((half) => categories.map((category) => pattern(category, half)));
  const isFound = even.map((own, c) => {
    const r = odd.map((other) => pearson(own, other));
    return r.indexOf(Math.max(...r)) === c;
  });
  return isFound.filter(Boolean).length / categories.length;
}

describe.skipIf(!hasData)(`Haxby's recordings${whyNoData}`, () => {
  it('are told apart by category in .75 of cases, from one slice', () => {
    const bold = readNifti(dataBytes('fmri/haxby_pymvpa/bold.nii.gz'), 'bold.nii.gz');
    const all = voxelSeries(
      bold,
      Uint32Array.from({ length: 800 }, (_, v) => v),
    );
    const labels = text('fmri/haxby_pymvpa/attributes_literal.txt')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    const perRun = Array.from({ length: 12 }, (_, run) => {
      const first = labels.findIndex(([, chunk]) => Number(chunk) === run);
      const events: StimulusEvent[] = [];
      for (let f = 0; f < 121; f++) {
        const [stimulus] = labels[first + f];
        if (stimulus === 'rest' || stimulus === labels[first + f - 1]?.[0]) continue;
        let end = f;
        while (labels[first + end]?.[0] === stimulus) end++;
        events.push({ stimulus, onset: 2.5 * f, duration: 2.5 * (end - f) });
      }
      expect(events.length).toBe(8);
      const series = { nRows: 121, nColumns: 800, data: all.data.subarray(first * 800, (first + 121) * 800) };
      return runResponses(
        { run: `run ${run}`, session: null, series, repetitionTime: 2.5, confounds: null, events },
        { delay: 0, despike: { kind: 'none' } },
      );
    });
    expect(identification(joinRuns(perRun, { repeats: 'keep', zScore: 'none' }))).toBe(0.75);
    const joined = joinRuns(perRun, { repeats: 'keep' });
    expect(joined.responses.nRows).toBe(96);
    expect(joined.nConstant).toBe(270);
    expect(identification(joined)).toBeGreaterThanOrEqual(0.75);
  });

  const base = 'fmri/haxby_pymvpa/haxby2001/sub001';
  const nameOf = (run: number) => `sub-001_task-objects_run-${run}`;

  function layOut(nRuns: number, motion = 'trans_x\ttrans_y\ttrans_z\trot_x\trot_y\trot_z') {
    const func = join(folder, `sub-${nRuns}-${motion.length}`, 'sub-001', 'func');
    mkdirSync(func, { recursive: true });
    for (let run = 1; run <= nRuns; run++) {
      const source = `${base}/BOLD/task001_run${String(run).padStart(3, '0')}`;
      const write = (suffix: string, bytes: Uint8Array | string) =>
        writeFileSync(join(func, nameOf(run) + suffix), bytes);
      write('_space-T1w_desc-preproc_bold.nii.gz', dataBytes(`${source}/bold_25mm.nii.gz`));
      write('_space-T1w_desc-preproc_bold.json', '{"RepetitionTime": 2.5}');
      write('_space-T1w_desc-brain_mask.nii.gz', dataBytes(`${base}/masks/25mm/brain.nii.gz`));
      const rows = text(`${source}/bold_moest.txt`)
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/).join('\t'));
      write('_desc-confounds_timeseries.tsv', `${[motion, ...rows].join('\n')}\n`);
      write('_events.tsv', dataBytes(`${source}/bold_events.tsv`));
    }
    return join(func, '..', '..');
  }

  it('are read from an output folder of fMRIPrep, with all of P1’s steps', async () => {
    const runs = await findFmriprepRunsIn(layOut(12));
    const seen: number[] = [];
    const result = await readResponses(
      runs,
      { kind: 'volume' },
      { repeats: 'keep', onProgress: ({ done }) => seen.push(done) },
    );
    expect(result.responses).toMatchObject({ nRows: 96, nColumns: 129 });
    expect(result.responses.data).toBeInstanceOf(Float32Array);
    expect(result.places).toMatchObject({ kind: 'volume', shape: [6, 10, 10] });
    expect(result.runNames[11]).toBe(nameOf(12));
    expect(result.nMissing).toBe(0);
    golden.rows.forEach((row: number, i: number) => {
      golden.responses[i].forEach((value: number, v: number) => {
        expect(result.responses.data[row * 129 + v]).toBeCloseTo(value, 5);
      });
    });
    expect(seen.length).toBeGreaterThan(12);
    const averaged = await readResponses(runs, { kind: 'volume', space: 'T1w', confounds: [] });
    expect(averaged.stimuli.length).toBe(8);
    expect([...averaged.nRepeats]).toEqual(new Array(8).fill(12));
    expect(averaged.steps[0]).toBe('regressed out: baseline, linear trend');
  });

  it('give the rho of a slow loop at every centre of a searchlight', async () => {
    const runs = await findFmriprepRunsIn(layOut(12));
    const { responses, stimuli, places } = await readResponses(runs, { kind: 'volume' }, { repeats: 'keep' });
    if (places.kind !== 'volume') throw new Error('The recordings are volumes.');
    const { nRows, nColumns, data } = responses;
    const values = Float64Array.from({ length: nRows ** 2 }, (_, at) =>
      Number(stimuli[Math.floor(at / nRows)] === stimuli[at % nRows]),
    );
    const model = rsm({ name: 'category', kind: 'similarity', nStimuli: nRows, values });
    const { shape, affine, voxels } = places;
    const inMask = new Uint8Array(shape[0] * shape[1] * shape[2]);
    for (const voxel of voxels) inMask[voxel] = 1;
    const mask = makeVolume({ shape, affine, data: inMask });
    const neighbourhoods = sphereNeighbourhoods(mask, { unit: 'voxels', length: 1.5 });
    const patterns = searchlightPatterns(responses);
    const map = await searchlight(
      prepareSearchlight({ patterns, neighbourhoods, models: [model] }, { minimumVoxels: 3 }),
    );
    expect(map.nCentres).toBe(129);
    const placeOf = (v: number) => [
      voxels[v] % shape[0],
      Math.floor(voxels[v] / shape[0]) % shape[1],
      Math.floor(voxels[v] / (shape[0] * shape[1])),
    ];
    const pairs = Array.from({ length: nRows }, (_, i) => i).flatMap((i) =>
      Array.from({ length: i }, (_, j) => [i, j]),
    );
    const same = pairs.map(([i, j]) => values[i * nRows + j]);
    for (let centre = 0; centre < 129; centre += 8) {
      const members = Array.from(voxels.keys()).filter(
        (v) => Math.hypot(...placeOf(v).map((x, axis) => x - placeOf(centre)[axis])) <= 1.5,
      );
      const pattern = (row: number) => members.map((v) => data[row * nColumns + v]);
      const own = pairs.map(([i, j]) => pearson(pattern(i), pattern(j)));
      const rho = members.length < 3 ? Number.NaN : spearman(own, same);
      if (Number.isNaN(rho)) expect(map.correlations[centre]).toBeNaN();
      else expect(map.correlations[centre]).toBeCloseTo(rho, 7);
    }
  });

  it('say what they lack', async () => {
    const [run] = await findFmriprepRunsIn(layOut(1, 'a\tb\tc\td\te\tf'));
    const read = (changed: object, reading: object = {}) =>
      readResponses([{ ...run, ...changed }], { kind: 'volume', ...reading });
    await expect(read({})).rejects.toThrow(
      /timeseries\.tsv: has no trans_x, trans_y, trans_z, rot_x, rot_y, rot_z; it has a, b, c, d, e, f\./,
    );
    await expect(read({ confounds: null })).rejects.toThrow(`${nameOf(1)}: has no confounds table`);
    await expect(read({ events: null }, { confounds: [] })).rejects.toThrow('has no events table');
    await expect(read({}, { space: 'MNI' })).rejects.toThrow(
      '0 recordings of kind volume in MNI; it has volume in T1w',
    );
    await expect(read({}, { kind: 'cifti' })).rejects.toThrow('0 recordings of kind cifti');
    await expect(read({}, { mask: '/nowhere.nii' })).rejects.toThrow('/nowhere.nii: cannot be read');
    await expect(read({ images: [{ ...run.images[0], mask: null }] })).rejects.toThrow('no brain mask');
    await expect(read({}, { confounds: [], repetitionTime: 2 })).rejects.toThrow(
      'the run lasts from 0 to 242 s',
    );
    await expect(readResponses([run, { ...run, subject: '2' }], { kind: 'volume' })).rejects.toThrow(
      'of 001, 2',
    );
    const [{ bold }] = run.images as unknown as { bold: string }[];
    writeFileSync(bold.replace('.nii.gz', '.json'), '{"RepetitionTime": 2}');
    await expect(read({}, { confounds: [] })).rejects.toThrow(
      /says 2\.5 s between frames, .*\.json says 2 s/,
    );
    expect(readFileSync(bold).length).toBeGreaterThan(0);
  });
});
