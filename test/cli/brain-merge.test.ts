import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setName } from '#dist/pipeline/brain/shard-sets.js';
import { boxMask, brain, brainJson, noise, ratedStudy, readBytes, writeArray } from './brain-study.js';

interface Shown {
  readonly steps: readonly { readonly id: string; readonly state: string }[];
}

describe('a merge', () => {
  let folder = '';
  const line = 'searchlight --models one --radius 1 --minimum-voxels 4';
  const file = (subject: number) => `brain/sub-${subject}/searchlight/correlations.npy`;
  const stores = () => readdir(join(folder, 'brain/.blocks'));
  const blocksOf = async (subject: number): Promise<string[]> => {
    const [store] = (await stores()).filter((name) => name.startsWith(`searchlight-sub-${subject}-`));
    const names = await readdir(join(folder, 'brain/.blocks', store));
    return names
      .filter((name) => name.startsWith('block-'))
      .sort()
      .map((name) => join(folder, 'brain/.blocks', store, name));
  };
  const shards = async (options = '') => {
    for (const shard of ['1/2', '2/2']) await brainJson(folder, `${line}${options} --shard ${shard}`);
  };

  beforeAll(async () => {
    folder = await ratedStudy(12);
    await writeFile(join(folder, 'mask.nii'), boxMask([10, 7, 5]));
    for (const subject of [1, 2]) {
      await writeArray(join(folder, `${subject}.npy`), noise(12, 350, subject), [12, 350]);
      await brainJson(folder, `import ${subject}.npy --subject ${subject} --mask mask.nii`);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('looks at every block before it writes, and goes on where it was stopped', async () => {
    await shards();
    const [first] = await blocksOf(2);
    const whole = await readBytes('/', first);
    await writeFile(first, whole.subarray(0, 40));
    const { code, stderr } = await brain(folder, 'merge');
    expect(code).toBe(1);
    expect(stderr).toMatch(/searchlight is not complete: shard \d\/2 \(sub-2: 1 block\) is missing/);
    expect(await stores()).toHaveLength(2);
    // Whole, but of another length: only the merge of that subject can tell.
    await writeArray(first, new Float64Array(3) as never, [3]);
    expect((await brain(folder, 'merge')).stderr).toContain(
      'Block 1 of searchlight sub-2 is missing or damaged',
    );
    expect(await stores()).toHaveLength(1);
    await writeFile(first, whole);
    const { steps } = await brainJson<Shown>(folder, 'merge');
    expect(steps.map(({ id, state }) => [id, state])).toEqual([['brain/searchlight/sub-2', 'done']]);
    expect(await stores().catch(() => [])).toEqual([]);
    expect((await readBytes(folder, file(1))).length).toBeGreaterThan(0);
  });

  it('of shards with several options says so, and takes the one that is named', async () => {
    await shards(' --correlation pearson');
    await brainJson(folder, `${line} --shard 1/2`);
    const { code, stderr } = await brain(folder, 'merge');
    expect(code).toBe(1);
    expect(stderr).toContain('There are 2 sets of shards of searchlight with different options');
    const name = /([0-9a-f]{8}) \(searchlight\.correlation pearson\)/.exec(stderr)![1];
    expect(stderr).toMatch(/[0-9a-f]{8} \(searchlight\.correlation spearman\)/);
    expect(stderr).toMatch(/affectome brain merge --set [0-9a-f]{8}/);
    expect((await brain(folder, 'merge --set nothing')).stderr).toContain(
      'There are no shards of set "nothing"',
    );
    const { steps } = await brainJson<Shown>(folder, `merge --set ${name}`);
    expect(steps).toHaveLength(2);
    const { correlation } = JSON.parse(
      String(await readBytes(folder, 'brain/sub-1/searchlight/searchlight.json')),
    );
    expect(correlation).toBe('pearson');
  });

  it('names sets by the folders of their blocks', () => {
    expect(setName({ stores: ['a', 'b'] })).toMatch(/^[0-9a-f]{8}$/);
    expect(setName({ stores: ['a', 'b'] })).not.toBe(setName({ stores: ['a', 'c'] }));
  });
});
