import { Matrix as Dense, SingularValueDecomposition } from 'ml-matrix';
import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';

/**
 * Linear centred kernel alignment of two feature matrices with the same stimuli in rows (Kornblith et al. 2019, arXiv:1905.00414, Eq. 4):
 * |X'Y|^2 / (|X'X| |Y'Y|) with centred columns. The RV coefficient (Robert & Escoufier 1976, doi:10.2307/2347233) is the same
 * number. From 0 to 1; does not change when features are rotated or scaled together. It rests on the biased estimate of HSIC, so
 * that unrelated features are above 0, the more so the more features there are per stimulus; `debiasedCka` is not.
 * @throws AffectomeError `input` for other numbers of stimuli, missing features, and features that do not vary.
 */
export function linearCka(a: Matrix, b: Matrix): number {
  const [x, y] = centredColumns(a, b);
  return squaredNorm(product(x, y)) / Math.sqrt(squaredNorm(product(x, x)) * squaredNorm(product(y, y)));
}

/**
 * Linear CKA from the unbiased estimate of HSIC (Song et al. 2012, JMLR 13:1393, Eq. 5): 0 on average for unrelated features, so that
 * it can be below 0; 1 for the same geometry. Needs four stimuli.
 * @throws AffectomeError `input` as `linearCka`; for fewer than four stimuli; where the estimate of a side's own HSIC is not positive.
 */
export function debiasedCka(a: Matrix, b: Matrix): number {
  const [x, y] = centredColumns(a, b);
  if (x.nRows < 4)
    throw inputError({
      problem: `Debiased CKA is asked of ${x.nRows} stimuli; at least 4 are needed.`,
      remedy: 'Use linearCka, which is biased.',
    });
  const own = [unbiasedHsic(x, x), unbiasedHsic(y, y)];
  if (!own.every((hsic) => hsic > 0))
    throw inputError({
      problem: `${x.nRows} stimuli are too few for these features: the unbiased HSIC of a side with itself is not above 0.`,
      remedy: 'Use more stimuli or fewer features.',
    });
  return unbiasedHsic(x, y) / Math.sqrt(own[0] * own[1]);
}

/** Of the Gram matrices K = XX' and L = YY' without their diagonals, times n (n - 3); columns of x and y are centred. */
function unbiasedHsic(x: Matrix, y: Matrix): number {
  const n = x.nRows;
  const [k, l] = [squaredLengths(x), squaredLengths(y)];
  // Rows of a centred Gram matrix sum to 0: without the diagonal, to minus the diagonal.
  let [both, sumK, sumL] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    both += k[i] * l[i];
    sumK += k[i];
    sumL += l[i];
  }
  const trace = squaredNorm(product(x, y)) - both;
  return trace + (sumK * sumL) / ((n - 1) * (n - 2)) - (2 / (n - 2)) * both;
}

const squaredLengths = ({ nRows, nColumns, data }: Matrix): Float64Array =>
  Float64Array.from({ length: nRows }, (_, r) => {
    let sum = 0;
    for (let c = 0; c < nColumns; c++) sum += data[r * nColumns + c] ** 2;
    return sum;
  });

export interface Procrustes {
  /** Sum of squares left of b after the best rotation and scale, both sides centred and of length 1; from 0 to 1, as SciPy's. */
  readonly disparity: number;
  /** sqrt(1 - disparity): the correlation of the two configurations after the best rotation. */
  readonly similarity: number;
}

/**
 * Orthogonal Procrustes comparison of two feature matrices with the same stimuli in rows (Gower 1975, doi:10.1007/BF02291478; Schoenemann 1966,
 * doi:10.1007/BF02289451): the one with fewer features is filled up with zeros. Rotations include reflections.
 * @throws AffectomeError `input` as `linearCka`.
 */
export function procrustes(a: Matrix, b: Matrix): Procrustes {
  const [x, y] = centredColumns(a, b);
  const crossed = product(x, y);
  const dense = Dense.from1DArray(crossed.nRows, crossed.nColumns, crossed.data);
  const { diagonal } = new SingularValueDecomposition(dense, { autoTranspose: true });
  const nuclear = diagonal.reduce((sum, value) => sum + value, 0);
  const similarity = Math.min(1, nuclear / Math.sqrt(squaredNorm(x) * squaredNorm(y)));
  return { disparity: 1 - similarity ** 2, similarity };
}

function centredColumns(a: Matrix, b: Matrix): [Matrix, Matrix] {
  if (a.nRows !== b.nRows) {
    throw inputError({
      problem: `The features describe ${a.nRows} and ${b.nRows} stimuli; expected the same stimuli in the same order.`,
      remedy: 'Take the shared stimuli of both first.',
    });
  }
  return [centred(a, 'first'), centred(b, 'second')];
}

function centred({ nRows, nColumns, data }: Matrix, which: string): Matrix {
  const result = new Float64Array(data.length);
  let isVaried = false;
  for (let c = 0; c < nColumns; c++) {
    let sum = 0;
    for (let r = 0; r < nRows; r++) sum += data[r * nColumns + c];
    for (let r = 0; r < nRows; r++) {
      result[r * nColumns + c] = data[r * nColumns + c] - sum / nRows;
      if (data[r * nColumns + c] !== data[c]) isVaried = true;
    }
  }
  if (!result.every(Number.isFinite) || !isVaried) {
    throw inputError({
      problem: `The ${which} features ${isVaried ? 'hold missing or infinite numbers' : 'are the same for all stimuli'}.`,
      remedy: 'Leave out stimuli and features without values.',
    });
  }
  return { nRows, nColumns, data: result };
}

/** X'Y, nColumns(x) x nColumns(y). */
function product(x: Matrix, y: Matrix): Matrix & { readonly data: Float64Array } {
  const data = new Float64Array(x.nColumns * y.nColumns);
  for (let r = 0; r < x.nRows; r++) {
    for (let i = 0; i < x.nColumns; i++) {
      const value = x.data[r * x.nColumns + i];
      for (let j = 0; j < y.nColumns; j++) data[i * y.nColumns + j] += value * y.data[r * y.nColumns + j];
    }
  }
  return { nRows: x.nColumns, nColumns: y.nColumns, data };
}

const squaredNorm = ({ data }: Matrix): number => {
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += data[at] ** 2;
  return sum;
};
