import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFile, lockStudy } from '#dist/study/lock.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'affectome-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

const holder = (facts: object) =>
  JSON.stringify({ pid: 1, host: hostname(), since: '2026-01-01T00:00:00Z', ...facts });

describe('lockStudy', () => {
  it('lets one in at a time', async () => {
    const lock = await lockStudy(folder);
    expect(JSON.parse(await readFile(join(folder, lockFile), 'utf8'))).toMatchObject({ pid: process.pid });
    await expect(lockStudy(folder)).rejects.toMatchObject({
      code: 'environment',
      problem: /is working on this study/,
    });
    await lock.release();
    await (await lockStudy(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over from a process that has died, and removes what it left unfinished', async () => {
    await writeFile(join(folder, lockFile), holder({ pid: deadPid() }));
    await writeFile(join(folder, '.weights.npy.4711-3.tmp'), 'half');
    await writeFile(join(folder, '.hidden.tmp'), 'not ours');
    const lock = await lockStudy(folder);
    expect((await readdir(folder)).sort()).toEqual(['.hidden.tmp', lockFile].sort());
    await lock.release();
  });

  it('takes over a lock with our own process id that we do not hold, as after a restart in a container', async () => {
    await writeFile(join(folder, lockFile), holder({ pid: process.pid }));
    await (await lockStudy(folder)).release();
  });

  it('takes over a lock that was only half written', async () => {
    await writeFile(join(folder, lockFile), '{"pid": 12');
    await (await lockStudy(folder)).release();
  });

  it('leaves the lock of a living process, and that of another machine', async () => {
    await writeFile(join(folder, lockFile), holder({ pid: process.ppid }));
    await expect(lockStudy(folder)).rejects.toMatchObject({ remedy: /Wait until it is done/ });
    await writeFile(join(folder, lockFile), holder({ pid: deadPid(), host: 'elsewhere' }));
    await expect(lockStudy(folder)).rejects.toMatchObject({ remedy: /delete the file/ });
  });

  it('says when the folder cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(lockStudy(join(folder, 'file'))).rejects.toMatchObject({ code: 'environment' });
  });
});
