import { inputError } from '../numerics/errors.js';
import { watchComplaints } from './hdf5-complaints.js';
import { datasetOf, type Hdf5Dataset } from './hdf5-dataset.js';
import { type Hdf5Reader, readerOf } from './hdf5-reader.js';

/** An open HDF5 file. Paths begin with "/". Close it when done. */
export interface Hdf5File {
  /** Names the file in messages. */
  readonly file: string;
  /** What lies in a group, in the file's order. */
  keys(path: string): Promise<readonly string[]>;
  /** Links to other files are `other`. */
  kindOf(path: string): Promise<'group' | 'dataset' | 'other' | 'missing'>;
  /** Text or number of an attribute; `null` where there is none or it is something else. */
  attribute(path: string, name: string): Promise<string | number | null>;
  /** @throws AffectomeError `input` where there is no dataset. */
  dataset(path: string): Promise<Hdf5Dataset>;
  close(): Promise<void>;
}

/** Puts a question to a reader, wherever it is. */
export type AskHdf5 = <Q extends keyof Hdf5Reader>(
  question: Q,
  ...words: Parameters<Hdf5Reader[Q]>
) => Promise<ReturnType<Hdf5Reader[Q]>>;

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** Whether an HDF5 file begins here; a user block of 512 bytes or a multiple may come first (as in MAT v7.3). */
export function isHdf5(bytes: Uint8Array): boolean {
  for (let at = 0; at + 8 <= bytes.length; at = at === 0 ? 512 : at * 2) {
    if (signature.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

let nOpened = 0;

/**
 * Opens an HDF5 file held in memory. The HDF5 library (WebAssembly, 4 MB) is loaded on the first call.
 *
 * In a browser the library runs on the caller's thread, and on some damaged files it never comes back: call this in a Web Worker
 * that can be terminated when files come from strangers. `affectome/node` does so by itself, with a time limit.
 *
 * @throws AffectomeError `input` for other and damaged files.
 */
export async function openHdf5(bytes: Uint8Array, file = 'file.h5'): Promise<Hdf5File> {
  if (!isHdf5(bytes)) throw notHdf5(file);
  const library = await import('h5wasm');
  const { FS } = await library.ready;
  watchComplaints(FS);
  const name = `/opened-${nOpened++}.h5`;
  FS.writeFile(name, bytes);
  try {
    const reader = readerOf(library, { name, file, fileSize: bytes.length });
    const ask: AskHdf5 = async (question, ...words) => {
      const answer = reader[question] as (...given: typeof words) => ReturnType<Hdf5Reader[typeof question]>;
      return answer(...words);
    };
    return hdf5FileOf(ask, file, async () => {
      reader.close();
      FS.unlink(name);
    });
  } catch (error) {
    FS.unlink(name);
    throw error;
  }
}

export const notHdf5 = (file: string) =>
  inputError({ problem: 'is no HDF5 file (or is truncated).', where: { file }, remedy: 'Save it as HDF5.' });

export const hdf5FileOf = (ask: AskHdf5, file: string, close: () => Promise<void>): Hdf5File => ({
  file,
  keys: (path) => ask('keys', path),
  kindOf: (path) => ask('kindOf', path),
  attribute: (path, name) => ask('attribute', path, name),
  dataset: (path) => datasetOf(ask, file, path),
  close,
});
