import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { choiceProbabilityRsm, readEmbedding } from '#dist/embedding/index.js';
import { formatNpy, parseDelimited } from '#dist/formats/index.js';
import {
  fastChoiceRsm,
  matchRsms,
  type Rsm,
  readRsm,
  rsa,
  rsm,
  rsmOfEmbedding,
  rsmOfFeatures,
  upperTriangle,
} from '#dist/geometry/index.js';
import { keyOf } from '#dist/numerics/index.js';
import { type Side, sharedSides } from '#dist/pipeline/geometry/sides.js';
import { importCowenKeltner } from '#dist/stimuli/cowen-keltner.js';
import { randomEmbedding } from '../embedding/random-embedding.js';

const golden = JSON.parse(readFileSync(new URL('../golden/rsa.json', import.meta.url), 'utf8'));
const text = (content: string) => new TextEncoder().encode(content);
const features = (rows: number[][]) => ({
  nRows: rows.length,
  nColumns: rows[0].length,
  data: Float64Array.from(rows.flat()),
});
const small = (name: string, ids: string[] | null, pairs: number[]): Rsm => {
  const n = (1 + Math.sqrt(1 + 8 * pairs.length)) / 2;
  const values = new Float64Array(n * n).fill(1);
  for (let i = 0, at = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++, at++) values[i * n + j] = values[j * n + i] = pairs[at];
  }
  return rsm({ name, kind: 'similarity', stimulusIds: ids, nStimuli: n, values });
};

describe('RSMs of features agree with SciPy and scikit-learn', () => {
  const x = features(golden.features[0]);
  for (const measure of ['cosine', 'correlation', 'euclidean', 'squared-euclidean'] as const) {
    test(measure, () => {
      const { values, kind } = rsmOfFeatures(x, { name: 'x', measure });
      golden.rsms[measure].flat().forEach((wanted: number, at: number) => {
        expect(values[at]).toBeCloseTo(wanted, 12);
      });
      expect(kind).toBe(measure.endsWith('euclidean') ? 'dissimilarity' : 'similarity');
    });
  }

  test('cosine of z-scored columns', () => {
    const { values } = rsmOfFeatures(x, { name: 'x', measure: 'cosine', zScore: true });
    golden.rsms.zScored.flat().forEach((wanted: number, at: number) => {
      expect(values[at]).toBeCloseTo(wanted, 12);
    });
  });

  test('rows without direction, constant columns and missing features have defined results', () => {
    const rows = features([
      [0.1, 0.1, 0.1],
      [1, 2, 3],
      [3, 2, 2],
      [1, Number.NaN, 0],
    ]);
    const { values } = rsmOfFeatures(rows, { name: 'x', measure: 'correlation' });
    expect(Array.from(values.subarray(0, 3))).toEqual([1, 0, 0]);
    expect(Array.from(values.subarray(12))).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    const flat = features([
      [2, 1],
      [2, 3],
      [2, 8],
    ]);
    const zScored = rsmOfFeatures(flat, { name: 'x', measure: 'squared-euclidean', zScore: true });
    expect(zScored.values.every(Number.isFinite)).toBe(true);
    flat.data[1] = Number.POSITIVE_INFINITY;
    expect(() => rsmOfFeatures(flat, { name: 'x', measure: 'dot' })).toThrow(
      /infinite number in row 1, column 2/,
    );
  });
});

