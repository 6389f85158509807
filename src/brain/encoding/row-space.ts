import { symmetricEigen } from '../../numerics/eigen/symmetric-eigen.js';
import { type Matrix, matrix } from '../../numerics/matrix.js';
import { rowProducts, rowsOf } from './row-products.js';

/** Features turned into fewer that have the same products between trials. */
export interface RowSpace {
  readonly features: Matrix;
  /** nFeatures x nReduced: weights of the given features = back times weights of the reduced ones. */
  back(): Matrix;
}

/** Whether products between trials are the smaller problem. */
export const prefersRowSpace = ({ nRows, nColumns }: Matrix): boolean => nColumns >= nRows;

/**
 * The kernel form of ridge regression: with more features than trials, the nTrials x nTrials matrix K of their products
 * decides every prediction, so that the features may be replaced by K's scaled eigenvectors. Exact for features that are
 * only centred, not for features divided by another standard deviation in every training fold.
 */
export function rowSpace(features: Matrix): RowSpace {
  const { nRows: nTrials, nColumns: nFeatures } = features;
  const centred = rowsOf(centredColumns(features), nFeatures);
  const { values, vectors } = symmetricEigen(rowProducts(centred, centred, 'lower'), nTrials);
  const most = values[nTrials - 1];
  const kept = Array.from(values.keys()).filter((k) => values[k] > 1e-14 * nTrials * most);
  if (kept.length === 0) kept.push(nTrials - 1);
  const lengths = kept.map((k) => Math.sqrt(Math.max(0, values[k])));
  const reduced = new Float64Array(nTrials * kept.length);
  kept.forEach((k, place) => {
    for (let t = 0; t < nTrials; t++)
      reduced[t * kept.length + place] = vectors[k * nTrials + t] * lengths[place];
  });
  const back = () => {
    const directions = Float64Array.from({ length: kept.length * nTrials }, (_, at) => {
      const [place, t] = [Math.floor(at / nTrials), at % nTrials];
      return lengths[place] > 0 ? vectors[kept[place] * nTrials + t] / lengths[place] : 0;
    });
    const columns = rowsOf(transposed(centred.data, nTrials, nFeatures), nTrials);
    return matrix(nFeatures, kept.length, rowProducts(columns, rowsOf(directions, nTrials)));
  };
  return { features: matrix(nTrials, kept.length, reduced), back };
}

function centredColumns({ nRows, nColumns, data }: Matrix): Float64Array {
  const centred = Float64Array.from(data);
  for (let c = 0; c < nColumns; c++) {
    let sum = 0;
    for (let r = 0; r < nRows; r++) sum += data[r * nColumns + c] - data[c];
    const mean = data[c] + sum / nRows;
    for (let r = 0; r < nRows; r++) centred[r * nColumns + c] -= mean;
  }
  return centred;
}

export function transposed(data: Float64Array, nRows: number, nColumns: number): Float64Array {
  const result = new Float64Array(data.length);
  for (let r = 0; r < nRows; r++)
    for (let c = 0; c < nColumns; c++) result[c * nRows + r] = data[r * nColumns + c];
  return result;
}
