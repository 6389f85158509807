import { inputError } from '../numerics/errors.js';
import { type Arena, slackBytes } from './arena.js';
import type { Records } from './memory-layout.js';
import type { Problem } from './trainer.js';
import type { TrainingSet } from './training-set.js';

export interface FitData {
  readonly training: TrainingSet;
  /** Measured after each epoch (at most 100,000 of its trials); never trained on. May be empty. */
  readonly heldOut: TrainingSet;
}

/** Held-out trials measured after each epoch. The final evaluation uses all. */
const curveTrials = 100_000;

/** Puts the trials of a fit into shared memory, once for all its runs. */
export function writeProblem(arena: Arena, { training, heldOut }: FitData): Problem {
  return {
    nStimuli: training.nStimuli,
    training: writeRecords(arena, training),
    heldOut: writeRecords(arena, sameWords(thinned(heldOut, curveTrials), training)),
  };
}

/** Copies a set of trials into shared memory in the form the kernel reads. */
function writeRecords(arena: Arena, set: TrainingSet): Records {
  const words = set.targets ? 6 : 3;
  checkIndices(set);
  const at = arena.take(set.nTrials * words * 4 + slackBytes);
  const indices = new Uint32Array(arena.memory.buffer, at, set.nTrials * words);
  if (!set.targets) {
    indices.set(set.oddLast);
    return { at, nRecords: set.nTrials, words };
  }
  const reals = new Float32Array(arena.memory.buffer, at, set.nTrials * words);
  for (let t = 0; t < set.nTrials; t++) {
    for (let place = 0; place < 3; place++) {
      indices[6 * t + place] = set.oddLast[3 * t + place];
      reals[6 * t + 3 + place] = set.targets[3 * t + place];
    }
  }
  return { at, nRecords: set.nTrials, words };
}

/** At most `limit` trials of a set, evenly spaced. */
function thinned(set: TrainingSet, limit: number): TrainingSet {
  if (set.nTrials <= limit) return set;
  const oddLast = new Uint32Array(3 * limit);
  const targets = set.targets ? new Float32Array(3 * limit) : undefined;
  for (let t = 0; t < limit; t++) {
    const from = 3 * Math.floor((t * set.nTrials) / limit);
    for (let place = 0; place < 3; place++) {
      oddLast[3 * t + place] = set.oddLast[from + place];
      if (targets) targets[3 * t + place] = set.targets![from + place];
    }
  }
  return { nStimuli: set.nStimuli, nTrials: limit, oddLast, ...(targets && { targets }) };
}

/** The kernel does not check bounds inside its memory; this does, once. */
function checkIndices({ oddLast, nStimuli, nTrials }: TrainingSet): void {
  for (let t = 0; t < nTrials; t++) {
    const i = oddLast[3 * t];
    const j = oddLast[3 * t + 1];
    const k = oddLast[3 * t + 2];
    if (i >= nStimuli || j >= nStimuli || k >= nStimuli || i === j || i === k || j === k) {
      throw inputError({
        problem: `Trial ${t} is (${i}, ${j}, ${k}); expected three different stimuli below ${nStimuli}.`,
      });
    }
  }
}

/** Held-out records must have the layout of the training records: hard choices become targets 1, 0, 0. */
function sameWords(set: TrainingSet, like: TrainingSet): TrainingSet {
  if (!like.targets || set.targets) {
    return like.targets ? set : { nStimuli: set.nStimuli, nTrials: set.nTrials, oddLast: set.oddLast };
  }
  const targets = Float32Array.from({ length: 3 * set.nTrials }, (_, i) => (i % 3 === 0 ? 1 : 0));
  return { ...set, targets };
}
