import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskVoxels, parseNpy, readNifti, volumeValues } from '#dist/node.js';
import { writeBrainDemo } from '#dist/pipeline/brain/demo/study.js';
import { brain, brainJson } from './brain-study.js';

interface Shown {
  readonly steps: readonly {
    readonly id: string;
    readonly state: string;
    readonly notes: readonly string[];
  }[];
  readonly results: never;
}

describe('brains, from recordings to maps', () => {
  let folder = '';
  const regions = {
    feelings: ['feeling-front', 'feeling-middle', 'feeling-top'],
    looks: ['seeing-back', 'seeing-low'],
    nothing: ['quiet-back', 'quiet-front'],
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'affectome-brain-'));
    await writeBrainDemo(folder, { nSubjects: 2, nStimuli: 40, nRuns: 2 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const array = async (name: string) => parseNpy(await readFile(join(folder, name)), name);
  const json = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));

  it('makes responses', async () => {
    const { steps, results } = await brainJson<Shown>(folder, 'responses');
    expect(steps.map(({ id, state }) => [id, state])).toEqual([
      ['brain/responses/sub-01', 'done'],
      ['brain/responses/sub-02', 'done'],
    ]);
    expect(results).toMatchObject([{ nStimuli: 40 }, { nStimuli: 40 }]);
    const { shape, data } = await array('brain/sub-01/responses.npy');
    const mask = readNifti(await readFile(join(folder, 'brain/sub-01/mask.nii.gz')));
    expect(shape).toEqual([40, maskVoxels(mask).length]);
    const first = Array.from({ length: 20 }, (_, e) => data[e * shape[1]]);
    expect(first.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 4);
    const { axes } = await json('brain/sub-01/responses.json');
    expect(axes[0].labels[0]).toMatch(/^clip-\d{3}$/);
  });

  it('does nothing twice', async () => {
    const { steps } = await brainJson<Shown>(folder, 'responses');
    expect(steps.every(({ state }) => state === 'up to date')).toBe(true);
  });

  it('says what encoding would take', async () => {
    const { code, stdout } = await brain(folder, 'encode --features feelings,looks --dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(/memory about \d+ MB; 3 blocks/);
    expect(stdout).toMatch(/pilot: 1024 voxels in/);
  });

  it('predicts voxels', async () => {
    await brainJson(
      folder,
      'encode --features feelings,looks,feelings+looks --cv 4x3 --alphas 1e-1:1e3:8 --partition feelings,looks',
    );
    const labels = volumeValues(readNifti(await readFile(join(folder, 'atlas.nii.gz'))));
    const voxels = maskVoxels(readNifti(await readFile(join(folder, 'brain/sub-01/mask.nii.gz'))));
    const [a, b] = await Promise.all(
      ['feelings', 'looks'].map((set) => array(`brain/sub-01/encoding/${set}/r.npy`)),
    );
    const meanIn = (r: ArrayLike<number>, keys: readonly number[]) => {
      const own = Array.from(voxels.keys()).filter((v) => keys.includes(labels[voxels[v]]));
      return own.reduce((sum, v) => sum + r[v], 0) / own.length;
    };
    expect(meanIn(a.data, [1, 2, 3])).toBeGreaterThan(0.4);
    expect(meanIn(b.data, [4, 5])).toBeGreaterThan(0.4);
    expect(Math.abs(meanIn(a.data, [4, 5, 7, 8]))).toBeLessThan(0.1);
    expect(Math.abs(meanIn(b.data, [1, 2, 3, 7, 8]))).toBeLessThan(0.1);
  });

  it('divides what two sets explain', async () => {
    const [parts, a, both] = await Promise.all([
      array('brain/sub-01/partition/feelings~looks/parts.npy'),
      array('brain/sub-01/encoding/feelings/r2.npy'),
      array('brain/sub-01/encoding/feelings+looks/r2.npy'),
    ]);
    const nVoxels = parts.shape[1];
    for (const v of [0, 500, nVoxels - 1]) {
      const [onlyA, onlyB, shared] = [0, 1, 2].map((p) => parts.data[p * nVoxels + v]);
      expect(onlyA + onlyB + shared).toBeCloseTo(both.data[v], 4);
      expect(onlyA + shared).toBeCloseTo(a.data[v], 4);
    }
  });

  it('writes the maps for viewers', async () => {
    const map = readNifti(await readFile(join(folder, 'brain/sub-02/encoding/looks/r.nii.gz')));
    const mask = maskVoxels(readNifti(await readFile(join(folder, 'brain/sub-02/mask.nii.gz'))));
    const { data } = await array('brain/sub-02/encoding/looks/r.npy');
    const values = volumeValues(map);
    expect(Array.from(mask.subarray(0, 50), (voxel) => values[voxel])).toEqual(
      Array.from(data.subarray(0, 50)),
    );
    expect(values.filter(Number.isFinite).length).toBe(data.length);
  });

  it('finds reliable stimuli and searches with them', async () => {
    await brainJson(folder, 'reliability --features feelings');
    const table = await readFile(join(folder, 'brain/sub-01/reliability.tsv'), 'utf8');
    const ranks = table
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'));
    const best = ranks.filter(([, , rank]) => Number(rank) <= 30).map(([id]) => id);
    await brainJson(folder, 'searchlight --models feelings,looks --radius 1.5 --stimuli reliable:30');
    const { stimuli, counts, nCentres } = await json('brain/sub-01/searchlight/searchlight.json');
    expect([...stimuli].sort()).toEqual([...best].sort());
    expect(counts.compared).toBeGreaterThan(0.9 * nCentres);
  });

  it('averages regions and compares them', async () => {
    await brainJson(folder, 'regions --name areas --labels atlas.nii.gz --names atlas.tsv');
    const { results } = await brainJson<Shown>(folder, 'compare --by areas --test t,signflip --fdr .05');
    const { sets, notes, smallestFlipP } = results as {
      sets: { kind: string; set: string; tests: { region: string; mean: number }[] }[];
      notes: string[];
      smallestFlipP: number;
    };
    expect(smallestFlipP).toBe(0.5);
    expect(notes.join(' ')).toContain('With 2 subjects t-tests have little power');
    const mean = (kind: string, set: string, region: string) =>
      sets.find((one) => one.kind === kind && one.set === set)!.tests.find((test) => test.region === region)!
        .mean;
    for (const kind of ['encoding', 'searchlight']) {
      for (const region of regions.feelings)
        expect(mean(kind, 'feelings', region)).toBeGreaterThan(mean(kind, 'looks', region) + 0.05);
      for (const region of regions.looks)
        expect(mean(kind, 'looks', region)).toBeGreaterThan(mean(kind, 'feelings', region) + 0.05);
    }
    for (const region of regions.nothing)
      expect(Math.abs(mean('encoding', 'looks', region))).toBeLessThan(0.15);
  });

  it('draws slices, and surfaces of one’s own', async () => {
    const { code, stderr } = await brain(
      folder,
      'map --measure r --subject 01 --surfaces surfaces/left.surf.gii surfaces/right.surf.gii --threshold 0.2',
      ['--quiet'],
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const svg = await readFile(join(folder, 'brain/maps/encoding-feelings.svg'), 'utf8');
    expect(svg).toContain('left lateral');
    const png = await readFile(join(folder, 'brain/maps/encoding-feelings.png'));
    expect([...png.subarray(1, 4)]).toEqual([80, 78, 71]);
  });

  it('knows stray labels by their number', async () => {
    const lines = (await readFile(join(folder, 'atlas.tsv'), 'utf8')).split('\n').slice(0, 7);
    await writeFile(join(folder, 'some.tsv'), `${lines.join('\n')}\n`);
    const { steps } = await brainJson<Shown>(
      folder,
      'regions --name partial --labels atlas.nii.gz --names some.tsv',
    );
    expect(steps[0].notes.join(' ')).toMatch(/labels without a name belong to no region: 7, 8/);
  });

  it('says what no study can mean', async () => {
    const { code, stderr } = await brain(folder, 'encode --features lokos');
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean "looks"?');
  });
});