describe('the choice-probability kernel', () => {
  for (const nStimuli of [64, 65, 67, 300]) {
    test(`${nStimuli} stimuli: the plain loop's numbers`, () => {
      const embedding = randomEmbedding(nStimuli, 6, 5);
      const wanted = choiceProbabilityRsm(embedding).data;
      const { data } = fastChoiceRsm(embedding);
      let largest = 0;
      data.forEach((value, at) => {
        largest = Math.max(largest, Math.abs(value - wanted[at]));
      });
      expect(largest).toBeLessThan(1e-13);
    });
  }

  test('weights that differ widely, and too widely', () => {
    const embedding = randomEmbedding(70, 2, 6);
    embedding.weights[0] = 18;
    const wanted = choiceProbabilityRsm(embedding).data;
    fastChoiceRsm(embedding).data.forEach((value, at) => {
      expect(value).toBeCloseTo(wanted[at], 12);
    });
    embedding.weights[0] = 40;
    expect(() => rsmOfEmbedding(embedding, { name: 'e', measure: 'choice' })).toThrow(/nats/);
  });

  test('stops on request', () => {
    const signal = AbortSignal.abort();
    expect(() => fastChoiceRsm(randomEmbedding(70, 2, 6), { signal })).toThrow(/Stopped on request/);
  });
});

describe('rsm', () => {
  test('averages halves that differ by rounding, refuses others', () => {
    const near = [1, 0.5, 0.5 + 1e-9, 1];
    const { values } = rsm({ name: 'm', kind: 'similarity', nStimuli: 2, values: near });
    expect(values[1]).toBe(values[2]);
    const far = [1, 0.5, 0.4, 1];
    expect(() => rsm({ name: 'm', kind: 'similarity', nStimuli: 2, values: far })).toThrow(
      /not symmetric: row 2, column 1 holds 0.4, its mirror 0.5/,
    );
    const size = { name: 'm', kind: 'similarity', nStimuli: 3, values: far } as const;
    expect(() => rsm(size)).toThrow(/holds 4 numbers/);
    expect(() => rsm({ ...size, nStimuli: 2, values: [1, 1, 1, 1], stimulusIds: ['a', 'a'] })).toThrow(
      /"a" twice/,
    );
  });

  test('a pair that is unknown in one half is unknown', () => {
    const values = [1, Number.NaN, 0.3, 1];
    expect(rsm({ name: 'm', kind: 'similarity', nStimuli: 2, values }).values[2]).toBeNaN();
  });
});

describe('readRsm', () => {
  const rows = [
    [0, 1, 2],
    [1, 0, 3],
    [2, 3, 0],
  ];
  const plain = rows.map((row) => row.join(',')).join('\n');
  const forms: Record<string, [Uint8Array, string[] | null]> = {
    'square.npy': [formatNpy(Float64Array.from(rows.flat()), [3, 3]), null],
    'triangle.npy': [formatNpy(Float32Array.of(1, 2, 3), [3]), null],
    'plain.csv': [text(plain), null],
    'header.csv': [text(`a,b,c\n${plain}`), ['a', 'b', 'c']],
    'column.tsv': [text(rows.map((row, i) => [`s${i}`, ...row].join('\t')).join('\n')), ['s0', 's1', 's2']],
    'both.csv': [
      text(`,a,b,c\n${rows.map((row, i) => ['abc'[i], ...row].join(',')).join('\n')}`),
      ['a', 'b', 'c'],
    ],
  };
  for (const [file, [bytes, ids]] of Object.entries(forms)) {
    test(file, () => {
      const read = readRsm(bytes, `folder/${file}`);
      expect(read).toMatchObject({ kind: 'dissimilarity', nStimuli: 3, stimulusIds: ids });
      expect(Array.from(upperTriangle(read))).toEqual([1, 2, 3]);
      expect(read.name).toBe(file.split('.')[0]);
    });
  }

  test.each([
    ['rounding on the diagonal of 1 - r', [2.2e-16, 1.1, 1.1, -1.1e-16], 'dissimilarity'],
    ['the same in float32', [6e-8, 0.9, 0.9, 0], 'dissimilarity'],
    ['small distances', [0, 1e-9, 1e-9, 0], 'dissimilarity'],
    ['small similarities with a diagonal of their size', [2e-9, 1e-9, 1e-9, 2e-9], 'similarity'],
    ['one stimulus at distance to itself', [0, 1, 1, 0.01], 'similarity'],
    ['an unknown diagonal', [Number.NaN, 1, 1, Number.NaN], 'similarity'],
  ])('%s', (_, cells, kind) => {
    const bytes = formatNpy(Float64Array.from(cells), [2, 2]);
    expect(readRsm(bytes, 'x.npy').kind).toBe(kind);
    expect(readRsm(bytes, 'x.npy', { kind: 'similarity' }).kind).toBe('similarity');
  });

  test('refuses what is no square matrix of numbers', () => {
    expect(() => readRsm(text('1,2,3\n4,5,6\n'), 'x.csv')).toThrow(
      /x\.csv: holds an array of 2 x 2|2 x 3|not symmetric/,
    );
    expect(() => readRsm(text('0,1\n1,x\n'), 'x.csv')).toThrow(/x\.csv:2:2.*found "x"/);
    expect(() => readRsm(formatNpy(Float64Array.of(1, 2), [2]), 'x.npy')).toThrow(/no upper triangle/);
    expect(() => readRsm(text(',a,b\nb,0,1\na,1,0\n'), 'x.csv')).toThrow(/row 1 is "b", column 1 is "a"/);
    expect(upperTriangle(readRsm(text('0,NA\nNA,0\n'), 'x.csv'))[0]).toBeNaN();
  });
});

