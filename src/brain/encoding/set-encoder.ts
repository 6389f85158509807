import type { Arena } from '../../embedding/arena.js';
import type { FoldPlan } from './folds.js';
import type { EncodingKernel } from './kernel.js';
import type { EncodingPlan, FeatureSetPlan } from './plan.js';
import type { Split } from './split.js';
import {
  type ResponseSums,
  responseSums,
  squaresAroundMean,
  type Tile,
  tileRowBytes,
  tileVoxels,
} from './tile.js';

/** How one outer fold went, one number per voxel of the tile. Predictions and responses are relative to the voxel's mean. */
export interface FoldOutcome {
  readonly nTrials: number;
  readonly meanMeasured: Float64Array;
  readonly meanPredicted: Float64Array;
  /** Sums around the means: of squared responses, of squared predictions, of products. */
  readonly measured: Float64Array;
  readonly predicted: Float64Array;
  readonly product: Float64Array;
}

/** Ridge regression of one feature set on the tile, in moments. */
export class SetEncoder {
  private readonly transposed: number;
  private readonly moments: number;
  private readonly training: number;
  private readonly innerTraining: number;
  private readonly validation: number;
  private readonly weights: number;
  private readonly targets: number;
  private readonly fit: number;
  private readonly vector: number;
  private readonly linear: number;
  private readonly square: number;
  private readonly linearAll: number;
  private readonly squareAll: number;
  private readonly scores: number;
  private readonly trainSums = responseSums();
  private readonly validSums = responseSums();
  private readonly innerSums = responseSums();

  constructor(
    private readonly kernel: EncodingKernel,
    arena: Arena,
    private readonly plan: EncodingPlan,
    private readonly set: FeatureSetPlan,
    private readonly tile: Tile,
  ) {
    const block = () => arena.take(set.size * tileRowBytes);
    const nRows = Math.max(...set.folds.map(({ skeleton }) => skeleton.nRows));
    this.transposed = set.transposed.byteOffset;
    this.moments = arena.take((this.foldPlan.starts.length - 1) * set.size * tileRowBytes);
    [this.training, this.innerTraining, this.validation] = [block(), block(), block()];
    [this.weights, this.targets, this.fit] = [block(), block(), block()];
    this.vector = arena.take(tileRowBytes);
    const rows = () => arena.take(nRows * tileRowBytes);
    [this.linear, this.square, this.linearAll, this.squareAll] = [rows(), rows(), rows(), rows()];
    this.scores = rows();
  }

  private get foldPlan(): FoldPlan {
    return this.plan.folds;
  }

  /** Takes up the tile's new responses: X'Y of every atom. */
  load(): void {
    const { starts, nTrials } = this.foldPlan;
    const { size } = this.set;
    for (let a = 0; a < starts.length - 1; a++) {
      const rows = this.tile.y + starts[a] * tileRowBytes;
      const to = this.moments + a * size * tileRowBytes;
      const from = this.transposed + 8 * starts[a];
      this.kernel.multiply(from, 8 * nTrials, rows, to, size, starts[a + 1] - starts[a], tileVoxels);
    }
  }

  /** Mean inner score of every alpha (rows) and voxel: nAlphas x tileVoxels, valid until the next call. */
  innerScores(fold: number): Float64Array {
    const { folds } = this.foldPlan;
    const { skeleton, inner } = this.set.folds[fold];
    const { nRows, chosen } = skeleton;
    const isCorrelation = this.plan.options.innerScore === 'pearson';
    const scores = this.tile.view(this.scores, nRows * tileVoxels).fill(0);
    const level = new Float64Array(tileVoxels);
    const curve = this.tile.view(this.linearAll, chosen.length * tileVoxels);
    if (!isCorrelation) curve.fill(0);
    this.sumMoments(folds[fold].trainAtoms, this.training);
    this.tile.sumOver(folds[fold].trainAtoms, this.trainSums);
    for (let i = 0; i < inner.length; i++) {
      this.project(fold, i);
      this.skeletonTerms(fold, i);
      if (isCorrelation) this.addCorrelations(fold, inner[i]);
      else this.addLosses(inner[i], chosen.length, curve, level);
    }
    const nInner = inner.length;
    if (!isCorrelation)
      this.kernel.multiply(
        skeleton.linear.byteOffset,
        8 * chosen.length,
        this.linearAll,
        this.scores,
        nRows,
        chosen.length,
        tileVoxels,
      );
    for (let at = 0; at < scores.length; at++) scores[at] = (scores[at] + level[at % tileVoxels]) / nInner;
    return scores.subarray(0, this.plan.alphas.length * tileVoxels);
  }

  /** Fits the training trials of `fold` with each voxel's alpha and compares its predictions of the held-out trials. */
  outcome(fold: number, alphas: Float64Array): FoldOutcome {
    const { trainAtoms, testAtoms } = this.foldPlan.folds[fold];
    const split = this.set.folds[fold].outer;
    this.sumMoments(trainAtoms, this.innerTraining);
    this.sumMoments(testAtoms, this.validation);
    const train = this.tile.sumOver(trainAtoms, this.trainSums);
    const valid = this.tile.sumOver(testAtoms, this.validSums);
    this.intoBasis(split, train, valid, 'validation');
    const { size } = this.set;
    const weights = this.tile.view(this.weights, size * tileVoxels);
    const fit = this.tile.view(this.fit, size * tileVoxels);
    const meanPredicted = Float64Array.from(train.sum, (sum) => sum / train.nTrials);
    for (let k = 0; k < size; k++) {
      const [d, shift] = [split.eigenvalues[k], split.shiftInBasis[k]];
      for (let v = 0; v < tileVoxels; v++) {
        const at = k * tileVoxels + v;
        fit[at] = weights[at] / (d + alphas[v]);
        meanPredicted[v] += shift * fit[at];
      }
    }
    const form = split.form.byteOffset;
    this.kernel.quadratic(form, this.fit, this.targets, this.linear, this.square, size, tileVoxels);
    return {
      nTrials: valid.nTrials,
      meanMeasured: Float64Array.from(valid.sum, (sum) => sum / valid.nTrials),
      meanPredicted,
      measured: Float64Array.from({ length: tileVoxels }, (_, v) => squaresAroundMean(valid, v)),
      predicted: this.tile.view(this.square, tileVoxels).slice(),
      product: this.tile.view(this.linear, tileVoxels).slice(),
    };
  }

