import { inputError } from '../numerics/errors.js';
import { cosineSimilarity, type Matrix, matrix } from '../numerics/matrix.js';
import { zeroVectorWarning, zScoreColumns } from './directions.js';
import type { OfflineJudge } from './judge.js';
import type { FeaturesJudgeOptions } from './options.js';
import { answerBySimilarity } from './similarity.js';

type Options = Partial<Pick<FeaturesJudgeOptions, 'center' | 'description'>>;

/**
 * The stimulus with the greatest mean cosine distance to the other two is the odd one out (P1's feature models).
 * The three distances of a trial have one sum, so the stimulus farthest from the others is the one left out of the most
 * similar pair: both rules are one choice, and the same loop answers it.
 *
 * @param vectors nStimuli x nFeatures.
 * @throws AffectomeError `input` when a number is not finite.
 */
export function featuresJudge(vectors: Matrix, { center = 'none', description }: Options = {}): OfflineJudge {
  const { nRows: nStimuli, nColumns: nFeatures } = vectors;
  const values = Float64Array.from(vectors.data);
  const notFinite = values.findIndex((value) => !Number.isFinite(value));
  if (notFinite >= 0) {
    throw inputError({
      problem: `Feature ${(notFinite % nFeatures) + 1} of stimulus ${Math.floor(notFinite / nFeatures) + 1} is ${values[notFinite]}; expected a finite number.`,
      remedy: 'Compute the features again or leave the stimulus out.',
    });
  }
  if (center === 'column') zScoreColumns(values, nFeatures);
  const similarity = cosineSimilarity(matrix(nStimuli, nFeatures, values));
  const scaled = center === 'column' ? ', z-scored per feature' : '';
  return {
    kind: 'features',
    description:
      description ??
      `cosine distance of ${nFeatures} features${scaled}; the stimulus with the greatest mean distance to the other two is odd`,
    warnings: zeroVectorWarning(values, nStimuli, 'all-zero features'),
    answer: (trials, key, watch) => answerBySimilarity(similarity, trials, key, watch),
  };
}
