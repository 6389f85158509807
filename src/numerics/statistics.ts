import jstat from 'jstat';
import { upperGamma } from './incomplete-gamma.js';
import type { Random } from './random.js';

const { normal, studentt } = jstat.jStat;

/** An estimate with its interval. `method` says how the interval was made. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Confidence level, .95 unless stated. */
  readonly level: number;
  readonly method: string;
  /** Number of independent observations behind it. */
  readonly n: number;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Sample standard deviation (n - 1). NaN for fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return values.length < 2 ? Number.NaN : Math.sqrt(sum / (values.length - 1));
}

/** Pearson r over pairs in which both are finite. NaN when either side is constant or fewer than two pairs are left. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i] + b[i])) continue;
    n++;
    sumA += a[i];
    sumB += b[i];
  }
  const meanA = sumA / n;
  const meanB = sumB / n;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    if (!Number.isFinite(a[i] + b[i])) continue;
    const x = a[i] - meanA;
    const y = b[i] - meanB;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (n < 2 || isNegligible(aa, n, meanA) || isNegligible(bb, n, meanB)) return Number.NaN;
  const scale = Math.sqrt(aa) * Math.sqrt(bb);
  return Math.max(-1, Math.min(1, ab / scale));
}

/** Whether a sum of squares is what rounding leaves of a constant. */
function isNegligible(sumOfSquares: number, n: number, centre: number): boolean {
  return sumOfSquares <= n * (1e-14 * centre) ** 2;
}

/** Fisher z. |r| = 1 is pulled in to 1 - 1e-12 so that means stay finite. */
export function fisherZ(r: number): number {
  return Math.atanh(Math.max(-1 + 1e-12, Math.min(1 - 1e-12, r)));
}

export const inverseFisherZ = Math.tanh;

/** Mean of `values` with its normal interval (1.96 sd / sqrt(n) at 95 %). */
export function meanEstimate(values: ArrayLike<number>, level = 0.95): Estimate {
  const value = mean(values);
  const half = (normal.inv(0.5 + level / 2, 0, 1) * standardDeviation(values)) / Math.sqrt(values.length);
  return { value, low: value - half, high: value + half, level, method: 'normal', n: values.length };
}

/** An estimate with its normal interval from a known standard error. */
export function intervalFrom(
  value: number,
  standardError: number,
  { level = 0.95, method, n }: { level?: number; method: string; n: number },
): Estimate {
  const half = normal.inv(0.5 + level / 2, 0, 1) * standardError;
  return { value, low: value - half, high: value + half, level, method, n };
}

/** The standard error a normal interval of this width stands for. */
export function standardErrorOf(estimate: Estimate): number {
  return (estimate.high - estimate.low) / 2 / normal.inv(0.5 + estimate.level / 2, 0, 1);
}

/** Mean of `values` with its t interval (n - 1 degrees of freedom); NaN limits for a single value. */
export function tMeanEstimate(values: ArrayLike<number>, level = 0.95): Estimate {
  const n = values.length;
  const value = mean(values);
  const half =
    n < 2 ? Number.NaN : (studentt.inv(0.5 + level / 2, n - 1) * standardDeviation(values)) / Math.sqrt(n);
  return { value, low: value - half, high: value + half, level, method: `t, ${n - 1} degrees of freedom`, n };
}

/** Mean of correlations: averaged and given a t interval as Fisher z, then transformed back. */
export function meanCorrelation(correlations: ArrayLike<number>, level = 0.95): Estimate {
  const z = tMeanEstimate(Float64Array.from(correlations, fisherZ), level);
  return {
    ...z,
    value: inverseFisherZ(z.value),
    low: inverseFisherZ(z.low),
    high: inverseFisherZ(z.high),
    method: `${z.method}, on Fisher z`,
  };
}

/** A proportion with its Wilson score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953). */
export function proportionEstimate(successes: number, n: number, level = 0.95): Estimate {
  const z = normal.inv(0.5 + level / 2, 0, 1);
  const share = successes / n;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const low = Math.max(0, centre - half);
  const high = Math.min(1, centre + half);
  return { value: share, low, high, level, method: 'Wilson', n };
}

/** Percentile bootstrap over `n` units: `statistic` gets the drawn indices. */
export function bootstrapEstimate(
  n: number,
  statistic: (indices: Uint32Array) => number,
  random: Random,
  { samples = 1000, level = 0.95 } = {},
): Estimate {
  const indices = Uint32Array.from({ length: n }, (_, i) => i);
  const value = statistic(indices);
  const draws = new Float64Array(samples);
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < n; i++) indices[i] = random.below(n);
    draws[s] = statistic(indices);
  }
  draws.sort();
  const low = quantile(draws, (1 - level) / 2);
  const high = quantile(draws, (1 + level) / 2);
  return { value, low, high, level, method: `percentile bootstrap, ${samples} samples`, n };
}

/** Quantile of ascending `sorted`, by linear interpolation (NumPy's default). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

/** Probability of a chi-square at least this large; accurate far in the tail. */
export function chiSquareTail(chiSquare: number, df: number): number {
  return upperGamma(df / 2, chiSquare / 2);
}

/** Chi-square test of observed counts against equal expected counts; p from the upper tail, so that it is not rounded to 0. */
export function chiSquareUniform(counts: ArrayLike<number>): {
  chiSquare: number;
  df: number;
  p: number;
  n: number;
} {
  const n = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const expected = n / counts.length;
  let chiSquare = 0;
  for (let i = 0; i < counts.length; i++) chiSquare += (counts[i] - expected) ** 2 / expected;
  const df = counts.length - 1;
  return { chiSquare, df, p: chiSquareTail(chiSquare, df), n };
}

/** Least-squares line through (0, y0), (1, y1), ... with the two-tailed t-test of its slope. */
export function linearTrend(values: ArrayLike<number>): { slope: number; p: number; n: number } {
  const n = values.length;
  const centreX = (n - 1) / 2;
  const centreY = mean(values);
  let xy = 0;
  let xx = 0;
  for (let i = 0; i < n; i++) {
    xy += (i - centreX) * (values[i] - centreY);
    xx += (i - centreX) ** 2;
  }
  const slope = xy / xx;
  let residual = 0;
  for (let i = 0; i < n; i++) residual += (values[i] - centreY - slope * (i - centreX)) ** 2;
  const t = slope / Math.sqrt(residual / (n - 2) / xx);
  const p = n < 3 ? Number.NaN : 2 * (1 - studentt.cdf(Math.abs(t), n - 2));
  return { slope, p, n };
}
