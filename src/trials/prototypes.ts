import { configError } from '../numerics/errors.js';
import type { Ratings } from '../stimuli/ratings.js';

export interface Prototypes {
  /** Stimulus indices, ascending, each once. */
  readonly stimuli: Uint32Array;
  /** Per category the indices chosen for it, best first; a stimulus may stand for several categories. */
  readonly byCategory: readonly { readonly category: string; readonly stimuli: readonly number[] }[];
  /** Categories in which a stimulus was left out although its rating equals that of one taken. */
  readonly nTies: number;
  /** Choices of a stimulus that another category had chosen already. */
  readonly nMerged: number;
}

/**
 * The `perCategory` highest-rated stimuli of each rating category (P1: two, which makes 66 of 34 categories), duplicates merged.
 * Of equal ratings the stimulus that comes first in the set is taken; `nTies` says in how many categories that decided.
 * Stimuli rated at the scale's minimum, or not at all, stand for no category; scales of kind `dimension` are passed over.
 * @throws AffectomeError `config` when the ratings have no category.
 */
export function choosePrototypes(ratings: Ratings, perCategory: number): Prototypes {
  const categories = ratings.scales.flatMap((scale, index) => (scale.kind === 'category' ? [index] : []));
  if (categories.length === 0) {
    throw configError({
      problem: `Ratings "${ratings.name}" have no category; prototypes are the highest-rated stimuli of each category.`,
      where: { field: 'trials.validation.from' },
      remedy: 'Name ratings with kind: category.',
    });
  }
  const choices = categories.map((index) => highestRated(ratings, index, perCategory));
  const chosen = choices.flatMap(({ stimuli }) => stimuli);
  const stimuli = Uint32Array.from(new Set(chosen)).sort();
  return {
    stimuli,
    byCategory: choices.map(({ category, stimuli }) => ({ category, stimuli })),
    nTies: choices.filter(({ isTied }) => isTied).length,
    nMerged: chosen.length - stimuli.length,
  };
}

function highestRated({ scales, nStimuli, values }: Ratings, scale: number, count: number) {
  const ratingOf = (stimulus: number) => values[stimulus * scales.length + scale];
  const rated: number[] = [];
  for (let index = 0; index < nStimuli; index++) if (ratingOf(index) > scales[scale].min) rated.push(index);
  rated.sort((a, b) => ratingOf(b) - ratingOf(a) || a - b);
  const stimuli = rated.slice(0, count);
  const isTied = rated.length > count && ratingOf(rated[count]) === ratingOf(rated[count - 1]);
  return { category: scales[scale].name, stimuli, isTied };
}
