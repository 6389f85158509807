import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNpy, parseNpy } from '#dist/formats/npy.js';
import { AffectomeError, keyOf } from '#dist/numerics/index.js';
import {
  formatTripletText,
  readTripletArray,
  readTripletText,
  sampleDyads,
  tripletArray,
} from '#dist/trials/index.js';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const read = (text: string, options = {}) => readTripletText(bytesOf(text), 'odd.txt', options);

/** Odd-one-out trials as people write them down: sorted pair, then the odd one. */
function rowsOf({ trials: { triplets, nTrials }, choice }: ReturnType<typeof read>): number[][] {
  return Array.from({ length: nTrials }, (_, trial) => {
    const triplet = [...triplets.subarray(3 * trial, 3 * trial + 3)];
    const [odd] = triplet.splice(choice[trial], 1);
    return [...triplet, odd];
  });
}

const sortedPair = ([a, b, odd]: number[]) => [Math.min(a, b), Math.max(a, b), odd];

/** The obvious reader. */
function slowRows(text: string): number[][] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) => line.trim());
  return lines.filter(Boolean).map((line) => line.split(/[\s,]+/).map(Number));
}

describe('reading triplet text', () => {
  it('takes the third column as the odd one out', () => {
    const { trials, choice, nStimuli } = read('7 2 5\n2 7 0\n0 1 9\n');
    expect([...trials.triplets]).toEqual([2, 5, 7, 0, 2, 7, 0, 1, 9]);
    expect([...choice]).toEqual([1, 0, 2]);
    expect(nStimuli).toBe(10);
  });
  it.each([
    ['spaces', '1 2 3\n4 5 6\n'],
    ['tabs', '1\t2\t3\n4\t5\t6'],
    ['commas', '1,2,3\n4, 5 ,6\n'],
    ['Windows line ends', '1 2 3\r\n4 5 6\r\n'],
    ['blank lines', '\n1 2 3\n\n  \n4 5 6\n\n\n'],
    ['spaces around', '  1  2  3  \n\t4 5 6 \r\n'],
    ['a byte-order mark', '\uFEFF1 2 3\n4 5 6\n'],
    ['SPoSE floats', '1.000000000000000000e+00 2.000000000000000000e+00 3.0\n4. 5E0 +0.6e1\n'],
    ['many digits', '000000000001 2 3.00000000000000000000000\n4 500e-2 0.0006e4\n'],
  ])('accepts %s', (_, text) => {
    expect(rowsOf(read(text))).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it.each([
    ['', {}, 'odd.txt: is empty; expected trials.'],
    ['\n \r\n', {}, 'odd.txt:1:1: holds no trial.'],
    ['1 2 3\n1 -2 3\n', {}, 'odd.txt:2:3: found "-2"; expected a stimulus index'],
    ['1 2 3\n\n10 20 0.5\n', {}, 'odd.txt:3:7: found "0.5"'],
    ['1 2 nan\n', {}, 'odd.txt:1:5: found "nan"'],
    ['1 2 1e\n', {}, 'odd.txt:1:5: found "1e"'],
    [
      'i j k\n1 2 3\n',
      {},
      'odd.txt:1:1: found "i"; expected a stimulus index, a whole number from 0. Remove a header',
    ],
    ['1 2 3\r\n4 5\r\n', {}, 'odd.txt:2:4: found 2 columns; expected 3 columns.'],
    ['4\n', {}, 'odd.txt:1:2: found 1 column; expected 3'],
    ['1 2 3 4\n', {}, 'odd.txt:1:7: found more than 3 columns'],
    ['1,,3\n', {}, 'odd.txt:1:3: found an empty cell'],
    ['1 2 3\n6 5 5', {}, 'odd.txt:2:1: stimulus 5 occurs twice in one trial.'],
    [
      '1 2 3\n1 2 12\n',
      { nStimuli: 12 },
      'odd.txt:2:5: found stimulus index 12; expected less than 12. Indices count from 0: if',
    ],
    ['1 2 13\n', { nStimuli: 12 }, 'Check that the file belongs to these stimuli.'],
    ['1 2 4000000000\n', {}, 'odd.txt:1:5: found stimulus index 4000000000; expected less than 1000000.'],
    ['1 2 1e300\n', {}, 'odd.txt:1:5: found "1e300"'],
    ['1 2 99999999999999999999999999\n', { nStimuli: 12 }, 'odd.txt:1:5: found "99999'],
  ])('refuses %j', (text, options, message) => {
    const attempt = () => read(text, options);
    expect(attempt).toThrow(AffectomeError);
    expect(attempt).toThrow(message);
  });

  it('allows repeats, or refuses them with both lines', () => {
    const text = '1 2 3\n4 5 6\n\n3 1 2\n2 1 3\n';
    expect(read(text).trials.nTrials).toBe(4);
    expect(() => read(text, { duplicates: 'error' })).toThrow(
      'odd.txt:4: line 4 asks the same triplet as line 1; 2 of 4 trials are repeats.',
    );
    expect(read('1 2 3\n1 2 4', { duplicates: 'error' }).trials.nTrials).toBe(2);
  });
});

const trial = fc.uniqueArray(fc.nat(5000), { minLength: 3, maxLength: 3 });
const number = fc.constantFrom<(n: number) => string>(
  String,
  (n) => n.toExponential(18),
  (n) => `${n}.0`,
  (n) => `+0${n}`,
);
const separator = fc.constantFrom(' ', '\t', ',', ' , ', '  ');
const lineEnd = fc.constantFrom('\n', '\r\n', ' \n', '\n\n');
const line = fc
  .tuple(trial, number, separator, separator, lineEnd)
  .map(([[a, b, c], show, first, second, end]) => `${show(a)}${first}${show(b)}${second}${show(c)}${end}`);
const text = fc.array(line, { minLength: 1, maxLength: 30 }).map((lines) => lines.join(''));

describe('any file', () => {
  it('in any of the notations reads as the obvious reader does', () => {
    fc.assert(
      fc.property(text, (written) => {
        expect(rowsOf(read(written))).toEqual(slowRows(written).map(sortedPair));
      }),
    );
  });

  it('that is damaged gives an AffectomeError with a line, or still reads as the obvious reader does', () => {
    const damage = fc.tuple(fc.nat(), fc.nat(3), fc.uint8Array({ minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(text, fc.array(damage, { minLength: 1, maxLength: 4 }), (written, damages) => {
        let bytes = [...bytesOf(written)];
        for (const [at, nRemoved, added] of damages)
          bytes = bytes.toSpliced(at % bytes.length, nRemoved, ...added);
        const damaged = Uint8Array.from(bytes);
        try {
          const rows = rowsOf(readTripletText(damaged, 'odd.txt'));
          expect(rows).toEqual(slowRows(new TextDecoder().decode(damaged)).map(sortedPair));
        } catch (error) {
          if (!(error instanceof AffectomeError)) throw error;
          expect(error.code).toBe('input');
          if (damaged.length > 0) expect(error.where.line).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('writing', () => {
  const trials = sampleDyads({ nStimuli: 90, thirdsPerDyad: 5, key: keyOf(3) });
  const choice = Uint8Array.from({ length: trials.nTrials }, (_, index) => (index * 7) % 3);

  it('triplet text reads back as written, in chunks of whole lines', () => {
    const chunks = [...formatTripletText(trials, choice)];
    expect(chunks.every((chunk) => chunk.at(-1) === 10)).toBe(true);
    const back = readTripletText(Buffer.concat(chunks), 'back.txt', { nStimuli: 90 });
    expect(back.trials.triplets).toEqual(trials.triplets);
    expect(back.choice).toEqual(choice);
  });

  it('arrays read back as written, also as floats', () => {
    const { data, shape } = tripletArray(trials, choice);
    for (const values of [data, Float64Array.from(data), Int32Array.from(data)]) {
      const back = readTripletArray(parseNpy(formatNpy(values, shape)), 'train_90.npy', { nStimuli: 90 });
      expect(back.trials.triplets).toEqual(trials.triplets);
      expect(back.choice).toEqual(choice);
    }
  });

  it('trials without a choice are left out', () => {
    const some = choice.map((place, index) => (index % 4 === 0 ? 255 : place));
    const nLeft = some.filter((place) => place !== 255).length;
    expect(tripletArray(trials, some).shape).toEqual([nLeft, 3]);
    expect(
      readTripletText(Buffer.concat([...formatTripletText(trials, some)]), 'back.txt').trials.nTrials,
    ).toBe(nLeft);
  });
});

describe('reading triplet arrays', () => {
  const from = (rows: number[], shape = [rows.length / 3, 3], options = {}) =>
    readTripletArray({ data: Float64Array.from(rows), shape }, 'train_90.npy', options);
  it.each([
    [[1, 2, 3, 4], [2, 2], {}, 'train_90.npy: has shape (2, 2); expected (nTrials, 3)'],
    [[], [0, 3], {}, 'with at least one trial'],
    [[1, 2, 3, 1, -1, 2], undefined, {}, 'row 1, column 1 is -1; expected a whole number from 0'],
    [[1, 2, 0.5], undefined, {}, 'row 0, column 2 is 0.5'],
    [[1, 2, Number.NaN], undefined, {}, 'is NaN'],
    [[1, 2, 2], undefined, {}, 'row 0 names a stimulus twice: 1, 2, 2.'],
    [[1, 2, 9], undefined, { nStimuli: 9 }, 'from 0 to 8. Indices count from 0'],
    [[1, 2, 4e9], undefined, {}, 'say the number of stimuli'],
    [[1, 2, 3, 3, 2, 1], undefined, { duplicates: 'error' }, 'row 1 asks the same triplet as row 0; 1 of 2'],
  ])('refuses %j of shape %j', (rows, shape, options, message) => {
    expect(() => from(rows, shape, options)).toThrow(AffectomeError);
    expect(() => from(rows, shape, options)).toThrow(message);
  });
});

const folder = join(process.env.AFFECTOME_DATA ?? '../shared/data', 'triplets');
describe.skipIf(!existsSync(folder))('2,171 THINGS trials (skipped without the triplets data)', () => {
  const answers = (who: string) => {
    const bytes = readFileSync(join(folder, `things_2171trials_${who}.txt`));
    return readTripletText(bytes, who, { nStimuli: 1854 });
  };
  it.each([
    ['ChatGPT_3.5', 0.347],
    ['GPT_4', 0.457],
  ])('%s names the odd one of the humans in %f', (model, share) => {
    const humans = answers('humans');
    const other = answers(model);
    expect(humans.trials.nTrials).toBe(2171);
    expect(other.trials.triplets).toEqual(humans.trials.triplets);
    const nSame = humans.choice.filter((place, index) => place === other.choice[index]).length;
    expect(nSame / 2171).toBeCloseTo(share, 3);
  });
});
