import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatEmbedding, readEmbedding } from '#dist/embedding/read.js';
import { formatNpy } from '#dist/formats/npy.js';
import { AffectomeError } from '#dist/numerics/errors.js';
import { randomEmbedding } from './random-embedding.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, file = 'embedding.txt', options = {}) =>
  readEmbedding(bytes(text), file, options);
const rowsOf = ({ embedding }: ReturnType<typeof read>) =>
  Array.from({ length: embedding.nStimuli }, (_, s) =>
    Array.from(embedding.weights.subarray(s * embedding.nComponents, (s + 1) * embedding.nComponents)),
  );

describe('text', () => {
  test('one line per stimulus, any blanks, exponents, comments', () => {
    const result = read('# made by numpy.savetxt\n0.5 1.5  0\r\n\t2.000000e+00 0.25 1e1 \n\n');
    expect(rowsOf(result)).toEqual([
      [0.5, 1.5, 0],
      [2, 0.25, 10],
    ]);
    expect(result).toMatchObject({ stimulusIds: null, nClipped: 0 });
  });

  test('commas without a header', () => {
    expect(rowsOf(read('0.5,1.5\n2, 0.25\n1,1\n', 'w.csv'))).toEqual([
      [0.5, 1.5],
      [2, 0.25],
      [1, 1],
    ]);
  });

  test('sparse_embed_epoch files have components in rows', () => {
    const text = '1 2 3\n4 5 6\n';
    const turned = [
      [1, 4],
      [2, 5],
      [3, 6],
    ];
    expect(rowsOf(read(text, 'run/sparse_embed_epoch0500.txt'))).toEqual(turned);
    expect(rowsOf(read(text, 'w.txt', { nStimuli: 3 }))).toEqual(turned);
    expect(rowsOf(read(text, 'w.txt', { stimuliIn: 'columns' }))).toEqual(turned);
    expect(rowsOf(read(text, 'w.txt', { nStimuli: 2 }))).toHaveLength(2);
    expect(rowsOf(read(text, 'sparse_embed_epoch0500.txt', { nStimuli: 2 }))).toHaveLength(2);
    expect(rowsOf(read('1 2\n3 4\n', 'sparse_embed_epoch0500.txt', { nStimuli: 2 }))).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(() => read(text, 'w.txt', { nStimuli: 4 })).toThrow(
      /w.txt: holds 2 rows of 3 weights; expected 4 stimuli\./,
    );
    expect(() => read(text, 'w.txt', { nStimuli: 3, stimuliIn: 'rows' })).toThrow(
      /expected 3 stimuli in rows/,
    );
  });

  test('formatEmbedding reads back to eight decimals', () => {
    const embedding = randomEmbedding(6, 4, 1);
    const text = formatEmbedding(embedding);
    expect(text.split('\n')[0]).toMatch(/^\d+\.\d{8}( \d+\.\d{8}){3}$/);
    expect(read(text).embedding).toEqual(embedding);
  });
});

describe('tables', () => {
  test('an index and a name column, as THINGS publishes', () => {
    const result = read(',image_name,0,1\n0,aardvark.jpg,0.5,2\n1,"abacus, old.jpg",1e-1,0\n', 'spose.csv');
    expect(rowsOf(result)).toEqual([
      [0.5, 2],
      [Math.fround(0.1), 0],
    ]);
    expect(result.stimulusIds).toEqual(['aardvark.jpg', 'abacus, old.jpg']);
  });

  test('a header of numbers, and names in a TSV', () => {
    expect(rowsOf(read('0,1,2\n3,4,5\n6,7,8\n', 'w.csv'))).toEqual([
      [3, 4, 5],
      [6, 7, 8],
    ]);
    const named = read('id\tjoy\tfear\nx1\t1\t0\nx2\t0\t1\n', 'w.tsv');
    expect(named.stimulusIds).toEqual(['x1', 'x2']);
    expect(rowsOf(named)).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  test('divideBy undoes a published rescaling', () => {
    expect(rowsOf(read('39 78\n', 'w.txt', { divideBy: 39 }))).toEqual([[1, 2]]);
  });
});

describe('npy', () => {
  test('N x D and 1 x N x D', () => {
    const data = Float32Array.of(1, 2, 3, 4, 5, 6);
    for (const shape of [
      [3, 2],
      [1, 3, 2],
    ]) {
      expect(rowsOf(readEmbedding(formatNpy(data, shape), 'w.npy'))).toEqual([
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
    }
    expect(rowsOf(readEmbedding(formatNpy(data, [2, 3]), 'w.npy', { nStimuli: 3 }))).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
  });

  test('other shapes are refused', () => {
    const data = Float64Array.of(1, 2, 3, 4);
    expect(() => readEmbedding(formatNpy(data, [4]), 'w.npy')).toThrow(
      /shape \(4\); expected stimuli x components/,
    );
    expect(() => readEmbedding(formatNpy(data, [2, 1, 2]), 'w.npy')).toThrow(/one embedding per file/);
    const negative = formatNpy(Float64Array.of(1, 2, -3, 4), [2, 2]);
    expect(() => readEmbedding(negative, 'w.npy')).toThrow(/w.npy "\[1, 0\]": found the negative weight -3/);
  });
});

describe('bad input', () => {
  test.each([
    ['', /empty/],
    ['# only a comment\n', /empty/],
    ['1 2\n3\n', /embedding.txt:2: has 1 numbers; the lines before have 2/],
    ['1 2\n3 x\n', /embedding.txt:2:2: found "x"; expected a number/],
    ['1 2\n3 nan\n', /embedding.txt:2:2: found NaN; expected a finite weight/],
    ['1 2\n-inf 3\n', /embedding.txt:2:1: found -Infinity/],
    ['1 2\n\n3 -0.25\n', /embedding.txt:3:2: found the negative weight -0.25/],
    ['id,a\nx,\n', /no column of weights/],
    ['id,a\n', /no column of weights|no rows/],
    ['id,a,b\nx,1,2\ny,1,\n', /embedding.txt:3:3 "b": found ""; expected a number/],
  ])('%j', (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(AffectomeError);
  });

  test('negative weights can be clipped, and are counted', () => {
    const result = read('1 -0.001\n-0.5 2\n', 'w.txt', { negative: 'clip' });
    expect(rowsOf(result)).toEqual([
      [1, 0],
      [0, 2],
    ]);
    expect(result.nClipped).toBe(2);
  });

  test('whatever the bytes: weights, or an error that names the file', () => {
    const line = fc.array(fc.oneof(fc.double(), fc.constantFrom('', 'a', '-1', '"', '#', ',', '\t')), {
      maxLength: 4,
    });
    const text = fc
      .array(line, { maxLength: 4 })
      .map((lines) => lines.map((cells) => cells.join(' ')).join('\n'));
    const content = fc.oneof(text.map(bytes), fc.uint8Array({ maxLength: 200 }));
    fc.assert(
      fc.property(content, fc.constantFrom('w.txt', 'w.csv', 'w.tsv', 'w.npy'), (input, file) => {
        try {
          const { embedding } = readEmbedding(input, file);
          expect(embedding.weights.every((weight) => weight >= 0)).toBe(true);
          expect(embedding.weights).toHaveLength(embedding.nStimuli * embedding.nComponents);
          expect(embedding.weights.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AffectomeError);
          expect((error as AffectomeError).where.file).toBe(file);
        }
      }),
      { numRuns: 500 },
    );
  });
});
