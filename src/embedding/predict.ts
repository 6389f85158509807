import { artifactError, inputError } from '../numerics/errors.js';
import type { Embedding } from './embedding.js';
import type { TrainingSet } from './training-set.js';

/** Trials worked on at once: their similarities stay in the first-level cache. */
export const trialsPerBlock = 1024;

/**
 * Dot products x_a . x_b of the three pairs of trials `first .. first + out.length / 3`, in the order
 * (0,1), (0,2), (1,2) of each trial in `oddLast`. Float64 sums of float32 weights.
 */
export function pairSimilarities(
  embedding: Embedding,
  oddLast: Uint32Array,
  first: number,
  out: Float64Array,
): void {
  const { nComponents, weights } = embedding;
  for (let to = 0, from = 3 * first; to < out.length; to += 3, from += 3) {
    const a = oddLast[from] * nComponents;
    const b = oddLast[from + 1] * nComponents;
    const odd = oddLast[from + 2] * nComponents;
    let kept = 0;
    let aOdd = 0;
    let bOdd = 0;
    for (let c = 0; c < nComponents; c++) {
      const weightA = weights[a + c];
      const weightB = weights[b + c];
      const weightOdd = weights[odd + c];
      kept += weightA * weightB;
      aOdd += weightA * weightOdd;
      bOdd += weightB * weightOdd;
    }
    out[to] = kept;
    out[to + 1] = aOdd;
    out[to + 2] = bOdd;
  }
}

/** Calls `visit` with the similarities of one block of trials after another; the buffer is reused. */
export function forEachBlock(
  embedding: Embedding,
  set: TrainingSet,
  visit: (similarities: Float64Array, firstTrial: number) => void,
): void {
  const buffer = new Float64Array(3 * Math.min(trialsPerBlock, set.nTrials));
  for (let first = 0; first < set.nTrials; first += trialsPerBlock) {
    const block = buffer.subarray(0, 3 * Math.min(trialsPerBlock, set.nTrials - first));
    pairSimilarities(embedding, set.oddLast, first, block);
    visit(block, first);
  }
}

/**
 * Probability of each pair to be kept, P1 Eq. 2: softmax of the three dot products, shifted by their maximum.
 * Returns 3 * nTrials numbers in the order (0,1), (0,2), (1,2) of `oddLast`: the first belongs to the kept pair.
 * @throws AffectomeError `artifact` when the trials name stimuli that the embedding does not have.
 */
export function predictProbabilities(embedding: Embedding, set: TrainingSet): Float32Array {
  checkStimuli(embedding, set);
  const probabilities = new Float32Array(3 * set.nTrials);
  forEachBlock(embedding, set, (similarities, firstTrial) => {
    for (let t = 0; t < similarities.length; t += 3) {
      const max = Math.max(similarities[t], similarities[t + 1], similarities[t + 2]);
      const kept = Math.exp(similarities[t] - max);
      const aOdd = Math.exp(similarities[t + 1] - max);
      const bOdd = Math.exp(similarities[t + 2] - max);
      const scale = 1 / (kept + aOdd + bOdd);
      const to = 3 * firstTrial + t;
      probabilities[to] = kept * scale;
      probabilities[to + 1] = aOdd * scale;
      probabilities[to + 2] = bOdd * scale;
    }
  });
  return probabilities;
}

/** @throws AffectomeError `artifact` when a trial names a stimulus beyond the embedding's rows. */
export function checkStimuli(embedding: Embedding, set: TrainingSet): void {
  const { oddLast } = set;
  for (let at = 0; at < oddLast.length; at++) {
    if (oddLast[at] < embedding.nStimuli) continue;
    throw artifactError({
      problem: `Trial ${Math.floor(at / 3)} names stimulus ${oddLast[at]}; the embedding has ${embedding.nStimuli} stimuli (0 to ${embedding.nStimuli - 1}).`,
      remedy: 'Use an embedding and trials of the same stimuli.',
    });
  }
}

/** @throws AffectomeError `input` when there is nothing to measure on. */
export function requireTrials(set: TrainingSet): void {
  if (set.nTrials > 0) return;
  throw inputError({
    problem: 'There are no held-out trials with a choice to measure accuracy on.',
    remedy: 'Ask more trials, or raise embedding.heldOut in study.yaml.',
  });
}
