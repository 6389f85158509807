import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { captionsJudge } from '#dist/judges/index.js';
import { foldIn, semanticSpace } from '#dist/judges/latent-semantics.js';
import {
  dotOfRows,
  learnVocabulary,
  tfidf,
  timesVector,
  transposeTimesVector,
  wordsOf,
} from '#dist/judges/words.js';
import { column, cosineSimilarity, keyOf, Random } from '#dist/numerics/index.js';
import { randomTrials } from './random-trials.js';

interface Golden {
  texts: string[];
  nDimensions: number;
  singularValues: number[];
  tfidfCosines: number[];
  lsaCosines: number[];
}
const golden: Golden = JSON.parse(readFileSync(new URL('../golden/lsa.json', import.meta.url), 'utf8'));
const rows = tfidf(golden.texts, learnVocabulary(golden.texts));

/** Upper triangle, row after row. */
function pairs(nRows: number, value: (i: number, j: number) => number): number[] {
  const result: number[] = [];
  for (let i = 0; i < nRows; i++) for (let j = i + 1; j < nRows; j++) result.push(value(i, j));
  return result;
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number) {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) expect(Math.abs(found[i] - expected[i])).toBeLessThan(tolerance);
}

describe('bag of words', () => {
  it('splits as scikit-learn does: two or more letters, digits or underscores', () => {
    expect(wordsOf("It's a Café, 2nd_hand x 42!")).toEqual(['it', 'café', '2nd_hand', '42']);
  });

  it('weighs words as TfidfVectorizer does', () => {
    expectClose(
      pairs(24, (i, j) => dotOfRows(rows, i, j)),
      golden.tfidfCosines,
      1e-9,
    );
  });

  it('finds the space of a dense SVD', () => {
    const space = semanticSpace(rows, golden.nDimensions);
    expectClose(space.singularValues, golden.singularValues, 1e-9);
    const cosines = cosineSimilarity(foldIn(rows, space));
    expectClose(
      pairs(24, (i, j) => cosines.data[i * 24 + j]),
      golden.lsaCosines,
      1e-8,
    );
  });

  it('gives orthonormal axes, and all of TF-IDF when every dimension is kept', () => {
    const space = semanticSpace(rows, 1000);
    const { nRows, nColumns, data } = space.axes;
    for (let a = 0; a < nColumns; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let term = 0; term < nRows; term++) sum += data[term * nColumns + a] * data[term * nColumns + b];
        expect(Math.abs(sum - (a === b ? 1 : 0))).toBeLessThan(1e-9);
      }
    }
    const cosines = cosineSimilarity(foldIn(rows, space));
    expectClose(
      pairs(24, (i, j) => cosines.data[i * 24 + j]),
      golden.tfidfCosines,
      1e-9,
    );
  });

  it('finds singular vectors of more documents than it takes steps', () => {
    const random = new Random(keyOf(11));
    const word = () => `w${Math.floor(400 * random.uniform() ** 2)}`;
    const many = Array.from({ length: 700 }, () => Array.from({ length: 12 }, word).join(' '));
    const documents = tfidf(many, learnVocabulary(many));
    const { axes, singularValues } = semanticSpace(documents, 30);
    for (let d = 0; d < 30; d++) {
      const axis = column(axes, d);
      const image = transposeTimesVector(documents, timesVector(documents, axis));
      expectClose(
        image,
        axis.map((value) => value * singularValues[d] ** 2),
        1e-8,
      );
    }
  });

  it('finds equal singular values of texts without a common word', () => {
    const apart = ['aa bb', 'cc dd', 'ee ff', 'ee ff'];
    const space = semanticSpace(tfidf(apart, learnVocabulary(apart)), 10);
    expectClose(space.singularValues, [Math.SQRT2, 1, 1], 1e-12);
  });
});

describe('captions judge', () => {
  const texts = [
    ['happy dog', 'a dog smiles'],
    ['dog runs happy'],
    ['storm cloud'],
    ['dark cloud', 'storm night'],
    [],
  ];
  const asked = (...triplet: number[]) => ({
    nStimuli: 5,
    nTrials: 600,
    triplets: Uint32Array.from({ length: 1800 }, (_, at) => triplet[at % 3]),
    shownOrder: new Uint8Array(600),
  });

  it.each(['tfidf', 'lsa'] as const)('keeps the texts that share words (%s)', (method) => {
    const judge = captionsJudge({ texts }, { method, dimensions: 3 });
    expect(new Set(judge.answer(asked(0, 1, 2), keyOf(1)).choice)).toEqual(new Set([2]));
    expect(new Set(judge.answer(asked(1, 2, 3), keyOf(1)).choice)).toEqual(new Set([0]));
    expect(judge.warnings).toEqual([expect.stringContaining('1 stimulus has no words in its captions')]);
    expect(judge.description).toContain('not a language model');
  });

  it.each(['tfidf', 'lsa'] as const)(
    'answers repeats alike from all captions, differently from random ones (%s)',
    (method) => {
      const ambiguous = { texts: [['red dog', 'blue cat'], ['red dog'], ['blue cat']] };
      const trials = { ...asked(0, 1, 2), nStimuli: 3 };
      const random = captionsJudge(ambiguous, { method, captionPerTrial: 'random' });
      const { choice, nTies } = random.answer(trials, keyOf(1));
      const shareOfPlace2 = choice.filter((odd) => odd === 2).length / 600;
      expect(nTies).toBe(0);
      expect(choice.includes(0)).toBe(false);
      // Four standard deviations of a fair coin thrown 600 times.
      expect(Math.abs(shareOfPlace2 - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 600));
      expect(random.answer(trials, keyOf(1)).choice).toEqual(choice);
    },
  );

  it('agrees between random and all when every stimulus has one caption', () => {
    const single = { texts: golden.texts.map((text) => [text]) };
    const trials = randomTrials(24, 2000, keyOf(5));
    for (const method of ['tfidf', 'lsa'] as const) {
      const all = captionsJudge(single, { method, dimensions: 6 }).answer(trials, keyOf(1));
      const random = captionsJudge(single, { method, dimensions: 6, captionPerTrial: 'random' }).answer(
        trials,
        keyOf(1),
      );
      const nDifferent = all.choice.filter((odd, t) => odd !== random.choice[t]).length;
      // Only ties may be decided by different coins.
      expect(nDifferent).toBeLessThanOrEqual(all.nTies);
    }
  });

  it('refuses captions without words', () => {
    expect(() => captionsJudge({ texts: [['!'], ['']] })).toThrowError(/no words/);
  });
});
