import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findFmriprepRunsIn } from '#dist/brain/fmriprep.node.js';
import { readResponses } from '#dist/brain/responses/responses.node.js';
import { writeNifti } from '#dist/formats/nifti-write.js';
import { makeVolume } from '#dist/formats/volume.js';

const folder = mkdtempSync(join(tmpdir(), 'affectome-volumes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const plain = { drift: 'none', delay: 0, despike: { kind: 'none' }, zScore: 'none' } as const;
const events = 'onset\tduration\ttrial_type\n0\t4\ta.mp4\n4\t4\tb.mp4\n8\t4\ta.webm\n12\t4\tc.mp4\n';

const scanner = Float64Array.of(2, 0, 0, -4, 0, 2, 0, 6, 0, 0, 2, 8, 0, 0, 0, 1);
/** The same voxels in the same places, with x and y exchanged in the array. */
const exchanged = Float64Array.of(0, 2, 0, -4, 2, 0, 0, 6, 0, 0, 2, 8, 0, 0, 0, 1);

function writeMask(name: string, shape: readonly number[], affine: Float64Array): string {
  const data = new Uint8Array(shape[0] * shape[1] * shape[2]).fill(1);
  const file = join(folder, name);
  writeFileSync(file, writeNifti(makeVolume({ shape, affine, data }), { gzip: true }));
  return file;
}

function writeRun(place: string, entities = ''): void {
  const shape = [3, 2, 2, 8];
  const data = Float32Array.from({ length: 96 }, (_, i) => Math.floor(i / 12) + 100 * (i % 12));
  const bold = writeNifti(makeVolume({ shape, affine: scanner, data, steps: [2] }), { gzip: true });
  const stem = join(place, `sub-01_task-clips_run-1_space-MNI${entities}`);
  writeFileSync(`${stem}_desc-preproc_bold.nii.gz`, bold);
  writeFileSync(`${stem}_desc-preproc_bold.json`, '{"RepetitionTime": 2}');
  writeFileSync(join(place, 'sub-01_task-clips_run-1_events.tsv'), events);
}

describe('responses of volumes', () => {
  it('refuse a mask on another grid, though it lies in the same place', async () => {
    const place = mkdtempSync(join(folder, 'grid-'));
    writeRun(place);
    const runs = await findFmriprepRunsIn(place);
    const read = (mask: string) => readResponses(runs, { kind: 'volume', confounds: [], mask }, plain);
    const result = await read(writeMask('same.nii.gz', [3, 2, 2], scanner));
    expect(Array.from(result.responses.data.subarray(0, 12))).toEqual(
      Array.from({ length: 12 }, (_, v) => 100 * v + (0 + 1) / 2),
    );
    await expect(read(writeMask('exchanged.nii.gz', [2, 3, 2], exchanged))).rejects.toThrow(
      /bold\.nii\.gz: has 3 x 2 x 2 voxels, .*exchanged\.nii\.gz has 2 x 3 x 2/,
    );
    const moved = scanner.slice();
    moved[3] += 2;
    await expect(read(writeMask('moved.nii.gz', [3, 2, 2], moved))).rejects.toThrow(
      /bold\.nii\.gz: has as many voxels as .*moved\.nii\.gz, but its affine places them elsewhere/,
    );
  });

  it('average events of one stimulus whatever they are called', async () => {
    const place = mkdtempSync(join(folder, 'names-'));
    writeRun(place);
    const mask = writeMask('names.nii.gz', [3, 2, 2], scanner);
    const runs = await findFmriprepRunsIn(place);
    const reading = { kind: 'volume', confounds: [], mask } as const;
    expect((await readResponses(runs, reading, plain)).stimuli).toEqual([
      'a.mp4',
      'b.mp4',
      'a.webm',
      'c.mp4',
    ]);
    const stimulusOf = (shown: string) => shown.replace(/\..*$/, '');
    const { stimuli, nRepeats } = await readResponses(runs, { ...reading, stimulusOf }, plain);
    expect(stimuli).toEqual(['a', 'b', 'c']);
    expect(Array.from(nRepeats)).toEqual([2, 1, 1]);
  });

  it('are told apart by resolution where a space has several', async () => {
    const place = mkdtempSync(join(folder, 'resolutions-'));
    for (const entities of ['', '_res-1', '_res-2']) writeRun(place, entities);
    const mask = writeMask('resolutions.nii.gz', [3, 2, 2], scanner);
    const runs = await findFmriprepRunsIn(place);
    const read = (resolution?: string) =>
      readResponses(
        runs,
        { kind: 'volume', space: 'MNI', confounds: [], mask, ...(resolution && { resolution }) },
        plain,
      );
    await expect(read()).rejects.toThrow(
      /3 recordings of kind volume in MNI; it has volume in MNI; volume in MNI, res-1; volume in MNI, res-2\. Name the resolution/,
    );
    for (const resolution of ['native', '1', '2']) expect((await read(resolution)).responses.nRows).toBe(4);
    await expect(read('3')).rejects.toThrow('0 recordings of kind volume in MNI of resolution 3');
  });
});
