// The thread on which the HDF5 library runs: it opens one file, then answers one question after the other.
import { statSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { AffectomeError, type ErrorCode, type Where } from '../numerics/errors.js';
import { watchComplaints } from './hdf5-complaints.js';
import { type Hdf5Module, type Hdf5Reader, readerOf } from './hdf5-reader.js';

/** Where the bytes of a file are. */
export type Hdf5Source =
  | { readonly kind: 'disk'; readonly path: string }
  | { readonly kind: 'memory'; readonly bytes: Uint8Array };

export interface Hdf5WorkerStart {
  readonly source: Hdf5Source;
  readonly file: string;
  /** Shared, one number: goes up whenever the library has read something new from the file. */
  readonly pulse: Int32Array;
}

export interface Hdf5Question {
  readonly question: keyof Hdf5Reader;
  readonly words: readonly unknown[];
}

export type FromHdf5Worker =
  | { readonly kind: 'opened' }
  | { readonly kind: 'answer'; readonly value: unknown }
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode | null;
      readonly problem: string;
      readonly where: Where;
      readonly remedy: string | undefined;
    };

type FileSystem = Record<'read', (...words: readonly unknown[]) => number> & {
  writeFile(name: string, bytes: Uint8Array): void;
};

const { source, file, pulse } = workerData as Hdf5WorkerStart;
const fileSize = source.kind === 'disk' ? statSync(source.path).size : source.bytes.length;

/** Bytes read since the last question. */
let nRead = 0;

/** A question that goes through the file oftener than this goes in circles: its reads are no sign of life. */
const mostRead = 2 * fileSize + 2 ** 26;

async function open(): Promise<Hdf5Reader> {
  holdBack();
  const library = source.kind === 'disk' ? await import('h5wasm/node') : await import('h5wasm');
  const { FS } = await library.ready;
  watchComplaints(FS);
  feelPulse(FS as unknown as FileSystem);
  const name = source.kind === 'disk' ? source.path : '/opened.h5';
  if (source.kind === 'memory') FS.writeFile(name, source.bytes);
  return readerOf(library as Hdf5Module, { name, file, fileSize });
}

/** Pages of 64 kB: 1 GiB. A damaged length makes the library ask for more. */
const mostPages = 2 ** 14;

/** Of this thread alone: its memory is bounded, and what the library prints as it gives up is not shown. */
function holdBack(): void {
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = function growWithin(this: WebAssembly.Memory, nPages: number) {
    if (this.buffer.byteLength / 65_536 + nPages > mostPages) throw new RangeError('At most 1 GiB.');
    return grow.call(this, nPages);
  };
  process.stderr.write = () => true;
}

function feelPulse(fileSystem: FileSystem): void {
  const { read } = fileSystem;
  fileSystem.read = (...words) => {
    const nBytes = read.apply(fileSystem, words as unknown[]);
    nRead += nBytes;
    if (nRead <= mostRead) Atomics.add(pulse, 0, 1);
    return nBytes;
  };
}

function answer(reader: Hdf5Reader, { question, words }: Hdf5Question): void {
  nRead = 0;
  try {
    const value = (reader[question] as (...given: readonly unknown[]) => unknown)(...words);
    parentPort!.postMessage(
      { kind: 'answer', value } satisfies FromHdf5Worker,
      ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : [],
    );
  } catch (error) {
    refuse(error);
  }
}

function refuse(error: unknown): void {
  const known = error instanceof AffectomeError ? error : null;
  parentPort!.postMessage({
    kind: 'refused',
    code: known?.code ?? null,
    problem: known?.problem ?? (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    where: known?.where ?? {},
    remedy: known?.remedy,
  } satisfies FromHdf5Worker);
}

try {
  const reader = await open();
  parentPort!.on('message', (question: Hdf5Question) => answer(reader, question));
  parentPort!.postMessage({ kind: 'opened' } satisfies FromHdf5Worker);
} catch (error) {
  refuse(error);
}