describe('matchRsms', () => {
  test('keeps the shared stimuli in the first order, and says what it drops', () => {
    const a = small('a', ['0003.mp4', '1', '2', '9'], [31, 32, 39, 12, 19, 29]);
    const b = small('b', ['1', '2', '3', '4'], [12, 31, 14, 32, 24, 34]);
    const { rsms, dropped } = matchRsms([a, b]);
    expect(Array.from(upperTriangle(rsms[0]))).toEqual([31, 32, 12]);
    expect(Array.from(upperTriangle(rsms[1]))).toEqual([31, 32, 12]);
    expect(dropped).toEqual([
      { system: 'a', absentElsewhere: ['9'], unknown: [] },
      { system: 'b', absentElsewhere: ['4'], unknown: [] },
    ]);
  });

  test('drops stimuli of which a system knows nothing', () => {
    const a = small('a', null, [1, 2, Number.NaN, 3, Number.NaN, Number.NaN]);
    const { rsms, dropped } = matchRsms([a, small('b', null, [1, 2, 3, 4, 5, 6])]);
    expect(rsms[1].nStimuli).toBe(3);
    expect(dropped[1].unknown).toEqual(['4']);
  });

  test('refuses other sizes without ids, too few shared stimuli, and ids with two meanings', () => {
    const three = small('a', null, [1, 2, 3]);
    expect(() => matchRsms([three, small('b', null, [1, 2, 3, 4, 5, 6])])).toThrow(
      /a has 3 stimuli, b 6|a has 3 stimuli, b 4/,
    );
    const [x, y] = [small('x', ['p', 'q', 'r'], [1, 2, 3]), small('y', ['q', 'r', 's'], [1, 2, 3])];
    expect(() => matchRsms([x, y])).toThrow(/2 shared stimuli; at least 3/);
    const twice = small('z', ['p', 'x/p.mp4', 'r'], [1, 2, 3]);
    expect(() => matchRsms([x, twice])).toThrow(/z has "p" in row 1 and "x\/p\.mp4" in row 2/);
  });
});

const data = process.env.AFFECTOME_DATA ?? '../shared/data';
const isHere = existsSync(join(data, 'emotion'));
const bytesOf = (file: string) => new Uint8Array(readFileSync(join(data, file)));

