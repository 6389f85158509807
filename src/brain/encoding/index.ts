export { VoxelEncoder, type VoxelRange } from './block.js';
export { type AlphaScores, joinAlphaScores, sharedAlphas } from './choose-alpha.js';
export { blockVoxels, encode, voxelRanges } from './encode.js';
export type { FeatureSet } from './feature-moments.js';
export { type EncodingLayout, layOutEncoding, type SetLayout } from './layout.js';
export {
  LeaveOneOut,
  mostReliable,
  reliableStimuli,
  type StimulusReliability,
  stimulusReliability,
} from './leave-one-out.js';
export { type VoxelCeiling, voxelCeiling } from './noise-ceiling.js';
export { type EncodingOptions, encodingPresets, type FoldRule, logSpaced } from './options.js';
export { concatenateFeatures, partitionVariance, unionsOf, type VariancePart } from './partition.js';
export { type EncodingPlan, type FeatureSetPlan, planEncoding, planEncodingInTurns } from './plan.js';
export { type EncodingBytes, encodingBytes } from './plan-memory.js';
export { type EncodedSet, type EncodingBlock, type EncodingResult, joinBlocks } from './results.js';
export { voxelKinds } from './tile.js';
export { type PatternSums, TrialPatterns } from './trial-patterns.js';
export { typicalAlphas, weightMaps } from './weight-maps.js';
export type { VoxelAlphas, WholeFitOptions } from './whole-fit.js';
