import { shownPosition, type Trials } from '../trials/trials.js';
import { type Judgments, noChoice } from './judgments.js';

/** How often the odd one out was the stimulus shown first, second, third; trials without a choice do not count. */
export function countPositions(trials: Trials, { choice }: Judgments): [number, number, number] {
  const positionOf = Uint8Array.from(shownPosition.flat());
  const { shownOrder } = trials;
  const counts = new Uint32Array(3);
  for (let trial = 0; trial < choice.length; trial++) {
    if (choice[trial] !== noChoice) counts[positionOf[3 * shownOrder[trial] + choice[trial]]]++;
  }
  return [counts[0], counts[1], counts[2]];
}
