import { configError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Random } from '../../numerics/random.js';

/** Signs for every subject in every flip: whole subjects are flipped, so that what their tests share stays. */
export interface SignFlips {
  readonly nSubjects: number;
  readonly nFlips: number;
  /** nFlips x nSubjects, 1 or -1; the first flip leaves all as they are. */
  readonly signs: Int8Array;
  /** Whether every flip is among them (up to turning all signs round, which changes no two-tailed test). */
  readonly exact: boolean;
  /** No test with these flips can have a smaller p: 2 / 2^n where they are exact. */
  readonly smallestP: number;
}

/**
 * All flips of `nSubjects` where there are at most `mostFlips` (two by two), else `mostFlips` random ones.
 * @throws AffectomeError `config` for fewer than two subjects, and for random flips without `random`.
 */
export function planSignFlips(
  nSubjects: number,
  { mostFlips = 2 ** 13, random }: { mostFlips?: number; random?: Random } = {},
): SignFlips {
  if (!(nSubjects >= 2 && mostFlips >= 1)) {
    throw configError({
      problem: `Sign flips need at least two subjects and one flip; got ${nSubjects} and ${mostFlips}.`,
    });
  }
  const nAll = 2 ** (nSubjects - 1);
  const exact = nAll <= mostFlips;
  if (!exact && !random) {
    throw configError({
      problem: `${nSubjects} subjects have ${nAll} flips, more than ${mostFlips}; random ones need a source of randomness.`,
      remedy: 'Give random, or allow more flips.',
    });
  }
  const nFlips = exact ? nAll : mostFlips + 1;
  const signs = new Int8Array(nFlips * nSubjects).fill(1);
  for (let flip = 1; flip < nFlips; flip++) {
    for (let s = exact ? 1 : 0; s < nSubjects; s++) {
      const isFlipped = exact ? Math.floor(flip / 2 ** (s - 1)) % 2 : random!.below(2);
      if (isFlipped) signs[flip * nSubjects + s] = -1;
    }
  }
  return { nSubjects, nFlips, signs, exact, smallestP: 1 / nFlips };
}

/** Sign-flip tests of many means at once (regions, voxels). */
export interface SignFlipTests {
  readonly test: 'sign flips';
  readonly nSubjects: number;
  readonly nFlips: number;
  readonly exact: boolean;
  readonly smallestP: number;
  /** Two-tailed, uncorrected. NaN where a subject has no finite value. */
  readonly p: Float64Array;
  /** Corrected over all tests by the maximum of |t| (Nichols & Holmes 2002, doi:10.1002/hbm.1058): familywise. */
  readonly pMaximum: Float64Array;
}

/**
 * Tests whether each column's mean is 0, without assuming normality: under the null the sign of a subject's values is arbitrary.
 * Random flips count the observed one too (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585), so that p is never 0.
 *
 * @param values nSubjects x nTests
 * @throws RangeError when `flips` are for another number of subjects.
 */
export function signFlipTests({ nRows, nColumns, data }: Matrix, flips: SignFlips): SignFlipTests {
  const { nSubjects, nFlips, signs, exact, smallestP } = flips;
  if (nRows !== nSubjects) throw new RangeError(`${nRows} subjects, but flips for ${nSubjects}.`);
  const scale = lengthsOf({ nRows, nColumns, data });
  const observed = new Float64Array(nColumns);
  const nExtreme = new Uint32Array(nColumns);
  const maxima = new Float64Array(nFlips);
  for (let start = 0; start < nColumns; start += blockSize) {
    const end = Math.min(start + blockSize, nColumns);
    const rows = Array.from({ length: nRows }, (_, s) =>
      Float64Array.from(data.subarray(s * nColumns + start, s * nColumns + end)),
    );
    const block = { rows, signs, scale: scale.subarray(start, end) };
    flipBlock(block, {
      maxima,
      observed: observed.subarray(start, end),
      nExtreme: nExtreme.subarray(start, end),
    });
  }
  const p = Float64Array.from(nExtreme, (count, c) => (Number.isNaN(scale[c]) ? Number.NaN : count / nFlips));
  return { test: 'sign flips', nSubjects, nFlips, exact, smallestP, p, pMaximum: maximumP(observed, maxima) };
}

/** Columns whose values and sums stay in the cache of a processor while all flips are made. */
const blockSize = 256;

interface FlipBlock {
  /** Of each subject, the values of the block. */
  readonly rows: readonly Float64Array[];
  readonly signs: Int8Array;
  readonly scale: Float64Array;
}

interface Flipped {
  readonly maxima: Float64Array;
  readonly observed: Float64Array;
  readonly nExtreme: Uint32Array;
}

function flipBlock({ rows, signs, scale }: FlipBlock, { maxima, observed, nExtreme }: Flipped): void {
  const width = scale.length;
  const sums = new Float64Array(width);
  for (let flip = 0; flip < maxima.length; flip++) {
    sums.fill(0);
    for (let s = 0; s < rows.length; s++) {
      const sign = signs[flip * rows.length + s];
      const values = rows[s];
      for (let c = 0; c < width; c++) sums[c] += sign * values[c];
    }
    for (let c = 0; c < width; c++) {
      const size = scale[c] > 0 ? Math.abs(sums[c]) / scale[c] : Number.isNaN(scale[c]) ? Number.NaN : 0;
      if (flip === 0) observed[c] = size;
      if (size > maxima[flip]) maxima[flip] = size;
      if (size >= observed[c] - tolerance) nExtreme[c]++;
    }
  }
}

/** Rounding must not split flips that are equally extreme. */
const tolerance = 1e-12;

/**
 * Root of the sum of squares, which no flip changes: |sum| / length grows with |t|, t^2 = (n - 1) u^2 / (n - u^2), and stays finite.
 * NaN where a value is not finite.
 */
function lengthsOf({ nRows, nColumns, data }: Matrix): Float64Array {
  const squares = new Float64Array(nColumns);
  for (let s = 0; s < nRows; s++)
    for (let c = 0; c < nColumns; c++) squares[c] += data[s * nColumns + c] ** 2;
  return squares.map((square) => (Number.isFinite(square) ? Math.sqrt(square) : Number.NaN));
}

/** Share of `maxima` at least as large; NaN stays NaN. */
export function maximumP(observed: Float64Array, maxima: Float64Array): Float64Array {
  const sorted = maxima.slice().sort();
  return observed.map((value) => {
    if (Number.isNaN(value)) return Number.NaN;
    let low = 0;
    for (let high = sorted.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (sorted[middle] >= value - tolerance) high = middle;
      else low = middle + 1;
    }
    return (sorted.length - low) / sorted.length;
  });
}
