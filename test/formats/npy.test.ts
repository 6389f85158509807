import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNpy, type NpyData, parseNpy } from '#dist/formats/npy.js';
import { damagedCopies, refusesCleanly } from './damage.js';

const golden = (name: string) => new Uint8Array(readFileSync(new URL(`golden/${name}.npy`, import.meta.url)));
const read = (name: string) => {
  const { shape, data } = parseNpy(golden(name), `${name}.npy`);
  return { shape, values: [...data], kind: data.constructor.name };
};

/** What tools/golden/npy.py saved: arange(6) - 2 in two rows, changed as the name says. */
const table = [-2, -1, 0, 1, 2, 3];
const half = table.map((value) => value / 2);
const quarter = table.map((value) => value / 4);
const trillions = table.map((value) => value * 1e12);

describe('parseNpy reads what NumPy wrote', () => {
  it.each([
    ['little-f4', half, 'Float32Array'],
    ['little-f8', quarter, 'Float64Array'],
    ['big-f4', half, 'Float32Array'],
    ['big-f8', quarter, 'Float64Array'],
    ['big-i2', table, 'Int16Array'],
    ['big-u4', table.map((value) => value + 4e9), 'Uint32Array'],
    ['big-i8', trillions, 'Float64Array'],
    ['i1', table, 'Int8Array'],
    ['u1', table.map((value) => value + 250), 'Uint8Array'],
    ['u2', table.map((value) => value + 65000), 'Uint16Array'],
    ['i4', table, 'Int32Array'],
    ['i8', trillions, 'Float64Array'],
    ['u8', table.map((value) => value + 5), 'Float64Array'],
    ['bool', [0, 0, 0, 1, 1, 1], 'Uint8Array'],
    ['version-2', table, 'Float32Array'],
    ['version-3', table, 'Float32Array'],
  ])('%s', (name, values, kind) => {
    expect(read(name)).toEqual({ shape: [2, 3], values, kind });
  });

  it.each(['fortran', 'fortran-big'])('%s: three axes come out in C order', (name) => {
    const { shape, values } = read(name);
    expect(shape).toEqual([2, 3, 4]);
    expect(values).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  it('a number without axes, an empty array, a vector', () => {
    expect(read('scalar')).toEqual({ shape: [], values: [3.5], kind: 'Float64Array' });
    expect(read('empty')).toEqual({ shape: [0, 3], values: [], kind: 'Float32Array' });
    expect(read('vector')).toEqual({ shape: [3], values: [1, 2, 3], kind: 'Int32Array' });
  });
});

describe('parseNpy refuses', () => {
  it.each([
    ['f2', /f2\.npy: holds numbers of type "<f2"; expected .* array\.astype/],
    ['complex', /type "<c8"/],
    ['text', /type "<U1"/],
    ['structured', /structured array/],
    ['i8-too-large', /element 1 is a 64-bit integer beyond 2\^53/],
  ])('%s', (name, message) => {
    expect(() => read(name)).toThrow(message);
  });

  it('an empty file, another file, a truncated one, one with bytes left over, a future version', () => {
    const whole = golden('little-f4');
    const longer = new Uint8Array(whole.length + 1);
    longer.set(whole);
    const future = whole.slice();
    future[6] = 9;
    expect(() => parseNpy(new Uint8Array(0), 'w.npy')).toThrow(/w\.npy: is empty/);
    expect(() => parseNpy(new TextEncoder().encode('stimulus_id\n1\n'), 'w.npy')).toThrow(/not a NumPy/);
    expect(() => parseNpy(whole.subarray(0, whole.length - 1), 'w.npy')).toThrow(
      /23 bytes.*needs 24.*truncated/,
    );
    expect(() => parseNpy(whole.subarray(0, 40), 'w.npy')).toThrow(/truncated \.npy header/);
    expect(() => parseNpy(longer, 'w.npy')).toThrow(/25 bytes.*needs 24/);
    expect(() => parseNpy(future, 'w.npy')).toThrow(/version 9\.0/);
  });

  it.each([
    'shape (99999999999, 99999999999)',
    'shape (0, 99999999999999999999)',
    `shape (${'1, '.repeat(500)})`,
    'descr constructor',
    'descr <__proto__',
  ])('a header with %s, before it allocates anything', (change) => {
    const [key, ...value] = change.split(' ');
    const fields = { descr: "'<f4'", fortran_order: 'True', shape: '(2, 3)' };
    const text = { ...fields, [key]: key === 'descr' ? `'${value}'` : value.join(' ') };
    const header = `{${Object.entries(text).map(([name, part]) => `'${name}': ${part}`)}}\n`;
    const bytes = new Uint8Array([
      0x93,
      78,
      85,
      77,
      80,
      89,
      2,
      0,
      header.length & 255,
      header.length >> 8,
      0,
      0,
    ]);
    const file = new Uint8Array([...bytes, ...new TextEncoder().encode(header), ...new Uint8Array(24)]);
    expect(() => parseNpy(file, 'w.npy')).toThrow(/w\.npy: /);
    expect(refusesCleanly(() => parseNpy(file, 'w.npy'), 'w.npy')).toBe(true);
  });

  it.each(['little-f4', 'fortran-big', 'i8', 'version-2'])('damaged copies of %s without a crash', (name) => {
    fc.assert(
      fc.property(damagedCopies(golden(name)), (bytes) =>
        refusesCleanly(() => parseNpy(bytes, 'damaged.npy'), 'damaged.npy'),
      ),
      { numRuns: 300 },
    );
  });
});

describe('formatNpy', () => {
  it('is byte for byte what numpy.save writes', () => {
    const float = Float32Array.from(half);
    expect(formatNpy(float, [2, 3])).toEqual(golden('little-f4'));
    expect(formatNpy(Int32Array.of(1, 2, 3), [3])).toEqual(golden('vector'));
    expect(formatNpy(Float64Array.of(3.5), [])).toEqual(golden('scalar'));
    expect(formatNpy(Uint8Array.from(table.map((value) => value + 250)), [2, 3])).toEqual(golden('u1'));
  });

  it('is read back unchanged', () => {
    const arrays = fc.oneof<fc.Arbitrary<NpyData>[]>(
      fc.uint8Array(),
      fc.int16Array(),
      fc.uint32Array(),
      fc.float32Array(),
      fc.float64Array(),
    );
    fc.assert(
      fc.property(arrays, (data) => {
        expect(parseNpy(formatNpy(data, [1, data.length]))).toEqual({ shape: [1, data.length], data });
      }),
    );
  });

  it('refuses a shape that does not fit', () => {
    expect(() => formatNpy(new Uint8Array(5), [2, 3])).toThrow(/needs 6 numbers, got 5/);
  });
});
