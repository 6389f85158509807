import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyOf, makeVolume, parseNpy, Random, readNifti, volumeValues, writeNifti } from '#dist/node.js';
import { affectome } from './affectome.js';
import { brain, brainJson, ratedStudy, readBytes, writeArray } from './brain-study.js';

const nStimuli = 30;
const shape = [6, 5, 4] as const;
const nGrid = 120;
const subjects = ['1', '2', '3', '4', '5'];
const encode = 'encode --features one,two --cv 3x3 --alphas 1e-1:1e2:3 --no-weights';

/** Each subject lacks other voxels. */
const maskOf = (s: number) => Uint8Array.from({ length: nGrid }, (_, v) => (v % 13 === s ? 0 : 1));

function maskBytes(data: Uint8Array, shift = 0): Uint8Array {
  const affine = Float64Array.of(3, 0, 0, shift, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1);
  return writeNifti(makeVolume({ shape, affine, data }));
}

/** Two-tailed p of t with 4 degrees of freedom, in closed form. */
function slowP(t: number): number {
  const u = 1 + (t * t) / 4;
  return 1 - Math.abs((3 / 4) * (t / Math.sqrt(u)) * (1 - (t * t) / (12 * u)));
}

/** Benjamini and Hochberg: the smallest m p / rank among those at least as large. */
function slowQ(p: readonly number[]): number[] {
  const rank = (one: number) => p.filter((other) => other <= one).length;
  return p.map((one) =>
    Math.min(1, ...p.filter((other) => other >= one).map((other) => (p.length * other) / rank(other))),
  );
}

function slowT(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return mean / Math.sqrt(variance / values.length);
}

/** Share of sign flips whose largest |t| reaches each |t|. */
function slowMaximum(columns: readonly (readonly number[])[]): number[] {
  const maxima = Array.from({ length: 2 ** subjects.length }, (_, flip) =>
    Math.max(...columns.map((own) => Math.abs(slowT(own.map((x, s) => ((flip >> s) & 1 ? -x : x)))))),
  );
  return columns.map((own) => {
    const observed = Math.abs(slowT(own));
    return maxima.filter((most) => most >= observed - 1e-9).length / maxima.length;
  });
}

interface Told {
  readonly results: { readonly group: GroupTold };
}
interface GroupTold {
  readonly skipped: string | null;
  readonly nPlaces: number;
  readonly maps: readonly { readonly name: string; readonly nAbove: number; readonly nBelow: number }[];
}

