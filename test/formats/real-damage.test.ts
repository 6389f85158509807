import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { readGifti } from '#dist/formats/gifti.js';
import { mapsOf, surfaceOf } from '#dist/formats/gifti-surface.js';
import { readMgh } from '#dist/formats/mgh.js';
import { readNifti } from '#dist/formats/nifti.js';
import { readVoxelSeries } from '#dist/formats/nifti-file.node.js';
import { AffectomeError } from '#dist/numerics/errors.js';
import { dataBytes, hasData, whyNoData } from './brain-files.js';
import { refusesCleanly } from './damage.js';

const file = 'damaged';
const volume = (bytes: Uint8Array) => readNifti(bytes, file).stored.byteLength;
const surface = (bytes: Uint8Array) => surfaceOf(readGifti(bytes, file)).vertices.byteLength;
const maps = (bytes: Uint8Array) => mapsOf(readGifti(bytes, file))[0].values.length * 8;

/** What is read, how many bytes of it, and how many damaged copies are tried in each way. */
const files: readonly [string, (bytes: Uint8Array) => number, number][] = [
  ['fmri/haxby_pymvpa/bold.nii.gz', volume, 8],
  ['fmri/haxby_pymvpa/haxby2001/sub001/BOLD/task001_run001/bold_25mm.nii.gz', volume, 20],
  ['fmri/nibabel/example4d.nii.gz', volume, 10],
  ['fmri/nibabel/test.mgz', (bytes) => readMgh(bytes, file).stored.byteLength, 200],
  ['fmri/nibabel/task.func.gii', maps, 60],
  ['fmri/nibabel/rh.aparc.annot.gii', maps, 40],
  ['surfaces/fsaverage5/infl_left.gii.gz', surface, 12],
  ['surfaces/fsaverage5/flat_right.gii.gz', surface, 12],
  ['surfaces/fsaverage5/curv_left.gii.gz', maps, 20],
];

/** Bytes to overwrite, at shares of the length, and the share that is kept. */
const damage = fc.record({
  edits: fc.array(fc.tuple(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(255)), {
    maxLength: 6,
  }),
  kept: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
});

/** Damage to the packed bytes is what a bad disk does; most of it fails a checksum, so the content is damaged as well. */
describe.skipIf(!hasData).each(files)(`real files, damaged: %s${whyNoData}`, (name, read, nCopies) => {
  const packed = hasData ? dataBytes(name) : new Uint8Array(1);
  const content = packed[0] === 0x1f ? new Uint8Array(gunzipSync(packed)) : packed;
  const headed = Math.min(2000, content.length);

  it('is read as it is', () => expect(read(packed)).toBeGreaterThan(0));

  it.each([
    ['packed', packed, packed.length],
    ['unpacked', content, content.length],
    ['in its header', content, headed],
  ])('%s', (_, bytes, hit) => {
    const attempt = ({ edits, kept }: { edits: [number, number][]; kept: number }) => {
      const copy = bytes.slice();
      for (const [at, value] of edits) copy[Math.floor(at * hit)] = value;
      const whole = hit === bytes.length ? copy.subarray(0, Math.ceil(kept * copy.length)) : copy;
      return refusesCleanly(() => expect(read(whole)).toBeLessThanOrEqual(64 * content.length), file);
    };
    fc.assert(fc.property(damage, attempt), { numRuns: nCopies });
  });
});

describe.skipIf(!hasData)(`a real series, damaged and read frame by frame${whyNoData}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'affectome-damaged-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const packed = hasData ? dataBytes(files[1][0]) : new Uint8Array(1);

  it.each([
    ['packed', packed],
    ['unpacked', new Uint8Array(packed[0] === 0x1f ? gunzipSync(packed) : packed)],
  ])('%s', async (name, bytes) => {
    const path = join(folder, `${name}.nii`);
    const attempt = async ({ edits, kept }: { edits: [number, number][]; kept: number }) => {
      const copy = bytes.slice();
      // Half of the damage goes to the header.
      for (const [at, value] of edits) copy[Math.floor(at * (value % 2 ? copy.length : 352))] = value;
      writeFileSync(path, copy.subarray(0, Math.ceil(kept * copy.length)));
      const error = await readVoxelSeries(path, Uint32Array.of(0, 5)).then(
        () => null,
        (reason: unknown) => reason,
      );
      return error === null || (error instanceof AffectomeError && error.message.includes(path));
    };
    await fc.assert(fc.asyncProperty(damage, attempt), { numRuns: 15 });
  });
});
