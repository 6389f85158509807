import type { ChildProcess } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTinyStudy } from '../pipeline/tiny-study.js';
import { affectome } from './affectome.js';

/** Sends a signal once a file of finished or stopped runs can be expected: when fits are under way. */
function interruptEmbedding(folder: string, signal: NodeJS.Signals) {
  return (child: ChildProcess) => {
    const timer = setInterval(async () => {
      const names = await readdir(join(folder, 'embeddings/people/.checkpoint')).catch(() => []);
      if (names.length === 0) return;
      clearInterval(timer);
      child.kill(signal);
    }, 5);
    child.on('close', () => clearInterval(timer));
  };
}

describe('Ctrl-C while embedding', () => {
  const size = { nStimuli: 60, epochs: 400, runs: 6 };
  let straight = '';
  let stopped = '';
  beforeAll(async () => {
    straight = await makeTinyStudy(size);
    stopped = await makeTinyStudy(size);
    for (const command of ['sample', 'judge', 'quality'])
      await Promise.all([straight, stopped].map((folder) => affectome([command, '--study', folder])));
  });
  afterAll(() =>
    Promise.all([straight, stopped].map((folder) => rm(folder, { recursive: true, force: true }))),
  );

  it('says what is safe and how to go on, exits 130, and then gives the bytes of an uninterrupted run', async () => {
    const words = ['--judge', 'people', '--workers', '1'];
    const first = await affectome(['embed', '--study', stopped, ...words], {
      watch: interruptEmbedding(stopped, 'SIGINT'),
    });
    expect(first.stderr).toMatch(/Stopping at the next safe place/);
    expect(first.stderr).toMatch(
      /Every file in .* is whole\.\nContinue with: affectome embed --study .* --judge people/,
    );
    expect(first.code).toBe(130);
    const left = (await readdir(stopped, { recursive: true })).map(String);
    expect(left.filter((name) => name.endsWith('.tmp') || name === '.lock')).toEqual([]);

    const second = await affectome(['embed', '--study', stopped, ...words]);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/continues: \d of 6 runs were finished/);
    await affectome(['embed', '--study', straight, '--judge', 'people', '--workers', '2']);
    for (const name of [
      'weights.npy',
      'weights.json',
      'curve.tsv',
      'evaluation.json',
      ...[1, 2, 3, 4, 5, 6].map((seed) => `runs/seed-${seed}.npy`),
    ]) {
      const [a, b] = await Promise.all(
        [straight, stopped].map((folder) => readFile(join(folder, 'embeddings/people', name))),
      );
      expect(Buffer.compare(a, b), name).toBe(0);
    }
  });

  it('SIGKILL leaves a study that the next command repairs', async () => {
    await rm(join(stopped, 'embeddings'), { recursive: true });
    const killed = await affectome(['embed', '--study', stopped, '--judge', 'people'], {
      watch: interruptEmbedding(stopped, 'SIGKILL'),
    });
    expect(killed.code).toBeNull();
    const next = await affectome(['embed', '--study', stopped, '--judge', 'people']);
    expect(next.stderr).not.toMatch(/Error/);
    expect(next.code).toBe(0);
    const [a, b] = await Promise.all(
      [straight, stopped].map((folder) => readFile(join(folder, 'embeddings/people/weights.npy'))),
    );
    expect(Buffer.compare(a, b)).toBe(0);
  });
});
