/**
 * A voxel's score as a function of alpha is a sum of d_i / (d_i + alpha) and of their products, smooth functions that a
 * dozen alphas determine (two dozen when eigenvalues lie on both sides of most alphas). The skeleton is those alphas; the values at all others are linear combinations of theirs, to
 * rounding. It is found by pivoted Gram-Schmidt on the functions themselves.
 */
export interface Skeleton {
  /** Indices into the alphas. */
  readonly chosen: Uint32Array;
  /** nRows x chosen.length for the terms linear in the fit; nRows is the number of alphas rounded up to a multiple of 4. */
  readonly linear: Float64Array;
  /** The same for the quadratic terms. */
  readonly quadratic: Float64Array;
  readonly nRows: number;
}

/** Functions are at most 1, so that this is relative to a voxel's variance. */
const tolerance = 1e-13;
/** The functions change over a decade of eigenvalues: 40 over any range that matters determine those in between. */
const nEigenvalues = 40;

/**
 * @param spectra eigenvalues of each split that shares the skeleton
 * @param relative keep the terms accurate where large alphas make them tiny, as a correlation needs
 */
export function skeletonOf(
  alphas: ArrayLike<number>,
  spectra: readonly ArrayLike<number>[],
  relative: boolean,
): Skeleton {
  const nAlphas = alphas.length;
  const most = spectra.reduce((top, spectrum) => Math.max(top, ...Array.from(spectrum)), 0);
  const gain = Float64Array.from(alphas, (alpha) => (relative && most > 0 ? (most + alpha) / most : 1));
  const kept = spread(spectra.flatMap((spectrum) => Array.from(spectrum).filter((d) => d > 1e-14 * most)));
  const rows = Array.from(alphas, (alpha, a) => functionsAt(alpha, kept, gain[a]));
  const { chosen, weights } = interpolation(rows);
  const nRows = 4 * Math.ceil(nAlphas / 4);
  const nChosen = chosen.length;
  const scaledBy = (power: number) => {
    const result = new Float64Array(nRows * nChosen);
    for (let a = 0; a < nAlphas; a++)
      for (let s = 0; s < nChosen; s++)
        result[a * nChosen + s] = weights[a][s] * (gain[chosen[s]] / gain[a]) ** power;
    return result;
  };
  return { chosen, linear: scaledBy(1), quadratic: scaledBy(2), nRows };
}

/** The values themselves when they are few, else evenly spaced on the log scale between the smallest and the largest. */
function spread(values: readonly number[]): number[] {
  if (values.length <= nEigenvalues) return [...values];
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  const steps = nEigenvalues - 1;
  return Array.from({ length: nEigenvalues }, (_, i) => low * (high / low) ** (i / steps));
}

function functionsAt(alpha: number, spectrum: readonly number[], gain: number): Float64Array {
  const n = spectrum.length;
  const values = new Float64Array(n + (n * (n + 1)) / 2);
  for (let i = 0; i < n; i++) values[i] = (spectrum[i] / (spectrum[i] + alpha)) * gain;
  for (let i = 0, at = n; i < n; i++) for (let j = 0; j <= i; j++) values[at++] = values[i] * values[j];
  return values;
}

/** Rows that span all `rows`, and each row's weights on them. */
function interpolation(rows: readonly Float64Array[]): { chosen: Uint32Array; weights: Float64Array[] } {
  const residuals = rows.map((row) => Float64Array.from(row));
  const squares = residuals.map((row) => dot(row, row));
  const directions: Float64Array[] = [];
  const chosen: number[] = [];
  while (chosen.length < rows.length) {
    const next = squares.indexOf(Math.max(...squares));
    if (peak(residuals[next]) <= tolerance) break;
    const direction = Float64Array.from(residuals[next]);
    for (const earlier of directions) remove(direction, earlier, dot(direction, earlier));
    const norm = Math.sqrt(dot(direction, direction));
    for (let i = 0; i < direction.length; i++) direction[i] /= norm;
    directions.push(direction);
    chosen.push(next);
    residuals.forEach((residual, a) => {
      squares[a] = remove(residual, direction, dot(residual, direction));
    });
    residuals[next].fill(0);
    squares[next] = 0;
  }
  const coordinates = rows.map((row) => directions.map((direction) => dot(row, direction)));
  const weights = coordinates.map((target, a) => {
    const place = chosen.indexOf(a);
    if (place >= 0) return Float64Array.from(chosen, (_, s) => (s === place ? 1 : 0));
    return solveTransposed(
      chosen.map((s) => coordinates[s]),
      target,
    );
  });
  return { chosen: Uint32Array.from(chosen), weights };
}

/** x with x L = target for lower-triangular L, given by rows. */
function solveTransposed(lower: readonly number[][], target: readonly number[]): Float64Array {
  const x = new Float64Array(target.length);
  for (let s = target.length - 1; s >= 0; s--) {
    let rest = target[s];
    for (let later = s + 1; later < target.length; later++) rest -= x[later] * lower[later][s];
    x[s] = rest / lower[s][s];
  }
  return x;
}

function peak(row: Float64Array): number {
  let most = 0;
  for (let i = 0; i < row.length; i++) most = Math.max(most, Math.abs(row[i]));
  return most;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Subtracts `amount` times `direction` and returns the sum of squares of what is left. */
function remove(from: Float64Array, direction: Float64Array, amount: number): number {
  let square = 0;
  for (let i = 0; i < from.length; i++) {
    const rest = from[i] - amount * direction[i];
    from[i] = rest;
    square += rest * rest;
  }
  return square;
}
