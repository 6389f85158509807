import { inputError } from '../numerics/errors.js';
import type { Ratings } from './ratings.js';

/**
 * The category with the highest rating per stimulus, as an index into `ratings.scales`; among equals the first in column order.
 * -1 where every category is missing or at its minimum (nobody chose any). Dimensions are passed over.
 *
 * @returns nStimuli indices
 */
export function topCategory(ratings: Ratings): Int32Array {
  return scan(ratings).top;
}

/** Number of stimuli whose highest rating is shared by two or more categories, where column order decides. */
export function countTopCategoryTies(ratings: Ratings): number {
  return scan(ratings).nTies;
}

function scan({ name, scales, nStimuli, values }: Ratings): { top: Int32Array; nTies: number } {
  const categories = scales.flatMap(({ kind }, index) => (kind === 'category' ? [index] : []));
  if (categories.length === 0) {
    throw inputError({
      problem: `the ratings "${name}" have no category scales; a top category needs them.`,
      remedy: 'Choose ratings of kind category.',
    });
  }
  const top = new Int32Array(nStimuli).fill(-1);
  let nTies = 0;
  for (let i = 0; i < nStimuli; i++) {
    let best = Number.NEGATIVE_INFINITY;
    let isTie = false;
    for (const scale of categories) {
      const value = values[i * scales.length + scale];
      if (!(value > scales[scale].min)) continue;
      if (value === best) isTie = true;
      if (value <= best) continue;
      best = value;
      isTie = false;
      top[i] = scale;
    }
    if (isTie) nTies++;
  }
  return { top, nTies };
}
