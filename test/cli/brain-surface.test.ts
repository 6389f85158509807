import { readFileSync } from 'node:fs';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giftiOfMaps, giftiOfSurface, writeGifti } from '#dist/formats/gifti-write.js';
import { mapsOf, parseNpy, readGifti, type Surface } from '#dist/node.js';
import { sheet, sphere } from '../brain/maps/meshes.js';
import { brain, brainJson, noise, ratedStudy, readBytes, writeArray } from './brain-study.js';

const nStimuli = 14;
const surfaces = [sphere(20, 6), sheet(8, 6)];
const [nLeft, nRight] = surfaces.map(({ nVertices }) => nVertices);
const nPlaces = nLeft + nRight;
const surfaceWords = '--surfaces left.surf.gii right.surf.gii';
const golden = fileURLToPath(new URL('../golden/grayordinates/', import.meta.url));
const places = JSON.parse(readFileSync(`${golden}places.json`, 'utf8'));

/** Vertices without a response: some in a row, one alone, one with the same response to all. */
const wall = new Set([20, 21, 22, 23, 24, 25, 26, 27, 40]);

type Distances = (from: number) => number[];

/** Shortest ways along edges among `used` vertices, by relaxing every edge until nothing changes. */
function slowWays(
  { nVertices, triangles, vertices }: Surface,
  used: (v: number) => boolean,
  inMm: boolean,
): Distances {
  const edges = new Set<string>();
  for (let t = 0; t < triangles.length; t += 3)
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ])
      edges.add(`${triangles[t + a]} ${triangles[t + b]}`);
  const list = [...edges].map((edge) => edge.split(' ').map(Number)).filter(([a, b]) => used(a) && used(b));
  const length = (a: number, b: number) =>
    inMm ? Math.hypot(...[0, 1, 2].map((axis) => vertices[3 * a + axis] - vertices[3 * b + axis])) : 1;
  return (from) => {
    const distances = new Array<number>(nVertices).fill(Number.POSITIVE_INFINITY);
    if (used(from)) distances[from] = 0;
    for (let changed = true; changed; ) {
      changed = false;
      for (const [a, b] of list.flatMap(([p, q]) => [
        [p, q],
        [q, p],
      ])) {
        const way = distances[a] + length(a, b);
        if (way < distances[b] - 1e-9) {
          distances[b] = way;
          changed = true;
        }
      }
    }
    return distances;
  };
}

function slowPearson(x: readonly number[], y: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, i) => {
    xy += (value - mx) * (y[i] - my);
    xx += (value - mx) ** 2;
    yy += (y[i] - my) ** 2;
  });
  return xy / Math.sqrt(xx * yy);
}

const slowRanks = (values: readonly number[]) =>
  values.map((one) => {
    const below = values.filter((other) => other < one).length;
    return below + (values.filter((other) => other === one).length + 1) / 2;
  });

/** Rows compared with each other: r of pairs i < j. */
function slowPairs(rows: readonly (readonly number[])[]): number[] {
  return rows.flatMap((row, i) => rows.slice(i + 1).map((other) => slowPearson(row, other)));
}

/** rho of one neighbourhood with the model. */
const slowRho = (
  data: ArrayLike<number>,
  width: number,
  members: readonly number[],
  model: readonly number[],
) => {
  const rows = Array.from({ length: nStimuli }, (_, i) => members.map((v) => data[i * width + v]));
  return slowPearson(slowRanks(slowPairs(rows)), slowRanks(model));
};

