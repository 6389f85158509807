import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openHdf5 } from '#dist/formats/hdf5.js';
import { openHdf5File } from '#dist/formats/hdf5-file.node.js';
import { partsOf } from '#dist/formats/hdf5-parts.js';
import type { Ranges } from '#dist/formats/hdf5-reader.js';

const made = (name: string) => fileURLToPath(new URL(`../golden/hdf5/${name}.h5`, import.meta.url));

describe('parts of a dataset', () => {
  const axis = fc.record({ first: fc.nat(9), length: fc.nat(40), chunk: fc.integer({ min: 1, max: 50 }) });
  const given = fc.record({
    axes: fc.array(axis, { minLength: 1, maxLength: 3 }),
    hasChunks: fc.boolean(),
    size: fc.constantFrom(1, 8, 2 ** 16, 2 ** 22, 2 ** 26, 2 ** 28),
  });

  it('hold every number once, in C order, and are small', () => {
    fc.assert(
      fc.property(given, ({ axes, hasChunks, size }) => {
        const ranges: Ranges = axes.map(({ first, length }) => [first, first + length]);
        const chunks = hasChunks ? axes.map(({ chunk }) => chunk) : null;
        let most = 0;
        const seen: string[] = [];
        for (const part of partsOf(ranges, { size, chunks })) {
          const places = [...placesOf(part)];
          most = Math.max(most, places.length * size);
          seen.push(...places);
        }
        expect(seen).toEqual([...placesOf(ranges)]);
        expect(most).toBeLessThanOrEqual(2 ** 28);
      }),
      { numRuns: 200 },
    );
  });

  it('end where the pieces end in which they are stored', () => {
    // Rows of 2 MiB: 32 of them would be 64 MiB.
    const parts = [
      ...partsOf(
        [
          [3, 100],
          [0, 2 ** 18],
        ],
        { size: 8, chunks: [10, 512] },
      ),
    ];
    expect(parts.map(([rows]) => rows)).toEqual([
      [3, 30],
      [30, 60],
      [60, 90],
      [90, 100],
    ]);
    // A row of pieces is larger than that: it is read whole.
    const large = [
      ...partsOf(
        [
          [0, 150],
          [0, 2 ** 18],
        ],
        { size: 8, chunks: [100, 512] },
      ),
    ];
    expect(large.map(([rows]) => rows)).toEqual([
      [0, 100],
      [100, 150],
    ]);
  });
});

/** Every place within the ranges, the last axis fastest. */
function* placesOf(ranges: Ranges): Generator<string> {
  if (ranges.length === 0) {
    yield '';
    return;
  }
  const [[first, end], ...inner] = ranges;
  for (let index = first; index < end; index++) {
    for (const rest of placesOf(inner)) yield `${index} ${rest}`;
  }
}

describe.each(['earliest', 'latest'])('the structures of the %s version', (name) => {
  const ways = {
    'on a thread': () => openHdf5File(made(name)),
    here: () => openHdf5(new Uint8Array(readFileSync(made(name)))),
  };

  it.each(Object.entries(ways))('are read %s', async (_, open) => {
    const opened = await open();
    const value = (row: number, column: number) => 100 * row + column;
    const rows = (count: number, columns: number) =>
      Array.from({ length: count * columns }, (__, i) => value(Math.floor(i / columns), i % columns));
    const pieces = await opened.dataset('/pieces');
    expect([...(await pieces.numbers())]).toEqual(rows(40, 30));
    expect([
      ...(await pieces.numbers([
        [13, 15],
        [7, 9],
      ])),
    ]).toEqual([1307, 1308, 1407, 1408]);
    expect(
      await pieces.numbers([
        [3, 3],
        [0, 30],
      ]),
    ).toEqual(new Float64Array(0));
    expect([...(await (await opened.dataset('/growing')).numbers())]).toEqual(rows(40, 3));
    const cube = await opened.dataset('/cube');
    expect(cube.shape).toEqual([4, 10, 30]);
    expect([
      ...(await cube.numbers([
        [2, 3],
        [1, 3],
        [29, 30],
      ])),
    ]).toEqual([2129, 2229]);
    expect([...(await (await opened.dataset('/wide')).numbers())]).toEqual(rows(2, 30));
    expect(await (await opened.dataset('/words')).texts()).toEqual(['cat', 'dog', 'a longer word']);
    expect((await opened.keys('/many/of these')).length).toBe(12);
    expect([...(await (await opened.dataset('/many/of these/5')).numbers())]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await opened.attribute('/pieces', 'attribute 7')).toBe(7);
    await opened.close();
  });
});
