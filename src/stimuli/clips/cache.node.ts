import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { AffectomeError, environmentError } from '../../numerics/errors.js';
import type { DerivedMedia } from './manifest.js';

const factsName = 'media.json';
let nTemporary = 0;

/** What `make` leaves in its folder: the names of the files in order, and everything about them but their bytes. */
export interface Made extends Omit<DerivedMedia, 'part'> {
  readonly part: Omit<DerivedMedia['part'], 'files' | 'sha256'>;
  readonly names: readonly string[];
}

/**
 * Content-addressed cache of derived media: one folder per key, which is there whole or not at all. Two processes may share
 * it; the first to finish an entry wins.
 */
export class ClipCache {
  private swept: Promise<void> | undefined;

  constructor(readonly folder: string) {}

  /** The entry of `key`, after checking its bytes; made by `make` (in an empty folder) when there is none. */
  async getOrMake(key: string, make: (folder: string) => Promise<Made>): Promise<DerivedMedia> {
    const entry = join(this.folder, key.slice(0, 2), key);
    const known = await readEntry(entry);
    if (known) return known;
    this.swept ??= sweep(this.folder);
    await this.swept;
    const temporary = join(this.folder, `.${process.pid}-${++nTemporary}.tmp`);
    try {
      await fs.mkdir(temporary, { recursive: true });
      const facts = await describe(temporary, await make(temporary));
      await writeDurably(join(temporary, factsName), `${JSON.stringify(facts, null, 1)}\n`);
      await publish(temporary, entry);
    } catch (error) {
      throw cacheFailure(error, this.folder);
    } finally {
      await fs.rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    }
    const made = await readEntry(entry);
    if (made) return made;
    throw environmentError({ problem: 'a derived clip could not be read back.', where: { file: entry } });
  }
}

const abandonedAfterMs = 3_600_000;

/** Removes what killed processes left half-made. Another machine may share the folder: what is new is left alone. */
async function sweep(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder).catch(() => [])) {
    if (!/^\.\d+-\d+\.tmp$/.test(name)) continue;
    const facts = await fs.stat(join(folder, name)).catch(() => undefined);
    if (facts === undefined || Date.now() - facts.mtimeMs < abandonedAfterMs) continue;
    await fs.rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function describe(folder: string, { part, names, ...rest }: Made): Promise<DerivedMedia> {
  const whole = createHash('sha256');
  const files = [];
  for (const name of names) {
    const bytes = await fs.readFile(join(folder, name));
    whole.update(bytes);
    files.push({ path: name, sha256: sha256Of(bytes), bytes: bytes.length });
    await sync(join(folder, name));
  }
  return { ...rest, part: { ...part, sha256: whole.digest('hex'), files } };
}

/** Undefined when there is no entry, or when its bytes are not what they were. */
async function readEntry(entry: string): Promise<DerivedMedia | undefined> {
  try {
    const { part, ...rest } = JSON.parse(await fs.readFile(join(entry, factsName), 'utf8')) as DerivedMedia;
    const files = part.files.map((file) => ({ ...file, path: join(entry, file.path) }));
    for (const file of files) if (sha256Of(await fs.readFile(file.path)) !== file.sha256) return undefined;
    return { ...rest, part: { ...part, files } };
  } catch {
    return undefined;
  }
}

async function publish(temporary: string, entry: string): Promise<void> {
  await fs.mkdir(join(entry, '..'), { recursive: true });
  await sync(temporary);
  if ((await readEntry(entry)) === undefined) await fs.rm(entry, { recursive: true, force: true });
  await fs.rename(temporary, entry).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await sync(join(entry, '..'));
}

async function writeDurably(path: string, text: string): Promise<void> {
  await fs.writeFile(path, text);
  await sync(path);
}

/** Folders cannot be synced everywhere; files can. */
async function sync(path: string): Promise<void> {
  const handle = await fs.open(path, 'r');
  await handle.sync().catch(() => undefined);
  await handle.close();
}

/** SHA-256, hex. */
export function sha256Of(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

function cacheFailure(error: unknown, folder: string): unknown {
  if (error instanceof AffectomeError || !(error instanceof Error) || !('syscall' in error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return environmentError({
    problem: isFull
      ? 'derived clips could not be kept: the disk is full.'
      : `could not be written (${message}).`,
    where: { file: folder },
    remedy: `${isFull ? 'Free some space' : 'Allow writing there'} and run the same command again: finished clips are kept.`,
    cause: error,
  });
}
