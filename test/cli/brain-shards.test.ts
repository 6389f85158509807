import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxMask, brain, brainJson, noise, ratedStudy, readBytes, writeArray } from './brain-study.js';

const [nStimuli, shape] = [20, [20, 12, 10]] as const;
const nVoxels = 2400;
const results = [
  'encoding/one/r.npy',
  'encoding/two/fold-r2.npy',
  'encoding/one/alphas.npy',
  'encoding/one/weights.npy',
];
const encode = 'encode --features one,two --cv 3x3 --alphas 1e-1:1e3:6';

/** The blocks that are there. */
async function blocks(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'brain/.blocks'), { recursive: true }).catch(() => []);
  return names.filter((name) => /block-\d+\.npy$/.test(name));
}

describe('shards', () => {
  let folder = '';
  const whole = new Map<string, Buffer>();
  const forget = () => rm(join(folder, 'brain/sub-1/encoding'), { recursive: true, force: true });

  beforeAll(async () => {
    folder = await ratedStudy(nStimuli);
    await writeArray(join(folder, 'responses.npy'), noise(nStimuli, nVoxels, 1), [nStimuli, nVoxels]);
    await writeFile(join(folder, 'mask.nii'), boxMask([...shape]));
    await brainJson(folder, 'import responses.npy --subject 1 --mask mask.nii');
    await brainJson(folder, encode);
    for (const name of results) whole.set(name, await readBytes(folder, `brain/sub-1/${name}`));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const expectWhole = async () => {
    for (const name of results)
      expect((await readBytes(folder, `brain/sub-1/${name}`)).equals(whole.get(name)!)).toBe(true);
  };

  it('leaves no blocks behind', async () => {
    expect(await blocks(folder)).toEqual([]);
  });

  it('names the shard that is missing, then gives the same bytes', async () => {
    await forget();
    for (const shard of ['1/3', '3/3']) {
      const { code, stderr } = await brain(folder, `${encode} --shard ${shard}`);
      expect([code, stderr]).toEqual([0, '']);
    }
    const early = await brain(folder, 'merge');
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(
      /encode is not complete: shard 2\/3 \(sub-1: \d blocks?\) is missing or unfinished/,
    );
    await brain(folder, `${encode} --shard 2/3`);
    expect(await blocks(folder)).toHaveLength(3);
    expect((await brain(folder, 'merge')).code).toBe(0);
    await expectWhole();
    expect(await blocks(folder)).toEqual([]);
    const again = await brain(folder, 'merge');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Nothing is left to merge')]);
  });

  it('a damaged block is computed again', async () => {
    await forget();
    await brain(folder, `${encode} --shard 2/2`);
    const [first] = await blocks(folder);
    await writeFile(join(folder, 'brain/.blocks', first), 'not a block');
    const { steps } = await brainJson<{ steps: { notes: string[] }[] }>(folder, encode);
    expect(steps[0].notes.join(' ')).toContain('continues: 1 of 3 blocks were finished');
    await expectWhole();
  });

  it('searchlights merge too', async () => {
    const line = 'searchlight --models one --radius 1 --minimum-voxels 4 --subject 1';
    await brainJson(folder, line);
    const file = 'brain/sub-1/searchlight/correlations.npy';
    const before = await readBytes(folder, file);
    await rm(join(folder, 'brain/sub-1/searchlight'), { recursive: true });
    for (const shard of ['2/2', '1/2']) await brain(folder, `${line} --shard ${shard}`);
    expect((await brain(folder, 'merge')).code).toBe(0);
    expect((await readFile(join(folder, file))).equals(before)).toBe(true);
  });

  it('refuses shards that cannot be', async () => {
    const { code, stderr } = await brain(folder, `${encode} --shard 4/3`);
    expect(code).toBe(1);
    expect(stderr).toContain('found "4/3"; expected i/n');
  });
});
