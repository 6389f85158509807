import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNpy } from '#dist/formats/index.js';
import { judgeOptions, readVectors } from '#dist/judges/index.js';
import { type JudgeContext, makeJudge } from '#dist/judges/make.node.js';
import type { OfflineJudgeOptions } from '#dist/judges/options.js';
import { AffectomeError, keyOf } from '#dist/numerics/index.js';
import { randomTrials } from './random-trials.js';

const ids = ['a', 'b', 'c', 'd'];
const text = (content: string) => new TextEncoder().encode(content);
const vectors = Float32Array.from([1, 0, 0.9, 0.1, 0, 1, 0.1, 0.9]);
const svg = (fill: string) =>
  text(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="4" height="4" fill="${fill}"/></svg>`,
  );
const files: Record<string, Uint8Array> = {
  'vectors.npy': formatNpy(vectors, [4, 2]),
  'vectors.tsv': text('stimulus_id\tx\ty\nc\t0\t1\na\t1\t0\nb\t0.9\t0.1\nother\t5\t5\nd\t0.1\t0.9\n'),
  'answers.txt': text('0 1 2\n3 2 1\n0 1 3\n2 3 0\n'),
  'answers.npy': formatNpy(Int32Array.from([0, 1, 2, 3, 2, 1, 0, 1, 3, 2, 3, 0]), [4, 3]),
  'red.svg': svg('#f00'),
  'orange.svg': svg('#f40'),
  'blue.svg': svg('#00f'),
  'navy.svg': svg('#00c'),
};
const context: JudgeContext = {
  stimuli: { ids, names: ids, media: ['red.svg', 'orange.svg', 'blue.svg', 'navy.svg'], extra: {} },
  ratings: () => ({
    name: 'groups',
    scales: ['x', 'y'].map((name) => ({ name, kind: 'category' as const, min: 0, max: 1 })),
    nStimuli: 4,
    values: Float64Array.from(vectors),
  }),
  captions: () => ({ texts: [['red thing'], ['red'], ['blue thing'], ['blue']] }),
  readFile: async (path) => files[path],
  studyFile: (path) => `/study/${path}`,
};

function offlineOptions(entry: unknown): OfflineJudgeOptions {
  const options = judgeOptions.parse(entry);
  if (options.kind === 'chat') throw new Error('expected a judge without a network');
  return options;
}

describe('making a judge from its entry in study.yaml', () => {
  it.each([
    { kind: 'ratings', from: 'groups' },
    { kind: 'features', from: 'vectors.npy' },
    { kind: 'features', from: 'vectors.tsv' },
    { kind: 'captions', dimensions: 2 },
    { kind: 'captions', method: 'tfidf' },
    { kind: 'pictures', features: ['colour'] },
    { kind: 'replay', from: 'answers.txt' },
    { kind: 'replay', from: 'answers.npy' },
    { kind: 'simulated', from: 'vectors.npy', deterministic: true },
  ])('%j pairs a with b and c with d', async (entry) => {
    const judge = await makeJudge('judge', offlineOptions(entry), context);
    const trials = {
      nStimuli: 4,
      nTrials: 4,
      triplets: Uint32Array.from([0, 1, 2, 1, 2, 3, 0, 1, 3, 0, 2, 3]),
      shownOrder: new Uint8Array(4),
    };
    expect(judge.kind).toBe(entry.kind);
    expect([...judge.answer(trials, keyOf(1)).choice]).toEqual([2, 0, 2, 0]);
    expect(judge.warnings).toEqual([]);
  });

  it('takes the description and keeps overrides of the embedding as given, without defaults', async () => {
    const options = offlineOptions({
      kind: 'captions',
      description: 'tags',
      embedding: { lambda: 0.01 },
    });
    expect(options.embedding).toEqual({ lambda: 0.01 });
    expect((await makeJudge('words', options, context)).description).toBe('tags');
    expect(judgeOptions.safeParse({ kind: 'captions', embedding: { lamda: 1 } }).success).toBe(false);
    expect(judgeOptions.safeParse({ kind: 'captions', embedding: { epochs: -1 } }).success).toBe(false);
    expect(judgeOptions.safeParse({ kind: 'oracle' }).success).toBe(false);
  });

  it('answers the same twice', async () => {
    const options = offlineOptions({ kind: 'simulated', from: 'vectors.npy' });
    const trials = randomTrials(4, 300, keyOf(1));
    const answers = async () => (await makeJudge('s', options, context)).answer(trials, keyOf(1)).choice;
    expect(await answers()).toEqual(await answers());
  });
});

describe('reading vectors', () => {
  it.each([
    ['short.tsv', 'stimulus_id\tx\na\t1\nb\t2\nc\t3\n', /short\.tsv.*has no row for stimulus "d"/],
    ['twice.tsv', 'stimulus_id\tx\na\t1\na\t2\n', /twice\.tsv:3:1.*has a row already, on line 2/],
    ['word.tsv', 'stimulus_id\tx\na\t1\nb\tmany\nc\t3\nd\t4\n', /word\.tsv:3:2.*found "many"/],
    ['empty.csv', 'stimulus_id,x\na,1\nb,\nc,3\nd,4\n', /empty\.csv:3:2.*found ""/],
    ['ids.csv', 'name,x\na,1\n', /ids\.csv:1.*expected stimulus_id/],
    ['few.txt', '1 2\n3 4\n', /few\.txt.*holds 2 rows; expected one row for each of the 4 stimuli/],
    ['ragged.txt', '1 2\n3\n', /ragged\.txt:2.*has 1 numbers; the first has 2/],
    ['nan.txt', '1 2\n3 nan\n', /nan\.txt:2:2.*finite number/],
  ])('says what is wrong in %s', (file, content, message) => {
    expect(() => readVectors(text(content), file, ids)).toThrowError(message);
  });

  it('says when an array has another shape', () => {
    expect(() => readVectors(formatNpy(vectors, [2, 4]), 'v.npy', ids)).toThrowError(/shape \(2, 4\)/);
  });

  it('never fails in another way than with a clear error', () => {
    const cells = fc.array(
      fc.array(fc.constantFrom('a', 'b', '1', '-', '\t', ',', '"', '\r', 'é', ''), { maxLength: 6 }),
    );
    fc.assert(
      fc.property(cells, fc.constantFrom('x.tsv', 'x.csv', 'x.txt', 'x.npy'), (lines, file) => {
        try {
          readVectors(text(lines.map((line) => line.join('')).join('\n')), file, ids);
        } catch (error) {
          expect(error).toBeInstanceOf(AffectomeError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