describe('a searchlight on surfaces', () => {
  let folder = '';
  const data = noise(nStimuli, nPlaces, 5);
  let model: number[] = [];
  const members = (column: number, limit: number, inMm: boolean): number[] => {
    const [side, start] = column < nLeft ? [0, 0] : [1, nLeft];
    const ways = slowWays(surfaces[side], (v) => !wall.has(start + v), inMm);
    return ways(column - start).flatMap((way, v) => (way <= limit + 1e-9 ? [start + v] : []));
  };

  beforeAll(async () => {
    folder = await ratedStudy(nStimuli);
    for (let i = 0; i < nStimuli; i++)
      for (const v of wall) data[i * nPlaces + v] = v === 40 ? Number.NaN : 0;
    const table = await readFile(join(folder, 'ratings/one.tsv'), 'utf8');
    model = slowPairs(
      table
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t').slice(1).map(Number)),
    );
    const halves = [
      [0, nLeft],
      [nLeft, nRight],
    ].map(([start, width]) =>
      Float32Array.from(
        { length: nStimuli * width },
        (_, at) => data[Math.floor(at / width) * nPlaces + start + (at % width)],
      ),
    );
    for (const [side, name] of ['left', 'right'].entries()) {
      const width = side === 0 ? nLeft : nRight;
      await writeFile(join(folder, `${name}.surf.gii`), writeGifti(giftiOfSurface(surfaces[side])));
      await writeArray(join(folder, `${name}.npy`), halves[side], [nStimuli, width]);
      const maps = Array.from({ length: nStimuli }, (_, i) => ({
        name: `s${i}`,
        values: halves[side].subarray(i * width, (i + 1) * width),
      }));
      await writeFile(join(folder, `${name}.func.gii`), writeGifti(giftiOfMaps(maps, 'func')));
    }
    await brainJson(folder, 'import left.func.gii --right right.func.gii --subject 01');
    await brainJson(folder, 'import left.npy --right right.npy --subject 02');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const correlationsOf = async (subject: string) =>
    parseNpy(await readBytes(folder, `brain/${subject}/searchlight/correlations.npy`)).data as Float32Array;

  it('takes the same responses from GIFTI and from arrays', async () => {
    const [gifti, npy] = ['sub-01', 'sub-02'].map((subject) =>
      readBytes(folder, `brain/${subject}/responses.npy`),
    );
    expect((await gifti).equals(await npy)).toBe(true);
    const { data: read, shape } = parseNpy(await gifti);
    expect(shape).toEqual([nStimuli, nPlaces]);
    expect(read[3 * nPlaces + nLeft + 2]).toBe(data[3 * nPlaces + nLeft + 2]);
  });

  it.each([
    ['10mm', 10, true],
    ['2', 2, false],
  ] as const)(
    'of radius %s is what a slow loop finds, and does not cross the medial wall',
    async (radius, limit, inMm) => {
      const line = `searchlight --models one --radius ${radius} ${surfaceWords} --minimum-voxels 5`;
      const { results } = await brainJson<{ results: { radius: unknown; counts: Record<string, number> }[] }>(
        folder,
        line,
      );
      expect(results[0].radius).toEqual({ unit: inMm ? 'mm' : 'edges', length: limit });
      expect(results[0].counts['unusable centre']).toBe(wall.size);
      const found = await correlationsOf('sub-01');
      expect(await correlationsOf('sub-02')).toEqual(found);
      const sizes = parseNpy(await readBytes(folder, 'brain/sub-01/searchlight/voxels.npy')).data;
      let nCompared = 0;
      for (let column = 0; column < nPlaces; column++) {
        const own = members(column, limit, inMm);
        expect([column, sizes[column]]).toEqual([column, own.length]);
        const wanted = own.length < 5 ? Number.NaN : slowRho(data, nPlaces, own, model);
        if (Number.isNaN(wanted)) expect(found[column]).toBeNaN();
        else expect(Math.abs(found[column] - wanted)).toBeLessThan(1e-6);
        if (!Number.isNaN(wanted)) nCompared++;
      }
      expect(results[0].counts.compared).toBe(nCompared);
      expect(nCompared).toBeGreaterThan(60);
      const left = mapsOf(readGifti(await readBytes(folder, 'brain/sub-01/searchlight/one.L.shape.gii')))[0]
        .values;
      const right = mapsOf(readGifti(await readBytes(folder, 'brain/sub-01/searchlight/one.R.shape.gii')))[0]
        .values;
      expect([...left, ...right]).toEqual([...found]);
    },
  );

  it('is tested across subjects and drawn', async () => {
    await brainJson(folder, 'compare');
    const { results } = await brainJson<{ results: { maps: { name: string; kind: string }[] } }>(
      folder,
      `map ${surfaceWords}`,
    );
    expect(results.maps.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'surfaces searchlight-one',
      'surfaces group-searchlight-one',
    ]);
    const { data: pixels, channels } = decode(await readBytes(folder, 'brain/maps/searchlight-one.png'));
    let nColoured = 0;
    for (let at = 0; at < pixels.length; at += channels)
      if (Math.abs(pixels[at] - pixels[at + 2]) > 60) nColoured++;
    expect(nColoured).toBeGreaterThan(5000);
  });

  it('says what is missing', async () => {
    const bare = await brain(folder, 'searchlight --models one');
    expect(bare.stderr).toMatch(/no surface says how far apart vertices are/);
    const turned = await brain(
      folder,
      'searchlight --models one --surfaces right.surf.gii left.surf.gii --force',
    );
    expect(turned.stderr).toMatch(/has 63 vertices; the left hemisphere of the responses of sub-01 has 62/);
    const half = await brain(folder, 'import left.func.gii --subject 03');
    expect(half.stderr).toMatch(/is one hemisphere; the other is missing/);
    const masked = await brain(folder, 'import left.npy --right right.npy --mask left.npy --subject 03');
    expect(masked.code).toBe(1);
  });
});

describe('a searchlight on grayordinates', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await ratedStudy(nStimuli);
    await copyFile(`${golden}responses.dscalar.nii`, join(folder, 'responses.dscalar.nii'));
    for (const [side, name] of ['left', 'right'].entries())
      await writeFile(join(folder, `${name}.surf.gii`), writeGifti(giftiOfSurface(surfaces[side])));
    await brainJson(folder, 'import responses.dscalar.nii --subject 01');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is what a slow loop finds: along the cortex, and in spheres below it', async () => {
    const table = await readFile(join(folder, 'ratings/one.tsv'), 'utf8');
    const model = slowPairs(
      table
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t').slice(1).map(Number)),
    );
    await brainJson(folder, `searchlight --models one --radius 8mm ${surfaceWords} --minimum-voxels 5`);
    const found = parseNpy(await readBytes(folder, 'brain/sub-01/searchlight/correlations.npy')).data;
    const { left, right, voxels, zoom, values } = places;
    const width = left.length + right.length + voxels.length;
    expect(found.length).toBe(width);
    const leftWays = slowWays(surfaces[0], (v) => left.includes(v), true);
    const rightWays = slowWays(surfaces[1], () => true, true);
    let nBelow = 0;
    for (let column = 0; column < width; column++) {
      const own =
        column < left.length
          ? leftWays(left[column]).flatMap((way, v) => (way <= 8 + 1e-9 ? [left.indexOf(v)] : []))
          : column < left.length + right.length
            ? rightWays(column - left.length).flatMap((way, v) => (way <= 8 + 1e-9 ? [left.length + v] : []))
            : voxels.flatMap((voxel: number[], v: number) => {
                const centre = voxels[column - left.length - right.length];
                const way = zoom * Math.hypot(...voxel.map((x, axis) => x - centre[axis]));
                return way <= 8 + 1e-6 ? [left.length + right.length + v] : [];
              });
      if (column >= left.length + right.length && own.length >= 5) nBelow++;
      const wanted = own.length < 5 ? Number.NaN : slowRho(values.flat(), width, own, model);
      if (Number.isNaN(wanted)) expect(found[column]).toBeNaN();
      else expect(Math.abs(found[column] - wanted)).toBeLessThan(1e-6);
    }
    expect(nBelow).toBe(voxels.length);
    const shown = mapsOf(readGifti(await readBytes(folder, 'brain/sub-01/searchlight/one.L.shape.gii')))[0]
      .values;
    expect(shown.length).toBe(places.nLeft);
    for (let v = 0; v < places.nLeft; v++)
      expect(shown[v]).toBe(left.includes(v) ? found[left.indexOf(v)] : Number.NaN);
  });

  it('is drawn on surfaces, and not without', async () => {
    await brainJson(folder, `searchlight --models one --radius 8mm ${surfaceWords} --minimum-voxels 5`);
    const { results } = await brainJson<{ results: { maps: unknown[]; skipped: string[] } }>(
      folder,
      `map ${surfaceWords}`,
    );
    expect(results.maps).toHaveLength(1);
    const bare = await brainJson<{ results: { maps: unknown[]; skipped: string[] } }>(folder, 'map');
    expect(bare.results.maps).toHaveLength(0);
    expect(bare.results.skipped[0]).toMatch(/of CIFTI; name surfaces to draw on/);
  });
});
