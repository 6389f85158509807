import { Arena } from '../../embedding/arena.js';
import { inputError } from '../../numerics/errors.js';
import { type Matrix, matrix } from '../../numerics/matrix.js';
import { kernelMemory } from '../../numerics/wasm.js';
import { checkFeatures, type FeatureMoments, type FeatureSet, featureMoments } from './feature-moments.js';
import { oneAtom } from './folds.js';
import { type EncodingKernel, encodingKernel } from './kernel.js';
import { placeNumbers } from './placed-fold.js';
import { prefersRowSpace, type RowSpace, rowSpace } from './row-space.js';
import { type RidgeBasis, ridgeBasis } from './split.js';
import { Tile, tileRowBytes, tileVoxels } from './tile.js';

/** One alpha for every voxel, or one per voxel (NaN where there is none: that voxel gets no answer). */
export type VoxelAlphas = number | Float64Array;

/** How features enter a fit to all trials. */
export interface WholeFitOptions {
  /** Each feature divided by its (population) standard deviation over all trials, as alphas of such an encoding expect. */
  readonly standardiseFeatures?: boolean;
}

/** Ridge regression of one feature set on all trials, tile of voxels after tile of voxels. */
export class WholeFit {
  readonly nTrials: number;
  readonly size: number;
  readonly arena = new Arena(kernelMemory(0));
  readonly kernel: EncodingKernel = encodingKernel(this.arena.memory);
  readonly tile: Tile;
  readonly basis: RidgeBasis;
  readonly moments: FeatureMoments;
  /** Where products between trials stand for the features. */
  readonly reduced: RowSpace | undefined;
  /** What each feature was multiplied by; undefined for 1. */
  readonly scale: Float64Array | undefined;
  readonly fit: number;
  private readonly transposed: number;
  private readonly projection: number;
  private readonly sums: number;
  private readonly weights: number;

  constructor(
    readonly set: FeatureSet,
    { standardiseFeatures = false }: WholeFitOptions = {},
  ) {
    this.nTrials = set.features.nRows;
    checkFeatures(set, this.nTrials);
    this.scale = standardiseFeatures ? scalesOf(set.features) : undefined;
    const features = this.scale ? scaledColumns(set.features, this.scale) : set.features;
    this.reduced = prefersRowSpace(features) ? rowSpace(features) : undefined;
    const plan = oneAtom(this.nTrials);
    this.moments = featureMoments(this.reduced?.features ?? features, plan);
    this.basis = ridgeBasis(this.moments, this.moments.atoms[0], false);
    this.size = this.moments.size;
    this.tile = new Tile(this.kernel, this.arena, plan);
    this.transposed = placeNumbers(this.arena, this.moments.transposed).byteOffset;
    this.projection = placeNumbers(this.arena, this.basis.projection).byteOffset;
    const block = () => this.arena.take(this.size * tileRowBytes);
    [this.sums, this.weights, this.fit] = [block(), block(), block()];
  }

  /** Loads voxels and writes their fit in the basis, size x tileVoxels, at `fit`. */
  load(responses: Matrix, first: number, alphas: Float64Array): void {
    const { kernel, size, nTrials, tile } = this;
    tile.load(responses, first, alphas.length);
    kernel.multiply(this.transposed, 8 * nTrials, tile.y, this.sums, size, nTrials, tileVoxels);
    kernel.multiply(this.projection, 8 * size, this.sums, this.weights, size, size, tileVoxels);
    const weights = tile.view(this.weights, size * tileVoxels);
    const fit = tile.view(this.fit, size * tileVoxels).fill(0);
    for (let k = 0; k < size; k++) {
      const d = this.basis.eigenvalues[k];
      for (let v = 0; v < alphas.length; v++) {
        const at = k * tileVoxels + v;
        if (alphas[v] > 0) fit[at] = weights[at] / (d + alphas[v]);
      }
    }
  }
}

/** The alphas of voxels `first` to `first + n`. @throws AffectomeError `input` when there are fewer. */
export function alphasBetween(alphas: VoxelAlphas, first: number, n: number): Float64Array {
  if (typeof alphas === 'number') {
    if (alphas > 0 && Number.isFinite(alphas)) return new Float64Array(n).fill(alphas);
    throw inputError({ problem: `The alpha is ${alphas}; expected a finite number above 0.` });
  }
  if (alphas.length < first + n) {
    throw inputError({
      problem: `There are ${alphas.length} alphas for voxels up to ${first + n}; expected one per voxel.`,
    });
  }
  const found = alphas.slice(first, first + n);
  const wrong = found.findIndex((alpha) => !(alpha > 0 && Number.isFinite(alpha)) && !Number.isNaN(alpha));
  if (wrong < 0) return found;
  throw inputError({
    problem: `The alpha of voxel ${first + wrong + 1} is ${found[wrong]}; expected a finite number above 0, or NaN for none.`,
  });
}

/** @throws AffectomeError `input` when the responses have other trials than the features. */
export function checkTrials({ nRows }: Matrix, nTrials: number): void {
  if (nRows === nTrials) return;
  throw inputError({
    problem: `The responses have ${nRows} trials, the features ${nTrials}; expected the same trials in the same order.`,
  });
}

/** 1 / standard deviation of each feature; 0 for one that is constant, to rounding. */
function scalesOf({ nRows, nColumns, data }: Matrix): Float64Array {
  return Float64Array.from({ length: nColumns }, (_, f) => {
    const first = data[f];
    let [sum, square, size] = [0, 0, 0];
    for (let t = 0; t < nRows; t++) sum += data[t * nColumns + f] - first;
    const mean = first + sum / nRows;
    for (let t = 0; t < nRows; t++) {
      square += (data[t * nColumns + f] - mean) ** 2;
      size = Math.max(size, Math.abs(data[t * nColumns + f]));
    }
    const deviation = Math.sqrt(square / nRows);
    return deviation > 1e-14 * size ? 1 / deviation : 0;
  });
}

function scaledColumns({ nRows, nColumns, data }: Matrix, scale: Float64Array): Matrix {
  const scaled = Float64Array.from(data, (value, at) => value * scale[at % nColumns]);
  return matrix(nRows, nColumns, scaled);
}
