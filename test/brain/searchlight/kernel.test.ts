import { describe, expect, test } from 'vitest';
import { membersOf, type Neighbourhoods } from '#dist/brain/searchlight/neighbourhoods.js';
import { searchlightOutcomes } from '#dist/brain/searchlight/outcome.js';
import { searchlightPatterns } from '#dist/brain/searchlight/patterns.js';
import { splitIntoPlanes } from '#dist/brain/searchlight/planes.js';
import { prepareSearchlight, type SearchlightData } from '#dist/brain/searchlight/prepare.js';
import { referenceCentre, referenceCrossed } from '#dist/brain/searchlight/reference.js';
import { searchlight } from '#dist/brain/searchlight/searchlight.js';
import { sphereNeighbourhoods, sphereOffsets } from '#dist/brain/searchlight/sphere.js';
import type { Matrix } from '#dist/numerics/matrix.js';
import { maskOf, modelOf, noise, oneCentre, pairsInOrder, randomOf } from './volumes.js';

const columnsOf = ({ nRows, nColumns, data }: Matrix, columns: ArrayLike<number>): Matrix => ({
  nRows,
  nColumns: columns.length,
  data: Float64Array.from({ length: nRows * columns.length }, (_, at) => {
    const [r, c] = [Math.floor(at / columns.length), at % columns.length];
    return data[r * nColumns + columns[c]];
  }),
});

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

function membersAt(neighbourhoods: Neighbourhoods, centre: number) {
  return membersOf(neighbourhoods, centre, new Uint8Array(neighbourhoods.nVoxels).fill(1));
}

describe('spheres', () => {
  test('hold what a loop over distances holds, the surface included', () => {
    for (const [radius, count] of [
      [1, 7],
      [2, 33],
      [3, 123],
      [4, 257],
    ]) {
      expect(sphereOffsets(radius).length / 3).toBe(count);
    }
    expect(sphereOffsets(6, [2, 2, 2])).toEqual(sphereOffsets(3));
    expect(sphereOffsets(6, [3, 2, 6]).length / 3).toBe(
      [-2, -1, 0, 1, 2]
        .flatMap((x) => [-3, -2, -1, 0, 1, 2, 3].flatMap((y) => [-1, 0, 1].map((z) => [x, y, z])))
        .filter(([x, y, z]) => Math.sqrt(9 * x * x + 4 * y * y + 36 * z * z) <= 6).length,
    );
  });

  test('are discs and a rest: five discs of 21 and 18 voxels at radius 3', () => {
    for (const radius of [1, 2, 3, 3.5, 5]) {
      const offsets = sphereOffsets(radius);
      const split = splitIntoPlanes(offsets);
      if (!split) continue;
      const found = [];
      for (let x = -split.reach; x <= split.reach; x++) {
        for (let at = 0; at < split.disc.length; at += 3)
          found.push([x, split.disc[at + 1], split.disc[at + 2]]);
      }
      for (let at = 0; at < split.rest.length; at += 3) found.push(Array.from(split.rest.slice(at, at + 3)));
      const expected = Array.from({ length: offsets.length / 3 }, (_, s) =>
        Array.from(offsets.slice(3 * s, 3 * s + 3)),
      );
      expect(found.map(String).sort()).toEqual(expected.map(String).sort());
    }
    expect(splitIntoPlanes(sphereOffsets(3))).toMatchObject({
      reach: 2,
      disc: { length: 63 },
      rest: { length: 54 },
    });
  });

  test('refuse a radius that is no radius', () =>
    expect(() => sphereOffsets(-1)).toThrow(/outside 0 to 30 voxels/));
});

/** 703 stimuli: enough for the fast kernel. The mask has a bulge, holes and a lone voxel. */
function ragged(): SearchlightData & { responses: Matrix } {
  const random = randomOf(3);
  const mask = maskOf([9, 4, 4], (x, y, z) => (x * 7 + y * 3 + z * 5) % 11 !== 0 && !(x === 4 && y > 1));
  const neighbourhoods = sphereNeighbourhoods(mask, { unit: 'voxels', length: 3 });
  const nStimuli = 703;
  const responses = noise(nStimuli, neighbourhoods.nVoxels, random);
  for (let v = 0; v < responses.nColumns; v++) {
    responses.data[7 * responses.nColumns + v] = responses.data[601 * responses.nColumns + v];
  }
  const models = [
    modelOf('continuous', nStimuli, () => random.normal()),
    modelOf('tied', nStimuli, () => random.below(5)),
  ];
  return { responses, patterns: searchlightPatterns(responses), neighbourhoods, models };
}

