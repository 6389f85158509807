import { inputError, throwIfCancelled } from '../../numerics/errors.js';
import { type Matrix, matrix } from '../../numerics/matrix.js';
import type { Watch } from '../../numerics/progress.js';
import type { VoxelRange } from './block.js';
import type { FeatureSet } from './feature-moments.js';
import { placeNumbers } from './placed-fold.js';
import { rowProducts, rowsOf } from './row-products.js';
import { transposed } from './row-space.js';
import { tileRowBytes, tileVoxels, voxelKinds } from './tile.js';
import { type PatternSums, TrialPatterns } from './trial-patterns.js';
import { alphasBetween, checkTrials, type VoxelAlphas, WholeFit, type WholeFitOptions } from './whole-fit.js';

/**
 * Every trial predicted by the ridge fit to all other trials, in closed form: y - (y - yhat) / (1 - h) with the leverage
 * h = 1/n + x'(X'X + alpha I)^-1 x of the centred features. Ridge with an intercept; features are used as given, or divided
 * by their standard deviation over all trials, the left-out one among them.
 */
export class LeaveOneOut {
  private readonly whole: WholeFit;
  private readonly rows: Float64Array;
  private readonly rowsAt: number;
  private readonly predicted: number;
  private readonly weights: number;
  private readonly alphaOf: number;
  private readonly out: number;
  private factors = { at: 0, length: 0 };

  /** @throws AffectomeError `input` for features that are not finite. */
  constructor(set: FeatureSet, options: WholeFitOptions = {}) {
    const whole = new WholeFit(set, options);
    const { arena, nTrials } = whole;
    const nRows = 4 * Math.ceil(nTrials / 4);
    this.whole = whole;
    this.rows = rowsInBasis(whole, nRows);
    this.rowsAt = placeNumbers(arena, this.rows).byteOffset;
    this.predicted = arena.take(nRows * tileRowBytes);
    this.weights = arena.take(tileRowBytes);
    this.alphaOf = arena.take(4 * tileVoxels);
    this.out = arena.take(40 * nTrials);
  }

  /** Predictions of the voxels of `range`, nTrials x range.nVoxels, float32; NaN for voxels without an answer. */
  predict(responses: Matrix, alphas: VoxelAlphas, range: VoxelRange): Matrix {
    const { nTrials } = this.whole;
    const result = new Float32Array(nTrials * range.nVoxels);
    this.eachTile(responses, alphas, range, (at, used) => {
      const values = this.whole.tile.view(this.predicted, nTrials * tileVoxels);
      for (let t = 0; t < nTrials; t++)
        for (let v = 0; v < used.length; v++)
          result[t * range.nVoxels + at + v] = used[v] ? values[t * tileVoxels + v] : Number.NaN;
    });
    return matrix(nTrials, range.nVoxels, result);
  }

  /** What `range` adds to the correlation of predicted and measured patterns: see `TrialPatterns`. */
  patterns(responses: Matrix, alphas: VoxelAlphas, range: VoxelRange): PatternSums {
    const { kernel, tile, nTrials } = this.whole;
    const patterns = new TrialPatterns(nTrials);
    this.eachTile(responses, alphas, range, (_, used) => {
      const nUsed = used.reduce((sum, use) => sum + use, 0);
      tile.view(this.weights, tileVoxels).fill(0).set(used);
      if (nUsed === 0) return;
      kernel.patternSums(this.predicted, tile.y, this.weights, nUsed, nTrials, tileVoxels, this.out);
      patterns.add({ nVoxels: nUsed, sums: tile.view(this.out, 5 * nTrials) });
    });
    return patterns.total();
  }

  private eachTile(
    responses: Matrix,
    alphas: VoxelAlphas,
    range: VoxelRange,
    work: (at: number, used: Uint8Array) => void,
  ): void {
    const { whole, rowsAt, predicted } = this;
    const { kernel, tile, nTrials, size } = whole;
    checkTrials(responses, nTrials);
    const wanted = alphasBetween(alphas, range.firstVoxel, range.nVoxels);
    const distinct = Float64Array.from(new Set(wanted.filter((alpha) => alpha > 0))).sort();
    const places = new Map(Array.from(distinct, (alpha, place) => [alpha, place]));
    this.placeFactors(distinct);
    const nRows = 4 * Math.ceil(nTrials / 4);
    for (let at = 0; at < range.nVoxels; at += tileVoxels) {
      const own = wanted.subarray(at, Math.min(range.nVoxels, at + tileVoxels));
      whole.load(responses, range.firstVoxel + at, own);
      const alphaOf = new Uint32Array(whole.arena.memory.buffer, this.alphaOf, tileVoxels).fill(0);
      own.forEach((alpha, v) => {
        alphaOf[v] = places.get(alpha) ?? 0;
      });
      kernel.multiply(rowsAt, 8 * size, whole.fit, predicted, nRows, size, tileVoxels);
      const factors = this.factors.at;
      kernel.leaveOut(
        predicted,
        tile.y,
        tile.mean,
        factors,
        distinct.length,
        this.alphaOf,
        nTrials,
        tileVoxels,
      );
      work(
        at,
        Uint8Array.from(own, (alpha, v) => Number(alpha > 0 && tile.kinds[v] === voxelKinds.usable)),
      );
    }
    tile.release();
  }

