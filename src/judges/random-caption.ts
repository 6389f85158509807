import type { Judgments } from '../judgments/judgments.js';
import type { Matrix } from '../numerics/matrix.js';
import type { Watch } from '../numerics/progress.js';
import { type Key, split } from '../numerics/random.js';
import type { Trials } from '../trials/trials.js';
import { trialCoin } from './coin.js';
import { choiceOutcomes, decideTie, inChunks, tieTolerance } from './similarity.js';
import { dotOfRows, type SparseRows } from './words.js';

/**
 * As `answerBySimilarity`, with one caption drawn per stimulus and trial. A stimulus without captions has similarity 0.
 *
 * @param captions one vector per caption, the captions of stimulus 0 first; `nCaptions` says how many each stimulus has.
 */
export function answerByRandomCaption(
  captions: Matrix | SparseRows,
  nCaptions: readonly number[],
  trials: Trials,
  key: Key,
  watch: Watch = {},
): Judgments {
  const similarity = similarityOf(captions);
  const firstCaption = firstOfEach(nCaptions);
  const choice = new Uint8Array(trials.nTrials);
  const tieKey = split(key, 'ties');
  const placeKeys = [0, 1, 2].map((place) => split(key, 'caption', place));
  const shown = new Int32Array(3);
  const nTies = inChunks(trials.nTrials, watch, (start, end) => {
    let ties = 0;
    for (let trial = start; trial < end; trial++) {
      for (let place = 0; place < 3; place++) {
        const stimulus = trials.triplets[3 * trial + place];
        const n = nCaptions[stimulus];
        shown[place] =
          n === 0 ? -1 : firstCaption[stimulus] + Math.floor(trialCoin(placeKeys[place], trial) * n);
      }
      const winners = winnersOf(
        similarity(shown[0], shown[1]),
        similarity(shown[0], shown[2]),
        similarity(shown[1], shown[2]),
      );
      const isTie = (winners & (winners - 1)) !== 0;
      choice[trial] = isTie ? decideTie(winners, trialCoin(tieKey, trial)) : winners >> 1;
      if (isTie) ties++;
    }
    return ties;
  });
  return { nTrials: trials.nTrials, choice, outcome: choiceOutcomes(choice), nTies };
}

/** Bit p is set when leaving out place p keeps a pair as similar as the best. */
function winnersOf(ij: number, ik: number, jk: number): number {
  const limit = Math.max(ij, ik, jk) - tieTolerance;
  return (jk >= limit ? 1 : 0) | (ik >= limit ? 2 : 0) | (ij >= limit ? 4 : 0);
}

function firstOfEach(nCaptions: readonly number[]): Uint32Array {
  const first = new Uint32Array(nCaptions.length);
  for (let s = 1; s < first.length; s++) first[s] = first[s - 1] + nCaptions[s - 1];
  return first;
}

type CaptionSimilarity = (a: number, b: number) => number;

function similarityOf(captions: Matrix | SparseRows): CaptionSimilarity {
  if ('data' in captions) return denseSimilarity(captions);
  return (a, b) => (a < 0 || b < 0 ? 0 : dotOfRows(captions, a, b));
}

function denseSimilarity({ nRows, nColumns, data }: Matrix): CaptionSimilarity {
  const unit = Float64Array.from(data);
  for (let r = 0; r < nRows; r++) {
    const vector = unit.subarray(r * nColumns, (r + 1) * nColumns);
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let c = 0; c < nColumns; c++) vector[c] /= length;
  }
  return (a, b) => {
    if (a < 0 || b < 0) return 0;
    let sum = 0;
    for (let c = 0, atA = a * nColumns, atB = b * nColumns; c < nColumns; c++)
      sum += unit[atA + c] * unit[atB + c];
    return sum;
  };
}
