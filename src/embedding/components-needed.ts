import type { Embedding } from './embedding.js';
import { correctness, type TieRule } from './evaluate.js';
import { checkStimuli, requireTrials } from './predict.js';
import type { ComponentsNeeded } from './results.js';
import type { TrainingSet } from './training-set.js';

/**
 * How many components per stimulus carry the choices (P1 Fig. 7f): only the k largest weights of each stimulus are kept,
 * k = 1 .. nComponents, and accuracy is measured again. `for95` and `for99` are the smallest k that reach 95 % and 99 %
 * of the full accuracy. Ties among a stimulus's weights go to the component that comes first.
 *
 * One pass for all k: component c adds to x_a . x_b from the k on at which both stimuli keep it, the later of its two ranks.
 * @throws AffectomeError `input` without trials, `artifact` when they name stimuli the embedding does not have.
 */
export function componentsNeeded(
  embedding: Embedding,
  heldOut: TrainingSet,
  { ties = 'wrong' }: { ties?: TieRule } = {},
): ComponentsNeeded {
  requireTrials(heldOut);
  checkStimuli(embedding, heldOut);
  const nCorrect = correctByRank(embedding, heldOut, ties);
  const accuracy = Array.from(nCorrect, (count) => count / heldOut.nTrials);
  const fullAccuracy = accuracy.at(-1) ?? Number.NaN;
  const reaching = (share: number) => accuracy.findIndex((value) => value >= share * fullAccuracy) + 1;
  return { accuracy, tieRule: ties, fullAccuracy, for95: reaching(0.95), for99: reaching(0.99) };
}

/** Number of correct trials when each stimulus keeps its 1, 2, ... nComponents largest weights. */
function correctByRank(embedding: Embedding, set: TrainingSet, ties: TieRule): Float64Array {
  const { nComponents, weights } = embedding;
  const { nTrials, oddLast } = set;
  const ranks = weightRanks(embedding);
  const nCorrect = new Float64Array(nComponents);
  const steps = new Float64Array(3 * nComponents);
  for (let t = 0; t < nTrials; t++) {
    const a = oddLast[3 * t] * nComponents;
    const b = oddLast[3 * t + 1] * nComponents;
    const odd = oddLast[3 * t + 2] * nComponents;
    steps.fill(0);
    for (let c = 0; c < nComponents; c++) {
      const weightA = weights[a + c];
      const weightB = weights[b + c];
      const weightOdd = weights[odd + c];
      const rankA = ranks[a + c];
      const rankB = ranks[b + c];
      const rankOdd = ranks[odd + c];
      steps[3 * Math.max(rankA, rankB)] += weightA * weightB;
      steps[3 * Math.max(rankA, rankOdd) + 1] += weightA * weightOdd;
      steps[3 * Math.max(rankB, rankOdd) + 2] += weightB * weightOdd;
    }
    addCorrect(steps, nCorrect, ties);
  }
  return nCorrect;
}

/** Sums the steps of one trial up to each rank and counts where the kept pair is the most similar. */
function addCorrect(steps: Float64Array, nCorrect: Float64Array, ties: TieRule): void {
  let kept = 0;
  let aOdd = 0;
  let bOdd = 0;
  for (let k = 0; k < nCorrect.length; k++) {
    kept += steps[3 * k];
    aOdd += steps[3 * k + 1];
    bOdd += steps[3 * k + 2];
    if (kept < aOdd || kept < bOdd) continue;
    nCorrect[k] += correctness(1 + (kept === aOdd ? 1 : 0) + (kept === bOdd ? 1 : 0), ties);
  }
}

/** Rank (0 = largest) of each weight among its stimulus's weights, laid out like `weights`. */
function weightRanks(embedding: Embedding): Uint16Array {
  const { nStimuli, nComponents, weights } = embedding;
  const ranks = new Uint16Array(nStimuli * nComponents);
  const order = Array.from({ length: nComponents }, (_, c) => c);
  for (let s = 0; s < nStimuli; s++) {
    const start = s * nComponents;
    order.sort((c, d) => weights[start + d] - weights[start + c] || c - d);
    for (let rank = 0; rank < nComponents; rank++) ranks[start + order[rank]] = rank;
  }
  return ranks;
}