describe('the fast kernel', () => {
  const data = ragged();
  const nModels = 2;
  const someCentres = [0, 19, data.neighbourhoods.nVoxels - 1];

  for (const correlation of ['spearman', 'pearson'] as const) {
    test(`${correlation}: every centre as the plain reference, at the edges of the mask too`, async () => {
      const map = await searchlight(prepareSearchlight(data, { correlation, minimumVoxels: 5 }), {
        range: { first: 0, last: data.neighbourhoods.nVoxels },
      });
      expect(map).toMatchObject({ precision: 'fast', nExact: 0 });
      const vectors = data.models.map(pairsInOrder);
      for (const centre of someCentres) {
        const members = membersAt(data.neighbourhoods, centre);
        expect(map.nVoxels[centre]).toBe(members.length);
        const expected = referenceCentre(columnsOf(data.responses, members), vectors, correlation);
        const found = map.correlations.subarray(nModels * centre, nModels * (centre + 1));
        expect(largest(found, expected)).toBeLessThan(1e-7);
      }
    });
  }

  test('hands over to exact where patterns have a mean that drowns their differences', async () => {
    const responses = noise(704, 30, randomOf(5));
    for (let v = 0; v < 30; v++) {
      for (let s = 0; s < 704; s++) responses.data[s * 30 + v] += v < 15 ? 1000 : 1000 + 0.01 * s;
    }
    const spread = columnsOf(
      responses,
      Array.from({ length: 15 }, (_, v) => v),
    );
    const model = modelOf('model', 704, (i, j) => (i * j) % 101);
    const neighbourhoods = { ...oneCentre(30), starts: Uint32Array.of(0, 15) };
    const shifted = searchlightPatterns({
      ...responses,
      data: responses.data.map((x, at) => (at % 30 < 15 ? x : -x)),
    });
    const map = await searchlight(prepareSearchlight({ patterns: shifted, neighbourhoods, models: [model] }));
    expect(map).toMatchObject({ precision: 'fast', nExact: 1 });
    const [expected] = referenceCentre(spread, [pairsInOrder(model)], 'spearman');
    expect(Math.abs(map.correlations[0] - expected)).toBeLessThan(1e-5);
  });

  test('hands over to exact where all patterns are nearly the same', async () => {
    const responses = noise(704, 30, randomOf(8));
    for (let at = 0; at < responses.data.length; at++) responses.data[at] += 20 * Math.sin(at % 30);
    const model = modelOf('model', 704, (i, j) => (i * j) % 101);
    const map = await searchlight(
      prepareSearchlight({
        patterns: searchlightPatterns(responses),
        neighbourhoods: oneCentre(30),
        models: [model],
      }),
    );
    expect(map).toMatchObject({ precision: 'fast', nExact: 1 });
  });

  test('hands over to exact where many pairs tie', async () => {
    const responses = noise(704, 20, randomOf(6));
    for (let s = 8; s < 704; s++) {
      for (let v = 0; v < 20; v++) responses.data[s * 20 + v] = responses.data[(s % 8) * 20 + v];
    }
    const model = modelOf('model', 704, (i, j) => (i * j) % 101);
    const map = await searchlight(
      prepareSearchlight({
        patterns: searchlightPatterns(responses),
        neighbourhoods: oneCentre(20),
        models: [model],
      }),
    );
    expect(map).toMatchObject({ precision: 'fast', nExact: 1 });
  });
});

