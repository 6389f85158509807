import { chiSquareTail } from '../numerics/statistics.js';
import { shownPosition, type Trials } from '../trials/trials.js';
import { agreement } from './agreement.js';
import { type Judgments, noChoice } from './judgments.js';
import type { Agreement } from './results.js';
import { checkSameTrials } from './same-trials.js';

/** What another prompt changes in the answers of one judge to the same trials. */
export interface PromptDifference {
  readonly agreement: Agreement;
  /** table[a][b]: trials on which prompt a chose shown position a and prompt b chose shown position b. */
  readonly positions: readonly (readonly number[])[];
  /** Whether the two prompts choose the positions equally often (Stuart-Maxwell). */
  readonly positionTest: {
    readonly chiSquare: number;
    readonly df: number;
    readonly p: number;
    readonly n: number;
  };
}

/**
 * Compares two runs on the same trials in the same shown orders: agreement, and the Stuart-Maxwell test of equal position
 * shares for paired answers (Stuart 1955, doi:10.1093/biomet/42.3-4.412; Maxwell 1970), which is McNemar's test for three
 * answers. Trials on which either made no choice do not count.
 * @throws AffectomeError as `agreement` does.
 */
export function promptDifference(
  trials: Trials,
  [nameA, a]: readonly [string, Judgments],
  [nameB, b]: readonly [string, Judgments],
): PromptDifference {
  checkSameTrials(trials.nTrials, a.nTrials, 'for these trials');
  const compared = agreement(nameA, a, nameB, b);
  const table = [0, 1, 2].map(() => [0, 0, 0]);
  for (let trial = 0; trial < trials.nTrials; trial++) {
    if (a.choice[trial] === noChoice || b.choice[trial] === noChoice) continue;
    const position = shownPosition[trials.shownOrder[trial]];
    table[position[a.choice[trial]]][position[b.choice[trial]]]++;
  }
  const test = stuartMaxwell(table);
  return {
    agreement: compared,
    positions: table,
    positionTest: { ...test, p: chiSquareTail(test.chiSquare, test.df), n: compared.share.n },
  };
}

/** Fleiss and Everitt's closed form for 3 x 3; McNemar's test (1 degree of freedom) where only two positions are ever exchanged. */
function stuartMaxwell(table: readonly (readonly number[])[]): { chiSquare: number; df: number } {
  const half = (i: number, j: number) => (table[i][j] + table[j][i]) / 2;
  const difference = (i: number) =>
    [0, 1, 2].reduce((sum, other) => sum + table[i][other] - table[other][i], 0);
  const [n01, n02, n12] = [half(0, 1), half(0, 2), half(1, 2)];
  const scale = 2 * (n01 * n02 + n01 * n12 + n02 * n12);
  if (scale > 0) {
    const weighed = n12 * difference(0) ** 2 + n02 * difference(1) ** 2 + n01 * difference(2) ** 2;
    return { chiSquare: weighed / scale, df: 2 };
  }
  const exchanged = n01 + n02 + n12;
  const largest = Math.max(...[0, 1, 2].map((i) => difference(i) ** 2));
  return { chiSquare: exchanged === 0 ? 0 : largest / (2 * exchanged), df: 1 };
}
