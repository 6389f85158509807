import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseNpy } from '#dist/node.js';
import { writeBrainDemo } from '#dist/pipeline/brain/demo/study.js';
import { affectome } from './affectome.js';

describe('recordings that show stimuli more than once', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'affectome-repeats-'));
    await writeBrainDemo(folder, { nSubjects: 2, nStimuli: 40, nRuns: 2, epochs: 10 });
    const yaml = await readFile(join(folder, 'study.yaml'), 'utf8');
    await writeFile(join(folder, 'study.yaml'), yaml.replace(/reliable:\d+/, 'all'));
    for (const subject of ['01', '02']) {
      const events = (run: number) =>
        join(folder, `bids/sub-${subject}/func/sub-${subject}_task-clips_run-${run}_events.tsv`);
      await copyFile(events(1), events(2));
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('keep what each presentation gave, and encoding tells the noise ceiling', {
    timeout: 60_000,
  }, async () => {
    const { code, stderr } = await affectome(['run', '--study', folder, '--quiet']);
    expect([code, stderr]).toEqual([0, '']);
    const [repeats, responses] = await Promise.all(
      ['repeats', 'responses'].map(async (name) =>
        parseNpy(await readFile(join(folder, `brain/sub-01/${name}.npy`)), name),
      ),
    );
    expect(repeats.shape).toEqual([2, ...responses.shape]);
    const [n, r] = [responses.data.length, repeats.data as Float32Array];
    const most = Math.max(
      ...Array.from(responses.data, (value, i) => Math.abs(Number(value) - (r[i] + r[n + i]) / 2)),
    );
    expect(most).toBeLessThan(1e-6);
    const file = join(folder, 'brain/sub-02/encoding/encoding.json');
    const { ceiling } = JSON.parse(await readFile(file, 'utf8'));
    expect(ceiling).toMatchObject({ nRepeats: 2, nStimuli: 20 });
  });

  it('leave nothing to do after a first run', { timeout: 60_000 }, async () => {
    const { stdout } = await affectome(['run', '--study', folder, '--dry-run']);
    const lines = stdout.split('\n').filter((line) => /^\S .*: /.test(line));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !line.endsWith('up to date'))).toEqual([]);
  });
});
