import { noChoice } from '../judgments/judgments.js';
import type { Trials } from '../trials/trials.js';
import { TripletTable } from '../trials/triplet-table.js';
import type { OfflineJudge } from './judge.js';
import { choiceOutcomes, inChunks } from './similarity.js';

/** Answers that are already there: canonical triplets and the place (0, 1, 2) of the odd one out in each. */
export interface RecordedAnswers {
  readonly trials: Trials;
  readonly choice: Uint8Array;
}

/**
 * Looks each trial up by its triplet: the n-th time that a set of trials asks a triplet, it gets the n-th recorded answer
 * to it, so that the recorded trials themselves are answered row by row. A trial beyond the recorded answers fails.
 */
export function replayJudge(
  { trials, choice }: RecordedAnswers,
  { description }: { description?: string } = {},
): OfflineJudge {
  const { table, following } = chainAnswers(trials);
  return {
    kind: 'replay',
    description:
      description ??
      `the n-th recorded answer, of ${trials.nTrials} in all, when a triplet is asked for the n-th time`,
    warnings: [],
    hasUnknownOrder: true,
    answer(asked, _key, watch = {}) {
      const answers = new Uint8Array(asked.nTrials).fill(noChoice);
      const next = Uint32Array.from(following, (_, trial) => trial);
      inChunks(asked.nTrials, watch, (start, end) => {
        for (let t = start; t < end; t++) {
          const first = table.find(asked.triplets, t);
          if (first < 0 || next[first] === none) continue;
          answers[t] = choice[next[first]];
          next[first] = following[next[first]];
        }
        return 0;
      });
      return { nTrials: asked.nTrials, choice: answers, outcome: choiceOutcomes(answers), nTies: 0 };
    },
  };
}

/** Stands for "no further answer". */
const none = 0xffffffff;

/** The first trial of each triplet, by the table; and for each trial the next one that asks the same triplet. */
function chainAnswers({ nTrials, triplets }: Trials): { table: TripletTable; following: Uint32Array } {
  const table = new TripletTable(triplets, nTrials);
  const following = new Uint32Array(nTrials).fill(none);
  const last = new Uint32Array(nTrials);
  for (let t = 0; t < nTrials; t++) {
    const first = table.enter(t);
    if (first !== t) following[last[first]] = t;
    last[first] = t;
  }
  return { table, following };
}
