import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { symmetryTolerance } from '../rsm/rsm.js';

export type StructureDistance = 'cosine' | 'correlation' | 'squared-euclidean';

/**
 * One side of an alignment. `vectors` are nStimuli x nComponents; distances are 1 - cosine, 1 - Pearson r, or squared
 * Euclidean, and are never written out. `rdm` is nStimuli x nStimuli, symmetric, any values.
 */
export type Structure =
  | { readonly kind: 'vectors'; readonly vectors: Matrix; readonly distance: StructureDistance }
  | { readonly kind: 'rdm'; readonly rdm: Matrix };

/**
 * Distances between the n stimuli of one side.
 * `factored`: distance(i, k) = heights[i] + heights[k] - coordinates[i] . coordinates[k], with centred coordinates (n x d).
 */
export type Distances =
  | {
      readonly kind: 'factored';
      readonly n: number;
      readonly d: number;
      readonly coordinates: Float64Array;
      readonly heights: Float64Array;
    }
  | { readonly kind: 'dense'; readonly n: number; readonly values: Float64Array };

export type FactoredDistances = Extract<Distances, { kind: 'factored' }>;
export type DenseDistances = Extract<Distances, { kind: 'dense' }>;

/** @throws AffectomeError `input` for numbers that are not finite, an RDM that is not square or not symmetric. */
export function distancesOf(structure: Structure, side: 'source' | 'target'): Distances {
  return structure.kind === 'rdm'
    ? { kind: 'dense', n: structure.rdm.nRows, values: checkedRdm(structure.rdm, side) }
    : factored(structure, side);
}

/** Number of stimuli of one side. */
export function sizeOf(structure: Structure): number {
  return structure.kind === 'rdm' ? structure.rdm.nRows : structure.vectors.nRows;
}

function checkedRdm({ nRows, nColumns, data }: Matrix, side: string): Float64Array {
  if (nRows !== nColumns)
    throw inputError({
      problem: `The RDM of the ${side} is ${nRows} x ${nColumns}; an RDM is square.`,
      remedy: 'Give vectors as { kind: "vectors" } instead.',
    });
  requireFinite(data, nColumns, `RDM of the ${side}`);
  const values = Float64Array.from(data);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let i = 0; i < nRows; i++) {
    for (let k = 0; k < i; k++) {
      const [lower, upper] = [values[i * nRows + k], values[k * nRows + i]];
      if (Math.abs(lower - upper) <= symmetryTolerance * largest) {
        values[i * nRows + k] = values[k * nRows + i] = (lower + upper) / 2;
        continue;
      }
      throw inputError({
        problem: `The RDM of the ${side} is not symmetric: ${lower} in row ${i + 1}, column ${k + 1}, but ${upper} on the other side of the diagonal.`,
      });
    }
  }
  return values;
}

function requireFinite(data: ArrayLike<number>, nColumns: number, what: string): void {
  for (let at = 0; at < data.length; at++) {
    if (Number.isFinite(data[at])) continue;
    throw inputError({
      problem: `The ${what} holds ${data[at]} in row ${Math.floor(at / nColumns) + 1}, column ${(at % nColumns) + 1}; every value must be finite.`,
    });
  }
}

/**
 * Cosine and correlation distance are half the squared Euclidean distance of unit vectors. A row of zeros (for
 * correlation: a constant row) has no direction: a column of its own puts it at distance 1 from all others.
 */
function factored(structure: Extract<Structure, { kind: 'vectors' }>, side: string): FactoredDistances {
  const { vectors, distance } = structure;
  const { nRows: n, nColumns, data } = vectors;
  requireFinite(data, nColumns, `vectors of the ${side}`);
  if (distance === 'squared-euclidean') return centred(n, nColumns, scaledBy(data, Math.SQRT2));
  const rows = distance === 'correlation' ? centredRows(data, n, nColumns) : Float64Array.from(data);
  const lengths = Float64Array.from({ length: n }, (_, i) => lengthOf(rowOf(rows, i, nColumns)));
  const lost = [...lengths.keys()].filter((i) => lengths[i] <= rounding(data, i, nColumns));
  const d = nColumns + lost.length;
  const unit = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    const own = lost.indexOf(i);
    if (own >= 0) unit[i * d + nColumns + own] = 1;
    else for (let c = 0; c < nColumns; c++) unit[i * d + c] = rows[i * nColumns + c] / lengths[i];
  }
  return centred(n, d, unit);
}

const rowOf = (data: Float64Array, i: number, d: number) => data.subarray(i * d, (i + 1) * d);

const lengthOf = (row: Float64Array): number => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0));

/** What centring leaves of a constant row. */
function rounding(data: ArrayLike<number>, i: number, d: number): number {
  let largest = 0;
  for (let c = 0; c < d; c++) largest = Math.max(largest, Math.abs(data[i * d + c]));
  return 1e-14 * d * largest;
}

function centredRows(data: ArrayLike<number>, n: number, d: number): Float64Array {
  const result = new Float64Array(n * d);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let c = 0; c < d; c++) sum += data[i * d + c];
    for (let c = 0; c < d; c++) result[i * d + c] = data[i * d + c] - sum / d;
  }
  return result;
}

function scaledBy(data: ArrayLike<number>, scale: number): Float64Array {
  return Float64Array.from(data, (value) => scale * value);
}

/** Moves the centre to zero, which changes no distance and keeps the numbers small. */
function centred(n: number, d: number, coordinates: Float64Array): FactoredDistances {
  const centre = new Float64Array(d);
  for (let at = 0; at < n * d; at++) centre[at % d] += coordinates[at] / n;
  for (let at = 0; at < n * d; at++) coordinates[at] -= centre[at % d];
  const heights = new Float64Array(n);
  for (let at = 0; at < n * d; at++) heights[Math.floor(at / d)] += coordinates[at] ** 2 / 2;
  return { kind: 'factored', n, d, coordinates, heights };
}

/** Row `i` of the distance matrix. */
export function distanceRow(distances: Distances, i: number): Float64Array {
  const { n } = distances;
  if (distances.kind === 'dense') return distances.values.subarray(i * n, (i + 1) * n);
  const { d, coordinates, heights } = distances;
  const result = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let dot = 0;
    for (let c = 0; c < d; c++) dot += coordinates[i * d + c] * coordinates[k * d + c];
    result[k] = k === i ? 0 : heights[i] + heights[k] - dot;
  }
  return result;
}

/** The same distances written out. */
export function dense(distances: Distances): DenseDistances {
  if (distances.kind === 'dense') return distances;
  const { n } = distances;
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) values.set(distanceRow(distances, i), i * n);
  return { kind: 'dense', n, values };
}