  /** Writes 1 / (1 - h) for every trial and alpha; memory is taken again only when there are more alphas than before. */
  private placeFactors(alphas: Float64Array): void {
    const { nTrials, size, arena, basis, tile } = this.whole;
    const length = Math.max(1, alphas.length) * nTrials;
    if (length > this.factors.length) this.factors = { at: arena.take(8 * length), length };
    const factors = tile.view(this.factors.at, length);
    for (let t = 0; t < nTrials; t++)
      for (let a = 0; a < alphas.length; a++) {
        let leverage = 1 / nTrials;
        for (let k = 0; k < size; k++)
          leverage += this.rows[t * size + k] ** 2 / (basis.eigenvalues[k] + alphas[a]);
        factors[t * alphas.length + a] = 1 / (1 - leverage);
      }
  }
}

/** Centred features in the basis, nRows x size. */
function rowsInBasis({ moments, basis, size, nTrials }: WholeFit, nRows: number): Float64Array {
  const rows = new Float64Array(nRows * size);
  const trials = rowsOf(transposed(moments.transposed, size, nTrials), size);
  rows.set(rowProducts(trials, rowsOf(basis.projection, size)));
  return rows;
}

/** How well the pattern of every stimulus is predicted from the others. */
export interface StimulusReliability {
  /** Pearson r over voxels of the predicted with the measured pattern, one per trial; 0 when either is constant. */
  readonly r: Float64Array;
  /** Voxels that entered: usable and with an alpha. */
  readonly nVoxels: number;
}

/**
 * Stimulus reliability as P1 selects stimuli for its searchlight: leave-one-out prediction of each response, correlated over
 * voxels with what was measured. Standardise the voxels over trials first, else their means make every pattern alike.
 *
 * @param responses nTrials x nVoxels, one trial per stimulus
 * @throws AffectomeError `input` for trials or alphas that do not match, or when no voxel is usable; `cancelled`.
 */
export function stimulusReliability(
  set: FeatureSet,
  responses: Matrix,
  {
    alphas,
    standardiseFeatures = false,
    signal,
    onProgress,
  }: { alphas: VoxelAlphas } & WholeFitOptions & Watch,
): StimulusReliability {
  const model = new LeaveOneOut(set, { standardiseFeatures });
  const patterns = new TrialPatterns(responses.nRows);
  const nVoxels = responses.nColumns;
  const step = 1024;
  for (let firstVoxel = 0; firstVoxel < nVoxels; firstVoxel += step) {
    throwIfCancelled(signal);
    const range = { firstVoxel, nVoxels: Math.min(step, nVoxels - firstVoxel) };
    patterns.add(model.patterns(responses, alphas, range));
    const task = `reliability of stimuli from ${set.name}`;
    onProgress?.({ task, done: firstVoxel + range.nVoxels, total: nVoxels, unit: 'voxels' });
  }
  const total = patterns.total();
  if (total.nVoxels < 2) {
    throw inputError({
      problem: `${total.nVoxels} of ${nVoxels} voxels are usable; a pattern needs at least 2.`,
      remedy: 'Check the mask and the alphas.',
    });
  }
  return { r: patterns.correlations(), nVoxels: total.nVoxels };
}

/** P1 takes 1,000 (it says 100 as well). */
export const reliableStimuli = 1000;

/** The `n` stimuli with the highest reliability, in ascending order of their index; of equals the first. */
export function mostReliable(r: ArrayLike<number>, n: number = reliableStimuli): Uint32Array {
  if (!Number.isInteger(n) || n < 1 || n > r.length) {
    throw inputError({ problem: `${n} stimuli were asked for; expected 1 to ${r.length}.` });
  }
  const order = Uint32Array.from({ length: r.length }, (_, i) => i).sort((a, b) => r[b] - r[a] || a - b);
  return order.slice(0, n).sort();
}
