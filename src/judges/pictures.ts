import { inputError } from '../numerics/errors.js';
import { cosineSimilarity, type Matrix, matrix } from '../numerics/matrix.js';
import { zeroVectorWarning } from './directions.js';
import type { OfflineJudge } from './judge.js';
import type { PicturesJudgeOptions } from './options.js';
import { blockSizes, type FeatureBlock, featuresOf, type Pixels } from './picture-features.js';
import { answerBySimilarity } from './similarity.js';

type Options = Partial<Pick<PicturesJudgeOptions, 'features' | 'description'>>;

const blockNames: Readonly<Record<FeatureBlock, string>> = {
  colour: 'colours (CIELAB histogram, 41 bins)',
  edges: 'edge orientations (8 in a 4 x 4 grid)',
  shape: 'outline (coverage in an 8 x 8 grid)',
};

/**
 * Compares what pictures look like, without a trained model. Each block of features is z-scored as a whole: the mean over
 * stimuli is taken from every feature, and all features of the block are divided by one standard deviation, so that
 * every block has the same say. The most similar pair by cosine stays.
 *
 * @param pictures one per stimulus; null for a stimulus without one: similarity 0 with every other, and a warning.
 * @throws AffectomeError `input` when no stimulus has a picture.
 */
export function picturesJudge(
  pictures: readonly (Pixels | null)[],
  { features = ['colour', 'edges', 'shape'], description }: Options = {},
): OfflineJudge {
  if (pictures.every((picture) => picture === null)) {
    throw inputError({
      problem: 'No stimulus has a picture.',
      remedy: 'Fill the media column of the stimuli table, or use another judge.',
    });
  }
  const vectors = pictureVectors(pictures, features);
  const similarity = cosineSimilarity(vectors);
  return {
    kind: 'pictures',
    description:
      description ??
      `cosine similarity of what the pictures look like: ${features.map((block) => blockNames[block]).join(', ')}; the pair most similar stays`,
    warnings: zeroVectorWarning(
      vectors.data,
      pictures.length,
      'no picture, or one without any feature of its own',
    ),
    answer: (trials, key, watch) => answerBySimilarity(similarity, trials, key, watch),
  };
}

/** nStimuli x nFeatures, block after block; rows of zeros for stimuli without a picture. */
export function pictureVectors(
  pictures: readonly (Pixels | null)[],
  blocks: readonly FeatureBlock[],
): Matrix {
  const nFeatures = blocks.reduce((sum, block) => sum + blockSizes[block], 0);
  const result = matrix(pictures.length, nFeatures);
  let first = 0;
  for (const block of blocks) {
    const rows = pictures.map((picture) => picture && featuresOf[block](picture));
    zScoreBlock(rows, blockSizes[block]).forEach((row, stimulus) => {
      if (row) result.data.set(row, stimulus * nFeatures + first);
    });
    first += blockSizes[block];
  }
  return result;
}

function zScoreBlock(rows: readonly (Float64Array | null)[], size: number): (Float64Array | null)[] {
  const present = rows.filter((row) => row !== null);
  const centre = new Float64Array(size);
  for (const row of present) for (let f = 0; f < size; f++) centre[f] += row[f] / present.length;
  const centred = rows.map((row) => row?.map((value, f) => value - centre[f]) ?? null);
  let squares = 0;
  for (const row of centred) for (const value of row ?? []) squares += value * value;
  const deviation = Math.sqrt(squares / (present.length * size));
  // Rounding leaves a trace of pictures that are all alike.
  const scale = deviation > 1e-12 ? 1 / deviation : 0;
  return centred.map((row) => row?.map((value) => value * scale) ?? null);
}
