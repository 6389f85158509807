import { inputError } from '../errors.js';
import { compileKernel, firstFreeByte, growKernelMemory, instantiateKernel, kernelMemory } from '../wasm.js';
import { kernelBytes } from './kernel-bytes.js';

/** A = V' D V with the eigenvectors in the rows of V. */
export interface SymmetricEigen {
  /** D, ascending; size numbers. */
  readonly values: Float64Array;
  /** V, size x size: row k belongs to values[k] and has length 1. */
  readonly vectors: Float64Array;
}

/** The exports of assembly/index.ts. */
interface EigenKernel {
  tridiagonalise(
    a: number,
    stride: number,
    n: number,
    diagonal: number,
    off: number,
    half: number,
    work: number,
  ): void;
  transformation(a: number, stride: number, n: number, half: number, w: number): void;
  diagonalise(
    diagonal: number,
    off: number,
    n: number,
    w: number,
    stride: number,
    rotations: number,
    sweeps: number,
    capacity: number,
  ): number;
}

/** Sweeps' worth of rotations that are kept before they are applied. */
const keptSweeps = 16;

let started: { readonly memory: WebAssembly.Memory; readonly kernel: EigenKernel } | undefined;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder's tridiagonalisation and implicit QL iteration (Golub & Van
 * Loan, Matrix Computations, 4th ed., 8.3), float64. The same bytes on every machine. V V' is 1 and A is V' D V to rounding
 * relative to the largest eigenvalue, for matrices of any rank and with equal eigenvalues.
 *
 * @param matrix size x size; the lower triangle is read
 * @throws AffectomeError `input` for numbers that are not finite, `environment` when two such matrices do not fit in 4 GB.
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  if (matrix.length !== size * size)
    throw new RangeError(`${matrix.length} numbers are no ${size} x ${size} matrix.`);
  const { memory, kernel } = start();
  const places = layOut(memory, size);
  const { a, w, stride, diagonal, off, half, work, rotations, sweeps } = places;
  const power = copyScaled(matrix, size, { memory, a, stride });
  kernel.tridiagonalise(a, stride, size, diagonal, off, half, work);
  kernel.transformation(a, stride, size, half, w);
  const capacity = keptSweeps * size;
  if (size > 0 && kernel.diagonalise(diagonal, off, size, w, stride, rotations, sweeps, capacity) !== 0)
    throw new Error(`The eigenvalues of a ${size} x ${size} matrix do not converge.`);
  const found = new Float64Array(memory.buffer, diagonal, size);
  const order = Array.from(found.keys()).sort((i, j) => found[i] - found[j]);
  const vectors = new Float64Array(size * size);
  order.forEach((row, k) => {
    vectors.set(new Float64Array(memory.buffer, w + row * stride, size), k * size);
  });
  return { values: Float64Array.from(order, (row) => found[row] * power), vectors };
}

function start() {
  if (started) return started;
  const memory = kernelMemory(0);
  started = { memory, kernel: instantiateKernel<EigenKernel>(compileKernel(kernelBytes), memory) };
  return started;
}

function layOut(memory: WebAssembly.Memory, size: number) {
  const stride = 64 * Math.ceil(size / 8);
  let end = firstFreeByte;
  const take = (bytes: number) => {
    const at = end;
    end += 64 * Math.ceil(bytes / 64);
    return at;
  };
  const rows = 4 * Math.ceil(size / 4);
  const places = {
    stride,
    a: take(rows * stride),
    w: take(rows * stride),
    diagonal: take(8 * (size + 8)),
    off: take(8 * (size + 8)),
    half: take(8 * (size + 8)),
    work: take(32 * (size + 8)),
    rotations: take(16 * keptSweeps * size),
    sweeps: take(12 * keptSweeps * size),
  };
  growKernelMemory(memory, end);
  return places;
}

/** The lower triangle, brought to numbers around 1 by a power of two; returns what to multiply eigenvalues by. */
function copyScaled(
  matrix: Float64Array,
  size: number,
  { memory, a, stride }: { memory: WebAssembly.Memory; a: number; stride: number },
): number {
  let most = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) most = Math.max(most, Math.abs(matrix[i * size + j]));
  if (!Number.isFinite(most)) {
    throw inputError({
      problem: `The products of these numbers reach ${most}; expected finite ones.`,
      remedy: 'Bring the features to a scale around 1.',
    });
  }
  const power = most > 0 ? 2 ** Math.max(-1000, Math.floor(Math.log2(most))) : 1;
  for (let i = 0; i < size; i++) {
    const row = new Float64Array(memory.buffer, a + i * stride, stride / 8).fill(0);
    for (let j = 0; j <= i; j++) row[j] = matrix[i * size + j] / power;
  }
  return power;
}