describe('the exact kernel', () => {
  const random = randomOf(11);
  const nStimuli = 37;
  const responses: Matrix = {
    nRows: nStimuli,
    nColumns: 50,
    data: Float64Array.from({ length: nStimuli * 50 }, () => random.normal()),
  };
  const again: Matrix = { ...responses, data: responses.data.map((x) => x + random.normal()) };
  const models = [
    modelOf('continuous', nStimuli, () => random.normal()),
    modelOf('tied', nStimuli, () => random.below(3)),
  ];
  const vectors = models.map(pairsInOrder);
  const data = { patterns: searchlightPatterns(responses), neighbourhoods: oneCentre(50), models };

  for (const correlation of ['spearman', 'pearson', 'kendall'] as const) {
    test(`${correlation}: as the plain reference to 1e-12`, async () => {
      const map = await searchlight(prepareSearchlight(data, { correlation }));
      expect(map).toMatchObject({ precision: 'exact', nExact: 1 });
      expect(largest(map.correlations, referenceCentre(responses, vectors, correlation))).toBeLessThan(1e-12);
    });

    test(`${correlation} across halves: as the plain reference to 1e-12`, async () => {
      const prepared = prepareSearchlight(
        { ...data, secondHalf: searchlightPatterns(again) },
        { correlation },
      );
      const expected = referenceCrossed([responses, again], vectors, correlation);
      expect(largest((await searchlight(prepared)).correlations, expected)).toBeLessThan(1e-12);
    });
  }
});

describe('what cannot be compared is said and counted', () => {
  const random = randomOf(21);
  const mask = maskOf([6, 1, 1]);
  const neighbourhoods = sphereNeighbourhoods(mask, { unit: 'voxels', length: 1 });
  const responses = noise(8, 6, random);
  const model = modelOf('model', 8, () => random.normal());
  const run = async (change: (data: Float32Array | Float64Array) => void, minimumVoxels = 3) => {
    const data = responses.data.slice();
    change(data);
    const patterns = searchlightPatterns({ ...responses, data });
    return searchlight(prepareSearchlight({ patterns, neighbourhoods, models: [model] }, { minimumVoxels }));
  };
  const namesOf = (codes: Uint8Array) => Array.from(codes, (code) => searchlightOutcomes[code]);

  test('too few voxels at the ends of a line', async () => {
    const map = await run(() => {});
    expect(namesOf(map.outcomes)).toEqual([
      'too few voxels',
      ...new Array(4).fill('compared'),
      'too few voxels',
    ]);
    expect(map.counts).toMatchObject({ compared: 4, 'too few voxels': 2 });
    expect(Array.from(map.correlations, Number.isNaN)).toEqual([true, false, false, false, false, true]);
  });

  test('voxels with NaN and voxels that never change belong to no neighbourhood', async () => {
    const map = await run((data) => {
      data[2 * 6 + 1] = Number.NaN;
      for (let s = 0; s < 8; s++) data[s * 6 + 5] = 4;
    });
    expect(map.voxels).toEqual({ nUsable: 4, nNotFinite: 1, nConstant: 1 });
    expect(Array.from(map.nVoxels)).toEqual([1, 0, 2, 3, 2, 0]);
    expect(namesOf(map.outcomes)[1]).toBe('unusable centre');
    expect(map.counts).toMatchObject({ compared: 1, 'too few voxels': 3, 'unusable centre': 2 });
  });

  test('voxels that are no numbers in either half are counted once each', async () => {
    const halves = [1, 2].map((voxel) => {
      const data = responses.data.slice();
      data[3 * 6 + voxel] = Number.NaN;
      return searchlightPatterns({ ...responses, data });
    });
    const [patterns, secondHalf] = halves;
    const { facts } = prepareSearchlight({ patterns, secondHalf, neighbourhoods, models: [model] });
    expect(facts.voxels).toEqual({ nUsable: 4, nNotFinite: 2, nConstant: 0 });
  });

  test('a stimulus with the same value in the whole neighbourhood', async () => {
    const map = await run((data) => data.fill(0.1, 3 * 6, 3 * 6 + 3));
    expect(namesOf(map.outcomes).slice(1, 3)).toEqual(['constant pattern', 'compared']);
  });

  test('a neural RSM without differences', async () => {
    const map = await run((data) => {
      for (let s = 0; s < 8; s++) for (let v = 0; v < 6; v++) data[s * 6 + v] = (s + 1) * 2 ** v;
    });
    expect(map.counts).toMatchObject({ 'constant RSM': 4 });
  });
});
