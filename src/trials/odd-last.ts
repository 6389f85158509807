import { inputError } from '../numerics/errors.js';
import { type Trials, unknownOrder } from './trials.js';
import { groupTriplets } from './triplet-table.js';

/** Trials with the answers that came with them. */
export interface AnsweredTrials {
  /** All shown orders are `unknownOrder`: the field's files do not say how a trial was shown. */
  readonly trials: Trials;
  /** Canonical place (0, 1, 2) of the odd one out, as in `Judgments.choice`. */
  readonly choice: Uint8Array;
  /** As given, otherwise the largest index + 1. */
  readonly nStimuli: number;
}

export interface ReadTripletOptions {
  /** Number of stimuli: larger indices are errors. */
  readonly nStimuli?: number;
  /** People answer the same triplet repeatedly, so repeats are allowed unless `error`; `countRepeats` counts them. */
  readonly duplicates?: 'allow' | 'error';
}

/**
 * Indices at or above this are refused in files read without `nStimuli`: everything later has a row per stimulus,
 * so that one damaged number would fill the memory.
 */
export const maxUnstatedStimuli = 1_000_000;

/** The first index that is too large. */
export const indexLimit = ({ nStimuli = maxUnstatedStimuli }: ReadTripletOptions): number => nStimuli;

/** The remedy for an index that is too large; `index` may be the sign of a file that counts from 1. */
export function limitRemedy(index: number, { nStimuli }: ReadTripletOptions): string {
  if (nStimuli === undefined)
    return 'Check the file, or say the number of stimuli if there really are so many.';
  if (index === nStimuli)
    return 'Indices count from 0: if the file counts from 1, subtract 1 from every number.';
  return 'Check that the file belongs to these stimuli.';
}

/**
 * Turns rows i j k, odd one last, into canonical trials and choices. Works in place: `rows` becomes `trials.triplets`.
 * @param placeOf names row `index` in messages.
 */
export function fromOddLast(
  rows: Uint32Array,
  file: string,
  options: ReadTripletOptions,
  placeOf: (index: number) => { line?: number; words: string },
): AnsweredTrials {
  const nTrials = rows.length / 3;
  const choice = new Uint8Array(nTrials);
  let largest = 0;
  for (let trial = 0, at = 0; trial < nTrials; trial++, at += 3) {
    const a = rows[at];
    const b = rows[at + 1];
    const odd = rows[at + 2];
    const low = Math.min(a, b);
    const high = Math.max(a, b);
    const place = (odd > low ? 1 : 0) + (odd > high ? 1 : 0);
    choice[trial] = place;
    rows[at] = place === 0 ? odd : low;
    rows[at + 1] = place === 0 ? low : place === 1 ? odd : high;
    const top = place === 2 ? odd : high;
    rows[at + 2] = top;
    if (top > largest) largest = top;
  }
  const nStimuli = options.nStimuli ?? largest + 1;
  const shownOrder = new Uint8Array(nTrials).fill(unknownOrder);
  const trials: Trials = { nStimuli, nTrials, triplets: rows, shownOrder };
  if (options.duplicates === 'error') refuseRepeats(trials, file, placeOf);
  return { trials, choice, nStimuli };
}

function refuseRepeats(
  trials: Trials,
  file: string,
  placeOf: (index: number) => { line?: number; words: string },
): void {
  const { group, nGroups } = groupTriplets(trials);
  if (nGroups === trials.nTrials) return;
  const repeat = group.findIndex((number, trial) => number !== trial);
  const { line } = placeOf(repeat);
  throw inputError({
    problem: `${placeOf(repeat).words} asks the same triplet as ${placeOf(group[repeat]).words}; ${trials.nTrials - nGroups} of ${trials.nTrials} trials are repeats.`,
    where: { file, ...(line !== undefined && { line }) },
    remedy: "Remove the repeats, or read with duplicates: 'allow'.",
  });
}

/** Rows i j k with the odd one last and the kept pair in ascending order; trials without a choice are left out. */
export function* oddLastRows(
  { triplets, nTrials }: Trials,
  choice: Uint8Array,
): Generator<[number, number, number]> {
  for (let trial = 0; trial < nTrials; trial++) {
    const place = choice[trial];
    if (place > 2) continue;
    const at = 3 * trial;
    yield [triplets[at + (place === 0 ? 1 : 0)], triplets[at + (place === 2 ? 1 : 2)], triplets[at + place]];
  }
}
