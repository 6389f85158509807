import { inputError, throwIfCancelled } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Watch } from '../../numerics/progress.js';
import type { Key } from '../../numerics/random.js';
import type { EncodingResult, FeatureSet } from '../encoding/index.js';
import type { PermutedCorrelations } from './correlation-tests.js';
import { discoveryRates } from './group-tests.js';
import { maximumP } from './sign-flips.js';
import { type PermutationOptions, trialOrders } from './trial-orders.js';

/** The tests of one feature set. */
export interface PermutedEncoding extends PermutedCorrelations {
  readonly name: string;
}

/** Fits feature sets to the responses: `(sets) => encode(sets, responses, options)`, or on worker threads. */
export type FitEncoding = (sets: readonly FeatureSet[]) => EncodingResult | Promise<EncodingResult>;

/**
 * Permutation test of cross-validated encoding: in every permutation the rows of the features change places and everything is
 * fitted anew, alphas included. This is what holds its level: folds share training trials and predict each other's means, so that
 * tests of finished predictions (analytic, or trials permuted after fitting) reject too often. One-tailed: p is the share of
 * permutations, the observed order among them (Phipson & Smyth 2010, doi:10.2202/1544-6115.1585), in which r is at least as large.
 *
 * Cost: `nPermutations` + 1 encodings.
 *
 * @param sets nTrials x nFeatures each
 * @param fit what gives r
 * @returns one per set that `fit` answers with
 * @throws AffectomeError `config` as `trialOrders`, `input` for sets of different numbers of trials, `cancelled`.
 */
export async function permuteEncoding(
  sets: readonly FeatureSet[],
  fit: FitEncoding,
  { key, signal, onProgress, ...options }: PermutationOptions & Watch & { readonly key: Key },
): Promise<PermutedEncoding[]> {
  const nTrials = sets[0]?.features.nRows ?? 0;
  const other = sets.find(({ features }) => features.nRows !== nTrials);
  if (other) {
    const problem = `${other.name} has ${other.features.nRows} trials, ${sets[0].name} ${nTrials}.`;
    throw inputError({ problem });
  }
  const orders = trialOrders(nTrials, key, options);
  let counts: Counted[] = [];
  for (const [index, order] of orders.entries()) {
    throwIfCancelled(signal);
    const { sets: found } = await fit(
      sets.map((set) => ({ ...set, features: reordered(set.features, order) })),
    );
    if (index === 0) counts = found.map(({ name, r }) => startCounting(name, r, orders.length));
    found.forEach(({ r }, s) => {
      countOne(counts[s], r, index);
    });
    onProgress?.({ task: 'permutations', done: index, total: options.nPermutations, unit: 'permutations' });
  }
  return counts.map(({ name, r, nAtLeast, maxima }) => {
    const p = r.map((value, v) => (Number.isNaN(value) ? Number.NaN : nAtLeast[v] / orders.length));
    const { nPermutations } = options;
    return {
      ...{ name, n: nTrials, nPermutations, smallestP: 1 / orders.length, r, p },
      test: 'permutation of trials before fitting',
      q: discoveryRates(p),
      pMaximum: maximumP(r, maxima),
    };
  });
}

function reordered({ nRows, nColumns, data }: Matrix, order: Uint32Array): Matrix {
  const moved = new Float64Array(data.length);
  order.forEach((from, to) => {
    moved.set(data.subarray(from * nColumns, (from + 1) * nColumns), to * nColumns);
  });
  return { nRows, nColumns, data: moved };
}

interface Counted {
  readonly name: string;
  readonly r: Float64Array;
  readonly nAtLeast: Uint32Array;
  readonly maxima: Float64Array;
}

const startCounting = (name: string, r: Float64Array, nOrders: number): Counted => ({
  name,
  r: r.slice(),
  nAtLeast: new Uint32Array(r.length),
  maxima: new Float64Array(nOrders).fill(Number.NEGATIVE_INFINITY),
});

/** Rounding must not split orders that give the same r. */
const tolerance = 1e-12;

function countOne({ r, nAtLeast, maxima }: Counted, permuted: Float64Array, index: number): void {
  for (let v = 0; v < r.length; v++) {
    if (permuted[v] >= r[v] - tolerance) nAtLeast[v]++;
    if (permuted[v] > maxima[index]) maxima[index] = permuted[v];
  }
}
