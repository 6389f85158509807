import { readFile } from 'node:fs/promises';
import { readCifti } from '../../formats/cifti.js';
import { readGifti } from '../../formats/gifti.js';
import { mapsOf } from '../../formats/gifti-surface.js';
import { readNifti } from '../../formats/nifti.js';
import { openNifti, readVoxelSeries } from '../../formats/nifti-file.node.js';
import type { DenseMap } from '../../formats/surface.js';
import { type GridOf, maskVoxels, requireSameGrid } from '../../formats/volume.js';
import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Watch } from '../../numerics/progress.js';
import type { FmriprepImage } from '../fmriprep.js';
import type { BrainPlaces } from './places.js';

/** A recording's values, where they lie, and what its header says of time. */
export interface ReadSeries {
  readonly file: string;
  /** nFrames x nPlaces. */
  readonly series: Matrix;
  readonly places: BrainPlaces;
  /** Seconds; `null` where the file says nothing usable. */
  readonly repetitionTime: number | null;
}

/** Voxels to read, and the grid in which they were counted. */
export interface VoxelsOfGrid {
  readonly grid: GridOf;
  readonly voxels: Uint32Array;
}

/**
 * Reads one recording. A volume is read frame by frame and only its mask's voxels are kept, as float32; surfaces and CIFTI files
 * are read whole.
 *
 * @param mask of a volume; surfaces and CIFTI files have none
 * @throws AffectomeError `input` for damaged files, a mask of another grid and hemispheres of different lengths; `cancelled`.
 */
export async function readSeries(
  image: FmriprepImage,
  mask: VoxelsOfGrid | null,
  watch: Watch = {},
): Promise<ReadSeries> {
  if (image.kind === 'volume') return readVolume(image.bold, mask!, watch);
  return image.kind === 'surface' ? readSurfaces(image) : readDense(image.bold);
}

const secondsPer: Readonly<Record<string, number>> = { s: 1, ms: 1e-3, us: 1e-6 };

async function readVolume(file: string, { grid, voxels }: VoxelsOfGrid, watch: Watch): Promise<ReadSeries> {
  const { header, frames } = await openNifti(file);
  await frames.return(undefined);
  requireSameGrid({ ...header, file }, grid);
  const time = (header.zooms[3] ?? 0) * (secondsPer[header.units.time] ?? Number.NaN);
  const series = await readVoxelSeries(file, voxels, watch);
  const places = { kind: 'volume', shape: header.shape.slice(0, 3), affine: header.affine, voxels } as const;
  return { file, series, places, repetitionTime: time > 0 ? time : null };
}

const bytesOf = async (path: string): Promise<Uint8Array> => {
  try {
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    const problem = `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`;
    throw inputError({ problem, where: { file: path }, cause });
  }
};

async function readSurfaces(image: Extract<FmriprepImage, { kind: 'surface' }>): Promise<ReadSeries> {
  const { left: file, right, space } = image;
  const gifti = readGifti(await bytesOf(file), file);
  const ofLeft = mapsOf(gifti);
  const ofRight = mapsOf(readGifti(await bytesOf(right), right));
  if (ofLeft.length !== ofRight.length) {
    throw inputError({
      problem: `has ${ofLeft.length} frames, ${right} has ${ofRight.length}.`,
      where: { file },
    });
  }
  const [nLeft, nRight] = [ofLeft[0].values.length, ofRight[0].values.length];
  const series = framesOf(ofLeft, ofRight);
  const milliseconds = Number(gifti.arrays[0].metadata.TimeStep ?? gifti.metadata.TimeStep ?? Number.NaN);
  const repetitionTime = milliseconds > 0 ? milliseconds / 1000 : null;
  return { file, series, places: { kind: 'surface', space, nLeft, nRight }, repetitionTime };
}

function framesOf(left: readonly DenseMap[], right: readonly DenseMap[]): Matrix {
  const nLeft = left[0].values.length;
  const nColumns = nLeft + right[0].values.length;
  const data = new Float32Array(left.length * nColumns);
  for (const [f, { values }] of left.entries()) {
    data.set(values, f * nColumns);
    data.set(right[f].values, f * nColumns + nLeft);
  }
  return { nRows: left.length, nColumns, data };
}

async function readDense(file: string): Promise<ReadSeries> {
  const { rows, columns, values } = readCifti(await bytesOf(file), file);
  if (rows.kind !== 'series' || columns.kind !== 'brain-models') {
    throw inputError({
      problem: `has ${rows.kind} by ${columns.kind}; expected a dense time series (.dtseries.nii).`,
      where: { file },
    });
  }
  const series = { ...values, data: Float32Array.from(values.data) };
  const repetitionTime = /^SECOND$/i.test(rows.unit) && rows.step > 0 ? rows.step : null;
  const { nGrayordinates, models } = columns;
  return { file, series, places: { kind: 'cifti', nGrayordinates, models }, repetitionTime };
}

/** Voxels that are in every mask, on the grid of the first. @throws AffectomeError `input` for other grids, and none. */
export async function sharedMask(files: readonly string[]): Promise<VoxelsOfGrid> {
  const masks = await Promise.all(
    [...new Set(files)].map(async (file) => readNifti(await bytesOf(file), file)),
  );
  let voxels = maskVoxels(masks[0]);
  for (const mask of masks.slice(1)) {
    requireSameGrid(masks[0], mask);
    const own = new Set(maskVoxels(mask));
    voxels = voxels.filter((voxel) => own.has(voxel));
  }
  if (voxels.length > 0) return { grid: masks[0], voxels };
  throw inputError({
    problem: `shares no voxel with the ${masks.length - 1} other masks.`,
    where: { file: files[0] },
  });
}
