import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { controlledCorrelations } from '#dist/brain/searchlight/partial.js';
import { searchlightPatterns } from '#dist/brain/searchlight/patterns.js';
import { prepareSearchlight } from '#dist/brain/searchlight/prepare.js';
import { searchlight } from '#dist/brain/searchlight/searchlight.js';
import { sphereNeighbourhoods } from '#dist/brain/searchlight/sphere.js';
import { surfaceNeighbourhoods } from '#dist/brain/searchlight/surface.js';
import { parseNpy } from '#dist/formats/npy.js';
import type { Rsm } from '#dist/geometry/rsm/rsm.js';
import { maskOf, modelOf, oneCentre } from './volumes.js';

/** Numbers from NumPy and SciPy: tools/golden/searchlight.py. */
const golden = JSON.parse(readFileSync('test/golden/searchlight/comparisons.json', 'utf8'));

const npy = (name: string) =>
  parseNpy(new Uint8Array(readFileSync(`test/golden/searchlight/${name}.npy`)), name);

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i])));

describe('a masked volume against numpy.corrcoef and scipy.stats.spearmanr', () => {
  const [nX, nY, nZ] = npy('mask').shape;
  const placeOf = (x: number, y: number, z: number) => (x * nY + y) * nZ + z;
  const isInside = (x: number, y: number, z: number) => Number(npy('mask').data[placeOf(x, y, z)]) > 0;
  const mask = maskOf([nX, nY, nZ], isInside);
  const places: number[] = [];
  for (let z = 0; z < nZ; z++) {
    for (let y = 0; y < nY; y++) {
      for (let x = 0; x < nX; x++) if (isInside(x, y, z)) places.push(placeOf(x, y, z));
    }
  }
  const values = npy('data').data as Float32Array;
  const nStimuli = npy('data').shape[0];
  const nGrid = nX * nY * nZ;
  const data = new Float32Array(nStimuli * places.length);
  for (let s = 0; s < nStimuli; s++) {
    places.forEach((place, v) => {
      data[s * places.length + v] = values[s * nGrid + place];
    });
  }
  const models = [0, 1, 2].map((k): Rsm => {
    const all = npy('models').data as Float64Array;
    const one = all.slice(k * nStimuli ** 2, (k + 1) * nStimuli ** 2);
    return { name: `model ${k}`, kind: 'similarity', stimulusIds: null, nStimuli, values: one };
  });

  test('every centre has the same voxels and the same rho', async () => {
    const prepared = prepareSearchlight({
      patterns: searchlightPatterns({ nRows: nStimuli, nColumns: places.length, data }),
      neighbourhoods: sphereNeighbourhoods(mask, { unit: 'voxels', length: 3 }),
      models,
    });
    const map = await searchlight(prepared);
    expect(map.counts.compared).toBe(433);
    expect(Array.from(map.nVoxels)).toEqual(places.map((place) => Number(npy('n_voxels').data[place])));
    const rho = npy('rho_spearman').data as Float64Array;
    const expected = places.flatMap((place) => [0, 1, 2].map((k) => rho[k * nGrid + place]));
    expect(largest(map.correlations, expected)).toBeLessThan(1e-12);
  });
});

describe('ties on both sides against SciPy', () => {
  const { nStimuli, nVoxels, patterns, models, ...expected } = golden.small;
  const run = (correlation: 'spearman' | 'pearson' | 'kendall') =>
    searchlight(
      prepareSearchlight(
        {
          patterns: searchlightPatterns({
            nRows: nStimuli,
            nColumns: nVoxels,
            data: Float64Array.from(patterns),
          }),
          neighbourhoods: oneCentre(nVoxels),
          models: models.map((values: number[], k: number) => ({
            ...modelOf(`model ${k}`, nStimuli, () => 0),
            values: Float64Array.from(values),
          })),
        },
        { correlation, precision: 'exact' },
      ),
    );

  test('the case has ties', () => expect(expected.nTiedPairs).toBeGreaterThan(10));

  for (const correlation of ['spearman', 'pearson', 'kendall'] as const) {
    test(correlation, async () =>
      expect(largest((await run(correlation)).correlations, expected[correlation])).toBeLessThan(1e-12),
    );
  }

  test('partial and semipartial correlations are those of residuals', async () => {
    for (const [correlation, numbers] of [
      ['spearman', expected.controlledSpearman],
      ['pearson', expected.controlledPearson],
    ] as const) {
      const found = controlledCorrelations(await run(correlation));
      expect(largest(found.partial, numbers.partial)).toBeLessThan(1e-12);
      expect(largest(found.semipartial, numbers.semipartial)).toBeLessThan(1e-12);
    }
  });

  test("Kendall's tau-a has no partial correlation", async () => {
    const map = await run('kendall');
    expect(() => controlledCorrelations(map)).toThrow(/no partial correlations/);
  });
});

/** tools/golden/searchlight.py: hashed. */
function hashed(key: number): number {
  let x = key >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 8;
}

describe('700 stimuli, which the fast kernel takes', () => {
  const { nStimuli, nVoxels, ...expected } = golden.large;
  const data = Float32Array.from({ length: nStimuli * nVoxels }, (_, at) => hashed(at) / 2 ** 24);
  const keyOfPair = (i: number, j: number) => 1_000_000 + Math.min(i, j) * nStimuli + Math.max(i, j);
  const models = [
    modelOf('continuous', nStimuli, (i, j) => hashed(keyOfPair(i, j))),
    modelOf('tied', nStimuli, (i, j) => hashed(keyOfPair(i, j) + 10_000_000) % 7),
  ];
  const run = (correlation: 'spearman' | 'pearson', precision: 'fast' | 'exact') =>
    searchlight(
      prepareSearchlight(
        {
          patterns: searchlightPatterns({ nRows: nStimuli, nColumns: nVoxels, data }),
          neighbourhoods: oneCentre(nVoxels),
          models,
        },
        { correlation, precision },
      ),
    );

  for (const correlation of ['spearman', 'pearson'] as const) {
    test(`${correlation}: fast within 1e-7 of SciPy, exact within 1e-12`, async () => {
      const fast = await run(correlation, 'fast');
      expect(fast).toMatchObject({ precision: 'fast', nExact: 0 });
      expect(largest(fast.correlations, expected[correlation])).toBeLessThan(1e-7);
      const exact = await run(correlation, 'exact');
      expect(largest(exact.correlations, expected[correlation])).toBeLessThan(1e-12);
    });
  }
});

describe('neighbourhoods on a mesh against scipy.sparse.csgraph', () => {
  const { vertices, triangles, mask, within2Edges, within5mm } = golden.mesh;
  const surface = {
    nVertices: vertices.length / 3,
    nTriangles: triangles.length / 3,
    vertices: Float64Array.from(vertices as number[]),
    triangles: Int32Array.from(triangles as number[]),
  };
  const listed = (reach: { unit: 'edges' | 'mm'; length: number }) => {
    const { starts, members } = surfaceNeighbourhoods(surface, reach, mask);
    return mask.map((_: number, c: number) => Array.from(members.subarray(starts[c], starts[c + 1])));
  };

  test('two edges', () => expect(listed({ unit: 'edges', length: 2 })).toEqual(within2Edges));
  test('5 mm along edges', () => expect(listed({ unit: 'mm', length: 5 })).toEqual(within5mm));
  test('vertices out of order are an error', () =>
    expect(() => surfaceNeighbourhoods(surface, { unit: 'edges', length: 1 }, [3, 2])).toThrow(
      /Vertex 2 at place 1 of the mask; expected ascending/,
    ));
});
