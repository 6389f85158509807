import { type FileHandle, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { environmentError } from '../numerics/errors.js';
import { temporaryName } from './atomic.js';
import { writeFailure } from './failures.js';

interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/** Held while a process writes to a study, so that two of them do not collide. */
export interface StudyLock {
  release(): Promise<void>;
}

export const lockFile = '.lock';

/** The `since` of the locks this process holds. */
const heldHere = new Set<string>();

/**
 * Takes the study's lock. The lock of a process that no longer lives on this machine is taken over, and the
 * unfinished files it left are removed.
 * @throws AffectomeError `environment` when another living process holds it, or when the folder cannot be written.
 */
export async function lockStudy(folder: string): Promise<StudyLock> {
  const path = join(folder, lockFile);
  for (let attempt = 0; attempt < 5; attempt++) {
    const handle = await tryCreate(path);
    if (handle) {
      const since = await writeHolder(handle);
      heldHere.add(since);
      await removeUnfinished(folder);
      const release = async () => {
        heldHere.delete(since);
        await rm(path, { force: true });
      };
      return { release };
    }
    const holder = await readHolder(path);
    if (holder && isAlive(holder)) throw busy(holder, folder);
    await discard(path, holder);
  }
  throw environmentError({
    problem: 'The study is locked again and again by other processes.',
    where: { file: path },
    remedy: 'Wait until they are done and run the same command again.',
  });
}

async function tryCreate(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw writeFailure(error, path);
  }
}

async function writeHolder(handle: FileHandle): Promise<string> {
  const holder: LockHolder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  await handle.writeFile(`${JSON.stringify(holder)}\n`);
  await handle.close();
  return holder.since;
}

async function readHolder(path: string): Promise<LockHolder | undefined> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as LockHolder;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return undefined;
}

/** A holder with our own id is a leftover too: this process holds no lock yet. On another machine we cannot know. */
function isAlive(holder: LockHolder): boolean {
  if (holder.host !== hostname()) return true;
  if (holder.pid === process.pid) return heldHere.has(holder.since);
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function busy(holder: LockHolder, folder: string) {
  const isElsewhere = holder.host !== hostname();
  return environmentError({
    problem: `Another affectome (process ${holder.pid} on ${holder.host}, since ${holder.since}) is working on this study.`,
    where: { file: join(folder, lockFile) },
    remedy: isElsewhere
      ? 'Wait until it is done; if that machine no longer works on it, delete the file.'
      : 'Wait until it is done, or stop it first.',
  });
}

/** Moves the stale lock aside before removing it, so that of two processes that see it only one goes on. */
async function discard(path: string, seen: LockHolder | undefined): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  const isOther = moved !== undefined && (moved.pid !== seen?.pid || moved.since !== seen.since);
  await (isOther ? rename(aside, path) : rm(aside, { force: true }));
}

/** Files that a killed process left half-written. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && temporaryName.test(entry.name))
      await rm(join(entry.parentPath, entry.name), { force: true });
  }
}
