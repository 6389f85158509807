import { throwIfCancelled } from '../../numerics/errors.js';
import type { Watch } from '../../numerics/progress.js';
import type { Key } from '../../numerics/random.js';
import { nPairsOf } from '../rsm/rsm.js';
import { ordersPerCall, RsaMemory } from './kernel.js';
import { isKendall, type RsaMeasure } from './measures.js';
import type { PreparedRsms } from './prepare.js';
import {
  allBut,
  comparisonsOf,
  drawnStimuli,
  permutedStimuli,
  type Resampled,
  type ResampleShare,
  resample,
} from './resample.js';

/** Below this the plain loops take a moment and need no rounding to float32. */
const fewestStimuli = 100;
const samplesPerCall = 8;

/**
 * `resample` with float32 kernels where they apply (100 stimuli or more, all pairs known, a measure made of sums of products);
 * values differ from the plain ones by less than 1e-6. What they cannot do is done plainly.
 *
 * A bootstrap sample in which stimulus i is drawn w[i] times has every pair (i, j) w[i] w[j] times, so that its moments are quadratic
 * forms w' M w of the matrices of values, squares and products: one matrix product for all samples.
 */
export function resampleFast(
  rsms: PreparedRsms,
  share: ResampleShare,
  key: Key,
  watch: Watch = {},
): Resampled {
  const { measure, nStimuli: n } = rsms;
  const isComplete = rsms.nPairs === nPairsOf(n);
  if (n < fewestStimuli || !isComplete || isKendall(measure)) return resample(rsms, share, key, watch);
  const memory = new RsaMemory(n, rsms.matrices.length);
  const permutation = permutedProducts(rsms, memory, share.permutation, key, watch);
  if (measure === 'cka')
    return { ...resample(rsms, { ...share, permutation: [0, 0] }, key, watch), permutation };
  const weighted = ([from, to]: readonly [number, number], places: (index: number) => Uint32Array) => {
    const weights = Array.from({ length: to - from }, (_, at) => countsOf(places(from + at), n));
    return weightedMeasures(rsms, memory, weights, watch);
  };
  return {
    bootstrap: weighted(share.bootstrap, (index) => drawnStimuli(key, index, n)),
    jackknife: weighted(share.jackknife, (index) => allBut(index, n)),
    permutation,
  };
}

function countsOf(places: Uint32Array, n: number): Float32Array {
  const counts = new Float32Array(n);
  for (const place of places) counts[place]++;
  return counts;
}

/** Sums of products of every first system with the second one permuted. */
function permutedProducts(
  rsms: PreparedRsms,
  memory: RsaMemory,
  [from, to]: readonly [number, number],
  key: Key,
  watch: Watch,
): Float64Array {
  const { matrices, nStimuli: n, nPairs, measure } = rsms;
  const comparisons = comparisonsOf(matrices.length);
  const values = new Float64Array((to - from) * comparisons.length);
  if (to === from) return values;
  const [offDiagonal, diagonal] = measure === 'cka' ? [Math.SQRT2, 1] : [1 / Math.sqrt(nPairs), 0];
  for (let a = 0; a + 1 < matrices.length; a++) memory.setFirst(a, matrices[a], offDiagonal, diagonal);
  for (let b = 1; b < matrices.length; b++) {
    memory.setSecond(matrices[b], offDiagonal, diagonal);
    const at = comparisons.findIndex(([, second]) => second === b);
    for (let index = from; index < to; index += ordersPerCall) {
      throwIfCancelled(watch.signal);
      const done = (b - 1) * (to - from) + index - from;
      const total = (matrices.length - 1) * (to - from);
      watch.onProgress?.({ task: 'Permutations', done, total, unit: 'permutations' });
      const nOrders = Math.min(ordersPerCall, to - index);
      const orders = Array.from({ length: nOrders }, (_, o) => permutedStimuli(key, index + o, n));
      const sums = memory.permuted(orders, b);
      for (let o = 0; o < nOrders; o++)
        values.set(sums.subarray(o * b, (o + 1) * b), (index - from + o) * comparisons.length + at);
    }
  }
  return values;
}

/** Moments of one matrix (or product of two) for every sample. */
function weightedMeasures(
  { measure, matrices }: PreparedRsms,
  memory: RsaMemory,
  weights: readonly Float32Array[],
  watch: Watch,
): Float64Array {
  const comparisons = comparisonsOf(matrices.length);
  const values = new Float64Array(weights.length * comparisons.length);
  if (weights.length === 0) return values;
  memory.setWeights(weights, samplesPerCall);
  const nSums = 2 * matrices.length + comparisons.length;
  let done = 0;
  const sumsOf = (a: Float64Array, b: Float64Array | null) => {
    memory.setUpper(a, b);
    throwIfCancelled(watch.signal);
    watch.onProgress?.({ task: 'Bootstrap', done: done++, total: nSums, unit: 'matrices' });
    return memory.quadraticForms(samplesPerCall);
  };
  const sums = matrices.map((matrix) => sumsOf(matrix, null));
  const squares = matrices.map((matrix) => sumsOf(matrix, matrix));
  const nPairs = weights.map(pairsIn);
  comparisons.forEach(([a, b], c) => {
    const products = sumsOf(matrices[a], matrices[b]);
    for (let s = 0; s < weights.length; s++) {
      values[s * comparisons.length + c] = fromMoments(measure, {
        n: nPairs[s],
        x: sums[a][s],
        y: sums[b][s],
        xx: squares[a][s],
        yy: squares[b][s],
        xy: products[s],
      });
    }
  });
  return values;
}

/** Pairs of different stimuli in a sample. */
function pairsIn(counts: Float32Array): number {
  let nDrawn = 0;
  let squares = 0;
  for (let i = 0; i < counts.length; i++) {
    nDrawn += counts[i];
    squares += counts[i] * counts[i];
  }
  return (nDrawn * nDrawn - squares) / 2;
}

interface Moments {
  readonly n: number;
  readonly x: number;
  readonly y: number;
  readonly xx: number;
  readonly yy: number;
  readonly xy: number;
}

function fromMoments(measure: RsaMeasure, { n, x, y, xx, yy, xy }: Moments): number {
  if (measure === 'cosine') return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : Number.NaN;
  const covariance = xy / n - (x / n) * (y / n);
  if (measure === 'rho-a') return covariance;
  const variances = (xx / n - (x / n) ** 2) * (yy / n - (y / n) ** 2);
  return variances > 0 ? covariance / Math.sqrt(variances) : Number.NaN;
}
