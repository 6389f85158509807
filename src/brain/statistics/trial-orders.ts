import { configError } from '../../numerics/errors.js';
import { type Key, Random, split } from '../../numerics/random.js';

export interface PermutationOptions {
  readonly nPermutations: number;
  /** A label per trial (its run): trials change places with those of the same label only. Without it all may. */
  readonly within?: ArrayLike<number>;
  /**
   * A label per trial: trials of a block (repeats of a stimulus, neighbours in time) stay together in their order, and blocks of the
   * same length and the same label of `within` change places. Without it every trial is a block.
   */
  readonly blocks?: ArrayLike<number>;
}

/**
 * The order as it is, then the permuted ones: at place t stands the trial that moves there.
 * @throws AffectomeError `config` for less than one permutation, labels that are not one per trial, blocks across labels, and
 * blocks of which none can change places.
 */
export function trialOrders(
  nTrials: number,
  key: Key,
  { nPermutations, within, blocks }: PermutationOptions,
): Uint32Array[] {
  if (!(nPermutations >= 1)) throw configError({ problem: `${nPermutations} permutations are too few.` });
  for (const [name, labels] of Object.entries({ within, blocks })) {
    if (labels && labels.length !== nTrials)
      throw configError({ problem: `${name} has ${labels.length} labels for ${nTrials} trials.` });
  }
  const groups = exchangeable(nTrials, within, blocks);
  return Array.from({ length: nPermutations + 1 }, (_, index) => {
    const order = Uint32Array.from({ length: nTrials }, (__, t) => t);
    if (index === 0) return order;
    const random = new Random(split(key, 'permutation', index));
    for (const group of groups) {
      const shuffled = random.shuffle(Uint32Array.from(group.keys()));
      group.forEach((block, place) => {
        block.forEach((trial, i) => {
          order[trial] = group[shuffled[place]][i];
        });
      });
    }
    return order;
  });
}

/** Blocks that may change places with each other. */
function exchangeable(
  nTrials: number,
  within: ArrayLike<number> | undefined,
  blocks: ArrayLike<number> | undefined,
): number[][][] {
  const trialsOf = new Map<number, number[]>();
  for (let t = 0; t < nTrials; t++) {
    const block = blocks ? blocks[t] : t;
    trialsOf.set(block, [...(trialsOf.get(block) ?? []), t]);
  }
  const groups = new Map<string, number[][]>();
  for (const trials of trialsOf.values()) {
    const label = within ? within[trials[0]] : 0;
    if (within && trials.some((t) => within[t] !== label))
      throw configError({
        problem: `The block of trial ${trials[0] + 1} reaches over two labels of within.`,
      });
    const name = `${label} ${trials.length}`;
    groups.set(name, [...(groups.get(name) ?? []), trials]);
  }
  const found = [...groups.values()];
  if (found.some((group) => group.length > 1)) return found;
  throw configError({
    problem: 'No two blocks of trials have the same length and label: nothing can change places.',
    remedy: 'Use shorter blocks, or fewer labels.',
  });
}
