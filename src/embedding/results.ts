import type { Matrix } from '../numerics/matrix.js';
import type { Estimate } from '../numerics/statistics.js';

/** One epoch of a fit, as drawn in training curves. */
export interface EpochState {
  /** 1-based. */
  readonly epoch: number;
  /** Mean objective over the epoch's batches (cross-entropy plus penalties). */
  readonly loss: number;
  /** Mean cross-entropy over the epoch's batches, in nats. */
  readonly crossEntropy: number;
  /** Share of held-out trials predicted, NaN where not measured. */
  readonly heldOutAccuracy: number;
  /** Mean held-out cross-entropy in nats, NaN where not measured. */
  readonly heldOutCrossEntropy: number;
  /** Components with a weight above the pruning threshold. */
  readonly nComponents: number;
  readonly secondsElapsed: number;
}

/** How well an embedding predicts choices it was not trained on. */
export interface Evaluation {
  /** Share of trials whose kept pair has the largest predicted probability. Chance is 1/3. */
  readonly accuracy: Estimate;
  /** Mean log-likelihood of the observed choice, nats per trial. Chance is -ln 3. */
  readonly logLikelihood: Estimate;
  /** Trials with an exact tie for the largest probability. */
  readonly nTies: number;
  readonly tieRule: 'wrong' | 'expected';
  /** Choice consistency of the judge itself, where repeats exist. */
  readonly ceiling: Estimate | null;
  /** (accuracy - 1/3) / (ceiling - 1/3), where repeats exist. */
  readonly explainable: Estimate | null;
}

/** How far components come back in independent runs (P1 Ext. Data Fig. 1b-e). */
export interface Reproducibility {
  readonly seeds: readonly number[];
  /** Per component of the reported run: mean over other runs (Fisher z) of the highest Pearson r, with its interval. */
  readonly components: readonly Estimate[];
  /** Mean over components (Fisher z). */
  readonly overall: Estimate;
  /** Number of components of each run. */
  readonly nComponents: readonly number[];
  readonly heldOutAccuracy: readonly number[];
}

/** Predicted against measured similarity of the validation stimuli (P1 Ext. Data Fig. 1g-j). */
export interface RsmGeneralisation {
  /** Indices of the stimuli compared, in matrix order. */
  readonly stimuli: Uint32Array;
  readonly predicted: Matrix;
  /** Share of trials in which the pair was kept; NaN where a pair was never asked. */
  readonly measured: Matrix;
  /** Pearson r over pairs i < j, interval by bootstrap over stimuli. */
  readonly r: Estimate;
  readonly nPairs: number;
}

/** Accuracy when only each stimulus's largest components are kept (P1 Fig. 7f). */
export interface ComponentsNeeded {
  /** accuracy[k - 1] is the accuracy with the k largest weights of each stimulus. */
  readonly accuracy: readonly number[];
  /** What an exact tie for the largest probability counts. */
  readonly tieRule: Evaluation['tieRule'];
  readonly fullAccuracy: number;
  readonly for95: number;
  readonly for99: number;
}

/** One candidate of a cross-validated choice. */
export interface Candidate {
  readonly lambda: number;
  /** Components the fit started with. */
  readonly components: number;
  readonly accuracy: Estimate;
  readonly logLikelihood: Estimate;
  /** Components left after pruning, mean over folds. */
  readonly nComponents: number;
}

export interface Selection {
  readonly over: 'lambda' | 'components';
  readonly candidates: readonly Candidate[];
  /** Index into candidates. */
  readonly chosen: number;
  /** The rule in words, for the methods paragraph. */
  readonly rule: string;
  readonly nFolds: number;
}
