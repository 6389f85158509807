import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';

/** What repeats of the same stimuli allow; one number per voxel, NaN for voxels that are constant or not finite. */
export interface VoxelCeiling {
  readonly nRepeats: number;
  readonly nStimuli: number;
  /** Share of the variance of the mean over repeats that is not noise; 0 where the noise estimate exceeds it. */
  readonly explainableVariance: Float64Array;
  /** Largest r with the mean over repeats that a perfect model is expected to reach: square root of the former. */
  readonly ceiling: Float64Array;
  /** r over stimuli of the means of odd and of even repeats, stepped up to all repeats (Spearman-Brown, Horst for an odd number); a negative r is left as it is. */
  readonly splitHalf: Float64Array;
  /** Voxels whose explainable variance was set to 0. */
  readonly nBelowZero: number;
  readonly nMissing: number;
}

/**
 * Noise ceiling of every voxel from stimuli that were shown more than once (Sahani & Linden 2003; Hsu, Borst & Theunissen
 * 2004, doi:10.1088/0954-898X_15_2_002). With R repeats: noise = variance over repeats (R - 1), averaged over stimuli;
 * explainable = (variance over stimuli of the mean - noise / R) / variance over stimuli of the mean.
 *
 * @param repeats at least two, each nStimuli x nVoxels with the same stimuli in the same order
 * @throws AffectomeError `input` when there are fewer than two repeats or three stimuli, or shapes differ.
 */
export function voxelCeiling(repeats: readonly Matrix[]): VoxelCeiling {
  checkRepeats(repeats);
  const { nRows: nStimuli, nColumns: nVoxels } = repeats[0];
  const nRepeats = repeats.length;
  const fill = () => new Float64Array(nVoxels).fill(Number.NaN);
  const [explainableVariance, ceiling, splitHalf] = [fill(), fill(), fill()];
  let [nBelowZero, nMissing] = [0, 0];
  for (let v = 0; v < nVoxels; v++) {
    const { total, noise, halves } = variances(repeats, v);
    if (!(total > 0) || !Number.isFinite(noise)) {
      nMissing++;
      continue;
    }
    const share = 1 - noise / nRepeats / total;
    if (share < 0) nBelowZero++;
    explainableVariance[v] = Math.max(0, share);
    ceiling[v] = Math.sqrt(explainableVariance[v]);
    splitHalf[v] = halves;
  }
  return { nRepeats, nStimuli, explainableVariance, ceiling, splitHalf, nBelowZero, nMissing };
}

function variances(repeats: readonly Matrix[], v: number): { total: number; noise: number; halves: number } {
  const { nRows: nStimuli, nColumns: nVoxels } = repeats[0];
  const nRepeats = repeats.length;
  const origin = repeats[0].data[v];
  const means = new Float64Array(nStimuli);
  const [odd, even] = [new Float64Array(nStimuli), new Float64Array(nStimuli)];
  let noise = 0;
  for (let s = 0; s < nStimuli; s++) {
    for (let k = 0; k < nRepeats; k++) {
      const value = repeats[k].data[s * nVoxels + v] - origin;
      means[s] += value / nRepeats;
      (k % 2 === 0 ? odd : even)[s] += value;
    }
    for (let k = 0; k < nRepeats; k++)
      noise += (repeats[k].data[s * nVoxels + v] - origin - means[s]) ** 2 / (nRepeats - 1) / nStimuli;
  }
  const { aa: total } = products(means, means);
  const { aa, bb, ab } = products(odd, even);
  const r = aa > 0 && bb > 0 ? Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb))) : 0;
  return { total: total / (nStimuli - 1), noise, halves: steppedUp(r, nRepeats) };
}

/**
 * From the correlation of two parts of the repeats to all of them: Spearman and Brown's 2 r / (1 + r), for parts that are not
 * equally long after Horst (1951, doi:10.1177/001316445101100306).
 */
function steppedUp(r: number, nRepeats: number): number {
  if (r <= 0) return r;
  const parts = (Math.ceil(nRepeats / 2) * Math.floor(nRepeats / 2)) / nRepeats ** 2;
  const square = r * r;
  return (2 * square) / (square + Math.sqrt(square * square + 4 * square * (1 - square) * parts));
}

function products(a: Float64Array, b: Float64Array): { aa: number; bb: number; ab: number } {
  let [sumA, sumB] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    sumA += a[i];
    sumB += b[i];
  }
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] - sumA / a.length, b[i] - sumB / b.length];
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return { aa, bb, ab };
}

function checkRepeats(repeats: readonly Matrix[]): void {
  const [first] = repeats;
  if (repeats.length < 2 || first.nRows < 3) {
    throw inputError({
      problem: `There are ${repeats.length} repeats of ${first?.nRows ?? 0} stimuli; a noise ceiling needs two of three.`,
    });
  }
  const wrong = repeats.findIndex(
    ({ nRows, nColumns }) => nRows !== first.nRows || nColumns !== first.nColumns,
  );
  if (wrong < 0) return;
  throw inputError({
    problem: `Repeat ${wrong + 1} is ${repeats[wrong].nRows} x ${repeats[wrong].nColumns}; expected ${first.nRows} stimuli x ${first.nColumns} voxels as in the first.`,
  });
}
