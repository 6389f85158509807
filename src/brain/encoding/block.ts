import { Arena } from '../../embedding/arena.js';
import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { growKernelMemoryBy } from '../../numerics/wasm.js';
import { type AlphaScores, bestAlphas } from './choose-alpha.js';
import { encodingKernel } from './kernel.js';
import type { EncodingPlan } from './plan.js';
import { encodingBytes } from './plan-memory.js';
import { type EncodedSet, type EncodingBlock, emptySet } from './results.js';
import { type FoldOutcome, SetEncoder } from './set-encoder.js';
import { foldAccuracy, pooledAccuracy } from './summary.js';
import { Tile, tileVoxels, voxelKinds } from './tile.js';

/** Consecutive voxels: columns of a matrix of responses. */
export interface VoxelRange {
  readonly firstVoxel: number;
  readonly nVoxels: number;
}

/** Encodes voxels, range after range, in the memory of the plan. Make one for each thread and plan. */
export class VoxelEncoder {
  private readonly tile: Tile;
  private readonly encoders: readonly SetEncoder[];

  constructor(readonly plan: EncodingPlan) {
    const { memory } = plan;
    const { perWorker } = encodingBytes(plan);
    // Growing is atomic: what is new belongs to this thread alone.
    const arena = new Arena(memory, growKernelMemoryBy(memory, perWorker));
    const end = arena.end + perWorker;
    const kernel = encodingKernel(memory);
    this.tile = new Tile(kernel, arena, plan.folds);
    this.encoders = plan.sets.map((set) => new SetEncoder(kernel, arena, plan, set, this.tile));
    if (arena.end > end) throw new RangeError('An encoder needs more memory than was counted.');
  }

  /**
   * Encodes the columns `range` of `responses` (nTrials x any number of voxels).
   * @param shared index of the alpha of every outer fold, for each set: see `sharedAlphas`; without it every voxel chooses.
   */
  encode(responses: Matrix, range: VoxelRange, shared?: readonly Uint32Array[]): EncodingBlock {
    const { plan } = this;
    checkResponses(plan, responses, range);
    const kinds = new Uint8Array(range.nVoxels);
    const nFolds = plan.folds.folds.length;
    const sets = plan.sets.map(({ name }) => emptySet(name, range.nVoxels, nFolds));
    this.eachTile(responses, range, (at, nVoxels) => {
      kinds.set(this.tile.kinds.subarray(0, nVoxels), at);
      sets.forEach((set, s) => {
        this.encodeTile(this.encoders[s], set, at, nVoxels, shared?.[s]);
      });
    });
    return { ...range, kinds, sets };
  }

  /** Sums of the inner scores over the usable voxels of `range`, to choose one alpha for all voxels. */
  alphaScores(responses: Matrix, range: VoxelRange): AlphaScores {
    const { plan } = this;
    checkResponses(plan, responses, range);
    const nAlphas = plan.alphas.length;
    const sums = plan.sets.map(() => new Float64Array(plan.folds.folds.length * nAlphas));
    let nUsable = 0;
    this.eachTile(responses, range, (_, nVoxels) => {
      const usable = Array.from({ length: nVoxels }, (_, v) => v).filter((v) => this.isUsable(v));
      nUsable += usable.length;
      this.encoders.forEach((encoder, s) => {
        for (let fold = 0; fold < plan.folds.folds.length; fold++) {
          const scores = encoder.innerScores(fold);
          for (let a = 0; a < nAlphas; a++)
            for (const v of usable) sums[s][fold * nAlphas + a] += scores[a * tileVoxels + v];
        }
      });
    });
    return { nUsable, sums };
  }

  private eachTile(responses: Matrix, range: VoxelRange, work: (at: number, nVoxels: number) => void): void {
    for (let at = 0; at < range.nVoxels; at += tileVoxels) {
      const nVoxels = Math.min(tileVoxels, range.nVoxels - at);
      this.tile.load(responses, range.firstVoxel + at, nVoxels);
      for (const encoder of this.encoders) encoder.load();
      work(at, nVoxels);
    }
    this.tile.release();
  }

  private encodeTile(
    encoder: SetEncoder,
    set: EncodedSet,
    at: number,
    nVoxels: number,
    shared: Uint32Array | undefined,
  ): void {
    const { alphas, folds, options } = this.plan;
    const total = set.r.length;
    const outcomes: FoldOutcome[] = [];
    for (let fold = 0; fold < folds.folds.length; fold++) {
      const chosen = shared
        ? new Uint32Array(tileVoxels).fill(shared[fold])
        : bestAlphas(encoder.innerScores(fold), this.plan);
      const outcome = encoder.outcome(
        fold,
        Float64Array.from(chosen, (a) => alphas[a]),
      );
      outcomes.push(outcome);
      for (let v = 0; v < nVoxels; v++) {
        const { r, r2 } = foldAccuracy(outcome, v);
        set.foldR[fold * total + at + v] = r;
        set.foldR2[fold * total + at + v] = r2;
        set.alphas[fold * total + at + v] = alphas[chosen[v]];
      }
    }
    for (let v = 0; v < nVoxels; v++) {
      if (options.summary === 'pooled') {
        const { r, r2 } = pooledAccuracy(outcomes, v);
        set.r[at + v] = r;
        set.r2[at + v] = r2;
      } else {
        set.r[at + v] = meanOver(set.foldR, outcomes.length, at + v);
        set.r2[at + v] = meanOver(set.foldR2, outcomes.length, at + v);
      }
      if (!this.hasAnswer(v)) clear(set, outcomes.length, at + v);
    }
  }

  private isUsable(v: number): boolean {
    return this.tile.kinds[v] === voxelKinds.usable;
  }

  private hasAnswer(v: number): boolean {
    const isZero = this.plan.options.constantVoxels === 'zero' && this.tile.kinds[v] === voxelKinds.constant;
    return isZero || this.isUsable(v);
  }
}

function meanOver(values: Float64Array, nFolds: number, voxel: number): number {
  let sum = 0;
  for (let at = voxel; at < values.length; at += values.length / nFolds) sum += values[at];
  return sum / nFolds;
}

function clear(set: EncodedSet, nFolds: number, voxel: number): void {
  const total = set.r.length;
  set.r[voxel] = Number.NaN;
  set.r2[voxel] = Number.NaN;
  for (let fold = 0; fold < nFolds; fold++)
    for (const values of [set.foldR, set.foldR2, set.alphas]) values[fold * total + voxel] = Number.NaN;
}

/** @throws AffectomeError `input` when the responses have other trials than the features, or no such voxels. */
export function checkResponses(
  { nTrials }: EncodingPlan,
  { nRows, nColumns }: Matrix,
  { firstVoxel, nVoxels }: VoxelRange,
): void {
  if (nRows !== nTrials) {
    throw inputError({
      problem: `The responses have ${nRows} trials, the features ${nTrials}; expected the same trials in the same order.`,
    });
  }
  if (firstVoxel >= 0 && nVoxels >= 0 && firstVoxel + nVoxels <= nColumns) return;
  throw inputError({
    problem: `Voxels ${firstVoxel} to ${firstVoxel + nVoxels - 1} were asked for; the responses have ${nColumns}.`,
  });
}
