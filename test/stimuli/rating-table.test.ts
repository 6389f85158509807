import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AffectomeError } from '#dist/numerics/errors.js';
import { formatRatings, readRatings } from '#dist/stimuli/rating-table.js';
import { readScales, scalesSidecar } from '#dist/stimuli/scales.js';
import { tableOf } from './table.js';

const share = { name: 'groups', kind: 'category', min: 0, max: 1 } as const;
const read = (text: string, options = {}) =>
  readRatings(tableOf(text), { ...share, stimulusIds: ['a', 'b'], ...options });

function errorOf(work: () => unknown): AffectomeError {
  try {
    work();
  } catch (error) {
    if (error instanceof AffectomeError) return error;
  }
  throw new Error('expected an AffectomeError');
}

describe('readRatings', () => {
  it('puts rows in stimulus order', () => {
    expect(read('Joy,id,Fear\n0.5,b,1\n0,a,1e-2\n')).toEqual({
      name: 'groups',
      nStimuli: 2,
      scales: ['Joy', 'Fear'].map((name) => ({ name, kind: 'category', min: 0, max: 1 })),
      values: Float64Array.of(0, 0.01, 0.5, 1),
    });
  });

  it.each(['', 'n/a', 'NA', 'NaN', ' '])('takes the cell %j as missing', (cell) => {
    const text = `id,Joy,Fear\na,${cell},0\nb,1,1\n`;
    expect(read(text, { missing: 'allow' }).values).toEqual(Float64Array.of(Number.NaN, 0, 1, 1));
    expect(() => read(text)).toThrow(
      /table\.csv:2:2 "Joy": the rating is missing \(stimulus "a"\)\. .*missing: allow/,
    );
  });

  it('tells line, column, column name and stimulus of the first five problems and counts all', () => {
    const error = errorOf(() =>
      read('id,Joy,Fear\nb,1.5,zero\na,-0.1,\na,0,"0,5"\nq,0,0\n,0,0\n', { stimulusIds: ['a', 'b', 'c'] }),
    );
    expect(error.where).toEqual({ file: 'table.csv', line: 2, column: 2, field: 'Joy' });
    expect(error.problem.split('\n').map((line) => line.trim())).toEqual([
      '1.5 is outside 0..1 (stimulus "b").',
      'table.csv:2:3 "Fear": "zero" is not a number (stimulus "b").',
      'table.csv:3:2 "Joy": -0.1 is outside 0..1 (stimulus "a").',
      'table.csv:3:3 "Fear": the rating is missing (stimulus "a").',
      expect.stringMatching(/^table\.csv:/),
      'and 4 more',
      '(9 problems.)',
    ]);
  });

  it.each([
    ['id,Joy\na,0\nb,0\nq,0\n', /table\.csv:4:1 "id": there is no stimulus "q"/],
    ['id,Joy\na,0\nb,0\na,0\n', /table\.csv:4:1 "id": stimulus "a" has a second row/],
    ['id,Joy\na,0\n', /table\.csv: stimulus "b" has no row/],
    ['id\na\nb\n', /has no column beside the stimulus ids/],
    ['id,Joy,Joy\na,0,0\nb,0,0\n', /table\.csv:1:3: two columns are named "Joy"/],
    ['id,Joy\na,0x1\nb,0\n', /"0x1" is not a number/],
    ['id,Joy\na,Infinity\nb,0\n', /"Infinity" is not a number/],
    ['id,Joy\na,1e999\nb,0\n', /Infinity is outside 0\.\.1/],
  ])('refuses %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('passes over stimuli of a larger set when told', () => {
    expect(read('id,Joy\nq,0\nb,1\na,0\n', { unknown: 'ignore' }).values).toEqual(Float64Array.of(0, 1));
  });

  it('leaves NaN for a stimulus without a row when cells may be missing', () => {
    expect(read('id,Joy\nb,1\n', { missing: 'allow' }).values).toEqual(Float64Array.of(Number.NaN, 1));
  });

  it('takes each scale as its sidecar describes it', () => {
    const scales = [
      { name: 'valence', kind: 'dimension', min: 1, max: 9 },
      { name: 'Joy', kind: 'category', min: 0, max: 1 },
    ] as const;
    const text = 'id,Joy,valence\na,0.5,8\nb,0,9\n';
    const ratings = readRatings(tableOf(text), { name: 'r', stimulusIds: ['a', 'b'], scales });
    expect(ratings.scales).toEqual([scales[1], scales[0]]);
    expect(() =>
      readRatings(tableOf(text), { name: 'r', stimulusIds: ['a', 'b'], scales: scales.slice(0, 1) }),
    ).toThrow(/table\.csv:1:2 "Joy": the scale has no kind, min and max/);
  });

  it('is what formatRatings writes, to the last bit', () => {
    const values = fc.array(fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(Number.NaN)), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(values, (cells) => {
        const scales = ['Joy', 'Fear "of"'].map(
          (name) => ({ name, kind: 'category', min: 0, max: 1 }) as const,
        );
        const ratings = {
          name: 'groups',
          scales,
          nStimuli: 2,
          values: Float64Array.from(cells, (x) => x + 0),
        };
        const table = tableOf(formatRatings(ratings, ['a', 'b']), 'groups.tsv');
        const options = { name: 'groups', stimulusIds: ['a', 'b'], scales, missing: 'allow' } as const;
        expect(readRatings(table, options)).toEqual(ratings);
      }),
    );
  });
});

describe('the sidecar of a ratings table', () => {
  const scales = [
    { name: 'Joy', kind: 'category', min: 0, max: 1 },
    { name: 'valence', kind: 'dimension', min: 1, max: 9 },
  ] as const;

  it('is read back', () => {
    expect(readScales(JSON.parse(JSON.stringify(scalesSidecar({ scales }))))).toEqual(scales);
  });

  it('may hold other BIDS descriptions', () => {
    const json = {
      stimulus_id: { Description: 'id' },
      Joy: { Description: 'share', kind: 'category', min: 0, max: 1 },
    };
    expect(readScales(json)).toEqual([scales[0]]);
  });

  it.each([
    [[], /r\.json: is not an object/],
    [{ Joy: { kind: 'mood', min: 0, max: 1 } }, /r\.json "Joy": kind: /],
    [{ Joy: { kind: 'category', min: 1, max: 0 } }, /min must be less than max/],
    [{ Joy: { kind: 'category', min: '0', max: 1 } }, /r\.json "Joy": min: /],
  ])('refuses %j', (json, message) => {
    expect(() => readScales(json, 'r.json')).toThrow(message);
  });
});
