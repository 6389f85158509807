import { type Key, Random } from '#dist/numerics/index.js';
import type { Trials } from '#dist/trials/index.js';

/** Random triplets, i < j < k, in random shown orders; repeats may occur. */
export function randomTrials(nStimuli: number, nTrials: number, key: Key): Trials {
  const random = new Random(key);
  const triplets = new Uint32Array(3 * nTrials);
  const shownOrder = new Uint8Array(nTrials);
  for (let t = 0; t < nTrials; t++) {
    triplets.set(random.sample(nStimuli, 3).sort(), 3 * t);
    shownOrder[t] = random.below(6);
  }
  return { nStimuli, nTrials, triplets, shownOrder };
}

/** The trials from `start` to `end`. */
export function someTrials({ nStimuli, triplets, shownOrder }: Trials, start: number, end: number): Trials {
  return {
    nStimuli,
    nTrials: end - start,
    triplets: triplets.slice(3 * start, 3 * end),
    shownOrder: shownOrder.slice(start, end),
  };
}
