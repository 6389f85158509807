import {
  type EmbeddingOptions,
  splitTrainingSet,
  type TrainingSet,
  trainingSet,
} from '../embedding/index.js';
import { noChoice } from '../judgments/index.js';
import { configError } from '../numerics/errors.js';
import { keyOf, split } from '../numerics/random.js';
import type { Artifacts } from '../study/artifacts.js';
import { markShared } from '../trials/index.js';
import { readJudgments, requireProbabilities } from './judgment-files.js';
import { readTrials } from './trial-files.js';

export interface SplitOptions extends Pick<EmbeddingOptions, 'seed' | 'heldOut' | 'soft'> {
  /** Whether there is a validation set: training trials that ask one of its triplets are then left out. */
  readonly hasValidation: boolean;
}

/** What an embedding learns from and is evaluated on. */
export interface Split {
  readonly training: TrainingSet;
  readonly heldOut: TrainingSet;
  /** Answered training trials that ask a validation triplet: they are in neither. */
  readonly nLeftOut: number;
}

/**
 * What an embedding learns from, and the trials kept to evaluate it; the same for all seeds of runs. Neither holds a
 * triplet of the validation set.
 *
 * @throws AffectomeError `config` when there are too few trials to learn from some and to hold out others.
 */
export async function readSplit(
  artifacts: Artifacts,
  judge: string,
  nStimuli: number,
  { seed, heldOut, ...options }: SplitOptions,
): Promise<Split> {
  const { all, nLeftOut } = await readTrainingSet(artifacts, judge, nStimuli, options);
  const parts = splitTrainingSet(all, heldOut, split(keyOf(seed), 'held out'));
  if (all.nTrials > 0 && parts.heldOut.nTrials === 0) throw noneHeldOut(all.nTrials, heldOut);
  if (all.nTrials > 0 && parts.training.nTrials === 0) throw noneLeft(all.nTrials, heldOut);
  return { ...parts, nLeftOut };
}

function noneHeldOut(nTrials: number, share: number) {
  const least = Math.ceil(1000 / nTrials) / 1000;
  const larger = nTrials > 1 && share < least ? `Set embedding.heldOut to at least ${least}, or ask` : 'Ask';
  return configError({
    problem: `Of ${nTrials} training trial${nTrials === 1 ? '' : 's'} with a choice, a share of ${share} leaves none to evaluate the embedding on.`,
    where: { field: 'embedding.heldOut' },
    remedy: `${larger} more trials: more stimuli, a larger trials.thirdsPerDyad, or trials.design: all.`,
  });
}

function noneLeft(nTrials: number, share: number) {
  return configError({
    problem: `Of ${nTrials} training trials with a choice, a share of ${share} leaves none to learn from (trials of one triplet stay together).`,
    where: { field: 'embedding.heldOut' },
    remedy: 'Lower embedding.heldOut, or ask more triplets.',
  });
}

async function readTrainingSet(
  artifacts: Artifacts,
  judge: string,
  nStimuli: number,
  { soft, hasValidation }: Pick<SplitOptions, 'soft' | 'hasValidation'>,
): Promise<{ all: TrainingSet; nLeftOut: number }> {
  const trials = await readTrials(artifacts, 'training', nStimuli);
  const validation = hasValidation ? await readTrials(artifacts, 'validation', nStimuli) : undefined;
  const judgments = await readJudgments(artifacts, judge, 'training', { soft, nTrials: trials.nTrials });
  if (soft) requireProbabilities(judgments, judge);
  const all = trainingSet(trials, judgments, {
    soft,
    ...(validation && { leftOut: markShared(trials, validation) }),
  });
  const nAnswered = judgments.choice.reduce((sum, choice) => sum + (choice === noChoice ? 0 : 1), 0);
  return { all, nLeftOut: nAnswered - all.nTrials };
}
