import { type Key, Random, split } from '../numerics/random.js';

/** How a run of the dyad sampler ended: all dyads filled, or a dyad without a free third. */
export interface DyadDraw {
  /** 3 * nTrials stimulus indices, canonical, in random order; null at a dead end. */
  readonly triplets: Uint32Array | null;
}

/** Draws in a row that may hit taken triplets before the free thirds of the dyad are listed. */
export const listAfter = 32;

/** The streams of one attempt: names of the stimuli, thirds, order of the trials. */
export function dyadStreams(key: Key): { labels: Random; draws: Random } {
  return { labels: new Random(split(key, 'labels')), draws: new Random(split(key, 'draws')) };
}

/** A random renaming of the stimuli: what the sampler calls x is stimulus `labels[x]`. */
export function drawLabels(nStimuli: number, random: Random): Uint32Array {
  return random.shuffle(Uint32Array.from({ length: nStimuli }, (_, index) => index));
}

/**
 * The dyad sampler in plain words, for tests of the kernel: fills the dyads in turn from a set of the triplets taken so far.
 * Same draws as the kernel, about 20 times as slow.
 */
export function drawDyadsReference(nStimuli: number, thirdsPerDyad: number, key: Key): DyadDraw {
  const { labels: labelDraws, draws } = dyadStreams(key);
  const labels = drawLabels(nStimuli, labelDraws);
  const taken = new Set<string>();
  const triplets: number[][] = [];
  for (let x = 0; x < nStimuli; x++) {
    for (let y = x + 1; y < nStimuli; y++) {
      for (let nth = 0; nth < thirdsPerDyad; nth++) {
        const z = drawThird(nStimuli, x, y, taken, draws);
        if (z === null) return { triplets: null };
        taken.add(nameOf(x, y, z));
        triplets.push([labels[x], labels[y], labels[z]].sort((a, b) => a - b));
      }
    }
  }
  return { triplets: Uint32Array.from(shuffleInsideOut(triplets, draws).flat()) };
}

function drawThird(nStimuli: number, x: number, y: number, taken: Set<string>, draws: Random): number | null {
  for (let attempt = 0; attempt < listAfter; attempt++) {
    const draw = draws.below(nStimuli - 2);
    const aboveX = draw >= x ? draw + 1 : draw;
    const z = aboveX >= y ? aboveX + 1 : aboveX;
    if (!taken.has(nameOf(x, y, z))) return z;
  }
  const free: number[] = [];
  for (let z = 0; z < nStimuli; z++) if (z !== x && z !== y && !taken.has(nameOf(x, y, z))) free.push(z);
  return free.length === 0 ? null : free[draws.below(free.length)];
}

const nameOf = (...triplet: number[]): string => triplet.sort((a, b) => a - b).join(' ');

function shuffleInsideOut<Item>(items: Item[], draws: Random): Item[] {
  const result: Item[] = [];
  for (const item of items) {
    const place = draws.below(result.length + 1);
    if (place < result.length) result.push(result[place]);
    result[place] = item;
  }
  return result;
}
