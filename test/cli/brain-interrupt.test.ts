import type { ChildProcess } from 'node:child_process';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { affectome } from './affectome.js';
import { boxMask, brain, brainJson, noise, ratedStudy, readBytes, writeArray } from './brain-study.js';

const nStimuli = 60;
const shape = [24, 20, 16] as const;
const nVoxels = 24 * 20 * 16;

interface Work {
  readonly name: string;
  readonly line: string;
  readonly folder: string;
  readonly files: readonly string[];
}

const works: readonly Work[] = [
  {
    name: 'encode',
    line: 'encode --features one,two --cv 5x6 --alphas 1e-3:1e3:100',
    folder: 'brain/sub-1/encoding',
    files: [
      'one/r.npy',
      'two/fold-r2.npy',
      'one/alphas.npy',
      'one/weights.npy',
      'one/r.nii.gz',
      'encoding.json',
    ],
  },
  {
    name: 'searchlight',
    line: 'searchlight --models one,two --radius 2',
    folder: 'brain/sub-1/searchlight',
    files: ['correlations.npy', 'voxels.npy', 'one.nii.gz', 'searchlight.json'],
  },
];

describe.each(works)('brain $name, stopped in the middle', ({ name, line, folder: place, files }) => {
  let folder = '';
  const whole = new Map<string, Buffer>();
  const words = (workers: number) => [
    'brain',
    ...line.split(' '),
    '--study',
    folder,
    '--workers',
    `${workers}`,
  ];

  const blocks = async () =>
    (await readdir(join(folder, 'brain/.blocks'), { recursive: true }).catch(() => [])).filter((file) =>
      /block-\d+\.npy$/.test(file),
    );

  /** Sends the signal when some blocks are on disk, and says how many were there. */
  const stopped = async (signal: NodeJS.Signals) => {
    let nAtSignal = 0;
    const finished = await affectome(words(1), {
      watch(child: ChildProcess) {
        const look = async () => {
          const { length } = await blocks();
          if (length >= 2 && child.exitCode === null) {
            nAtSignal = length;
            child.kill(signal);
          } else if (child.exitCode === null) setTimeout(look, 2);
        };
        look();
      },
    });
    return { ...finished, nAtSignal, nLeft: (await blocks()).length };
  };

  const expectWhole = async () => {
    for (const file of files)
      expect([file, (await readBytes(folder, `${place}/${file}`)).equals(whole.get(file)!)]).toEqual([
        file,
        true,
      ]);
    expect(await blocks()).toEqual([]);
  };

  beforeAll(async () => {
    folder = await ratedStudy(nStimuli);
    await writeArray(join(folder, 'responses.npy'), noise(nStimuli, nVoxels, 1), [nStimuli, nVoxels]);
    await writeFile(join(folder, 'mask.nii'), boxMask([...shape]));
    await brainJson(folder, 'import responses.npy --subject 1 --mask mask.nii');
    await brainJson(folder, line);
    for (const file of files) whole.set(file, await readBytes(folder, `${place}/${file}`));
    await rm(join(folder, place), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('Ctrl-C keeps what is finished, and the same command gives the same bytes on other threads', async () => {
    const { code, stderr, nAtSignal, nLeft } = await stopped('SIGINT');
    expect(code).toBe(130);
    expect(stderr).toContain('Stopping at the next safe place');
    expect(stderr).toContain(`Continue with: affectome brain ${name}`);
    expect(nAtSignal).toBeGreaterThanOrEqual(2);
    expect(nLeft).toBeGreaterThanOrEqual(nAtSignal);
    const left = (await readdir(folder, { recursive: true })).filter((file) => /\.tmp$|\.lock$/.test(file));
    expect(left).toEqual([]);
    const again = await affectome([...words(2), '--json', '--quiet']);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).steps[0].notes.join(' ')).toMatch(
      /continues: \d+ of \d+ blocks were finished/,
    );
    await expectWhole();
  });

  it('kill -9 does too, also with blocks missing in the middle', async () => {
    await rm(join(folder, place), { recursive: true });
    const { code, nLeft } = await stopped('SIGKILL');
    expect(code).toBeNull();
    expect(nLeft).toBeGreaterThanOrEqual(2);
    await rm(join(folder, 'brain/.blocks', (await blocks()).sort()[0]));
    const again = await affectome([...words(2), '--quiet']);
    expect([again.code, again.stderr]).toEqual([0, '']);
    await expectWhole();
  });

  it('shards give the same bytes, one of them killed; a merge names the one that is missing', async () => {
    await rm(join(folder, place), { recursive: true });
    expect((await brain(folder, `${line} --shard 1/3`)).code).toBe(0);
    expect((await brain(folder, `${line} --shard 3/3`)).code).toBe(0);
    const early = await brain(folder, 'merge');
    expect(early.code).toBe(1);
    expect(early.stderr).toMatch(
      new RegExp(`${name} is not complete: shard 2/3 \\(sub-1: \\d+ blocks?\\) is missing`),
    );
    expect(early.stderr).toContain('--shard 2/3');
    const before = (await blocks()).length;
    const killed = await affectome([...words(1), '--shard', '2/3'], {
      watch(child) {
        const look = async () => {
          if ((await blocks()).length > before) child.kill('SIGKILL');
          else if (child.exitCode === null) setTimeout(look, 2);
        };
        look();
      },
    });
    if (killed.code === null) expect((await brain(folder, 'merge')).stderr).toMatch(/shard 2\/3/);
    expect((await brain(folder, `${line} --shard 2/3`)).code).toBe(0);
    expect((await brain(folder, 'merge')).code).toBe(0);
    await expectWhole();
  });
});
