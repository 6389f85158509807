import type { Embedding } from '#dist/embedding/embedding.js';
import type { TrainingSet } from '#dist/embedding/training-set.js';
import { keyOf, Random } from '#dist/numerics/random.js';

/** Sparse weights in quarters, so that sums are exact and ties happen. */
export function randomEmbedding(nStimuli: number, nComponents: number, seed: number): Embedding {
  const random = new Random(keyOf(seed));
  const draw = () => (random.uniform() < 0.5 ? 0 : random.below(8) / 4);
  return { nStimuli, nComponents, weights: Float32Array.from({ length: nStimuli * nComponents }, draw) };
}

export function randomTrials(nStimuli: number, nTrials: number, seed: number): TrainingSet {
  const random = new Random(keyOf(seed));
  const oddLast = new Uint32Array(3 * nTrials);
  for (let t = 0; t < nTrials; t++) oddLast.set(random.sample(nStimuli, 3), 3 * t);
  return { nStimuli, nTrials, oddLast };
}

/** x_a . x_b, as one would write it first. */
export function similarity({ nComponents, weights }: Embedding, a: number, b: number): number {
  let sum = 0;
  for (let c = 0; c < nComponents; c++) sum += weights[a * nComponents + c] * weights[b * nComponents + c];
  return sum;
}
