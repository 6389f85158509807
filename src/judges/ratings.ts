import { inputError } from '../numerics/errors.js';
import { cosineSimilarity, type Matrix, matrix } from '../numerics/matrix.js';
import type { Ratings } from '../stimuli/ratings.js';
import { zeroVectorWarning, zScoreColumns } from './directions.js';
import type { OfflineJudge } from './judge.js';
import type { RatingsJudgeOptions } from './options.js';
import { answerBySimilarity } from './similarity.js';

type Options = Partial<Pick<RatingsJudgeOptions, 'center' | 'missing' | 'description'>>;

const centring = {
  none: '',
  midpoint: ' minus the middle of each scale',
  column: ', z-scored per scale',
  row: ' minus the mean of each stimulus',
};

/**
 * Cosine similarity of the ratings; the pair most similar stays (P1, Human-category and Human-dimension).
 * P1 does not say how ratings are centred: raw by default. A stimulus whose ratings are all 0 has similarity 0 with
 * every other. Missing cells are an error, or with `missing: 'pairwise'` the cosine is taken over the scales that both
 * stimuli have, 0 when they share none.
 *
 * @throws AffectomeError `input` for missing cells unless `missing` is `pairwise`.
 */
export function ratingsJudge(
  ratings: Ratings,
  { center = 'none', missing = 'error', description }: Options = {},
): OfflineJudge {
  const hasMissing = ratings.values.some(Number.isNaN);
  if (hasMissing && missing === 'error') throw missingCells(ratings);
  const nScales = ratings.scales.length;
  const values = centreRatings(ratings, center);
  const warnings = zeroVectorWarning(values, ratings.nStimuli, `all-zero ratings in "${ratings.name}"`);
  const similarity = hasMissing
    ? pairwiseCosine(values, ratings.nStimuli, nScales, warnings)
    : cosineSimilarity(matrix(ratings.nStimuli, nScales, values));
  const kinds = [...new Set(ratings.scales.map((scale) => scale.kind))].join(' and ');
  return {
    kind: 'ratings',
    description:
      description ??
      `cosine similarity of ${nScales} ${kinds} ratings${centring[center]}; the pair most similar stays`,
    warnings,
    answer: (trials, key, watch) => answerBySimilarity(similarity, trials, key, watch),
  };
}

function missingCells({ name, scales, values }: Ratings) {
  const nMissing = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  const first = values.findIndex(Number.isNaN);
  const stimulus = Math.floor(first / scales.length);
  return inputError({
    problem: `${nMissing} ratings are missing; the first is "${scales[first % scales.length].name}" of stimulus ${stimulus + 1}.`,
    where: { field: `ratings ${name}` },
    remedy: 'Fill them in, or say `missing: pairwise` for this judge.',
  });
}

/** nStimuli x nScales after centring; missing cells stay NaN. */
function centreRatings({ scales, values }: Ratings, center: RatingsJudgeOptions['center']): Float64Array {
  const nScales = scales.length;
  const result = values.slice();
  if (center === 'midpoint') {
    for (let i = 0; i < result.length; i++) {
      const { min, max } = scales[i % nScales];
      result[i] -= (min + max) / 2;
    }
  }
  if (center === 'column') zScoreColumns(result, nScales);
  if (center === 'row') {
    for (let start = 0; start < result.length; start += nScales)
      subtractMean(result.subarray(start, start + nScales));
  }
  return result;
}

function subtractMean(ratings: Float64Array): void {
  const present = ratings.filter((value) => !Number.isNaN(value));
  // A constant row minus its mean is exactly 0, whatever the rounding of the mean.
  const isConstant = present.every((value) => value === present[0]);
  const centre = isConstant ? present[0] : present.reduce((sum, value) => sum + value, 0) / present.length;
  for (let s = 0; s < ratings.length; s++) ratings[s] -= centre;
}

/** Cosine over the scales that both stimuli have. Adds a warning when some pairs share none. */
function pairwiseCosine(values: Float64Array, nStimuli: number, nScales: number, warnings: string[]): Matrix {
  const result = new Float64Array(nStimuli * nStimuli);
  let nUnshared = 0;
  for (let i = 0; i < nStimuli; i++) {
    result[i * nStimuli + i] = 1;
    for (let j = 0; j < i; j++) {
      const cosine = cosineOfShared(values, i * nScales, j * nScales, nScales);
      if (Number.isNaN(cosine)) nUnshared++;
      result[i * nStimuli + j] = result[j * nStimuli + i] = cosine || 0;
    }
  }
  if (nUnshared > 0)
    warnings.push(`${nUnshared} pairs of stimuli share no rated scale: their similarity is 0.`);
  return matrix(nStimuli, nStimuli, result);
}

/** NaN when no scale is shared, 0 when a side has no direction there. */
function cosineOfShared(values: Float64Array, a: number, b: number, nScales: number): number {
  let ab = 0;
  let aa = 0;
  let bb = 0;
  let nShared = 0;
  for (let s = 0; s < nScales; s++) {
    const x = values[a + s];
    const y = values[b + s];
    if (Number.isNaN(x + y)) continue;
    nShared++;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  if (nShared === 0) return Number.NaN;
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
