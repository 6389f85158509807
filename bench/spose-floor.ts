import type { MachineLimits } from './limits.js';

/** The least time a triplet can take, in nanoseconds, and what it is made of. */
export interface SposeFloor {
  readonly adamArithmetic: number;
  readonly adamTraffic: number;
  readonly pairArithmetic: number;
  readonly pairTraffic: number;
  readonly total: number;
}

/**
 * The floor of one triplet with 128-bit vectors. Dense Adam passes over nStimuli * nComponents / batchSize weights per triplet:
 * per four a square root and, quotients sharing divisions in pairs, half a division on the same unit; four arrays are read
 * and written. Similarities and gradients are 18 nComponents FLOP, nine quarters of multiply-adds per component; rows are
 * read twice (6 loads per four components), gradients updated (3). Arithmetic and traffic may overlap, the two passes cannot:
 * a step needs all gradients of its batch. Shuffle, exponentials and loop overhead count as nothing.
 */
export function sposeFloor(
  limits: MachineLimits,
  { nStimuli, nComponents, batchSize }: { nStimuli: number; nComponents: number; batchSize: number },
): SposeFloor {
  const vectorsPerRow = nComponents / 4;
  const adamVectors = (nStimuli * vectorsPerRow) / batchSize;
  const adamArithmetic = adamVectors * (limits.squareRoot + limits.division / 2);
  const adamTraffic = adamVectors * 4 * limits.adamUpdate;
  const pairArithmetic = vectorsPerRow * 9 * limits.multiplyAdd;
  const pairTraffic = vectorsPerRow * (6 * limits.rowLoad + 3 * limits.rowUpdate);
  const total = Math.max(adamArithmetic, adamTraffic) + Math.max(pairArithmetic, pairTraffic);
  return { adamArithmetic, adamTraffic, pairArithmetic, pairTraffic, total };
}
