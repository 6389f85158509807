import type { Random } from '../numerics/random.js';
import { hasRepeats } from '../trials/triplet-repeats.js';
import { groupTriplets } from '../trials/triplet-table.js';
import type { TrainingSet } from './training-set.js';

/** Which trials ask the same triplet: they stay together, so that what is held out was never trained on. */
export interface TripletGroups {
  /** Group of each trial, numbered by first appearance. */
  readonly group: Uint32Array;
  /** Trials in each group. */
  readonly sizes: Uint32Array;
}

/** The trials by triplet; null when no triplet repeats, as in every design but `file`. */
export function repeatedTriplets({ nStimuli, nTrials, oddLast }: TrainingSet): TripletGroups | null {
  if (!hasRepeats(oddLast, nStimuli)) return null;
  const { group, nGroups } = groupTriplets({ nTrials, triplets: ascending(oddLast) });
  const sizes = new Uint32Array(nGroups);
  for (let t = 0; t < nTrials; t++) sizes[group[t]]++;
  return { group, sizes };
}

/** Each trial's three stimuli in ascending order. */
function ascending(oddLast: Uint32Array): Uint32Array {
  const triplets = new Uint32Array(oddLast.length);
  for (let at = 0; at < triplets.length; at += 3) {
    const a = oddLast[at];
    const b = oddLast[at + 1];
    const c = oddLast[at + 2];
    triplets[at] = Math.min(a, b, c);
    triplets[at + 2] = Math.max(a, b, c);
    triplets[at + 1] = a + b + c - triplets[at] - triplets[at + 2];
  }
  return triplets;
}

/**
 * Marks (1) the trials of whole groups in random order as long as they fit into `count`; a last group that brings the
 * number nearer to `count` may exceed it.
 */
export function chooseGroups({ group, sizes }: TripletGroups, count: number, random: Random): Uint8Array {
  const isChosen = new Uint8Array(sizes.length);
  let left = count;
  let smallest = -1;
  for (const index of inRandomOrder(sizes.length, random)) {
    if (sizes[index] <= left) {
      isChosen[index] = 1;
      left -= sizes[index];
    } else if (smallest < 0 || sizes[index] < sizes[smallest]) smallest = index;
  }
  if (smallest >= 0 && sizes[smallest] - left < left) isChosen[smallest] = 1;
  return perTrial(group, isChosen);
}

/**
 * Fold (0 .. nFolds - 1) of each trial: the largest groups first, equal ones in random order, each to the fold with the
 * fewest trials. Fold sizes differ by at most the largest group.
 */
export function foldGroups({ group, sizes }: TripletGroups, nFolds: number, random: Random): Uint8Array {
  const order = inRandomOrder(sizes.length, random).sort((a, b) => sizes[b] - sizes[a]);
  const nInFold = new Float64Array(nFolds);
  const foldOfGroup = new Uint8Array(sizes.length);
  for (const index of order) {
    let fold = 0;
    for (let other = 1; other < nFolds; other++) if (nInFold[other] < nInFold[fold]) fold = other;
    foldOfGroup[index] = fold;
    nInFold[fold] += sizes[index];
  }
  return perTrial(group, foldOfGroup);
}

function perTrial(group: Uint32Array, ofGroup: Uint8Array): Uint8Array {
  const values = new Uint8Array(group.length);
  for (let t = 0; t < group.length; t++) values[t] = ofGroup[group[t]];
  return values;
}

function inRandomOrder(count: number, random: Random): Uint32Array {
  return random.shuffle(Uint32Array.from({ length: count }, (_, index) => index));
}
