import { configError } from '../numerics/errors.js';
import type { EmbeddingOptions } from './options.js';

/** The options of one fit with nothing left open, in the kernel's terms. */
export interface ResolvedFit {
  readonly components: number;
  readonly lambda: number;
  readonly objective: EmbeddingOptions['objective'];
  readonly nonNegativity: EmbeddingOptions['nonNegativity'];
  readonly learningRate: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly schedule: EmbeddingOptions['schedule'];
  readonly earlyStopping: { readonly window: number } | null;
  readonly pruneBelow: number;
  /** Gradient of the L1 penalty at a positive weight. */
  readonly sparsity: number;
  /** Weight of sum(relu(-W)) in the penalty variant. */
  readonly positivity: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export type FitOptions = Pick<
  EmbeddingOptions,
  | 'components'
  | 'objective'
  | 'nonNegativity'
  | 'learningRate'
  | 'batchSize'
  | 'epochs'
  | 'schedule'
  | 'earlyStopping'
  | 'pruneBelow'
> & { lambda: number };

/** About this many steps make an epoch when the batch size is chosen for the user. */
const autoStepsPerEpoch = 1500;

/**
 * Settles batch size, learning rate and penalty for `nTrials` training trials.
 * Automatic batch size: the power of two that makes about 1,500 steps an epoch, between 64 and 4,096.
 * Automatic learning rate: .024 at 4,096 under projection (.004 under the penalty), in proportion to the square root of
 * the batch size.
 *
 * @throws AffectomeError `config` when there are no trials to learn from.
 */
export function resolveFit(options: FitOptions, nStimuli: number, nTrials: number): ResolvedFit {
  if (nTrials < 1) {
    throw configError({
      problem: 'There is no trial with a choice to learn from.',
      remedy: 'Look at the outcomes with "affectome quality".',
    });
  }
  const wanted = options.batchSize === 'auto' ? automaticBatchSize(nTrials) : options.batchSize;
  const batchSize = Math.min(wanted, nTrials);
  const atFull = options.nonNegativity === 'projection' ? 0.024 : 0.004;
  const learningRate =
    options.learningRate === 'auto' ? atFull * Math.sqrt(batchSize / 4096) : options.learningRate;
  return {
    components: options.components,
    lambda: options.lambda,
    objective: options.objective,
    nonNegativity: options.nonNegativity,
    learningRate,
    batchSize,
    epochs: options.epochs,
    schedule: options.schedule,
    earlyStopping: options.earlyStopping,
    pruneBelow: options.pruneBelow,
    sparsity: options.lambda / (options.objective === 'reference' ? nStimuli : nTrials),
    positivity: 0.01,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  };
}

/**
 * The options with batch size and learning rate settled for `nTrials` training trials, so that fits of fewer of them
 * (folds) are made under the settings of the fit of all.
 */
export function settledOptions<T extends FitOptions>(options: T, nStimuli: number, nTrials: number): T {
  const { batchSize, learningRate } = resolveFit(options, nStimuli, nTrials);
  return { ...options, batchSize, learningRate };
}

function automaticBatchSize(nTrials: number): number {
  const exponent = Math.round(Math.log2(nTrials / autoStepsPerEpoch));
  return 2 ** Math.max(6, Math.min(12, exponent));
}
