import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface WrittenFile {
  readonly bytes: number;
  /** Of the whole content, hexadecimal. */
  readonly sha256: string;
}

let nTemporary = 0;

export interface AtomicFileOptions {
  /** Called when the bytes are durable, before the file gets its name. */
  readonly onWritten?: () => void;
}

/**
 * Writes a file that is there whole or not at all: a temporary file beside it, fsync, rename, fsync of the folder. The
 * temporary file is removed when anything fails; errors pass through unchanged.
 */
export async function writeFileAtomically(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { onWritten }: AtomicFileOptions = {},
): Promise<WrittenFile> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}-${++nTemporary}.tmp`);
  try {
    await mkdir(folder, { recursive: true });
    const written = await writeTemporary(temporary, chunks);
    onWritten?.();
    await rename(temporary, path);
    await syncFolder(folder);
    return written;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

async function writeTemporary(
  temporary: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<WrittenFile> {
  const handle = await open(temporary, 'wx');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of chunks) {
      hash.update(chunk);
      await handle.writeFile(chunk);
      bytes += chunk.length;
    }
    await handle.sync();
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

/** Makes the rename itself durable. File systems that cannot sync a folder are left to their own order. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
