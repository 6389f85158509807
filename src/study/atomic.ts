import { createHash } from 'node:crypto';
import * as nodeFiles from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeFailure } from './failures.js';

/** The part of node:fs/promises that atomic writes use; tests put failing disks here. */
export type Files = Pick<typeof nodeFiles, 'mkdir' | 'open' | 'rename' | 'rm'>;

export interface WrittenFile {
  readonly bytes: number;
  /** Of the whole content, hexadecimal. */
  readonly sha256: string;
}

export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

const sliceBytes = 8 * 2 ** 20;
let nTemporary = 0;

/** Names of unfinished files: hidden, with the writer's process id. */
export const temporaryName = /^\.(.+)\.(\d+)-\d+\.tmp$/;

/**
 * Writes a file so that it is there whole or not at all: a temporary file in the same folder, fsync, rename, fsync of
 * the folder. The temporary file is removed when anything fails.
 * @throws AffectomeError `environment` (disk full, read-only, ...); errors of `chunks` pass through unchanged.
 */
export async function writeAtomically(
  path: string,
  chunks: Chunks,
  files: Files = nodeFiles,
): Promise<WrittenFile> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${++nTemporary}.tmp`);
  try {
    await files.mkdir(folder, { recursive: true });
    const written = await writeTemporary(temporary, chunks, files);
    await files.rename(temporary, path);
    await syncFolder(folder, files);
    return written;
  } catch (error) {
    await files.rm(temporary, { force: true }).catch(() => undefined);
    throw isSystemError(error) ? writeFailure(error, path) : error;
  }
}

async function writeTemporary(temporary: string, chunks: Chunks, files: Files): Promise<WrittenFile> {
  const handle = await files.open(temporary, 'wx');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length; start += sliceBytes) {
        const slice = chunk.subarray(start, start + sliceBytes);
        hash.update(slice);
        await handle.writeFile(slice);
      }
      bytes += chunk.length;
    }
    await handle.sync();
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself durable. File systems that cannot sync a folder are left to their own order. */
async function syncFolder(folder: string, files: Files): Promise<void> {
  const handle = await files.open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

function isSystemError(error: unknown): boolean {
  return (
    error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'syscall' in error
  );
}
