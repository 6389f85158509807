import { symmetricEigen } from '../../numerics/eigen/symmetric-eigen.js';
import type { FeatureMoments, Moments } from './feature-moments.js';
import { rowProducts, rowsOf } from './row-products.js';

/**
 * The part of a ridge fit on training trials that does not depend on the voxel. With centred features X, responses y and
 * the eigenvectors U of X'X, the fit is b = w / (d + alpha) with w = U'X'y, and predicts through U'x.
 */
export interface RidgeBasis {
  readonly nTrain: number;
  /** Of the training trials, in the features centred over all trials; size numbers. */
  readonly meanTrain: Float64Array;
  /** d, clamped to 0; size numbers. */
  readonly eigenvalues: Float64Array;
  /** U' times the scale of each feature: size x size. */
  readonly projection: Float64Array;
}

/** Training against validation trials. */
export interface Split extends RidgeBasis {
  readonly nValid: number;
  readonly meanValid: Float64Array;
  /** meanValid - meanTrain. */
  readonly shift: Float64Array;
  /** The same in the basis: projection times shift. */
  readonly shiftInBasis: Float64Array;
  /** Sums of products of the validation features in the basis; below the diagonal doubled, above it zeros. */
  readonly form: Float64Array;
}

/** A sum of squares below this share of its feature's over all trials is what rounding leaves of a constant. */
const negligible = 1e-13;

export function ridgeBasis(features: FeatureMoments, training: Moments, standardise: boolean): RidgeBasis {
  const { nFeatures, size } = features;
  const { nTrials: nTrain, sum } = training;
  const gram = centredGram(features, training);
  const scale = Float64Array.from({ length: nFeatures }, (_, f) => {
    const square = gram[f * nFeatures + f];
    if (square === 0) return 0;
    return standardise ? 1 / Math.sqrt(square / nTrain) : 1;
  });
  for (let i = 0; i < nFeatures; i++)
    for (let j = 0; j <= i; j++) gram[i * nFeatures + j] *= scale[i] * scale[j];
  const { values, vectors } = symmetricEigen(gram, nFeatures);
  const projection = new Float64Array(size * size);
  for (let k = 0; k < nFeatures; k++)
    for (let f = 0; f < nFeatures; f++) projection[k * size + f] = vectors[k * nFeatures + f] * scale[f];
  const eigenvalues = new Float64Array(size);
  for (let k = 0; k < nFeatures; k++) eigenvalues[k] = Math.max(0, values[k]);
  return { nTrain, meanTrain: padded(sum, size, 1 / nTrain), eigenvalues, projection };
}

/** `around` says which mean the validation features are centred by in `form`. */
export function splitOf(
  features: FeatureMoments,
  [training, validation]: readonly [Moments, Moments],
  { standardise, around }: { standardise: boolean; around: 'training' | 'validation' },
): Split {
  const { nFeatures, size } = features;
  const basis = ridgeBasis(features, training, standardise);
  const nValid = validation.nTrials;
  const meanValid = padded(validation.sum, size, 1 / nValid);
  const shift = meanValid.map((value, f) => value - basis.meanTrain[f]);
  const gram = centredGram(features, validation);
  if (around === 'training') {
    for (let i = 0; i < nFeatures; i++)
      for (let j = 0; j < nFeatures; j++) gram[i * nFeatures + j] += nValid * shift[i] * shift[j];
  }
  const form = formInBasis(gram, basis.projection, nFeatures, size);
  const shiftInBasis = timesVector(basis.projection, shift, size);
  return { ...basis, nValid, meanValid, shift, shiftInBasis, form };
}

/** Sums of products around the mean of these trials; features that are constant over them get exact zeros. */
function centredGram({ nFeatures, squares }: FeatureMoments, { nTrials, sum, gram }: Moments): Float64Array {
  const centred = new Float64Array(gram.length);
  for (let i = 0; i < nFeatures; i++)
    for (let j = 0; j < nFeatures; j++)
      centred[i * nFeatures + j] = gram[i * nFeatures + j] - (sum[i] * sum[j]) / nTrials;
  for (let f = 0; f < nFeatures; f++) {
    if (centred[f * nFeatures + f] > negligible * squares[f]) continue;
    for (let j = 0; j < nFeatures; j++) {
      centred[f * nFeatures + j] = 0;
      centred[j * nFeatures + f] = 0;
    }
  }
  return centred;
}

/** P G P' with the lower triangle doubled. */
function formInBasis(
  gram: Float64Array,
  projection: Float64Array,
  nFeatures: number,
  size: number,
): Float64Array {
  const directions = { data: projection, nRows: nFeatures, nColumns: nFeatures, stride: size };
  const half = rowProducts(directions, rowsOf(gram, nFeatures));
  const products = rowProducts(rowsOf(half, nFeatures), directions, 'lower');
  const form = new Float64Array(size * size);
  for (let k = 0; k < nFeatures; k++) {
    for (let l = 0; l < k; l++) form[k * size + l] = 2 * products[k * nFeatures + l];
    form[k * size + k] = products[k * nFeatures + k];
  }
  return form;
}

function padded(values: Float64Array, size: number, factor: number): Float64Array {
  const result = new Float64Array(size);
  for (let i = 0; i < values.length; i++) result[i] = values[i] * factor;
  return result;
}

function timesVector(projection: Float64Array, vector: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size);
  for (let k = 0; k < size; k++)
    for (let f = 0; f < size; f++) result[k] += projection[k * size + f] * vector[f];
  return result;
}