  private sumMoments(atoms: readonly number[], to: number): void {
    const length = this.set.size * tileVoxels;
    this.tile.view(to, length).fill(0);
    for (const a of atoms) this.kernel.addTo(to, this.moments + a * length * 8, length);
  }

  private project(fold: number, i: number): void {
    const validAtoms = this.foldPlan.folds[fold].inner[i];
    this.sumMoments(validAtoms, this.validation);
    this.kernel.subtract(this.innerTraining, this.training, this.validation, this.set.size * tileVoxels);
    const valid = this.tile.sumOver(validAtoms, this.validSums);
    const { trainSums: whole, innerSums: train } = this;
    train.nTrials = whole.nTrials - valid.nTrials;
    for (let v = 0; v < tileVoxels; v++) {
      train.sum[v] = whole.sum[v] - valid.sum[v];
      train.square[v] = whole.square[v] - valid.square[v];
    }
    const around = this.plan.options.innerScore === 'pearson' ? 'validation' : 'training';
    this.intoBasis(this.set.folds[fold].inner[i], train, valid, around);
  }

  /** Centres X'Y of training and validation trials and turns both into the basis: `weights` and `targets`. */
  private intoBasis(
    { nValid, projection, meanTrain, meanValid, shift }: Split,
    train: ResponseSums,
    valid: ResponseSums,
    around: 'training' | 'validation',
  ): void {
    const { kernel } = this;
    const { size } = this.set;
    const vector = this.tile.view(this.vector, tileVoxels);
    for (let v = 0; v < tileVoxels; v++) vector[v] = -train.sum[v];
    kernel.addOuter(this.innerTraining, meanTrain.byteOffset, this.vector, size, tileVoxels);
    for (let v = 0; v < tileVoxels; v++) vector[v] = -valid.sum[v];
    kernel.addOuter(this.validation, meanValid.byteOffset, this.vector, size, tileVoxels);
    if (around === 'training') {
      for (let v = 0; v < tileVoxels; v++) vector[v] = valid.sum[v] - (nValid * train.sum[v]) / train.nTrials;
      kernel.addOuter(this.validation, shift.byteOffset, this.vector, size, tileVoxels);
    }
    const directions = projection.byteOffset;
    kernel.multiply(directions, 8 * size, this.innerTraining, this.weights, size, size, tileVoxels);
    kernel.multiply(directions, 8 * size, this.validation, this.targets, size, size, tileVoxels);
  }

  private skeletonTerms(fold: number, i: number): void {
    const { size } = this.set;
    const { inner, factors, skeleton } = this.set.folds[fold];
    const [form, shares] = [inner[i].form.byteOffset, factors[i].byteOffset];
    for (let s = 0; s < skeleton.chosen.length; s++) {
      const row = s * tileRowBytes;
      this.kernel.shrink(this.fit, this.weights, shares + 8 * s * size, size, tileVoxels);
      const [linear, square] = [this.linear + row, this.square + row];
      this.kernel.quadratic(form, this.fit, this.targets, linear, square, size, tileVoxels);
    }
  }

  /** Adds 2 b'z - b'Mb at the skeleton to `curve` and what does not depend on alpha to `level`. */
  private addLosses({ nValid }: Split, nChosen: number, curve: Float64Array, level: Float64Array): void {
    const { innerScore, standardiseResponses } = this.plan.options;
    const linear = this.tile.view(this.linear, nChosen * tileVoxels);
    const square = this.tile.view(this.square, nChosen * tileVoxels);
    const { innerSums: train, validSums: valid } = this;
    for (let v = 0; v < tileVoxels; v++) {
      const around = squaresAroundMean(valid, v);
      const shift = valid.sum[v] / nValid - train.sum[v] / train.nTrials;
      let weight = 1 / nValid;
      if (innerScore === 'r2') weight = around > 0 ? 1 / around : 0;
      else if (standardiseResponses) weight /= squaresAroundMean(train, v) / train.nTrials || 1;
      level[v] += (innerScore === 'r2' && around > 0 ? 1 : 0) - weight * (around + nValid * shift * shift);
      for (let at = v; at < curve.length; at += tileVoxels)
        curve[at] += weight * (2 * linear[at] - square[at]);
    }
  }

  private addCorrelations(fold: number, { nValid }: Split): void {
    const { chosen, nRows, ...places } = this.set.folds[fold].skeleton;
    const [linear, quadratic] = [places.linear.byteOffset, places.quadratic.byteOffset];
    const { kernel } = this;
    kernel.multiply(linear, 8 * chosen.length, this.linear, this.linearAll, nRows, chosen.length, tileVoxels);
    kernel.multiply(
      quadratic,
      8 * chosen.length,
      this.square,
      this.squareAll,
      nRows,
      chosen.length,
      tileVoxels,
    );
    const spread = this.tile.view(this.vector, tileVoxels);
    for (let v = 0; v < tileVoxels; v++) spread[v] = nValid < 2 ? 0 : squaresAroundMean(this.validSums, v);
    kernel.addCorrelation(this.scores, this.linearAll, this.squareAll, this.vector, nRows, tileVoxels);
  }
}
