import type { EncodingLayout } from './layout.js';
import { voxelKinds } from './tile.js';

/**
 * How well one feature set predicts each voxel. NaN where the voxel has no answer: a response that is not finite, or the same
 * response in every trial (unless `constantVoxels` is `zero`).
 */
export interface EncodedSet {
  readonly name: string;
  /** Pearson r of held-out predictions, by the `summary` asked for; nVoxels. 0 for a constant prediction. */
  readonly r: Float64Array;
  /** Explained variance of held-out predictions; negative when they are worse than the mean of the held-out trials. */
  readonly r2: Float64Array;
  /** nFolds x nVoxels. */
  readonly foldR: Float64Array;
  readonly foldR2: Float64Array;
  /** The alpha that each outer fold chose; nFolds x nVoxels. */
  readonly alphas: Float64Array;
}

/** The voxels of one range, of every feature set. */
export interface EncodingBlock {
  readonly firstVoxel: number;
  readonly nVoxels: number;
  /** One of `voxelKinds` per voxel. */
  readonly kinds: Uint8Array;
  readonly sets: readonly EncodedSet[];
}

export interface EncodingResult extends EncodingBlock {
  readonly nTrials: number;
  readonly nFolds: number;
  readonly nUsable: number;
  readonly nConstant: number;
  readonly nNotFinite: number;
  /** Features that are the same in every trial, for each set. */
  readonly nConstantFeatures: readonly number[];
}

export function emptySet(name: string, nVoxels: number, nFolds: number): EncodedSet {
  const perFold = () => new Float64Array(nFolds * nVoxels);
  const r = new Float64Array(nVoxels);
  return { name, r, r2: new Float64Array(nVoxels), foldR: perFold(), foldR2: perFold(), alphas: perFold() };
}

/** Puts blocks that cover consecutive voxels together, in any order. */
export function joinBlocks(blocks: readonly EncodingBlock[], plan: EncodingLayout): EncodingResult {
  const firstVoxel = blocks.reduce((first, block) => Math.min(first, block.firstVoxel), Infinity);
  const nVoxels = blocks.reduce((sum, block) => sum + block.nVoxels, 0);
  const nFolds = plan.folds.folds.length;
  const kinds = new Uint8Array(nVoxels);
  const sets = plan.sets.map(({ name }) => emptySet(name, nVoxels, nFolds));
  for (const block of blocks) {
    const at = block.firstVoxel - firstVoxel;
    kinds.set(block.kinds, at);
    block.sets.forEach((from, s) => {
      place(from, sets[s], at, nFolds);
    });
  }
  const count = (kind: number) => kinds.reduce((sum, found) => sum + (found === kind ? 1 : 0), 0);
  return {
    firstVoxel: Number.isFinite(firstVoxel) ? firstVoxel : 0,
    nVoxels,
    kinds,
    sets,
    nTrials: plan.nTrials,
    nFolds,
    nUsable: count(voxelKinds.usable),
    nConstant: count(voxelKinds.constant),
    nNotFinite: count(voxelKinds.notFinite),
    nConstantFeatures: plan.sets.map((set) => set.nConstantFeatures),
  };
}

function place(from: EncodedSet, to: EncodedSet, at: number, nFolds: number): void {
  const [width, total] = [from.r.length, to.r.length];
  to.r.set(from.r, at);
  to.r2.set(from.r2, at);
  for (let fold = 0; fold < nFolds; fold++) {
    const part = [fold * width, (fold + 1) * width] as const;
    to.foldR.set(from.foldR.subarray(...part), fold * total + at);
    to.foldR2.set(from.foldR2.subarray(...part), fold * total + at);
    to.alphas.set(from.alphas.subarray(...part), fold * total + at);
  }
}
