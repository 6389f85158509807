import { throwIfCancelled } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Watch } from '../../numerics/progress.js';
import { VoxelEncoder, type VoxelRange } from './block.js';
import { joinAlphaScores, sharedAlphas } from './choose-alpha.js';
import type { FeatureSet } from './feature-moments.js';
import type { EncodingOptions } from './options.js';
import { type EncodingPlan, planEncoding } from './plan.js';
import { type EncodingResult, joinBlocks } from './results.js';

/** Voxels between two looks at the signal; also the unit of work of a worker and of a checkpoint. */
export const blockVoxels = 1024;

/**
 * Voxel-wise encoding: how well ridge regression predicts each voxel's held-out responses from each feature set, with nested
 * cross-validation (P1, arXiv:2509.24298, Methods). Everything is computed from sums over sets of trials in float64, so that
 * the cost of an alpha does not depend on the number of trials; the results are those of fitting every fold and alpha.
 *
 * @param sets nTrials x nFeatures each, rows in the order of the responses
 * @param responses nTrials x nVoxels; a trial is one stimulus as shown
 * @param options one of `encodingPresets`, or your own
 * @throws AffectomeError `config` for folds or alphas that cannot be, `input` for features that are not finite or trials
 *   that do not match, `cancelled` when the signal fires.
 */
export function encode(
  sets: readonly FeatureSet[],
  responses: Matrix,
  { signal, onProgress, ...options }: EncodingOptions & Watch,
): EncodingResult {
  const watch = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const plan = planEncoding(sets, { ...options, ...watch });
  const encoder = new VoxelEncoder(plan);
  const ranges = voxelRanges(responses.nColumns);
  const progress = encodingProgress(plan, responses.nColumns, onProgress);
  const each = <Result>(work: (range: VoxelRange) => Result) =>
    ranges.map((range) => {
      throwIfCancelled(signal);
      const result = work(range);
      progress(range.nVoxels);
      return result;
    });
  const shared =
    options.alphaFor === 'fold'
      ? sharedAlphas(joinAlphaScores(each((range) => encoder.alphaScores(responses, range))), plan)
      : undefined;
  return joinBlocks(
    each((range) => encoder.encode(responses, range, shared)),
    plan,
  );
}

/** `nVoxels` in blocks; at least one, so that nothing in is nothing out. */
export function voxelRanges(nVoxels: number): VoxelRange[] {
  const nBlocks = Math.max(1, Math.ceil(nVoxels / blockVoxels));
  return Array.from({ length: nBlocks }, (_, block) => {
    const firstVoxel = block * blockVoxels;
    return { firstVoxel, nVoxels: Math.min(blockVoxels, nVoxels - firstVoxel) };
  });
}

/** Counts voxels done, of both passes when all voxels share their alphas, with the rate. */
export function encodingProgress(
  { options, sets }: EncodingPlan,
  nVoxels: number,
  onProgress: Watch['onProgress'],
): (nVoxelsMore: number) => void {
  const total = options.alphaFor === 'fold' ? 2 * nVoxels : nVoxels;
  const task = `encoding ${sets.map(({ name }) => name).join(', ')}`;
  const start = performance.now();
  let done = 0;
  return (nVoxelsMore) => {
    done += nVoxelsMore;
    const voxelsPerSecond = (1000 * done) / (performance.now() - start);
    onProgress?.({ task, done, total, unit: 'voxels', metrics: { voxelsPerSecond } });
  };
}
