import { inputError } from '../../numerics/errors.js';
import { dense, distanceRow, distancesOf, type Structure, sizeOf } from './structure.js';

/**
 * How much both sides agree on each stimulus of the source, one number per stimulus (larger: more), when `targetOf[i]` is
 * taken for the counterpart of stimulus i. A null asks again for shuffled counterparts.
 */
export type StimulusAgreement = (targetOf: ArrayLike<number>) => ArrayLike<number>;

/**
 * Pearson r between the rows of both RDMs that belong to a stimulus, without its distance to itself. An undefined r counts as -1.
 * @throws AffectomeError `input` for sides of different size, and as `alignmentProblem`.
 */
export function rdmAgreement(source: Structure, target: Structure): StimulusAgreement {
  requireSameSize(source, target);
  const [a, b] = [dense(distancesOf(source, 'source')), dense(distancesOf(target, 'target'))];
  return (targetOf) => {
    const moved = new Float64Array(b.n);
    return Float64Array.from({ length: a.n }, (_, i) => {
      const row = distanceRow(b, targetOf[i]);
      for (let j = 0; j < b.n; j++) moved[j] = row[targetOf[j]];
      return rowCorrelation(distanceRow(a, i), moved, i);
    });
  };
}

/**
 * Pearson r between both vectors of a stimulus; the columns of both sides must mean the same, as in ratings on one list of scales.
 * An undefined r counts as -1.
 * @throws AffectomeError `input` for sides that are no vectors of one shape.
 */
export function vectorAgreement(source: Structure, target: Structure): StimulusAgreement {
  requireSameSize(source, target);
  if (source.kind !== 'vectors' || target.kind !== 'vectors' || columnsOf(source) !== columnsOf(target))
    throw inputError({
      problem: 'Vectors of both sides with the same columns are needed to compare them stimulus by stimulus.',
      remedy: 'Use rdmAgreement, which compares any two geometries.',
    });
  const nColumns = columnsOf(source);
  const rowOf = (data: ArrayLike<number>, i: number) =>
    Float64Array.from({ length: nColumns }, (_, c) => data[i * nColumns + c]);
  return (targetOf) =>
    Float64Array.from({ length: source.vectors.nRows }, (_, i) =>
      rowCorrelation(rowOf(source.vectors.data, i), rowOf(target.vectors.data, targetOf[i]), -1),
    );
}

const columnsOf = ({ vectors }: Extract<Structure, { kind: 'vectors' }>): number => vectors.nColumns;

function requireSameSize(source: Structure, target: Structure): void {
  const [n, nTarget] = [sizeOf(source), sizeOf(target)];
  if (n === nTarget) return;
  throw inputError({
    problem: `The source has ${n} stimuli, the target ${nTarget}; agreement is about the same stimuli on both sides.`,
  });
}

/** Pearson r without entry `left`; -1 where one side does not vary. */
function rowCorrelation(x: Float64Array, y: Float64Array, left: number): number {
  const n = x.length - (left >= 0 ? 1 : 0);
  let [meanX, meanY] = [0, 0];
  for (let j = 0; j < x.length; j++) {
    if (j === left) continue;
    meanX += x[j] / n;
    meanY += y[j] / n;
  }
  let [xy, xx, yy] = [0, 0, 0];
  for (let j = 0; j < x.length; j++) {
    if (j === left) continue;
    xy += (x[j] - meanX) * (y[j] - meanY);
    xx += (x[j] - meanX) ** 2;
    yy += (y[j] - meanY) ** 2;
  }
  const isFlat = xx <= n * (1e-14 * meanX) ** 2 || yy <= n * (1e-14 * meanY) ** 2;
  return isFlat ? -1 : xy / Math.sqrt(xx * yy);
}
