import { type TrainingSet, trainingSet } from '#dist/embedding/index.js';
import { ratingsJudge } from '#dist/judges/index.js';
import { keyOf, split } from '#dist/numerics/index.js';
import { sampleDyads } from '#dist/trials/index.js';
import { nStimuli, sparseRatings } from './sparse-ratings.js';

/** All 2,375,110 dyads of 2,180 stimuli with one third each, judged from `nScales` sparse ratings. */
export function plantedTrials(nScales: number): TrainingSet {
  const key = split(keyOf('bench'), 'planted');
  const trials = sampleDyads({ nStimuli, thirdsPerDyad: 1, key });
  return trainingSet(trials, ratingsJudge(sparseRatings(nScales)).answer(trials, key));
}

export function nothingHeldOut(): TrainingSet {
  return { nStimuli, nTrials: 0, oddLast: new Uint32Array(0) };
}
