import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { FoldPlan } from './folds.js';
import { rowProducts } from './row-products.js';

/** What stimuli are described by: one row per trial, in the order of the responses. */
export interface FeatureSet {
  readonly name: string;
  readonly features: Matrix;
}

/** Sums over a set of trials of features that were centred over all trials. */
export interface Moments {
  readonly nTrials: number;
  readonly sum: Float64Array;
  /** Sums of products, nFeatures x nFeatures. */
  readonly gram: Float64Array;
}

export interface FeatureMoments {
  readonly nFeatures: number;
  /** nFeatures rounded up to a multiple of 4: rows beyond are zeros. */
  readonly size: number;
  readonly mean: Float64Array;
  /** Centred features, size x nTrials, trials in the order of the fold plan. */
  readonly transposed: Float64Array;
  readonly atoms: readonly Moments[];
  /** Sums of squares over all trials; 0 for a constant feature. */
  readonly squares: Float64Array;
  readonly nConstant: number;
}

/** @throws AffectomeError `input` when a set has other trials than the folds, no feature, or numbers that are not finite. */
export function checkFeatures({ name, features }: FeatureSet, nTrials: number): void {
  const { nRows, nColumns, data } = features;
  if (nRows !== nTrials || nColumns === 0) {
    throw inputError({
      problem: `has ${nRows} trials x ${nColumns} features; expected ${nTrials} trials and at least one feature.`,
      where: { field: name },
    });
  }
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw inputError({
    problem: `trial ${Math.floor(at / nColumns) + 1}, feature ${(at % nColumns) + 1} is ${data[at]}; expected a finite number.`,
    where: { field: name },
    remedy: 'Fill or leave out the trials that have no value.',
  });
}

/** Centres `features` over all trials and sums them by atom. */
export function featureMoments(features: Matrix, plan: FoldPlan): FeatureMoments {
  const { nColumns: nFeatures } = features;
  const { nTrials, order, starts } = plan;
  const size = 4 * Math.ceil(nFeatures / 4);
  const transposed = new Float64Array(size * nTrials);
  const mean = new Float64Array(nFeatures);
  const squares = new Float64Array(nFeatures);
  for (let f = 0; f < nFeatures; f++) {
    const column = transposed.subarray(f * nTrials, (f + 1) * nTrials);
    for (let t = 0; t < nTrials; t++) column[t] = features.data[order[t] * nFeatures + f];
    mean[f] = centreInPlace(column);
    for (let t = 0; t < nTrials; t++) squares[f] += column[t] ** 2;
  }
  const nAtoms = starts.length - 1;
  const atoms = Array.from({ length: nAtoms }, (_, a) =>
    momentsBetween(transposed, nFeatures, nTrials, [starts[a], starts[a + 1]]),
  );
  const nConstant = squares.filter((square) => square === 0).length;
  return { nFeatures, size, mean, transposed, atoms, squares, nConstant };
}

/** Subtracts the mean, exactly 0 for a constant, and returns it. */
export function centreInPlace(values: Float64Array): number {
  const first = values[0];
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] - first;
  const mean = first + sum / values.length;
  for (let i = 0; i < values.length; i++) values[i] -= mean;
  return mean;
}

function momentsBetween(
  transposed: Float64Array,
  nFeatures: number,
  nTrials: number,
  [from, to]: readonly [number, number],
): Moments {
  const sum = new Float64Array(nFeatures);
  for (let i = 0; i < nFeatures; i++) for (let t = from; t < to; t++) sum[i] += transposed[i * nTrials + t];
  const rows = {
    data: transposed,
    nRows: nFeatures,
    nColumns: to - from,
    start: from,
    stride: nTrials,
  };
  const gram = rowProducts(rows, rows, 'lower');
  mirror(gram, nFeatures);
  return { nTrials: to - from, sum, gram };
}

/** Writes the lower triangle over the upper one. */
export function mirror(square: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) square[j * size + i] = square[i * size + j];
}

/** The moments of several atoms together. */
export function joinMoments(all: readonly Moments[], atoms: readonly number[]): Moments {
  const nFeatures = all[0].sum.length;
  const sum = new Float64Array(nFeatures);
  const gram = new Float64Array(nFeatures * nFeatures);
  let nTrials = 0;
  for (const a of atoms) {
    nTrials += all[a].nTrials;
    for (let i = 0; i < sum.length; i++) sum[i] += all[a].sum[i];
    for (let i = 0; i < gram.length; i++) gram[i] += all[a].gram[i];
  }
  return { nTrials, sum, gram };
}
