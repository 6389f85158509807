import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatNpy, keyOf, Random } from '#dist/node.js';
import { affectome } from './affectome.js';

const n = 12;
const ids = Array.from({ length: n }, (_, i) => `clip${i + 1}`);

describe('files with and without ids', () => {
  let folder = '';
  const inFolder = (...words: string[]) => affectome(words, { cwd: folder });
  const table = (names: readonly string[], values: Float32Array) =>
    ['id,x,y,z', ...names.map((id, i) => [id, ...values.subarray(3 * i, 3 * i + 3)].join(','))].join('\n');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'affectome-files-'));
    const random = new Random(keyOf(2));
    const values = Float32Array.from({ length: 3 * n }, () => random.uniform());
    await writeFile(join(folder, 'bare.npy'), formatNpy(values, [n, 3]));
    await writeFile(join(folder, 'named.csv'), table(ids, values));
    await writeFile(join(folder, 'again.csv'), table(ids, values));
    await writeFile(
      join(folder, 'other.tsv'),
      `stimulus_id\tcategory\n${ids.map((id) => `not-${id}\tcalm`).join('\n')}\n`,
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('say that rows are matched by their order', async () => {
    const words = ['--samples', '10', '--permutations', '10'];
    const mixed = await inFolder('compare', 'bare.npy', 'named.csv', ...words, '--quiet');
    expect(mixed.stderr).toContain(
      'Stimuli are matched by row order: the ids of named are not used, since bare has none.',
    );
    const named = await inFolder('compare', 'again.csv', 'named.csv', ...words);
    expect(named.stderr + named.stdout).not.toContain('row order');
    expect(named.stdout).toContain('named: taken for features, 12 stimuli x 3 features');
    const aligned = await inFolder('align', 'bare.npy', 'bare.npy', '--dry-run');
    expect(aligned.stderr).toContain('matched by row order: no file has ids');
  });

  it('cannot be compared with themselves', async () => {
    const { code, stderr } = await inFolder('compare', 'bare.npy', 'named.csv', './bare.npy');
    expect([code, stderr]).toEqual([1, 'Error in ./bare.npy\n  is named twice.\n  Name every file once.\n']);
  });

  it('--dry-run computes and writes nothing', async () => {
    const compared = await inFolder('compare', 'again.csv', 'named.csv', '--dry-run', '--out', 'made');
    expect([compared.code, compared.stdout]).toEqual([
      0,
      expect.stringContaining('Would compare again, named over 12 stimuli'),
    ]);
    const aligned = await inFolder('align', 'again.csv', 'named.csv', '--dry-run', '--out', 'made', '--json');
    expect(JSON.parse(aligned.stdout)).toMatchObject({ command: 'align', dryRun: true, nStimuli: 12 });
    expect(await readdir(folder)).not.toContain('made');
  });

  it('categories of other stimuli are an error', async () => {
    const { code, stderr } = await inFolder('align', 'again.csv', 'named.csv', '--categories', 'other.tsv');
    expect(code).toBe(1);
    expect(stderr).toMatch(/other\.tsv[\s\S]*0 of 12 stimuli have a category/);
    expect(stderr).toContain('"not-clip1"');
  });
});
