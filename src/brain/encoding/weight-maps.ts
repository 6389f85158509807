import { type Matrix, matrix } from '../../numerics/matrix.js';
import type { FeatureSet } from './feature-moments.js';
import { placeNumbers } from './placed-fold.js';
import type { EncodedSet } from './results.js';
import { rowProducts, rowsOf } from './row-products.js';
import { tileRowBytes, tileVoxels, voxelKinds } from './tile.js';
import { alphasBetween, checkTrials, type VoxelAlphas, WholeFit, type WholeFitOptions } from './whole-fit.js';

/**
 * One alpha per voxel for fits to all trials: the geometric mean of those its outer folds chose, moved to the nearest of
 * `alphas` on the log scale (of two as near, the larger). NaN for voxels without an answer.
 */
export function typicalAlphas(set: EncodedSet, alphas: ArrayLike<number>): Float64Array {
  const nVoxels = set.r.length;
  const nFolds = set.alphas.length / nVoxels;
  const logs = Float64Array.from(alphas, Math.log);
  return Float64Array.from({ length: nVoxels }, (_, v) => {
    let sum = 0;
    for (let fold = 0; fold < nFolds; fold++) sum += Math.log(set.alphas[fold * nVoxels + v]);
    if (Number.isNaN(sum)) return Number.NaN;
    const target = sum / nFolds;
    let best = 0;
    for (let a = 1; a < logs.length; a++)
      if (Math.abs(logs[a] - target) <= Math.abs(logs[best] - target) + 1e-12) best = a;
    return alphas[best];
  });
}

/**
 * What each feature (component) does to each voxel: ridge weights fitted to all trials, nFeatures x nVoxels, in response
 * units per unit of the feature as given, standardised or not (P1, Ext. Data Fig. 8). NaN for voxels without an answer.
 *
 * @param responses nTrials x nVoxels
 * @param alphas see `typicalAlphas`
 * @param options how the encoding that chose the alphas used the features
 * @throws AffectomeError `input` for trials that do not match, numbers that are not finite, alphas that cannot be.
 */
export function weightMaps(
  set: FeatureSet,
  responses: Matrix,
  alphas: VoxelAlphas,
  options: WholeFitOptions = {},
): Matrix {
  checkTrials(responses, set.features.nRows);
  const whole = new WholeFit(set, options);
  const { kernel, size, tile, arena } = whole;
  const nFeatures = set.features.nColumns;
  const nVoxels = responses.nColumns;
  const nRows = 4 * Math.ceil(nFeatures / 4);
  const toFeatures = placeNumbers(arena, featureDirections(whole, nRows)).byteOffset;
  const out = arena.take(nRows * tileRowBytes);
  const weights = new Float32Array(nFeatures * nVoxels);
  for (let first = 0; first < nVoxels; first += tileVoxels) {
    const found = alphasBetween(alphas, first, Math.min(tileVoxels, nVoxels - first));
    whole.load(responses, first, found);
    kernel.multiply(toFeatures, 8 * size, whole.fit, out, nRows, size, tileVoxels);
    const values = tile.view(out, nRows * tileVoxels);
    for (let f = 0; f < nFeatures; f++)
      for (let v = 0; v < found.length; v++) {
        const hasAnswer = tile.kinds[v] === voxelKinds.usable && found[v] > 0;
        weights[f * nVoxels + first + v] = hasAnswer ? values[f * tileVoxels + v] : Number.NaN;
      }
  }
  return matrix(nFeatures, nVoxels, weights);
}

/** From weights in the basis to weights of the given features: nRows x size. */
function featureDirections(
  { basis, reduced, scale, size, moments, set }: WholeFit,
  nRows: number,
): Float64Array {
  const result = new Float64Array(nRows * size);
  const nReduced = moments.nFeatures;
  const directions = { data: basis.projection, nRows: nReduced, nColumns: nReduced, stride: size };
  const { nColumns: nFeatures } = set.features;
  const found = reduced
    ? rowProducts(rowsOf(Float64Array.from(reduced.back().data), nReduced), directions)
    : undefined;
  for (let f = 0; f < nFeatures; f++)
    for (let k = 0; k < nReduced; k++) {
      const weight = found ? found[f * nReduced + k] : basis.projection[k * size + f];
      result[f * size + k] = weight * (scale?.[f] ?? 1);
    }
  return result;
}
