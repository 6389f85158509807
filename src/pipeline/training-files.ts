import {
  type EmbeddingOptions,
  splitTrainingSet,
  type TrainingSet,
  trainingSet,
} from '../embedding/index.js';
import { keyOf, split } from '../numerics/random.js';
import type { Artifacts } from '../study/artifacts.js';
import { readJudgments, requireProbabilities } from './judgment-files.js';
import { readTrials } from './trial-files.js';

/** What an embedding learns from, and the trials kept to evaluate it; the same for all seeds of runs. */
export async function readSplit(
  artifacts: Artifacts,
  judge: string,
  nStimuli: number,
  { seed, heldOut, soft }: Pick<EmbeddingOptions, 'seed' | 'heldOut' | 'soft'>,
): Promise<{ training: TrainingSet; heldOut: TrainingSet }> {
  const all = await readTrainingSet(artifacts, judge, nStimuli, soft);
  return splitTrainingSet(all, heldOut, split(keyOf(seed), 'held out'));
}

async function readTrainingSet(
  artifacts: Artifacts,
  judge: string,
  nStimuli: number,
  soft: boolean,
): Promise<TrainingSet> {
  const trials = await readTrials(artifacts, 'training', nStimuli);
  const judgments = await readJudgments(artifacts, judge, 'training', { soft, nTrials: trials.nTrials });
  if (soft) requireProbabilities(judgments, judge);
  return trainingSet(trials, judgments, { soft });
}
