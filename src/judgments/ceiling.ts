import { inputError } from '../numerics/errors.js';
import { type Estimate, meanEstimate } from '../numerics/statistics.js';
import type { Trials } from '../trials/trials.js';
import { groupTriplets } from '../trials/triplet-table.js';
import { type Judgments, noChoice } from './judgments.js';
import { checkSameTrials } from './same-trials.js';

/**
 * Choice consistency, the noise ceiling of odd-one-out accuracy (P1; Hebart et al. 2020, doi:10.1038/s41562-020-00951-3): over the
 * triplets that were asked repeatedly, the mean share of the answer given most often, with 1.96 sd / sqrt(nTriplets), cut to [1/3, 1].
 * Trials without a choice do not count; triplets with fewer than two choices are left out; `n` is the number of triplets left.
 * One triplet alone has no standard deviation: its interval is [1/3, 1].
 * With few repeats the largest share lies above the true one (by 0.11 at 20 answers of a judge that guesses).
 * @throws AffectomeError `input` when no triplet has two choices.
 */
export function noiseCeiling(trials: Trials, judgments: Judgments): Estimate {
  checkSameTrials(trials.nTrials, judgments.nTrials, 'for these trials');
  const shares = largestShares(trials, judgments);
  if (shares.length === 0) {
    throw inputError({
      problem: 'No triplet was answered twice; a noise ceiling needs repeated answers.',
      where: { field: 'trials.noiseCeiling' },
      remedy: 'Set trials.noiseCeiling with repeats of at least 2, then sample and judge.',
    });
  }
  const { value, low, high, ...rest } = meanEstimate(shares);
  if (shares.length === 1) return { value, low: 1 / 3, high: 1, ...rest, method: 'one triplet: no interval' };
  return { value, low: Math.max(1 / 3, low), high: Math.min(1, high), ...rest };
}

/** Whether there is a triplet with at least two choices, the least a noise ceiling needs. */
export function hasRepeatedAnswers(trials: Trials, judgments: Judgments): boolean {
  return largestShares(trials, judgments).length > 0;
}

/** Share of the most frequent choice, for each triplet with at least two. */
function largestShares(trials: Trials, { choice }: Judgments): Float64Array {
  const { group, nGroups } = groupTriplets(trials);
  const counts = new Uint32Array(3 * nGroups);
  for (let trial = 0; trial < choice.length; trial++) {
    if (choice[trial] !== noChoice) counts[3 * group[trial] + choice[trial]]++;
  }
  const shares = new Float64Array(nGroups);
  let nShares = 0;
  for (let at = 0; at < counts.length; at += 3) {
    const nAnswers = counts[at] + counts[at + 1] + counts[at + 2];
    if (nAnswers > 1) shares[nShares++] = Math.max(counts[at], counts[at + 1], counts[at + 2]) / nAnswers;
  }
  return shares.slice(0, nShares);
}
