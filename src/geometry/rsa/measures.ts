import { kendallTauA, kendallTauB } from '../../numerics/rank-correlation.js';
import { pearson } from '../../numerics/statistics.js';

/** How two RSMs are compared. All but `cka` take the pairs i < j; `cka` the whole matrix. */
export const rsaMeasures = [
  'pearson',
  'spearman',
  'kendall-tau-a',
  'kendall-tau-b',
  'rho-a',
  'cosine',
  'cka',
] as const;
export type RsaMeasure = (typeof rsaMeasures)[number];

export const isRankMeasure = (measure: RsaMeasure): boolean => measure === 'spearman' || measure === 'rho-a';

/** Correlations are 0 on average when stimuli are permuted; a cosine and CKA are not. */
export const isZeroByChance = (measure: RsaMeasure): boolean => measure !== 'cosine' && measure !== 'cka';

export const isKendall = (measure: RsaMeasure): boolean => measure.startsWith('kendall');

/**
 * The measure on pairs of prepared matrices (`prepareRsms`: ranked and scaled), so that a subset or a rearrangement of pairs keeps
 * its ranks. NaN where it is undefined: fewer than two pairs, or one side constant.
 */
export function measureOfPairs(
  x: Float64Array,
  y: Float64Array,
  measure: Exclude<RsaMeasure, 'cka'>,
): number {
  if (measure === 'kendall-tau-a') return kendallTauA(x, y);
  if (measure === 'kendall-tau-b') return kendallTauB(x, y);
  if (measure === 'cosine') return cosine(x, y);
  return measure === 'rho-a' ? covariance(x, y) : pearson(x, y);
}

function cosine(x: Float64Array, y: Float64Array): number {
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += x[i] * y[i];
    xx += x[i] * x[i];
    yy += y[i] * y[i];
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx) / Math.sqrt(yy) : Number.NaN;
}

/** Divided by n, not n - 1. */
function covariance(x: Float64Array, y: Float64Array): number {
  let [xy, sumX, sumY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += x[i] * y[i];
    sumX += x[i];
    sumY += y[i];
  }
  return x.length < 2 ? Number.NaN : xy / x.length - (sumX / x.length) * (sumY / x.length);
}

/**
 * Cosine of two doubly centred similarity matrices, their diagonals included: linear centred kernel alignment (Kornblith et al.
 * 2019, arXiv:1905.00414). NaN where one of them is constant but for row and column effects.
 */
export function centredAlignment(a: Float64Array, b: Float64Array, n: number): number {
  const x = doublyCentred(a, n);
  const y = doublyCentred(b, n);
  let [xy, xx, yy] = [0, 0, 0];
  for (let at = 0; at < x.length; at++) {
    xy += x[at] * y[at];
    xx += x[at] * x[at];
    yy += y[at] * y[at];
  }
  const isNothing = xx <= 1e-24 * squares(a) || yy <= 1e-24 * squares(b);
  return isNothing ? Number.NaN : xy / Math.sqrt(xx) / Math.sqrt(yy);
}

const squares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

/** A symmetric matrix less its row and column means, plus its mean. */
export function doublyCentred(values: Float64Array, n: number): Float64Array {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) means[i] += values[i * n + j] / n;
  }
  const all = means.reduce((sum, value) => sum + value / n, 0);
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) result[i * n + j] = values[i * n + j] - means[i] - means[j] + all;
  }
  return result;
}
