export { rdmAgreement, type StimulusAgreement, vectorAgreement } from './agreement.js';
export { type Alignment, type AlignWatch, align } from './align.js';
export { type OptimiserGap, optimiserGap } from './diagnosis.js';
export {
  categoryMatching,
  itemMatching,
  type MatchingOptions,
  type MatchingRate,
  type Scores,
  type SideCategories,
} from './matching.js';
export { type AlignmentOptions, alignmentOptions } from './options.js';
export { type AlignmentProblem, alignmentProblem, type StimulusWeights } from './problem.js';
export { procrustesScores } from './procrustes.js';
export { referenceLoss, referencePlan } from './reference.js';
export {
  mostAgreed,
  type ShuffledNull,
  type ShuffledNullOptions,
  shuffledNull,
  takeStructure,
} from './shuffled-null.js';
export { type Solution, type SolveOptions, Solver } from './solver.js';
export { distanceProfileStart, givenStart, randomStart, uniformStart } from './starts.js';
export type { Structure, StructureDistance } from './structure.js';
export { alignSubsets, type SubsetAlignment, type SubsetOptions } from './subsets.js';
export { type AlignmentTrial, type AlignmentTrialResult, planAlignment, type TrialStart } from './trials.js';
