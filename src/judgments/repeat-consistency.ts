import { type Estimate, meanEstimate } from '../numerics/statistics.js';
import type { Trials } from '../trials/trials.js';
import { groupTriplets } from '../trials/triplet-table.js';
import { type Judgments, noChoice } from './judgments.js';
import { checkSameTrials } from './same-trials.js';

/** How often two answers to the same triplet name the same odd one out. Chance is 1/3. */
export interface RepeatConsistency {
  /** All pairs of answers; null where no triplet has two choices. */
  readonly all: Estimate | null;
  /** Pairs in the same shown order: what sampling alone changes. */
  readonly sameOrder: Estimate | null;
  /** Pairs in different shown orders: what sampling and position change together. */
  readonly otherOrder: Estimate | null;
}

/**
 * Share of agreeing pairs of answers within each triplet, averaged over triplets, with normal intervals over triplets (n is
 * their number), cut to [0, 1]. Unlike the noise ceiling it does not grow when there are few repeats. Trials without a choice do not count.
 * @throws AffectomeError `artifact` when trials and judgments differ in number.
 */
export function repeatConsistency(trials: Trials, judgments: Judgments): RepeatConsistency {
  checkSameTrials(trials.nTrials, judgments.nTrials, 'for these trials');
  const { group, nGroups } = groupTriplets(trials);
  const counts = new Uint32Array(18 * nGroups);
  for (let trial = 0; trial < judgments.choice.length; trial++) {
    const choice = judgments.choice[trial];
    if (choice !== noChoice) counts[18 * group[trial] + 3 * trials.shownOrder[trial] + choice]++;
  }
  const shares = { all: [] as number[], sameOrder: [] as number[], otherOrder: [] as number[] };
  for (let triplet = 0; triplet < nGroups; triplet++) {
    const cells = counts.subarray(18 * triplet, 18 * triplet + 18);
    const all = pairsIn([0, 1, 2].map((choice) => sumEvery(cells, choice)));
    const same = { agree: 0, n: 0 };
    for (let order = 0; order < 6; order++) {
      const pairs = pairsIn(cells.subarray(3 * order, 3 * order + 3));
      same.agree += pairs.agree;
      same.n += pairs.n;
    }
    if (all.n > 0) shares.all.push(all.agree / all.n);
    if (same.n > 0) shares.sameOrder.push(same.agree / same.n);
    if (all.n > same.n) shares.otherOrder.push((all.agree - same.agree) / (all.n - same.n));
  }
  return {
    all: shareOver(shares.all),
    sameOrder: shareOver(shares.sameOrder),
    otherOrder: shareOver(shares.otherOrder),
  };
}

function sumEvery(cells: Uint32Array, choice: number): number {
  let sum = 0;
  for (let at = choice; at < cells.length; at += 3) sum += cells[at];
  return sum;
}

function pairsIn(counts: ArrayLike<number>): { agree: number; n: number } {
  const total = counts[0] + counts[1] + counts[2];
  let agree = 0;
  for (let choice = 0; choice < 3; choice++) agree += (counts[choice] * (counts[choice] - 1)) / 2;
  return { agree, n: (total * (total - 1)) / 2 };
}

function shareOver(shares: readonly number[]): Estimate | null {
  if (shares.length === 0) return null;
  const estimate = meanEstimate(shares);
  if (shares.length === 1) return { ...estimate, low: 0, high: 1, method: 'one triplet: no interval' };
  return { ...estimate, low: Math.max(0, estimate.low), high: Math.min(1, estimate.high) };
}
