import { shownPosition, type Trials, unknownOrder } from '../trials/trials.js';
import { type Judgments, noChoice } from './judgments.js';

/**
 * How often the odd one out was the stimulus shown first, second, third; trials without a choice or without a recorded
 * shown order do not count. Null when the order of no trial was recorded.
 */
export function countPositions(trials: Trials, { choice }: Judgments): [number, number, number] | null {
  const positionOf = Uint8Array.from(shownPosition.flat());
  const { shownOrder } = trials;
  if (shownOrder.length > 0 && shownOrder.every((code) => code === unknownOrder)) return null;
  const counts = new Uint32Array(3);
  for (let trial = 0; trial < choice.length; trial++) {
    if (choice[trial] !== noChoice && shownOrder[trial] !== unknownOrder)
      counts[positionOf[3 * shownOrder[trial] + choice[trial]]]++;
  }
  return [counts[0], counts[1], counts[2]];
}
