import { inputError } from '../numerics/errors.js';
import type { Matrix } from '../numerics/matrix.js';
import { type Affine, affinesAgree, zoomsOf } from './affine.js';
import { type NumberArray, type VoxelType, voxelTypeOf } from './voxel-type.js';

export type SpaceUnit = 'unknown' | 'm' | 'mm' | 'micron';
export type TimeUnit = 'unknown' | 's' | 'ms' | 'us' | 'hz' | 'ppm' | 'rads';

/** What world coordinates mean, in the order of NIfTI's codes 0 to 5. */
export const worldSpaces = ['unknown', 'scanner', 'aligned', 'talairach', 'mni', 'template'] as const;
export type WorldSpace = (typeof worldSpaces)[number];

/** Stored numbers times `slope` plus `intercept` are the values. */
export interface Scaling {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * Numbers on a regular grid in space: an anatomy, a mask, a map, a recording. Values are read with `volumeValues`, `frameValues`,
 * `voxelSeries`; NaN and infinities in a file come out as they are, except where a function says that it refuses them.
 */
export interface Volume {
  /** Names the volume in messages. */
  readonly file: string;
  /** Voxels along x, y, z, then time and further axes: 1 to 7 numbers. */
  readonly shape: readonly number[];
  /** Voxel indices to world coordinates, in `units.space`. */
  readonly affine: Affine;
  readonly space: WorldSpace;
  /** Step along each axis of `shape`: voxel sizes, then the time between frames. */
  readonly zooms: readonly number[];
  readonly units: { readonly space: SpaceUnit; readonly time: TimeUnit };
  readonly voxelType: VoxelType;
  readonly scaling: Scaling;
  /** As in the file, before scaling; x runs fastest, then y, z, time. */
  readonly stored: NumberArray;
}

export interface VolumeFacts {
  readonly shape: readonly number[];
  readonly affine: Affine;
  readonly data: NumberArray;
  readonly space?: WorldSpace;
  /** Steps along axes after the third; 1 without it. */
  readonly steps?: readonly number[];
  readonly units?: Volume['units'];
  readonly file?: string;
}

/** A volume from numbers in memory, x fastest. Millimetres and seconds unless it says otherwise. */
export function makeVolume(facts: VolumeFacts): Volume {
  const { shape, affine, data, steps = [] } = facts;
  const length = shape.reduce((product, size) => product * size, 1);
  if (length !== data.length || shape.length < 1 || shape.length > 7 || affine.length !== 16) {
    throw new RangeError(
      `A volume of shape (${shape.join(', ')}) needs ${length} numbers, got ${data.length}.`,
    );
  }
  const space = zoomsOf(affine);
  return {
    file: facts.file ?? 'volume',
    shape,
    affine,
    space: facts.space ?? 'aligned',
    zooms: shape.map((_, axis) => (axis < 3 ? space[axis] : (steps[axis - 3] ?? 1))),
    units: facts.units ?? { space: 'mm', time: 's' },
    voxelType: voxelTypeOf(data),
    scaling: { slope: 1, intercept: 0 },
    stored: data,
  };
}

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);

/** Voxels of one frame. */
export const nVoxelsOf = ({ shape }: Pick<Volume, 'shape'>): number => product(shape.slice(0, 3));

/** Frames: the product of all axes after the third, 1 for a 3-D volume. */
export const nFramesOf = ({ shape }: Pick<Volume, 'shape'>): number => product(shape.slice(3));

/** Scaled values. */
export function scaledValues(stored: NumberArray, { slope, intercept }: Scaling): Float64Array {
  const values = Float64Array.from(stored);
  if (slope === 1 && intercept === 0) return values;
  for (let i = 0; i < values.length; i++) values[i] = values[i] * slope + intercept;
  return values;
}

/** All values, x fastest. */
export const volumeValues = (volume: Volume): Float64Array => scaledValues(volume.stored, volume.scaling);

/** The values of frame `index`, x fastest. */
export function frameValues(volume: Volume, index: number): Float64Array {
  const nVoxels = nVoxelsOf(volume);
  if (!(index >= 0 && index < nFramesOf(volume))) {
    throw new RangeError(`Frame ${index} of ${volume.file}: it has ${nFramesOf(volume)}.`);
  }
  return scaledValues(volume.stored.subarray(index * nVoxels, (index + 1) * nVoxels), volume.scaling);
}

/**
 * Voxels of a mask, ascending: those whose value is finite and not 0.
 * @throws AffectomeError `input` when the mask has several frames or no voxel.
 */
export function maskVoxels(mask: Volume): Uint32Array {
  if (nFramesOf(mask) !== 1) {
    throw inputError({
      problem: `has ${nFramesOf(mask)} frames; a mask has one.`,
      where: { file: mask.file },
    });
  }
  const values = volumeValues(mask);
  const voxels = Uint32Array.from(values.keys()).filter((i) => Number.isFinite(values[i]) && values[i] !== 0);
  if (voxels.length === 0) {
    throw inputError({ problem: 'is an empty mask: every voxel is 0.', where: { file: mask.file } });
  }
  return voxels;
}

/** nFrames x nVoxels, float32: the values of `voxels` in every frame. NaN comes out as NaN. */
export function voxelSeries(volume: Volume, voxels: Uint32Array): Matrix {
  const nFrames = nFramesOf(volume);
  const size = nVoxelsOf(volume);
  const { slope, intercept } = volume.scaling;
  const data = new Float32Array(nFrames * voxels.length);
  for (let frame = 0; frame < nFrames; frame++) {
    for (let v = 0; v < voxels.length; v++) {
      data[frame * voxels.length + v] = volume.stored[frame * size + voxels[v]] * slope + intercept;
    }
  }
  return { nRows: nFrames, nColumns: voxels.length, data };
}

/**
 * @param tolerance largest difference of affines, in world units
 * @throws AffectomeError `input` unless both volumes have the same voxels at the same places.
 */
export function requireSameGrid(a: GridOf, b: GridOf, tolerance = 1e-3): void {
  const [shapeA, shapeB] = [a, b].map(({ shape }) => [...shape, 1, 1].slice(0, 3).join(' x '));
  if (shapeA !== shapeB) {
    throw inputError({
      problem: `has ${shapeA} voxels, ${b.file} has ${shapeB}; expected the same grid.`,
      where: { file: a.file },
      remedy: 'Resample one of them to the grid of the other.',
    });
  }
  if (affinesAgree(a.affine, b.affine, tolerance)) return;
  throw inputError({
    problem: `has as many voxels as ${b.file}, but its affine places them elsewhere.`,
    where: { file: a.file },
    remedy: 'Resample one of them to the grid of the other.',
  });
}

export type GridOf = Pick<Volume, 'file' | 'shape' | 'affine'>;
