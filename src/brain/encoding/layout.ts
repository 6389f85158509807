import { configError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { checkFeatures, type FeatureSet } from './feature-moments.js';
import { type FoldPlan, planFolds } from './folds.js';
import { checkAlphas, type EncodingOptions } from './options.js';
import { prefersRowSpace } from './row-space.js';

/** What is known of an encoding before anything is computed: its folds, and how large each feature set becomes. */
export interface EncodingLayout {
  readonly nTrials: number;
  readonly folds: FoldPlan;
  readonly alphas: Float64Array;
  readonly options: Omit<EncodingOptions, 'outer' | 'inner' | 'groups' | 'alphas'>;
  readonly sets: readonly SetLayout[];
}

export interface SetLayout {
  readonly name: string;
  readonly nFeatures: number;
  /** Features that are the same in every trial: they get no weight. */
  readonly nConstantFeatures: number;
  /** `kernel`: through products between trials, for more features than trials. */
  readonly form: 'features' | 'kernel';
  /** Rows and columns of its matrices, a multiple of 4; of the kernel form at most. */
  readonly size: number;
}

/** @throws AffectomeError `config` for folds or alphas that cannot be, `input` for features that are not finite. */
export function layOutEncoding(sets: readonly FeatureSet[], options: EncodingOptions): EncodingLayout {
  if (sets.length === 0) throw configError({ problem: 'There is no feature set to encode.' });
  checkAlphas(options.alphas);
  const nTrials = sets[0].features.nRows;
  for (const set of sets) checkFeatures(set, nTrials);
  const folds = planFolds(nTrials, options);
  const { alphas, alphaFor, innerScore, standardiseFeatures, standardiseResponses } = options;
  const { summary, constantVoxels } = options;
  const rest = { alphaFor, innerScore, standardiseFeatures, standardiseResponses, summary, constantVoxels };
  return {
    ...{ nTrials, folds, alphas: Float64Array.from(alphas), options: rest },
    sets: sets.map((set) => layOutSet(set, options)),
  };
}

function layOutSet({ name, features }: FeatureSet, { standardiseFeatures }: EncodingOptions): SetLayout {
  const isKernel = prefersRowSpace(features) && !standardiseFeatures;
  const { nRows, nColumns } = features;
  return {
    name,
    nFeatures: nColumns,
    nConstantFeatures: countConstant(features),
    form: isKernel ? 'kernel' : 'features',
    size: 4 * Math.ceil((isKernel ? nRows - 1 : nColumns) / 4),
  };
}

function countConstant({ nRows, nColumns, data }: Matrix): number {
  let count = 0;
  for (let c = 0; c < nColumns; c++) {
    let r = 1;
    while (r < nRows && data[r * nColumns + c] === data[c]) r++;
    if (r === nRows) count++;
  }
  return count;
}
