import { type Estimate, intervalFrom, proportionEstimate, standardErrorOf } from '../numerics/statistics.js';
import type { Embedding } from './embedding.js';
import { checkStimuli, forEachBlock, requireTrials } from './predict.js';
import type { Evaluation } from './results.js';
import type { TrainingSet } from './training-set.js';

/**
 * What an exact tie for the largest probability counts. `wrong`: never correct, as in the published SPoSE code;
 * `expected`: 1 / (number tied) when the kept pair is among them, the mean of breaking ties at random.
 */
export type TieRule = Evaluation['tieRule'];

const chance = 1 / 3;

/**
 * Accuracy and log-likelihood of an embedding on trials it was not trained on (chance: 1/3 and -ln 3).
 * The observed choice is what counts, also when the set carries soft targets.
 * `ceiling` is the judge's own choice consistency (`noiseCeiling`), for the explainable share.
 * @throws AffectomeError `input` without trials, `artifact` when they name stimuli the embedding does not have.
 */
export function evaluate(
  embedding: Embedding,
  heldOut: TrainingSet,
  { ceiling = null, ties = 'wrong' }: { ceiling?: Estimate | null; ties?: TieRule } = {},
): Evaluation {
  requireTrials(heldOut);
  checkStimuli(embedding, heldOut);
  const { nCorrect, nTies, sum, sumOfSquares } = tally(embedding, heldOut, ties);
  const accuracy = proportionEstimate(nCorrect, heldOut.nTrials);
  return {
    accuracy,
    logLikelihood: meanFromSums(sum, sumOfSquares, heldOut.nTrials),
    nTies,
    tieRule: ties,
    ceiling,
    explainable: ceiling && explainableShare(accuracy, ceiling),
  };
}

function tally(embedding: Embedding, set: TrainingSet, ties: TieRule) {
  let nCorrect = 0;
  let nTies = 0;
  let sum = 0;
  let sumOfSquares = 0;
  forEachBlock(embedding, set, (similarities) => {
    for (let t = 0; t < similarities.length; t += 3) {
      const kept = similarities[t];
      const aOdd = similarities[t + 1];
      const bOdd = similarities[t + 2];
      const max = Math.max(kept, aOdd, bOdd);
      const nTied = (kept === max ? 1 : 0) + (aOdd === max ? 1 : 0) + (bOdd === max ? 1 : 0);
      if (nTied > 1) nTies++;
      if (kept === max) nCorrect += correctness(nTied, ties);
      const logLikelihood =
        kept - max - Math.log(Math.exp(kept - max) + Math.exp(aOdd - max) + Math.exp(bOdd - max));
      sum += logLikelihood;
      sumOfSquares += logLikelihood * logLikelihood;
    }
  });
  return { nCorrect, nTies, sum, sumOfSquares };
}

/** What a trial counts whose kept pair is one of `nTied` pairs with the largest probability. */
export function correctness(nTied: number, ties: TieRule): number {
  if (nTied === 1) return 1;
  return ties === 'expected' ? 1 / nTied : 0;
}

function meanFromSums(sum: number, sumOfSquares: number, n: number): Estimate {
  const value = sum / n;
  const variance = Math.max(0, sumOfSquares - n * value * value) / (n - 1);
  return intervalFrom(value, Math.sqrt(variance / n), { method: 'normal', n });
}

/**
 * Share of what the judge's own consistency allows: (accuracy - 1/3) / (ceiling - 1/3).
 * Interval by first-order propagation of both standard errors; NaN when the ceiling is not above chance.
 */
export function explainableShare(accuracy: Estimate, ceiling: Estimate): Estimate {
  const room = ceiling.value - chance;
  const share = room > 0 ? (accuracy.value - chance) / room : Number.NaN;
  const standardError =
    Math.hypot(standardErrorOf(accuracy), share * standardErrorOf(ceiling)) / (room > 0 ? room : Number.NaN);
  return intervalFrom(share, standardError, {
    method: 'delta method: standard errors of accuracy and ceiling propagated to their ratio',
    n: accuracy.n,
  });
}
