import { type Judgments, noChoice } from '../judgments/judgments.js';
import { artifactError } from '../numerics/errors.js';
import { type Key, Random } from '../numerics/random.js';
import type { Trials } from '../trials/trials.js';
import { chooseGroups, repeatedTriplets } from './triplet-groups.js';

/** What SPoSE learns from: the kept pair first, the odd one out last. */
export interface TrainingSet {
  readonly nStimuli: number;
  readonly nTrials: number;
  /** 3 * nTrials stimulus indices; the third of each trial is the odd one out. */
  readonly oddLast: Uint32Array;
  /** 3 * nTrials probabilities that pair (0,1), (0,2), (1,2) of `oddLast` is kept; absent for hard choices (1, 0, 0). */
  readonly targets?: Float32Array;
}

/**
 * Joins trials and answers; trials without a choice, and those marked (1) in `leftOut`, are left out.
 * With `soft`, the judge's probabilities become the targets (rows are scaled to sum to 1).
 */
export function trainingSet(
  trials: Trials,
  judgments: Judgments,
  { soft = false, leftOut }: { soft?: boolean; leftOut?: Uint8Array } = {},
): TrainingSet {
  if (judgments.nTrials !== trials.nTrials) {
    throw artifactError({
      problem: `There are ${judgments.nTrials} judgments for ${trials.nTrials} trials.`,
      remedy: 'Judge the trials again: affectome judge.',
    });
  }
  const { choice } = judgments;
  const isUsed = (trial: number) => choice[trial] !== noChoice && leftOut?.[trial] !== 1;
  let nTrials = 0;
  for (let t = 0; t < choice.length; t++) if (isUsed(t)) nTrials++;
  const oddLast = new Uint32Array(3 * nTrials);
  const targets = soft && judgments.probabilities ? new Float32Array(3 * nTrials) : undefined;
  const { triplets } = trials;
  for (let t = 0, to = 0; t < choice.length; t++) {
    if (!isUsed(t)) continue;
    const odd = choice[t];
    const first = odd === 0 ? 1 : 0;
    const second = odd === 2 ? 1 : 2;
    oddLast[to] = triplets[3 * t + first];
    oddLast[to + 1] = triplets[3 * t + second];
    oddLast[to + 2] = triplets[3 * t + odd];
    if (targets) setTargets(targets, to, judgments.probabilities!, 3 * t, first, second, odd);
    to += 3;
  }
  return { nStimuli: trials.nStimuli, nTrials, oddLast, ...(targets && { targets }) };
}

/** The pair that leaves out place p is kept with probability p(odd = p). */
function setTargets(
  targets: Float32Array,
  to: number,
  probabilities: Float32Array,
  from: number,
  first: number,
  second: number,
  odd: number,
): void {
  const sum = probabilities[from] + probabilities[from + 1] + probabilities[from + 2];
  targets[to] = probabilities[from + odd] / sum;
  targets[to + 1] = probabilities[from + second] / sum;
  targets[to + 2] = probabilities[from + first] / sum;
}

/**
 * Splits a set in two at random: `heldOutShare` of the trials (rounded down) are held out. Trials that ask the same
 * triplet go to the same side; where triplets repeat, the number held out is as near to that share as this allows.
 */
export function splitTrainingSet(
  set: TrainingSet,
  heldOutShare: number,
  key: Key,
): { training: TrainingSet; heldOut: TrainingSet } {
  const nHeldOut = Math.floor(set.nTrials * heldOutShare);
  const random = new Random(key);
  const groups = repeatedTriplets(set);
  const isHeldOut = groups
    ? chooseGroups(groups, nHeldOut, random)
    : chooseFlags(set.nTrials, nHeldOut, random);
  return { training: takeTrials(set, isHeldOut, 0), heldOut: takeTrials(set, isHeldOut, 1) };
}

/** Marks exactly `count` of `total` places, every subset equally likely, in one pass (Knuth's algorithm S). */
function chooseFlags(total: number, count: number, random: Random): Uint8Array {
  const flags = new Uint8Array(total);
  let left = count;
  for (let i = 0; i < total; i++) {
    if (random.below(total - i) < left) {
      flags[i] = 1;
      left--;
    }
  }
  return flags;
}

/** The trials whose mark is `wanted`, in order. */
export function takeTrials(set: TrainingSet, marks: Uint8Array, wanted: number): TrainingSet {
  let nTrials = 0;
  for (let t = 0; t < marks.length; t++) if (marks[t] === wanted) nTrials++;
  const oddLast = new Uint32Array(3 * nTrials);
  const targets = set.targets ? new Float32Array(3 * nTrials) : undefined;
  for (let t = 0, to = 0; t < marks.length; t++) {
    if (marks[t] !== wanted) continue;
    for (let place = 0; place < 3; place++) {
      oddLast[to + place] = set.oddLast[3 * t + place];
      if (targets) targets[to + place] = set.targets![3 * t + place];
    }
    to += 3;
  }
  return { nStimuli: set.nStimuli, nTrials, oddLast, ...(targets && { targets }) };
}
