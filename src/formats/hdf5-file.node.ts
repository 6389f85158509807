import { open } from 'node:fs/promises';
import { inputError } from '../numerics/errors.js';
import { type Hdf5File, isHdf5, notHdf5 } from './hdf5.js';
import { type Hdf5Patience, openWatched } from './hdf5-watched.node.js';

/**
 * Opens an HDF5 file on the disk; only what is asked for is read, whatever the file's length. The HDF5 library (WebAssembly, 4 MB)
 * runs on a thread of its own, which ends with `close`: where a damaged file sends it round in circles, it is stopped after
 * `silenceLimit` seconds (60) without an answer and without anything new read from the file.
 *
 * @throws AffectomeError `input` for files that cannot be opened, other and damaged files; `cancelled` by the signal. Its methods
 * throw the same.
 */
export async function openHdf5File(path: string, patience: Hdf5Patience = {}): Promise<Hdf5File> {
  if (!(await isHdf5File(path))) throw notHdf5(path);
  return openWatched({ kind: 'disk', path }, path, patience);
}

/** As `openHdf5File`, for a file held in memory; the thread works on a copy. */
export async function openHdf5(
  bytes: Uint8Array,
  file = 'file.h5',
  patience: Hdf5Patience = {},
): Promise<Hdf5File> {
  if (!isHdf5(bytes)) throw notHdf5(file);
  return openWatched({ kind: 'memory', bytes }, file, patience);
}

/** Whether it is one, by its first 64 kB: enough to find the signature behind a user block of up to 32 kB. */
export async function isHdf5File(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'r');
    try {
      const bytes = new Uint8Array(65_536);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      return isHdf5(bytes.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw inputError({
      problem: `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      where: { file: path },
      cause,
    });
  }
}
