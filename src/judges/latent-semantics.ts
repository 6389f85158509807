import { type Matrix, matrix } from '../numerics/matrix.js';
import { keyOf, Random } from '../numerics/random.js';
import { type SparseRows, timesVector, transposeTimesVector } from './words.js';

/** The directions of latent semantic analysis: nTerms x nDimensions, orthonormal columns, strongest first. */
export interface SemanticSpace {
  readonly axes: Matrix;
  readonly singularValues: Float64Array;
}

/**
 * Latent semantic analysis (Deerwester et al. 1990): the leading right singular vectors of a TF-IDF matrix, from the
 * Lanczos process on X X' with full reorthogonalisation (Golub & Van Loan, Matrix Computations, section 10.1).
 * Up to 400 documents every step is taken and the result is the full decomposition; beyond that
 * max(400, 5 nDimensions) steps leave the leading vectors accurate to far below what a choice can notice.
 * Deterministic: the start vector is drawn from a fixed key.
 *
 * `nDimensions` shrinks to the rank of X where that is smaller.
 */
export function semanticSpace(documents: SparseRows, nDimensions: number): SemanticSpace {
  const nSteps = Math.min(documents.nRows, Math.max(400, 5 * nDimensions));
  const { basis, diagonal, offDiagonal } = lanczos(documents, nSteps);
  const { values, vectors } = eigenOfTridiagonal(diagonal, offDiagonal);
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  const rankLimit = 1e-10 * values[order[0]];
  const kept = order.filter((e) => values[e] > rankLimit).slice(0, nDimensions);
  const axes = matrix(documents.nColumns, kept.length);
  kept.forEach((e, d) => {
    const left = combine(basis, vectors, e, nSteps);
    const right = transposeTimesVector(documents, left);
    const scale = 1 / Math.sqrt(dot(right, right));
    for (let term = 0; term < right.length; term++) axes.data[term * kept.length + d] = right[term] * scale;
  });
  return { axes, singularValues: Float64Array.from(kept, (e) => Math.sqrt(values[e])) };
}

/** X times the axes: nDocuments x nDimensions. New texts fold in the same way as those the space was learned from. */
export function foldIn({ nRows, start, columns, values }: SparseRows, { axes }: SemanticSpace): Matrix {
  const nDimensions = axes.nColumns;
  const result = matrix(nRows, nDimensions);
  for (let r = 0; r < nRows; r++) {
    for (let cell = start[r]; cell < start[r + 1]; cell++) {
      const weight = values[cell];
      const from = columns[cell] * nDimensions;
      for (let d = 0; d < nDimensions; d++) result.data[r * nDimensions + d] += weight * axes.data[from + d];
    }
  }
  return result;
}

/** An orthonormal basis in which X X' is tridiagonal. A step that finds an invariant subspace starts afresh outside it. */
function lanczos(documents: SparseRows, nSteps: number) {
  const random = new Random(keyOf('latent semantic analysis'));
  const basis: Float64Array[] = [];
  const diagonal = new Float64Array(nSteps);
  const offDiagonal = new Float64Array(nSteps);
  let next = freshDirection(documents.nRows, basis, random);
  for (let step = 0; step < nSteps; step++) {
    basis.push(next);
    const image = timesVector(documents, transposeTimesVector(documents, next));
    diagonal[step] = dot(next, image);
    removeProjections(image, basis);
    const length = Math.sqrt(dot(image, image));
    const isInvariant = length < 1e-10;
    if (step + 1 === nSteps) break;
    offDiagonal[step] = isInvariant ? 0 : length;
    next = isInvariant
      ? freshDirection(documents.nRows, basis, random)
      : image.map((value) => value / length);
  }
  return { basis, diagonal, offDiagonal };
}

function freshDirection(length: number, basis: readonly Float64Array[], random: Random): Float64Array {
  const direction = Float64Array.from({ length }, () => random.normal());
  removeProjections(direction, basis);
  const scale = 1 / Math.sqrt(dot(direction, direction));
  return direction.map((value) => value * scale);
}

/** Twice is enough (Kahan; Parlett 1980): the second pass removes what rounding left. */
function removeProjections(vector: Float64Array, basis: readonly Float64Array[]): void {
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) {
      const along = dot(direction, vector);
      for (let i = 0; i < vector.length; i++) vector[i] -= along * direction[i];
    }
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function combine(
  basis: readonly Float64Array[],
  vectors: Float64Array,
  e: number,
  nSteps: number,
): Float64Array {
  const result = new Float64Array(basis[0].length);
  for (let step = 0; step < nSteps; step++) {
    const weight = vectors[e * nSteps + step];
    for (let i = 0; i < result.length; i++) result[i] += weight * basis[step][i];
  }
  return result;
}

/**
 * Eigenvalues and eigenvectors (one per row of `vectors`) of a symmetric tridiagonal matrix by the QL method with
 * implicit Wilkinson shifts (Golub & Van Loan, section 8.3). `offDiagonal[i]` joins i and i + 1.
 */
export function eigenOfTridiagonal(diagonal: Float64Array, offDiagonal: Float64Array) {
  const n = diagonal.length;
  const values = diagonal.slice();
  const e = offDiagonal.slice();
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  for (let low = 0; low < n; low++) {
    for (;;) {
      const high = endOfBlock(values, e, low);
      if (high === low) break;
      sweep(values, e, vectors, low, high);
    }
  }
  return { values, vectors };
}

/** The last row of the unreduced block that starts at `low`. */
function endOfBlock(values: Float64Array, e: Float64Array, low: number): number {
  let high = low;
  while (high < values.length - 1) {
    const scale = Math.abs(values[high]) + Math.abs(values[high + 1]);
    if (Math.abs(e[high]) <= Number.EPSILON * scale || e[high] === 0) break;
    high++;
  }
  return high;
}

/** One implicit QL sweep over rows low..high: rotations chase the bulge upwards. */
function sweep(
  values: Float64Array,
  e: Float64Array,
  vectors: Float64Array,
  low: number,
  high: number,
): void {
  const n = values.length;
  const half = (values[low + 1] - values[low]) / (2 * e[low]);
  const root = Math.hypot(half, 1);
  let g = values[high] - values[low] + e[low] / (half + (half >= 0 ? root : -root));
  let sine = 1;
  let cosine = 1;
  let shift = 0;
  for (let i = high - 1; i >= low; i--) {
    const f = sine * e[i];
    const b = cosine * e[i];
    const length = Math.hypot(f, g);
    e[i + 1] = length;
    if (length === 0) {
      values[i + 1] -= shift;
      e[high] = 0;
      return;
    }
    sine = f / length;
    cosine = g / length;
    g = values[i + 1] - shift;
    const r = (values[i] - g) * sine + 2 * cosine * b;
    shift = sine * r;
    values[i + 1] = g + shift;
    g = cosine * r - b;
    rotateRows(vectors, n, i, sine, cosine);
  }
  values[low] -= shift;
  e[low] = g;
  e[high] = 0;
}

function rotateRows(vectors: Float64Array, n: number, i: number, sine: number, cosine: number): void {
  for (let a = i * n, b = a + n, end = b; a < end; a++, b++) {
    const upper = vectors[a];
    const lower = vectors[b];
    vectors[b] = sine * upper + cosine * lower;
    vectors[a] = cosine * upper - sine * lower;
  }
}
