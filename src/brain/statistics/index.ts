export {
  type CorrelationTests,
  correlationTests,
  type PermutedCorrelations,
  permuteCorrelations,
} from './correlation-tests.js';
export {
  discoveryRates,
  type GroupOptions,
  type GroupTests,
  groupDefaults,
  groupDifferences,
  groupTests,
} from './group-tests.js';
export { type FitEncoding, type PermutedEncoding, permuteEncoding } from './permuted-encoding.js';
export { planSignFlips, type SignFlips, type SignFlipTests, signFlipTests } from './sign-flips.js';
export { oneSampleT, pairedT, type TTest } from './t-test.js';
export type { PermutationOptions } from './trial-orders.js';
export {
  type ScatterOptions,
  type ShareWon,
  shareWonAcross,
  type VoxelScatter,
  voxelScatter,
} from './voxel-scatter.js';