describe.skipIf(!isHere)(`published data${isHere ? '' : ` (skipped: no ${data})`}`, () => {
  test('categories and z-scored dimensions of 2,180 videos: Spearman .36', () => {
    const file = 'emotion/CowenKeltnerEmotionalVideos.csv';
    const { stimuli, categories, dimensions } = importCowenKeltner(parseDelimited(bytesOf(file), file));
    const matrixOf = ({ values, scales, nStimuli }: typeof categories) => ({
      nRows: nStimuli,
      nColumns: scales.length,
      data: values,
    });
    const systems = [
      rsmOfFeatures(matrixOf(categories), { name: 'category', stimulusIds: stimuli.ids, measure: 'cosine' }),
      rsmOfFeatures(matrixOf(dimensions), { name: 'dimension', measure: 'cosine', zScore: true }),
    ];
    const { comparisons, nPairs } = rsa(systems, { samples: 0, permutations: 0, key: keyOf(1) });
    expect(nPairs).toBe(2_375_110);
    expect(comparisons[0].value).toBeCloseTo(0.36, 2);
    expect(comparisons[0]).toMatchObject({ estimate: null, mantel: null });
  });

  test('the measured RDM of 48 objects and the embedding of the same: .895 as published for all third items', () => {
    const measured = readRsm(bytesOf('triplets/RDM48_triplet.mat'), 'RDM48_triplet.mat');
    expect(measured).toMatchObject({ kind: 'dissimilarity', nStimuli: 48 });
    const { embedding } = readEmbedding(
      bytesOf('triplets/spose66_rescaled_48_in_RDM48_order.csv'),
      'spose48.csv',
      { divideBy: 39 },
    );
    const predicted = rsmOfEmbedding(embedding, { name: 'embedding', measure: 'choice' });
    const options = { measure: 'pearson', samples: 200, permutations: 200, key: keyOf(1) } as const;
    const [{ value, estimate, mantel }] = rsa([measured, predicted], options).comparisons;
    expect(value).toBeGreaterThan(0.85);
    expect(estimate!.low).toBeLessThan(value);
    expect(estimate!.high).toBeGreaterThan(value);
    expect(mantel!.p).toBe(1 / 201);
  });
});

describe('ids that stand twice', () => {
  const rsmOf = (name: string, stimulusIds: string[]) =>
    rsm({
      name,
      kind: 'similarity',
      stimulusIds,
      nStimuli: 4,
      values: Float64Array.from({ length: 16 }, (_, at) => (at % 4) * Math.floor(at / 4)),
    });
  const sideOf = (name: string, ids: string[]): Side => ({
    name,
    ids,
    structure: {
      kind: 'rdm',
      rdm: { nRows: 4, nColumns: 4, data: rsmOf(name, ['p', 'q', 'r', 's']).values },
    },
    scales: null,
  });

  test('are an error that names both rows, in one matrix and where they mean one stimulus of another', () => {
    expect(() => rsmOf('a', ['x', 'y', 'x', 'z'])).toThrow(/RSM a has the id "x" twice, in rows 1 and 3/);
    const a = rsmOf('a', ['1', '2', '3', '4']);
    expect(() => matchRsms([a, rsmOf('b', ['1', '2', '3', '1.mp4'])])).toThrow(
      /b has "1" in row 1 and "1\.mp4" in row 4, which mean the same stimulus/,
    );
  });

  test('are an error in both sides of an alignment, as is an id that could mean two', () => {
    const a = sideOf('a', ['1', '2', '3', '4']);
    expect(() => sharedSides(a, sideOf('b', ['1', '2', '2', '4']))).toThrow(
      /b has the id "2" in rows 2 and 3/,
    );
    expect(() => sharedSides(sideOf('b', ['1', '2', '2', '4']), a)).toThrow(
      /b has the id "2" in rows 2 and 3/,
    );
    expect(() => sharedSides(a, sideOf('b', ['1', '2', '3', '01']))).toThrow(
      /b has "1" in row 1 and "01" in row 4, which mean the same stimulus/,
    );
    expect(() =>
      sharedSides(sideOf('a', ['x/1', '2', '3', 'y/1']), sideOf('b', ['1', '2', '3', '4'])),
    ).toThrow(/Id "1" of b \(row 1\) could mean more than one stimulus/);
    expect(sharedSides(a, sideOf('b', ['4', '3', '01', '9'])).ids).toEqual(['1', '3', '4']);
  });
});
