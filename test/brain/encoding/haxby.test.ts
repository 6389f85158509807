import { describe, expect, it } from 'vitest';
import { encode, encodingPresets } from '#dist/brain/encoding/index.js';
import type { StimulusEvent } from '#dist/brain/responses/events.js';
import { joinRuns } from '#dist/brain/responses/join-runs.js';
import { runResponses } from '#dist/brain/responses/run-responses.js';
import { readNifti } from '#dist/formats/nifti.js';
import { voxelSeries } from '#dist/formats/volume.js';
import { matrix } from '#dist/numerics/matrix.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { dataBytes, hasData, whyNoData } from '../../formats/brain-files.js';

const [nRuns, nFrames, nVoxels] = [12, 121, 800];

/** One slice of a subject: 12 runs with one block of each of 8 categories. */
function haxbySlice() {
  const bold = readNifti(dataBytes('fmri/haxby_pymvpa/bold.nii.gz'), 'bold.nii.gz');
  const voxels = Uint32Array.from({ length: nVoxels }, (_, v) => v);
  const all = voxelSeries(bold, voxels);
  const text = new TextDecoder().decode(dataBytes('fmri/haxby_pymvpa/attributes_literal.txt'));
  const labels = text
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  const runs = Array.from({ length: nRuns }, (_, run) => {
    const shown = labels.slice(run * nFrames, (run + 1) * nFrames);
    const events: StimulusEvent[] = [];
    shown.forEach((stimulus, f) => {
      if (stimulus === 'rest' || stimulus === shown[f - 1]) return;
      const end = shown.findIndex((label, later) => later > f && label !== stimulus);
      events.push({ stimulus, onset: 2.5 * f, duration: 2.5 * ((end < 0 ? nFrames : end) - f) });
    });
    const data = all.data.subarray(run * nFrames * nVoxels, (run + 1) * nFrames * nVoxels);
    const series = { nRows: nFrames, nColumns: nVoxels, data };
    return runResponses({
      run: `${run}`,
      session: null,
      series,
      repetitionTime: 2.5,
      confounds: null,
      events,
    });
  });
  return joinRuns(runs, { repeats: 'keep' });
}

/** One column per category: 1 where it was shown. */
function categories(shown: readonly string[]) {
  const names = [...new Set(shown)].sort();
  const data = Float64Array.from({ length: shown.length * names.length }, (_, at) =>
    Number(shown[Math.floor(at / names.length)] === names[at % names.length]),
  );
  return { name: 'categories', features: matrix(shown.length, names.length, data) };
}

describe.skipIf(!hasData)(`Haxby's recordings${whyNoData}`, () => {
  it('are predicted from the category shown, in runs that were left out, above chance', () => {
    const { stimuli, responses, runs } = haxbySlice();
    expect([responses.nRows, new Set(stimuli).size]).toEqual([96, 8]);
    const options = {
      ...encodingPresets.p1,
      outer: { kind: 'groups', nFolds: 6 },
      inner: { kind: 'groups', nFolds: 5 },
      groups: runs,
      alphas: [0.1, 1, 10, 100, 1000],
      summary: 'pooled',
    } as const;
    const accuracy = (shown: readonly string[]) => {
      const { sets, nConstant } = encode([categories(shown)], responses, options);
      expect(nConstant).toBe(270);
      const r = sets[0].r.filter(Number.isFinite).sort();
      return {
        mean: r.reduce((sum, value) => sum + value, 0) / r.length,
        top: r[Math.floor(0.95 * r.length)],
      };
    };
    const found = accuracy(stimuli);
    // Chance: the categories of each run in another order.
    const random = new Random(keyOf(11));
    const chance = Array.from({ length: 19 }, () => {
      const shuffled = Array.from({ length: nRuns }, (_, run) => {
        const own = stimuli.filter((_, row) => runs[row] === run);
        const order = own.map((name) => [random.uniform(), name] as const).sort(([a], [b]) => a - b);
        return order.map(([, name]) => name);
      });
      return accuracy(shuffled.flat());
    });
    for (const what of ['mean', 'top'] as const)
      expect(found[what]).toBeGreaterThan(Math.max(...chance.map((one) => one[what])));
  });
});
