import { configError, throwIfCancelled } from '../../numerics/errors.js';
import { twoTailedT } from '../../numerics/incomplete-beta.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Watch } from '../../numerics/progress.js';
import type { Key } from '../../numerics/random.js';
import { discoveryRates } from './group-tests.js';
import { kernelWidth, PermutedProducts } from './kernel.js';
import { maximumP } from './sign-flips.js';
import { type PermutationOptions, trialOrders } from './trial-orders.js';

/** Tests of one subject's correlations, one number per voxel in every array. */
export interface CorrelationTests {
  readonly test: 't of a correlation' | 'permutation of trials' | 'permutation of trials before fitting';
  /** Trials behind each r. */
  readonly n: number;
  readonly r: Float64Array;
  /** Two-tailed, uncorrected. NaN where r is. */
  readonly p: Float64Array;
  /** Benjamini and Hochberg's q over the voxels that have a p. */
  readonly q: Float64Array;
}

/**
 * Analytic test of correlations over `n` independent trials: t = r sqrt((n - 2) / (1 - r^2)) with n - 2 degrees of freedom. Not for
 * cross-validated r, where it is far too bold (see `permuteEncoding`), nor where neighbouring trials resemble each other.
 *
 * @throws AffectomeError `config` for fewer than three trials.
 */
export function correlationTests(correlations: ArrayLike<number>, n: number): CorrelationTests {
  if (!(n >= 3))
    throw configError({ problem: `A correlation over ${n} trials cannot be tested; it needs 3.` });
  const r = Float64Array.from(correlations);
  const p = r.map((one) => twoTailedT(one * Math.sqrt((n - 2) / Math.max(0, 1 - one * one)), n - 2));
  return { test: 't of a correlation', n, r, p, q: discoveryRates(p) };
}

export interface PermutedCorrelations extends CorrelationTests {
  readonly nPermutations: number;
  /** No p can be smaller. */
  readonly smallestP: number;
  /** Corrected over all voxels by the maximum of |r|: familywise. */
  readonly pMaximum: Float64Array;
}

/**
 * Permutation test of the correlation between predictions and measured responses in every voxel: whole trials change places, so
 * that what voxels share stays. The predictions must come from other data: with those of cross-validation, whose every fold was
 * fitted to trials that are tested, it is as bold as the analytic test (use `permuteEncoding`). Never 0:
 * the observed order counts too (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585).
 *
 * @param pair predicted and measured, nTrials x nVoxels each
 * @throws RangeError for different shapes; AffectomeError `config` for less than one permutation; `cancelled`.
 */
export function permuteCorrelations(
  [predicted, measured]: readonly [Matrix, Matrix],
  key: Key,
  options: PermutationOptions & Watch,
): PermutedCorrelations {
  const { nRows: nTrials, nColumns: nVoxels } = predicted;
  const { nPermutations, signal, onProgress } = options;
  if (measured.nRows !== nTrials || measured.nColumns !== nVoxels) {
    throw new RangeError(
      `${nTrials} x ${nVoxels} predictions of ${measured.nRows} x ${measured.nColumns} responses.`,
    );
  }
  const orders = trialOrders(nTrials, key, options);
  const r = new Float64Array(nVoxels);
  const p = new Float64Array(nVoxels);
  const maxima = new Float64Array(nPermutations + 1);
  const products = new PermutedProducts(orders, nTrials);
  for (let start = 0; start < nVoxels; start += kernelWidth) {
    const end = Math.min(start + kernelWidth, nVoxels);
    standardise(predicted, { start, end }, products.side(0));
    standardise(measured, { start, end }, products.side(1));
    countBlock(products.compute(), orders.length, {
      r: r.subarray(start, end),
      p: p.subarray(start, end),
      maxima,
    });
    if (end % 1024 !== 0 && end !== nVoxels) continue;
    throwIfCancelled(signal);
    onProgress?.({ task: 'permutations', done: end, total: nVoxels, unit: 'voxels' });
  }
  return {
    test: 'permutation of trials',
    n: nTrials,
    nPermutations,
    smallestP: 1 / (nPermutations + 1),
    r,
    p,
    q: discoveryRates(p),
    pMaximum: maximumP(r.map(Math.abs), maxima),
  };
}

const tolerance = 1e-12;

/** Columns [start, end) with mean 0 and length 1; NaN for constant columns and those with a value that is not finite. */
function standardise(
  { nRows, nColumns, data }: Matrix,
  { start, end }: { start: number; end: number },
  into: Float64Array,
): void {
  for (let c = 0; c < end - start; c++) {
    let sum = 0;
    for (let t = 0; t < nRows; t++) sum += data[t * nColumns + start + c];
    const centre = sum / nRows;
    let squares = 0;
    for (let t = 0; t < nRows; t++) squares += (data[t * nColumns + start + c] - centre) ** 2;
    const isConstant = squares <= nRows * (1e-14 * centre) ** 2;
    const scale = isConstant ? Number.NaN : 1 / Math.sqrt(squares);
    for (let t = 0; t < nRows; t++)
      into[t * kernelWidth + c] = (data[t * nColumns + start + c] - centre) * scale;
  }
}

interface BlockResult {
  readonly r: Float64Array;
  readonly p: Float64Array;
  readonly maxima: Float64Array;
}

/** `products` are nOrders x kernelWidth, the observed order first. */
function countBlock(products: Float64Array, nOrders: number, { r, p, maxima }: BlockResult): void {
  const width = r.length;
  r.set(products.subarray(0, width));
  for (let index = 0; index < nOrders; index++) {
    for (let c = 0; c < width; c++) {
      const size = Math.abs(products[index * kernelWidth + c]);
      if (size >= Math.abs(r[c]) - tolerance) p[c]++;
      if (size > maxima[index]) maxima[index] = size;
    }
  }
  for (let c = 0; c < width; c++) p[c] = Number.isNaN(r[c]) ? Number.NaN : p[c] / nOrders;
}
