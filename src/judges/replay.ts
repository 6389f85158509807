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
 * Looks each trial up by its triplet. A triplet without an answer fails; of several answers to one triplet the
 * first counts, and a warning says how often later ones differ.
 */
export function replayJudge(
  { trials, choice }: RecordedAnswers,
  { description }: { description?: string } = {},
): OfflineJudge {
  const table = new TripletTable(trials.triplets, trials.nTrials);
  let nConflicts = 0;
  for (let t = 0; t < trials.nTrials; t++) if (choice[table.enter(t)] !== choice[t]) nConflicts++;
  return {
    kind: 'replay',
    description: description ?? `answers of ${trials.nTrials} recorded trials, matched by triplet`,
    warnings:
      nConflicts > 0
        ? [
            `${nConflicts} recorded answers differ from an earlier answer to the same triplet; the first counts.`,
          ]
        : [],
    answer(asked, _key, watch = {}) {
      const answers = new Uint8Array(asked.nTrials);
      inChunks(asked.nTrials, watch, (start, end) => {
        for (let t = start; t < end; t++) {
          const recorded = table.find(asked.triplets, t);
          answers[t] = recorded < 0 ? noChoice : choice[recorded];
        }
        return 0;
      });
      return { nTrials: asked.nTrials, choice: answers, outcome: choiceOutcomes(answers), nTies: 0 };
    },
  };
}
