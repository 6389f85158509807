import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { zlibSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { listMat5, parseMat5 } from '#dist/formats/mat5.js';
import { damagedCopies, refusesCleanly } from './damage.js';

const golden = (name: string) => new Uint8Array(readFileSync(new URL(`golden/${name}.mat`, import.meta.url)));
const dataFolder = process.env.AFFECTOME_DATA ?? '../shared/data';
const rdm48 = `${dataFolder}/triplets/RDM48_triplet.mat`;

/** What tools/golden/mat5.py saved. */
const matrices = {
  double: [2, 3, [1.5, -2.25, 1e300, 0, Math.PI, -7]],
  small_integers_as_double: [3, 2, [1, 2, 3, 250, 5, 6]],
  single: [1, 2, [0.5, 0.25]],
  int8: [2, 1, [-128, 127]],
  uint8: [1, 2, [0, 255]],
  int16: [1, 2, [-32768, 32767]],
  uint16: [1, 1, [65535]],
  int32: [1, 2, [-2147483648, 2147483647]],
  uint32: [1, 1, [4294967295]],
  int64: [1, 2, [-9007199254740991, 3]],
  logical: [1, 3, [1, 0, 1]],
  empty: [0, 3, []],
  a_name_longer_than_the_small_format: [1, 1, [42]],
};

describe.each(['mat5', 'mat5-compressed'])('%s.mat as SciPy wrote it', (name) => {
  it('gives every real 2-D array, row after row', () => {
    const found = Object.entries(parseMat5(golden(name), 'x.mat')).map(([key, { nRows, nColumns, data }]) => [
      key,
      [nRows, nColumns, [...data]],
    ]);
    expect(Object.fromEntries(found)).toEqual(matrices);
  });

  it('names what it passes over', () => {
    const skipped = listMat5(golden(name), 'x.mat').filter(({ kind }) => kind === 'skipped');
    expect(Object.fromEntries(skipped.map((entry) => [entry.name, 'found' in entry && entry.found]))).toEqual(
      {
        text: 'text',
        cells: 'cell',
        structure: 'struct',
        complex: 'complex numbers',
        cube: 'an array of 3 dimensions',
        sparse: 'sparse matrix',
      },
    );
  });

  it('damaged copies are refused without a crash', () => {
    const nothing = fc.property(damagedCopies(golden(name)), (bytes) =>
      refusesCleanly(() => parseMat5(bytes, 'damaged.mat'), 'damaged.mat'),
    );
    fc.assert(nothing, { numRuns: 500 });
  });
});

describe('parseMat5', () => {
  it('reads big-endian files', () => {
    const { big } = parseMat5(golden('mat5-big-endian'), 'big.mat');
    expect([big.nRows, big.nColumns, [...big.data]]).toEqual(matrices.double);
  });

  it('says what it found when there is no numeric array', () => {
    expect(() => parseMat5(golden('mat5-only-text'), 'x.mat')).toThrow(
      /x\.mat: holds no real 2-D numeric array; found text \(text\)\./,
    );
  });

  it('refuses truncated, empty, foreign and HDF5 files', () => {
    const whole = golden('mat5');
    const header = new TextEncoder().encode('MATLAB 7.3 MAT-file'.padEnd(512));
    expect(() => parseMat5(whole.subarray(0, 200), 'x.mat')).toThrow(/ends after 200 bytes.*truncated/);
    expect(() => parseMat5(golden('mat5-compressed').subarray(0, 170), 'x.mat')).toThrow(/truncated/);
    expect(() => parseMat5(new Uint8Array(0), 'x.mat')).toThrow(/is empty/);
    expect(() => parseMat5(new TextEncoder().encode('a,b\n1,2\n'), 'x.mat')).toThrow(/not a MATLAB/);
    expect(() => parseMat5(header, 'x.mat')).toThrow(/7\.3 \(HDF5\).*-v7/);
  });

  it('does not unpack more than a compressed array declares', () => {
    const zeros = new Uint8Array(50_000_000);
    zeros.set([14, 0, 0, 0, 64, 0, 0, 0]);
    const bomb = zlibSync(zeros);
    const file = new Uint8Array(136 + bomb.length);
    file.set(golden('mat5').subarray(0, 128));
    const tag = new DataView(file.buffer);
    tag.setUint32(128, 15, true);
    tag.setUint32(132, bomb.length, true);
    file.set(bomb, 136);
    expect(() => parseMat5(file, 'bomb.mat')).toThrow(/bomb\.mat: has a damaged/);
  });
});

describe.skipIf(!existsSync(rdm48))(`the THINGS 48-object RDM (skipped without ${rdm48})`, () => {
  it('has the values that SciPy reads', () => {
    const { RDM48_triplet: rdm } = parseMat5(new Uint8Array(readFileSync(rdm48)), rdm48);
    expect([rdm.nRows, rdm.nColumns]).toEqual([48, 48]);
    expect(rdm.data[1]).toBe(0.8307692307692307);
    expect(rdm.data[3 * 48 + 47]).toBe(0.8809523809523809);
    expect(Array.from(rdm.data).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1503.247779049517, 9);
  });
});
