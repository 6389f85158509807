import type { Judgments } from '../judgments/judgments.js';
import type { Matrix } from '../numerics/matrix.js';
import { type Key, Random } from '../numerics/random.js';
import { bootstrapEstimate, pearson } from '../numerics/statistics.js';
import type { Trials } from '../trials/trials.js';
import type { Embedding } from './embedding.js';
import type { RsmGeneralisation } from './results.js';
import { choiceProbabilityRsm } from './rsm.js';
import { measuredRsm } from './rsm-measured.js';

/**
 * Does the embedding predict the similarities of the validation stimuli? (P1, Ext. Data Fig. 1g-j.)
 * Predicted: choice probabilities over all third stimuli, as the validation trials draw them. Measured: choice shares.
 */
export function rsmGeneralisation(
  embedding: Embedding,
  trials: Trials,
  judgments: Judgments,
  stimuli: Uint32Array,
  key: Key,
): RsmGeneralisation {
  const predicted = choiceProbabilityRsm(embedding, { stimuli });
  const measured = measuredRsm(trials, judgments, stimuli);
  return { stimuli, predicted, measured, ...compareRsms(predicted, measured, key) };
}

/**
 * Pearson r of two RSMs over pairs i < j known in both, with a percentile bootstrap over stimuli;
 * pairs of a stimulus with itself, drawn twice, are left out.
 */
export function compareRsms(
  a: Matrix,
  b: Matrix,
  key: Key,
  { samples = 1000, level = 0.95 } = {},
): Pick<RsmGeneralisation, 'r' | 'nPairs'> {
  const n = a.nRows;
  if (b.nRows !== n) throw new RangeError(`The matrices are ${n} x ${n} and ${b.nRows} x ${b.nRows}.`);
  const x = new Float64Array((n * (n - 1)) / 2);
  const y = new Float64Array(x.length);
  const overPairs = (drawn: Uint32Array) => {
    const nPairs = gatherPairs(a, b, drawn, x, y);
    return pearson(x.subarray(0, nPairs), y.subarray(0, nPairs));
  };
  const r = bootstrapEstimate(n, overPairs, new Random(key), { samples, level });
  const nPairs = gatherPairs(
    a,
    b,
    Uint32Array.from({ length: n }, (_, i) => i),
    x,
    y,
  );
  return { r: { ...r, method: `${r.method} over stimuli` }, nPairs };
}

/** Fills x and y with the pairs of the drawn stimuli that both matrices know; returns their number. */
function gatherPairs(a: Matrix, b: Matrix, drawn: Uint32Array, x: Float64Array, y: Float64Array): number {
  const n = a.nRows;
  let nPairs = 0;
  for (let p = 0; p < n; p++) {
    for (let q = p + 1; q < n; q++) {
      if (drawn[p] === drawn[q]) continue;
      const at = drawn[p] * n + drawn[q];
      if (!Number.isFinite(a.data[at] + b.data[at])) continue;
      x[nPairs] = a.data[at];
      y[nPairs++] = b.data[at];
    }
  }
  return nPairs;
}
