import { readFileSync } from 'node:fs';
import type { Embedding } from '#dist/embedding/embedding.js';
import type { TrainingSet } from '#dist/embedding/training-set.js';

/** Numbers from SciPy and scikit-learn: tools/golden/interpretation.py. */
export const golden = JSON.parse(readFileSync('test/golden/interpretation.json', 'utf8'));

export const goldenEmbedding = (weights: number[] = golden.weights): Embedding => ({
  nStimuli: golden.nStimuli,
  nComponents: golden.nComponents,
  weights: Float32Array.from(weights),
});

export const goldenTrials: TrainingSet = {
  nStimuli: golden.nStimuli,
  nTrials: golden.oddLast.length / 3,
  oddLast: Uint32Array.from(golden.oddLast),
};
