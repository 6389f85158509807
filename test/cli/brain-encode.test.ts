import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mapsOf, parseNpy, readGifti, readNifti, volumeValues } from '#dist/node.js';
import {
  boxMask,
  brain,
  brainJson,
  noise,
  ratedStudy,
  readBytes,
  stimulusIds,
  table,
  writeArray,
} from './brain-study.js';

const [nStimuli, nVoxels] = [24, 60] as const;

interface Encoded {
  readonly results: readonly {
    readonly nFolds: number;
    readonly options: Record<string, unknown>;
    readonly ceiling: Record<string, number> | null;
  }[];
}

describe('encoding options', () => {
  let folder = '';
  const array = async (name: string) => {
    const file = join(folder, 'brain/sub-1', name);
    return parseNpy(await readFile(file), file);
  };
  beforeAll(async () => {
    folder = await ratedStudy(nStimuli);
    await writeArray(join(folder, 'responses.npy'), noise(nStimuli, nVoxels, 1), [nStimuli, nVoxels]);
    await writeFile(join(folder, 'mask.nii'), boxMask([5, 4, 3]));
    await brainJson(folder, 'import responses.npy --subject 1 --mask mask.nii');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are those of the flags', async () => {
    const flags = '--inner-score r2 --standardise both --summary pooled';
    const { results } = await brainJson<Encoded>(folder, `encode --features one ${flags}`);
    expect(results[0].options).toMatchObject({
      innerScore: 'r2',
      standardiseFeatures: true,
      standardiseResponses: true,
      summary: 'pooled',
    });
    const pooled = (await array('encoding/one/r.npy')).data;
    const plain = await brainJson<Encoded>(folder, 'encode --features one');
    expect(plain.results[0].ceiling).toBeNull();
    const mean = (await array('encoding/one/r.npy')).data;
    expect(mean.some((value, v) => Math.abs(Number(value) - Number(pooled[v])) > 0.01)).toBe(true);
  });

  it('weights are maps too: one volume per feature', async () => {
    const { shape, data } = await array('encoding/one/weights.npy');
    const file = join(folder, 'brain/sub-1/encoding/one/weights.nii.gz');
    const map = readNifti(await readFile(file), file);
    expect([shape, map.shape]).toEqual([
      [4, nVoxels],
      [5, 4, 3, 4],
    ]);
    expect([...volumeValues(map)]).toEqual([...data]);
  });

  it('weights of standardised features are in the units of the features', async () => {
    const features = noise(nStimuli, 3, 5);
    const small = features.map((value) => value / 1000);
    await writeArray(join(folder, 'large.npy'), features, [nStimuli, 3]);
    await writeArray(join(folder, 'small.npy'), small, [nStimuli, 3]);
    await brainJson(folder, 'encode --features large.npy,small.npy --standardise features');
    const [large, tiny] = await Promise.all(
      ['large', 'small'].map((set) => array(`encoding/${set}/weights.npy`)),
    );
    tiny.data.forEach((weight, at) => {
      expect(Number(weight) / 1000).toBeCloseTo(Number(large.data[at]), 4);
    });
    const reliability = async (set: string) => {
      await brainJson(folder, `reliability --features ${set}`);
      return (await readFile(join(folder, 'brain/sub-1/reliability.tsv'), 'utf8')).split('\n');
    };
    const [a, b] = [await reliability('large.npy'), await reliability('small.npy')];
    a.slice(1, -1).forEach((line, i) => {
      expect(Number(line.split('\t')[1])).toBeCloseTo(Number(b[i + 1].split('\t')[1]), 4);
    });
  });

  it('weights are one array per feature on surfaces', async () => {
    await writeArray(join(folder, 'left.npy'), noise(nStimuli, 12, 2), [nStimuli, 12]);
    await writeArray(join(folder, 'right.npy'), noise(nStimuli, 10, 3), [nStimuli, 10]);
    await brainJson(folder, 'import left.npy --right right.npy --subject 2');
    await brainJson(folder, 'encode --features two --subject 2');
    const { data } = await array('../sub-2/encoding/two/weights.npy');
    for (const [side, nVertices, from] of [
      ['L', 12, 0],
      ['R', 10, 12],
    ] as const) {
      const file = join(folder, `brain/sub-2/encoding/two/weights.${side}.shape.gii`);
      const maps = mapsOf(readGifti(await readFile(file), file));
      expect(maps.map(({ name }) => name)).toEqual(['two-1', 'two-2', 'two-3']);
      maps.forEach(({ values }, f) => {
        expect([...values]).toEqual([...data.slice(f * 22 + from, f * 22 + from + nVertices)]);
      });
    }
    await rm(join(folder, 'brain/sub-2'), { recursive: true });
  });

  it('a dry run counts the memory of the plan, and what cannot fit is refused at once', async () => {
    const nMany = 200;
    await writeArray(join(folder, 'many.npy'), noise(nStimuli, nMany, 6), [nStimuli, nMany]);
    const asked = 'encode --standardise features --features';
    const { stdout } = await brain(folder, `${asked} many.npy --dry-run`);
    const megabytes = Number(/memory about (\d+) MB/.exec(stdout)?.[1]);
    // 5 x 7 splits with two matrices each.
    expect(megabytes).toBeGreaterThan((35 * 2 * 8 * nMany ** 2) / 1e6);
    expect(megabytes).toBeLessThan((35 * 4 * 8 * nMany ** 2) / 1e6);
    const nHuge = 2800;
    await writeArray(join(folder, 'huge.npy'), noise(nStimuli, nHuge, 7), [nStimuli, nHuge]);
    const huge = await brain(folder, `${asked} huge.npy --dry-run`);
    expect(huge.code).toBe(1);
    expect(huge.stderr).toContain('35 splits with two matrices of 2800 x 2800 for huge.npy (4.4 GB)');
  });

  it('folds by run take the runs of a table', async () => {
    const ids = stimulusIds(nStimuli);
    const asked = 'encode --features one --folds-by run --cv 4x3';
    const without = await brain(folder, asked);
    expect([without.code, without.stderr]).toEqual([
      1,
      expect.stringMatching(
        /do not say which run .* Name a table with columns stimulus_id and run \(--runs/s,
      ),
    ]);
    const rows = ids.map((id, i) => [id, `run-${i % 8}`]);
    await writeFile(join(folder, 'runs.tsv'), table(['stimulus_id', 'run'], rows));
    const { results } = await brainJson<Encoded>(folder, `${asked} --runs runs.tsv`);
    expect(results[0].options).toMatchObject({ outer: { kind: 'groups', nFolds: 4 } });
    await writeFile(join(folder, 'runs.tsv'), table(['stimulus_id', 'run'], rows.slice(2)));
    const short = await brain(folder, `${asked} --runs runs.tsv`);
    expect(short.stderr).toMatch(/runs\.tsv\n {2}does not say the run of stimulus "s001"/);
    await writeFile(join(folder, 'runs.tsv'), table(['stimulus', 'run'], rows));
    expect((await brain(folder, `${asked} --runs runs.tsv`)).stderr).toMatch(
      /has no column "stimulus_id"; it has/,
    );
  });

  it('reliability takes the penalties of the encoding, not those of the study', async () => {
    await brainJson(folder, 'encode --features one --alphas 1e5:1e7:5');
    await brainJson(folder, 'reliability --features one');
    const chosen = (await array('encoding/one/alphas.npy')).data;
    expect(Math.min(...Array.from(chosen, Number))).toBeGreaterThanOrEqual(99_999);
    const path = join(folder, 'brain/sub-1/encoding/encoding.json');
    const record = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(
      path,
      JSON.stringify({ ...record, options: { ...record.options, alphas: { low: 1, high: 10, n: 2 } } }),
    );
    const wrong = await brain(folder, 'reliability --features one');
    expect(wrong.stderr).toMatch(
      /says alphas from 1 to 10 \(2\); .*alphas\.npy holds \d+.* Encode this subject again/s,
    );
  });

  it('tells the noise ceiling where stimuli were repeated', async () => {
    const signal = noise(nStimuli, nVoxels, 1);
    const ids = [...stimulusIds(nStimuli), ...stimulusIds(10), null, ...stimulusIds(10)];
    const random = noise(ids.length, nVoxels, 9);
    const data = random.map((value, at) => {
      const [row, voxel] = [Math.floor(at / nVoxels), at % nVoxels];
      const stimulus = Number(ids[row]?.slice(1) ?? 1) - 1;
      return voxel < 30 ? value / 5 + signal[stimulus * nVoxels + voxel] : value;
    });
    const take = async (names: readonly (string | null)[]) => {
      const rows = names.map((id) => [id ?? 'rest']);
      await writeFile(join(folder, 'shown.tsv'), table(['stimulus_id'], rows));
      await brainJson(folder, 'import many.npy --subject 1 --mask mask.nii --stimuli shown.tsv');
    };
    await writeArray(join(folder, 'many.npy'), data, [ids.length, nVoxels]);
    await take(ids.map((id, row) => (row < nStimuli + 2 ? id : null)));
    expect(await readBytes(folder, 'brain/sub-1/repeats.npy').catch(() => null)).toBe(null);
    await take(ids);
    const repeats = await array('repeats.npy');
    expect(repeats.shape).toEqual([3, 10, nVoxels]);
    expect(repeats.data.slice(10 * nVoxels, 11 * nVoxels)).toEqual(data.slice(24 * nVoxels, 25 * nVoxels));
    const { stdout } = await brain(folder, 'encode --features one');
    expect(stdout).toMatch(/noise ceiling \(3 repeats of 10 stimuli\): median r/);
    const record = JSON.parse(await readFile(join(folder, 'brain/sub-1/encoding/encoding.json'), 'utf8'));
    expect(record.ceiling).toMatchObject({ nRepeats: 3, nStimuli: 10, nMissing: 0 });
    const ceiling = Array.from((await array('encoding/ceiling.npy')).data, Number);
    expect(Math.min(...ceiling.slice(0, 30))).toBeGreaterThan(0.9);
    expect(Math.max(...ceiling.slice(30))).toBeLessThan(0.95);
    const file = join(folder, 'brain/sub-1/encoding/ceiling.nii.gz');
    expect([...volumeValues(readNifti(await readFile(file), file))]).toEqual(ceiling);
  });

  it('says which results of the last run are gone, and leaves no empty folder', async () => {
    await brainJson(folder, 'encode --features one,two --partition one,two');
    const { stdout, stderr } = await brain(folder, 'encode --features two');
    expect(`${stdout}${stderr}`).toContain(
      'removed, since this run did not make it again: brain/sub-1/encoding/one, brain/sub-1/partition',
    );
    expect(await readdir(join(folder, 'brain/sub-1'))).not.toContain('partition');
    expect(await readdir(join(folder, 'brain/sub-1/encoding'))).not.toContain('one');
  });
});
