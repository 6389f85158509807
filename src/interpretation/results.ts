import type { Matrix } from '../numerics/matrix.js';
import type { Estimate } from '../numerics/statistics.js';
import type { Scale } from '../stimuli/ratings.js';

export interface LabelTerm {
  readonly scale: string;
  readonly kind: Scale['kind'];
  readonly r: number;
  /** "valence-high", "control-low"; a category keeps its plain name when r > 0. */
  readonly text: string;
}

export type ComponentKind = 'categorical' | 'dimensional' | 'mixed' | 'uninterpretable';

export interface ComponentLabel {
  /** At most three terms, best first (P1's rule). */
  readonly terms: readonly LabelTerm[];
  readonly kind: ComponentKind;
  /** Indices of the stimuli with the largest weights, best first. */
  readonly topStimuli: readonly number[];
}

export interface Interpretation {
  readonly scales: readonly Scale[];
  /** nComponents x nScales Pearson r; NaN for a constant scale or component. */
  readonly correlations: Matrix;
  readonly components: readonly ComponentLabel[];
  /** Share of components with |r| above each threshold with any scale. */
  readonly interpretable: readonly { readonly threshold: number; readonly share: number }[];
  readonly kinds: Readonly<Record<ComponentKind, number>>;
}

export interface NearestCentroid {
  readonly categories: readonly string[];
  readonly nStimuli: number;
  /** Stimuli of left-out (too small) categories. */
  readonly nExcluded: number;
  readonly top1: Estimate;
  /** Null with three categories or fewer, where every stimulus would count. */
  readonly top3: Estimate | null;
  /** Top-3 accuracy (top-1 where that is null) under shuffled labels: mean, 2.5 % and 97.5 % of `permutations` shuffles, and p of the real one. */
  readonly chance: {
    readonly mean: number;
    readonly low: number;
    readonly high: number;
    readonly p: number;
    readonly permutations: number;
  };
}
