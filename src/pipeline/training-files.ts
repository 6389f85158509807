import {
  type EmbeddingOptions,
  splitTrainingSet,
  type TrainingSet,
  trainingSet,
} from '../embedding/index.js';
import { keyOf, split } from '../numerics/random.js';
import type { Artifacts } from '../study/artifacts.js';
import { markShared } from '../trials/index.js';
import { readJudgments, requireProbabilities } from './judgment-files.js';
import { readTrials } from './trial-files.js';

export interface SplitOptions extends Pick<EmbeddingOptions, 'seed' | 'heldOut' | 'soft'> {
  /** Whether there is a validation set: training trials that ask one of its triplets are then left out. */
  readonly hasValidation: boolean;
}

/**
 * What an embedding learns from, and the trials kept to evaluate it; the same for all seeds of runs. Neither holds a
 * triplet of the validation set.
 */
export async function readSplit(
  artifacts: Artifacts,
  judge: string,
  nStimuli: number,
  { seed, heldOut, ...options }: SplitOptions,
): Promise<{ training: TrainingSet; heldOut: TrainingSet }> {
  const all = await readTrainingSet(artifacts, judge, nStimuli, options);
  return splitTrainingSet(all, heldOut, split(keyOf(seed), 'held out'));
}

async function readTrainingSet(
  artifacts: Artifacts,
  judge: string,
  nStimuli: number,
  { soft, hasValidation }: Pick<SplitOptions, 'soft' | 'hasValidation'>,
): Promise<TrainingSet> {
  const trials = await readTrials(artifacts, 'training', nStimuli);
  const validation = hasValidation ? await readTrials(artifacts, 'validation', nStimuli) : undefined;
  const judgments = await readJudgments(artifacts, judge, 'training', { soft, nTrials: trials.nTrials });
  if (soft) requireProbabilities(judgments, judge);
  return trainingSet(trials, judgments, {
    soft,
    ...(validation && { leftOut: markShared(trials, validation) }),
  });
}
