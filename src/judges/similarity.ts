import { type Judgments, noChoice, outcomes } from '../judgments/judgments.js';
import { throwIfCancelled } from '../numerics/errors.js';
import type { Matrix } from '../numerics/matrix.js';
import type { Watch } from '../numerics/progress.js';
import type { Key } from '../numerics/random.js';
import type { Trials } from '../trials/trials.js';
import { trialCoin } from './coin.js';

/** Similarities at most this far below the greatest of a trial count as equal to it. */
export const tieTolerance = 1e-12;

/** Trials between two progress states (and two looks at the abort signal). */
export const trialsPerState = 1 << 18;

/**
 * The most similar pair stays, the third stimulus is the odd one out (P1's rule for its human systems). Pairs whose
 * similarity lies within `tieTolerance` of the greatest are equally good: a coin that belongs to the trial
 * decides between them, and the trial is counted in `nTies`.
 *
 * @param similarity nStimuli x nStimuli, symmetric, without NaN.
 */
export function answerBySimilarity(
  similarity: Matrix,
  trials: Trials,
  key: Key,
  watch: Watch = {},
): Judgments {
  const values =
    similarity.data instanceof Float64Array ? similarity.data : Float64Array.from(similarity.data);
  const choice = new Uint8Array(trials.nTrials);
  const nTies = inChunks(trials.nTrials, watch, (start, end) =>
    chooseOddOnes(values, trials, { start, end, key }, choice),
  );
  return { nTrials: trials.nTrials, choice, outcome: choiceOutcomes(choice), nTies };
}

/** Calls `work(start, end)` for consecutive chunks of the trials and sums what it returns. */
export function inChunks(
  nTrials: number,
  watch: Watch,
  work: (start: number, end: number) => number,
): number {
  let sum = 0;
  for (let start = 0; start < nTrials; start += trialsPerState) {
    throwIfCancelled(watch.signal);
    const end = Math.min(start + trialsPerState, nTrials);
    sum += work(start, end);
    watch.onProgress?.({ task: 'judge', done: end, total: nTrials, unit: 'trials' });
  }
  return sum;
}

interface Chunk {
  readonly start: number;
  readonly end: number;
  readonly key: Key;
}

/** Fills `choice` for the trials of a chunk; returns how many were ties. */
function chooseOddOnes(
  similarity: Float64Array,
  trials: Trials,
  { start, end, key }: Chunk,
  choice: Uint8Array,
): number {
  const { nStimuli, triplets } = trials;
  let nTies = 0;
  for (let trial = start, at = 3 * start; trial < end; trial++, at += 3) {
    const rowI = triplets[at] * nStimuli;
    const j = triplets[at + 1];
    const k = triplets[at + 2];
    const ij = similarity[rowI + j];
    const ik = similarity[rowI + k];
    const jk = similarity[j * nStimuli + k];
    const best = Math.max(ij, ik, jk);
    const limit = best - tieTolerance;
    // Bit p is set when leaving out place p keeps a best pair; a power of two means one winner.
    const winners = (jk >= limit ? 1 : 0) | (ik >= limit ? 2 : 0) | (ij >= limit ? 4 : 0);
    if ((winners & (winners - 1)) === 0) {
      choice[trial] = winners >> 1;
    } else {
      choice[trial] = decideTie(winners, trialCoin(key, trial));
      nTies++;
    }
  }
  return nTies;
}

/** One of the places whose bits are set in `winners`, each equally likely. */
export function decideTie(winners: number, coin: number): number {
  const places = [0, 1, 2].filter((place) => winners & (1 << place));
  return places[Math.floor(coin * places.length)];
}

/** The outcome column that belongs to a choice column: every trial with an odd one out is a `choice`, others `failed`. */
export function choiceOutcomes(choice: Uint8Array): Uint8Array {
  const failed = outcomes.indexOf('failed');
  return choice.map((place) => (place === noChoice ? failed : 0));
}
