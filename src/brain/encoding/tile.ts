import type { Arena } from '../../embedding/arena.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { FoldPlan } from './folds.js';
import { ColumnGatherer } from './gather.js';
import type { EncodingKernel } from './kernel.js';

/** Voxels that are computed together. A voxel's numbers do not depend on its neighbours in the tile. */
export const tileVoxels = 32;
export const tileRowBytes = 8 * tileVoxels;

/** What a voxel is: 0 usable, 1 the same in every trial, 2 has a response that is not finite. */
export const voxelKinds = { usable: 0, constant: 1, notFinite: 2 } as const;

/** Sums of the responses over a set of trials, one number per voxel of the tile. */
export interface ResponseSums {
  nTrials: number;
  readonly sum: Float64Array;
  readonly square: Float64Array;
}

export const responseSums = (): ResponseSums => ({
  nTrials: 0,
  sum: new Float64Array(tileVoxels),
  square: new Float64Array(tileVoxels),
});

/** The responses of up to `tileVoxels` voxels in kernel memory, centred, trials in the order of the fold plan. */
export class Tile {
  readonly y: number;
  readonly mean: number;
  private readonly spread: number;
  private readonly sums: number;
  private readonly squares: number;
  private readonly nAtoms: number;
  readonly kinds = new Uint8Array(tileVoxels);
  private readonly views = new Map<number, Float64Array>();
  private readonly columns: ColumnGatherer;

  constructor(
    private readonly kernel: EncodingKernel,
    private readonly arena: Arena,
    private readonly folds: FoldPlan,
  ) {
    this.columns = new ColumnGatherer(folds.order, tileVoxels);
    this.nAtoms = folds.starts.length - 1;
    this.y = arena.take(folds.nTrials * tileRowBytes);
    this.mean = arena.take(tileRowBytes);
    this.spread = arena.take(tileRowBytes);
    this.sums = arena.take(this.nAtoms * tileRowBytes);
    this.squares = arena.take(this.nAtoms * tileRowBytes);
  }

  /**
   * Loads `nVoxels` voxels of `responses` from column `first` on. Voxels that cannot be used become zeros. The responses must
   * not change until `release`.
   */
  load(responses: Matrix, first: number, nVoxels: number): void {
    const { nTrials, order, starts } = this.folds;
    const { kernel } = this;
    const y = this.view(this.y, nTrials * tileVoxels);
    if (nVoxels < tileVoxels) y.fill(0);
    this.columns.copy(responses, { firstVoxel: first, nVoxels }, y);
    kernel.describe(this.y, nTrials, tileVoxels, this.mean, this.spread);
    this.classify();
    kernel.centre(this.y, nTrials, tileVoxels, this.mean);
    for (let a = 0; a < this.nAtoms; a++) {
      const at = a * tileRowBytes;
      const rows = this.y + starts[a] * tileRowBytes;
      kernel.atomSums(rows, starts[a + 1] - starts[a], tileVoxels, this.sums + at, this.squares + at);
    }
    if (order.length !== nTrials) throw new RangeError('A fold plan names every trial once.');
  }

  /** After the last tile of a range: the responses may change. */
  release(): void {
    this.columns.release();
  }

  private classify(): void {
    const mean = this.view(this.mean, tileVoxels);
    const spread = this.view(this.spread, tileVoxels);
    for (let v = 0; v < tileVoxels; v++) {
      this.kinds[v] = voxelKinds.usable;
      if (spread[v] === 0) this.kinds[v] = voxelKinds.constant;
      if (Number.isFinite(spread[v]) && Number.isFinite(mean[v])) continue;
      this.kinds[v] = voxelKinds.notFinite;
      mean[v] = 0;
      const y = this.view(this.y, this.folds.nTrials * tileVoxels);
      for (let at = v; at < y.length; at += tileVoxels) y[at] = 0;
    }
  }

  /** Adds the sums over `atoms` up in `into`. */
  sumOver(atoms: readonly number[], into: ResponseSums): ResponseSums {
    const { starts } = this.folds;
    into.nTrials = 0;
    into.sum.fill(0);
    into.square.fill(0);
    for (const a of atoms) {
      into.nTrials += starts[a + 1] - starts[a];
      const sum = this.view(this.sums + a * tileRowBytes, tileVoxels);
      const square = this.view(this.squares + a * tileRowBytes, tileVoxels);
      for (let v = 0; v < tileVoxels; v++) {
        into.sum[v] += sum[v];
        into.square[v] += square[v];
      }
    }
    return into;
  }

  /** Numbers in kernel memory. Views are kept: making one costs more than most work on it. */
  view(at: number, length: number): Float64Array {
    const kept = this.views.get(at);
    if (kept?.length === length) return kept;
    const view = new Float64Array(this.arena.memory.buffer, at, length);
    this.views.set(at, view);
    return view;
  }
}

/** Sum of squares around the mean of these trials; 0 when what is left is rounding. */
export function squaresAroundMean({ nTrials, sum, square }: ResponseSums, voxel: number): number {
  const rest = square[voxel] - sum[voxel] ** 2 / nTrials;
  return rest > 1e-13 * square[voxel] ? rest : 0;
}