describe('maps across subjects', () => {
  let folder = '';
  let told: GroupTold;
  const shared = Array.from({ length: nGrid }, (_, v) => v).filter((v) => v % 13 >= subjects.length);

  beforeAll(async () => {
    folder = await ratedStudy(nStimuli);
    const table = await readFile(join(folder, 'ratings/one.tsv'), 'utf8');
    const scale = table
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split('\t')[1]) - 0.5);
    for (const [s, subject] of subjects.entries()) {
      const random = new Random(keyOf(`group ${s}`));
      const mask = maskOf(s);
      const voxels = [...mask.keys()].filter((v) => mask[v] === 1);
      // The left half follows the first scale of the ratings.
      const data = scale.flatMap((value) => voxels.map((v) => (v % 6 < 3 ? 6 * value : 0) + random.normal()));
      await writeFile(join(folder, 'mask.nii'), maskBytes(mask));
      await writeArray(join(folder, 'responses.npy'), Float32Array.from(data), [nStimuli, voxels.length]);
      await brainJson(folder, `import responses.npy --subject ${subject} --mask mask.nii`);
    }
    await brainJson(folder, encode);
    ({ group: told } = (await brainJson<Told>(folder, 'compare')).results);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const mapOf = async (s: number, set: string) => {
    const values = parseNpy(await readBytes(folder, `brain/sub-${subjects[s]}/encoding/${set}/r.npy`)).data;
    const voxels = [...maskOf(s).entries()].filter(([, inside]) => inside).map(([v]) => v);
    return new Map(voxels.map((v, column) => [v, values[column] as number]));
  };

  it('are those of a slow loop over the voxels that all have', async () => {
    expect(told.nPlaces).toBe(shared.length);
    expect(told.maps.map(({ name }) => name)).toEqual([
      'encoding-one',
      'encoding-two',
      'encoding-two-minus-one',
    ]);
    const one = await Promise.all(subjects.map((_, s) => mapOf(s, 'one')));
    const two = await Promise.all(subjects.map((_, s) => mapOf(s, 'two')));
    const columns: Record<string, number[][]> = {
      'encoding-one': shared.map((v) => one.map((map) => map.get(v)!)),
      'encoding-two-minus-one': shared.map((v) => two.map((map, s) => map.get(v)! - one[s].get(v)!)),
    };
    for (const [name, own] of Object.entries(columns)) {
      const { data, shape: size } = parseNpy(await readBytes(folder, `brain/group/${name}/statistics.npy`));
      expect(size).toEqual([7, shared.length]);
      const t = own.map(slowT);
      const p = t.map(slowP);
      const wanted = [own.map((x) => x.reduce((a, b) => a + b, 0) / 5), t, p, slowQ(p)];
      for (const [r, row] of [...wanted.entries(), [6, slowMaximum(own)] as const])
        row.forEach((value, i) => {
          expect(Math.abs((data[r * shared.length + i] as number) - value)).toBeLessThan(
            1e-7 * (1 + Math.abs(value)),
          );
        });
      const q = volumeValues(readNifti(await readBytes(folder, `brain/group/${name}/q.nii.gz`)));
      shared.forEach((v, i) => {
        expect(q[v]).toBeCloseTo(slowQ(p)[i], 5);
      });
      expect([...q].filter(Number.isFinite)).toHaveLength(shared.length);
      const passes = (sign: number) => slowQ(p).filter((x, i) => x < 0.05 && sign * wanted[0][i] > 0).length;
      expect(told.maps.find((map) => map.name === name)).toMatchObject({
        nAbove: passes(1),
        nBelow: passes(-1),
      });
      expect(passes(1) + passes(-1)).toBeGreaterThan(30);
    }
  });

  const drawn = async (line: string) => {
    const { results } = await brainJson<{ results: { maps: { name: string; caption: string }[] } }>(
      folder,
      line,
    );
    return results.maps;
  };
  const coloured = async (name: string) => {
    const { data, channels } = decode(await readBytes(folder, `brain/maps/${name}.png`));
    let n = 0;
    for (let at = 0; at < data.length; at += channels) if (Math.abs(data[at] - data[at + 2]) > 12) n++;
    return n;
  };

  it('are drawn where q is below the level, and nowhere else', async () => {
    const maps = await drawn('map --rows group');
    expect(maps.map(({ name }) => name)).toContain('group-encoding-two-minus-one');
    const all = await coloured('group-encoding-one');
    const some = await drawn('map --threshold q<.05');
    const { nAbove, nBelow } = told.maps[0];
    expect(some[0].caption).toContain(`places with q < 0.05 (two-tailed t-tests across subjects`);
    expect(some[0].caption).toMatch(
      new RegExp(`: ${nAbove + nBelow}\\. All 2 maps of this kind have one colour scale\\.$`),
    );
    const survived = await coloured('group-encoding-one');
    const none = await drawn('map --threshold q<.0000000001');
    const bar = await coloured('group-encoding-one');
    expect(survived).toBeGreaterThan(bar + 2000);
    expect((survived - bar) / (all - bar)).toBeGreaterThan(0.2);
    expect((survived - bar) / (all - bar)).toBeLessThan(0.8);
    expect(none[0].caption).toContain('no place has q < 1e-10');
  });

  it('stand in a report of brains alone, without any judge', async () => {
    const { code, stderr } = await affectome(['report', '--study', folder, '--quiet']);
    expect([code, stderr]).toEqual([0, '']);
    const page = await readFile(join(folder, 'report/index.html'), 'utf8');
    const wanted = [
      '<section id="brain">',
      'figure-brain-map-group-encoding-one',
      'Five brains were recorded while 30 stimuli were shown',
      'no place has q',
    ];
    expect(wanted.filter((text) => !page.includes(text))).toEqual([]);
    const unwanted = ['odd one out', 'How judges answered', 'judge-1', '>NaN', 'undefined'];
    expect(unwanted.filter((text) => page.includes(text))).toEqual([]);
    const addresses = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(addresses.filter((id) => !page.includes(`id="${id}"`))).toEqual([]);
    expect(await readFile(join(folder, 'report/methods.md'), 'utf8')).toContain(
      'We studied 30 stimuli. Ratings:',
    );
  });

  it('decide by sign flips when these come first, and five subjects are too few for them', async () => {
    const { group } = (await brainJson<Told>(folder, 'compare --test signflip')).results;
    expect(group.maps.map(({ nAbove, nBelow }) => nAbove + nBelow)).toEqual([0, 0, 0]);
  });

  it('refuse what cannot be', async () => {
    expect((await brain(folder, 'map --threshold much')).stderr).toMatch(
      /a number, or q below a level as in q<\.05/,
    );
    expect((await brain(folder, 'map --threshold q<.05 --rows subjects')).stderr).toMatch(
      /q is of the group/,
    );
  });

  it('say when subjects lie on other grids, and are remade from what fits', async () => {
    await writeFile(join(folder, 'mask.nii'), maskBytes(maskOf(0), 7));
    const { data } = parseNpy(await readBytes(folder, 'brain/sub-1/responses.npy'));
    const width = data.length / nStimuli;
    await writeArray(join(folder, 'responses.npy'), data as Float32Array, [nStimuli, width]);
    await brainJson(folder, 'import responses.npy --subject 1 --mask mask.nii');
    await brainJson(folder, encode);
    const { group } = (await brainJson<Told>(folder, 'compare')).results;
    expect(group.skipped).toBe('no maps across subjects: sub-2 does not lie on the grid of sub-1');
    expect((await brain(folder, 'map --threshold q<.05')).stderr).toMatch(/sub-2 does not lie on the grid/);
    const others = (await brainJson<Told>(folder, 'compare --subject 2 3 4 5')).results;
    expect(others.group.skipped).toBeNull();
  });
});
