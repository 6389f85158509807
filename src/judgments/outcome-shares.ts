import { type Estimate, proportionEstimate } from '../numerics/statistics.js';
import { shownPosition, type Trials } from '../trials/trials.js';
import { type Judgments, type Outcome, outcomes } from './judgments.js';
import { checkSameTrials } from './same-trials.js';

/** Trials that ended otherwise than in a choice, and the stimuli that attract them. */
export interface OutcomeShares {
  readonly outcome: Outcome;
  /** Share of all trials, Wilson interval. */
  readonly share: Estimate;
  /** Stimuli whose interval lies above the share of all trials, the highest first. */
  readonly attractedBy: readonly StimulusShare[];
}

export interface StimulusShare {
  /** Index of the stimulus. */
  readonly stimulus: number;
  /** Share of the trials that show it, Wilson interval. */
  readonly share: Estimate;
  /** The same where it is shown first, second, third; null where it never is. */
  readonly byPosition: readonly (Estimate | null)[];
}

/**
 * For every outcome but a choice: how often it happens, and which stimuli it happens with more often than overall (lower
 * Wilson limit above the overall share). Intervals are for one stimulus at a time, at `level`: among many stimuli some lie outside by chance.
 * Without a trial there is nothing to report and the list is empty.
 */
export function outcomeShares(
  trials: Trials,
  judgments: Judgments,
  { level = 0.95 }: { level?: number } = {},
): OutcomeShares[] {
  checkSameTrials(trials.nTrials, judgments.nTrials, 'for these trials');
  if (trials.nTrials === 0) return [];
  const counts = countByStimulus(trials, judgments);
  const totals = new Uint32Array(outcomes.length);
  for (const code of judgments.outcome) totals[code]++;
  return outcomes.flatMap((outcome, code) => {
    if (outcome === 'choice') return [];
    const share = proportionEstimate(totals[code], trials.nTrials, level);
    return [{ outcome, share, attractedBy: attracting(counts, code, share.value, level) }];
  });
}

/** Trials by stimulus, shown position and outcome: index (3 * stimulus + position) * nOutcomes + outcome. */
function countByStimulus(trials: Trials, { outcome }: Judgments): Uint32Array {
  const positionOf = Uint8Array.from(shownPosition.flat());
  const { triplets, shownOrder } = trials;
  const counts = new Uint32Array(3 * trials.nStimuli * outcomes.length);
  for (let at = 0; at < triplets.length; at++) {
    const trial = Math.floor(at / 3);
    const position = positionOf[3 * shownOrder[trial] + (at - 3 * trial)];
    counts[(3 * triplets[at] + position) * outcomes.length + outcome[trial]]++;
  }
  return counts;
}

function attracting(counts: Uint32Array, code: number, overall: number, level: number): StimulusShare[] {
  const found: StimulusShare[] = [];
  const nStimuli = counts.length / (3 * outcomes.length);
  for (let stimulus = 0; stimulus < nStimuli; stimulus++) {
    const cells = [0, 1, 2].map((position) => cellOf(counts, 3 * stimulus + position, code));
    const hits = cells.reduce((sum, cell) => sum + cell.hits, 0);
    if (hits === 0) continue;
    const share = proportionEstimate(
      hits,
      cells.reduce((sum, cell) => sum + cell.n, 0),
      level,
    );
    if (share.low <= overall) continue;
    const byPosition = cells.map((cell) =>
      cell.n === 0 ? null : proportionEstimate(cell.hits, cell.n, level),
    );
    found.push({ stimulus, share, byPosition });
  }
  return found.sort((a, b) => b.share.value - a.share.value || a.stimulus - b.stimulus);
}

function cellOf(counts: Uint32Array, row: number, code: number): { hits: number; n: number } {
  const cell = counts.subarray(row * outcomes.length, (row + 1) * outcomes.length);
  return { hits: cell[code], n: cell.reduce((sum, count) => sum + count, 0) };
}
