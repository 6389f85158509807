import { inputError } from '../../numerics/errors.js';
import type { Confounds } from './confounds.js';
import type { ResponseOptions } from './options.js';

/** An orthonormal basis of what is regressed out, float64. */
export interface NuisanceBasis {
  readonly nFrames: number;
  readonly nColumns: number;
  /** nColumns x nFrames: a vector in each row. */
  readonly vectors: Float64Array;
  /** Regressors that add nothing to those before them (a constant, a repeated column): named, and left out. */
  readonly redundant: readonly string[];
}

/**
 * The space of drifts and confounds by Gram-Schmidt, twice per vector: numerically a QR decomposition that leaves out what is linearly
 * dependent. Each confound is centred first, so that without drifts it leaves a voxel's mean; its unit does not matter.
 *
 * @throws AffectomeError `input` for confounds of another number of frames, values that are not finite, and more regressors
 * than frames.
 */
export function nuisanceBasis(
  nFrames: number,
  { drift, confounds, run }: { drift: ResponseOptions['drift']; confounds: Confounds | null; run: string },
): NuisanceBasis {
  if (confounds && confounds.values.nRows !== nFrames) {
    throw inputError({
      problem: `has ${nFrames} frames and confounds for ${confounds.values.nRows}.`,
      where: { file: run },
      remedy: 'Use the confounds table of the same run; drop the same frames from both.',
    });
  }
  const regressors = [...drifts(nFrames, drift), ...columnsOf(confounds, run)];
  if (regressors.length >= nFrames) {
    throw inputError({
      problem: `has ${nFrames} frames for ${regressors.length} regressors: nothing would be left.`,
      where: { file: run },
    });
  }
  const kept: Float64Array[] = [];
  const redundant: string[] = [];
  for (const { name, values, size } of regressors) {
    const vector = orthogonalised(values, size, kept);
    if (vector) kept.push(vector);
    else redundant.push(name);
  }
  const vectors = new Float64Array(kept.length * nFrames);
  kept.forEach((vector, k) => {
    vectors.set(vector, k * nFrames);
  });
  return { nFrames, nColumns: kept.length, vectors, redundant };
}

interface Regressor {
  readonly name: string;
  readonly values: Float64Array;
  /** Length before anything was taken from it. */
  readonly size: number;
}

const driftNames = ['baseline', 'linear trend', 'quadratic trend', 'cubic trend'];

function drifts(nFrames: number, drift: ResponseOptions['drift']): Regressor[] {
  if (drift === 'none') return [];
  return driftNames.slice(0, drift + 1).map((name, power) => {
    const place = (f: number) => (2 * f) / Math.max(1, nFrames - 1) - 1;
    const values = Float64Array.from({ length: nFrames }, (_, f) => place(f) ** power);
    return { name, values, size: lengthOf(values) };
  });
}

function columnsOf(confounds: Confounds | null, run: string): Regressor[] {
  if (!confounds) return [];
  const { nRows, nColumns, data } = confounds.values;
  return confounds.names.map((name, c) => {
    const values = Float64Array.from({ length: nRows }, (_, f) => data[f * nColumns + c]);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    const mean = values.reduce((sum, value) => sum + value, 0) / nRows;
    if (wrong === -1) return { name, values: values.map((value) => value - mean), size: lengthOf(values) };
    throw inputError({
      problem: `has ${values[wrong]} in frame ${wrong + 1}; expected a number.`,
      where: { file: run, field: name },
    });
  });
}

/** A vector whose part outside the others is below this share of its own size is what rounding leaves. */
const negligible = 1e-10;

/** Unit vector of what `values` add to `basis`; null for nothing. */
function orthogonalised(
  values: Float64Array,
  size: number,
  basis: readonly Float64Array[],
): Float64Array | null {
  const vector = values.slice();
  if (size === 0) return null;
  for (let round = 0; round < 2; round++) {
    for (const other of basis) {
      let product = 0;
      for (let f = 0; f < vector.length; f++) product += vector[f] * other[f];
      for (let f = 0; f < vector.length; f++) vector[f] -= product * other[f];
    }
  }
  const length = lengthOf(vector);
  return length > negligible * size ? vector.map((value) => value / length) : null;
}

const lengthOf = (vector: Float64Array): number =>
  Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));

/** What rounding leaves of a voxel that the regressors explain wholly, relative to its length. */
const rounding = 1e-12;

/**
 * Takes the basis out of `series` (nFrames x nVoxels, float64, changed in place). A voxel of which nothing but rounding is left
 * becomes exactly 0.
 */
export function regressOut(series: Float64Array, basis: NuisanceBasis, nVoxels: number): void {
  const { nFrames, nColumns, vectors } = basis;
  const before = squares(series, nFrames, nVoxels);
  const weights = new Float64Array(nVoxels);
  for (let k = 0; k < nColumns; k++) {
    weights.fill(0);
    for (let f = 0; f < nFrames; f++) {
      const factor = vectors[k * nFrames + f];
      for (let v = 0; v < nVoxels; v++) weights[v] += factor * series[f * nVoxels + v];
    }
    for (let f = 0; f < nFrames; f++) {
      const factor = vectors[k * nFrames + f];
      for (let v = 0; v < nVoxels; v++) series[f * nVoxels + v] -= factor * weights[v];
    }
  }
  const after = squares(series, nFrames, nVoxels);
  for (let v = 0; v < nVoxels; v++) {
    if (!(after[v] <= rounding ** 2 * before[v])) continue;
    for (let f = 0; f < nFrames; f++) series[f * nVoxels + v] = 0;
  }
}

function squares(series: Float64Array, nFrames: number, nVoxels: number): Float64Array {
  const sums = new Float64Array(nVoxels);
  for (let f = 0; f < nFrames; f++) for (let v = 0; v < nVoxels; v++) sums[v] += series[f * nVoxels + v] ** 2;
  return sums;
}
