import { inputError } from '../numerics/errors.js';
import { cosineSimilarity, type Matrix, matrix } from '../numerics/matrix.js';
import type { Captions } from '../stimuli/captions.js';
import { zeroVectorWarning } from './directions.js';
import type { OfflineJudge } from './judge.js';
import { foldIn, semanticSpace } from './latent-semantics.js';
import type { CaptionsJudgeOptions } from './options.js';
import { answerByRandomCaption } from './random-caption.js';
import { answerBySimilarity } from './similarity.js';
import { dotOfRows, learnVocabulary, type SparseRows, tfidf } from './words.js';

type Options = Partial<
  Pick<CaptionsJudgeOptions, 'method' | 'dimensions' | 'captionPerTrial' | 'description'>
>;

/**
 * Bag-of-words similarity of captions: a baseline for language, not a language model. TF-IDF weights (and the latent
 * semantic space) are learned from one document per stimulus, all its captions together. With `captionPerTrial:
 * 'random'` each trial shows one caption per stimulus, drawn by a coin of that trial, as P1 asked its LLM: the same
 * triplet asked again may get another answer.
 *
 * @throws AffectomeError `input` when no caption holds a word.
 */
export function captionsJudge(
  captions: Captions,
  { method = 'lsa', dimensions = 50, captionPerTrial = 'all', description }: Options = {},
): OfflineJudge {
  const documents = captions.texts.map((texts) => texts.join('\n'));
  const vocabulary = learnVocabulary(documents);
  if (vocabulary.columns.size === 0) {
    throw inputError({
      problem: 'The captions hold no words.',
      remedy: 'Give the stimuli captions, or use another judge.',
    });
  }
  const rows = tfidf(documents, vocabulary);
  const space = method === 'lsa' ? semanticSpace(rows, dimensions) : null;
  const vectors = (sparse: SparseRows) => (space ? foldIn(sparse, space) : sparse);
  const nDimensions = space?.axes.nColumns ?? 0;
  const measure = space
    ? `${nDimensions} latent semantic dimensions (truncated SVD of TF-IDF)`
    : `TF-IDF weights of ${vocabulary.columns.size} words`;
  const shown =
    captionPerTrial === 'random' ? 'one caption per stimulus drawn for each trial' : 'all captions together';
  const shared = {
    kind: 'captions',
    description:
      description ??
      `bag of words of captions (a baseline, not a language model): cosine similarity in ${measure}, ${shown}; the pair most similar stays`,
    warnings: captionWarnings(rows),
  };
  if (captionPerTrial === 'random') {
    const eachCaption = vectors(tfidf(captions.texts.flat(), vocabulary));
    const nCaptions = captions.texts.map((texts) => texts.length);
    return {
      ...shared,
      answer: (trials, key, watch) => answerByRandomCaption(eachCaption, nCaptions, trials, key, watch),
    };
  }
  const similarity = space ? cosineSimilarity(foldIn(rows, space)) : sparseCosine(rows);
  return {
    ...shared,
    answer: (trials, key, watch) => answerBySimilarity(similarity, trials, key, watch),
  };
}

function captionWarnings({ nRows, start }: SparseRows): string[] {
  const nWords = Float64Array.from({ length: nRows }, (_, r) => start[r + 1] - start[r]);
  return zeroVectorWarning(nWords, nRows, 'no words in its captions');
}

/** nStimuli x nStimuli; rows have length 1 or 0 already. */
function sparseCosine(rows: SparseRows): Matrix {
  const { nRows } = rows;
  const result = new Float64Array(nRows * nRows);
  for (let i = 0; i < nRows; i++) {
    result[i * nRows + i] = 1;
    for (let j = 0; j < i; j++) result[i * nRows + j] = result[j * nRows + i] = dotOfRows(rows, i, j);
  }
  return matrix(nRows, nRows, result);
}
