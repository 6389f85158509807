import { type Judgments, noChoice } from '../judgments/judgments.js';
import type { Matrix } from '../numerics/matrix.js';
import type { Trials } from '../trials/trials.js';
import { checkListed } from './rsm.js';

/**
 * Measured similarity of the listed stimuli: the share of trials with both i and j in which the pair was kept.
 * 1 on the diagonal; NaN where a pair was never asked (or never answered with a choice).
 */
export function measuredRsm(trials: Trials, judgments: Judgments, stimuli: ArrayLike<number>): Matrix {
  checkListed(stimuli, trials.nStimuli);
  const n = stimuli.length;
  const place = new Int32Array(trials.nStimuli).fill(-1);
  for (let s = 0; s < n; s++) place[stimuli[s]] = s;
  const kept = new Float64Array(n * n);
  const asked = new Float64Array(n * n);
  for (let t = 0; t < trials.nTrials; t++) {
    const odd = judgments.choice[t];
    if (odd === noChoice) continue;
    for (let left = 0; left < 3; left++) {
      const i = place[trials.triplets[3 * t + (left === 0 ? 1 : 0)]];
      const j = place[trials.triplets[3 * t + (left === 2 ? 1 : 2)]];
      if (i < 0 || j < 0) continue;
      const at = Math.min(i, j) * n + Math.max(i, j);
      asked[at]++;
      if (left === odd) kept[at]++;
    }
  }
  return meanOfPairs(kept, asked, n);
}

function meanOfPairs(kept: Float64Array, asked: Float64Array, n: number): Matrix {
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    data[i * n + i] = 1;
    for (let j = i + 1; j < n; j++) {
      const at = i * n + j;
      data[at] = asked[at] > 0 ? kept[at] / asked[at] : Number.NaN;
      data[j * n + i] = data[at];
    }
  }
  return { nRows: n, nColumns: n, data };
}
