import { AffectomeError, inputError } from '../numerics/errors.js';
import { withoutComplaint } from './hdf5-complaints.js';
import { type NumberArray, storages, type VoxelType } from './voxel-type.js';

/** The library as far as it is used here. */
export type Hdf5Module = Pick<typeof import('h5wasm'), 'File' | 'Group' | 'Dataset'>;

type OpenFile = InstanceType<Hdf5Module['File']>;
type OpenDataset = InstanceType<Hdf5Module['Dataset']>;

/** First and end (beyond last) of each axis. */
export type Ranges = readonly (readonly [number, number])[];

/** What is known of a dataset without its values. */
export interface DatasetFacts {
  /** Empty for a single value. */
  readonly shape: readonly number[];
  /** `other`: compound, reference and further types. */
  readonly type: VoxelType | 'text' | 'other';
  /** Bytes of one value. */
  readonly size: number;
  /** Shape of the pieces that it is stored in; `null` where it lies in one. */
  readonly chunks: readonly number[] | null;
  /** Bytes of the whole file. */
  readonly fileSize: number;
}

/**
 * What is asked of an open HDF5 file. The library answers at once or, on some damaged files, never: in Node the questions are asked
 * of a worker thread that can be stopped.
 */
export interface Hdf5Reader {
  keys(path: string): string[];
  kindOf(path: string): 'group' | 'dataset' | 'other' | 'missing';
  attribute(path: string, name: string): string | number | null;
  facts(path: string): DatasetFacts;
  /** All of a single value or, without axes to choose from, those within `ranges`. */
  numbers(path: string, ranges: Ranges): NumberArray;
  texts(path: string): string[];
}

interface Place {
  /** As the library's file system knows it. */
  readonly name: string;
  /** Names it in messages. */
  readonly file: string;
  /** Bytes. */
  readonly fileSize: number;
}

/** Attributes and texts of more bytes are nothing that is read here. */
const largestAttribute = 2 ** 20;
const largestText = 2 ** 26;

/** Numbers of HDF5's classes of types. */
const [integerClass, floatClass, textClass, enumClass] = [0, 1, 3, 8];

/** Opens a file that the library's file system holds. @throws AffectomeError `input` where the library does not accept it. */
export function readerOf(library: Hdf5Module, place: Place): Hdf5Reader & { close(): void } {
  const { file, fileSize } = place;
  const at = <T>(path: string, read: () => T): T => {
    try {
      return read();
    } catch (cause) {
      if (cause instanceof AffectomeError) throw cause;
      throw damagedHdf5(file, path, cause);
    }
  };
  const opened = at('/', () => openedOf(library, place.name));
  const entity = (path: string): ReturnType<OpenFile['get']> => {
    if (path === '/') return opened;
    // Asked for something inside a dataset, the library answers with a group.
    const parent = entity(path.slice(0, path.lastIndexOf('/')) || '/');
    return parent instanceof library.Group ? at(path, () => opened.get(path)) : null;
  };
  let latest: OpenDataset | null = null;
  const datasetAt = (path: string): OpenDataset => {
    if (latest?.path === path) return latest;
    const found = entity(path);
    if (found instanceof library.Dataset) {
      latest = found;
      return found;
    }
    throw inputError({ problem: 'has no such dataset.', where: { file, field: path } });
  };
  const facts = (path: string) => at(path, () => withoutComplaint(() => factsOf(datasetAt(path), fileSize)));
  return {
    keys(path) {
      const group = entity(path);
      if (group instanceof library.Group) return at(path, () => group.keys());
      throw inputError({ problem: 'has no such group.', where: { file, field: path } });
    },
    kindOf(path) {
      const found = entity(path);
      if (found === null || found === undefined) return 'missing';
      if (found instanceof library.Group) return 'group';
      return found instanceof library.Dataset ? 'dataset' : 'other';
    },
    attribute(path, name) {
      const found = entity(path);
      if (!(found instanceof library.Group || found instanceof library.Dataset)) return null;
      return at(path, () => (Object.hasOwn(found.attrs, name) ? attributeValue(found.attrs[name]) : null));
    },
    facts,
    numbers(path, ranges) {
      const dataset = datasetAt(path);
      const read = () =>
        ranges.length === 0 ? dataset.value : dataset.slice(ranges.map(([a, b]) => [a, b]));
      const value = at(path, () => withoutComplaint(read));
      return numbersOf(value, { file, field: path });
    },
    texts(path) {
      const { shape, size } = facts(path);
      if (size * shape.reduce((product, length) => product * length, 1) > largestText) {
        throw inputError({
          problem: `holds text of more than ${largestText} bytes.`,
          where: { file, field: path },
        });
      }
      const value = at(path, () => withoutComplaint(() => datasetAt(path).value));
      return (Array.isArray(value) ? (value as unknown[]).flat() : [value]).map((text) => String(text ?? ''));
    },
    close() {
      try {
        opened.close();
      } catch {
        // It was only read; where the library broke down over a damaged file, it cannot close it either.
      }
    },
  };
}

function openedOf(library: Hdf5Module, name: string): OpenFile {
  const opened = new library.File(name, 'r');
  if (opened.file_id < 0n) throw new Error('The HDF5 library does not accept it');
  return opened;
}

function factsOf(dataset: OpenDataset, fileSize: number): DatasetFacts {
  const { metadata } = dataset;
  const { size, chunks } = metadata;
  return { shape: metadata.shape ?? [0], type: typeOf(metadata), size, chunks, fileSize };
}

function typeOf({
  type,
  size,
  signed,
}: {
  type: number;
  size: number;
  signed: boolean;
}): DatasetFacts['type'] {
  if (type === textClass) return 'text';
  if (type === floatClass && (size === 4 || size === 8)) return size === 4 ? 'float32' : 'float64';
  const isInteger = (type === integerClass || type === enumClass) && [1, 2, 4, 8].includes(size);
  return isInteger ? (`${signed ? '' : 'u'}int${size * 8}` as VoxelType) : 'other';
}

function attributeValue(attribute: OpenFile['attrs'][string]): string | number | null {
  const { size, total_size: nValues } = attribute.metadata;
  return size * nValues > largestAttribute ? null : plain(attribute.value);
}

function plain(value: unknown): string | number | null {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  const isOne =
    (Array.isArray(value) || ArrayBuffer.isView(value)) && 'length' in value && value.length === 1;
  return isOne ? plain((value as ArrayLike<unknown>)[0]) : null;
}

function numbersOf(value: unknown, where: { file: string; field: string }): NumberArray {
  if (value === null) return new Float64Array(0);
  if (typeof value === 'number') return Float64Array.of(value);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0);
  if (Array.isArray(value)) return Float64Array.from(value, Number);
  const isBig =
    value instanceof BigInt64Array || value instanceof BigUint64Array || typeof value === 'bigint';
  if (!isBig) return value as NumberArray;
  const wide = typeof value === 'bigint' ? Float64Array.of(Number(value)) : Float64Array.from(value, Number);
  if (wide.every(Number.isSafeInteger)) return wide;
  throw inputError({
    problem: 'holds a 64-bit integer beyond 2^53.',
    where,
    remedy: 'Save it as float64 or int32.',
  });
}

/** An array for numbers of a type, as `numbers` gives them. */
export const emptyArrayOf = (type: VoxelType, length: number): NumberArray => storages[type].make(length);

/** What the library says about a part of a file, in our words. */
export const damagedHdf5 = (file: string, path: string, cause: unknown) =>
  inputError({
    problem: 'is damaged: the HDF5 library cannot read this.',
    where: { file, field: path },
    remedy: 'Copy or save the file again.',
    cause,
  });
