import { inputError } from '../numerics/errors.js';
import { largestRatio } from './gunzip.js';
import type { AskHdf5 } from './hdf5.js';
import { partsOf } from './hdf5-parts.js';
import { type DatasetFacts, emptyArrayOf, type Ranges } from './hdf5-reader.js';
import type { NumberArray, VoxelType } from './voxel-type.js';

/** A part of a dataset's numbers, in C order. */
export interface Hdf5Part {
  /** First and end (beyond last) of each axis. */
  readonly ranges: Ranges;
  readonly numbers: NumberArray;
}

/** An array of an HDF5 file; its values stay on the disk until they are asked for. */
export interface Hdf5Dataset {
  readonly path: string;
  /** Empty for a single value. */
  readonly shape: readonly number[];
  /** `other`: compound, reference and further types. */
  readonly type: VoxelType | 'text' | 'other';
  /**
   * Numbers in C order, 64-bit integers as doubles; all of them, or those within `ranges` (first, end beyond last) of each axis.
   * @throws AffectomeError `input` for other types, damaged data, more than 2 GiB at once and integers beyond 2^53.
   */
  numbers(ranges?: Ranges): Promise<NumberArray>;
  /**
   * The same part after part, of 64 MiB or, where the dataset is stored in pieces, of a row of pieces; each follows the last in C
   * order. Memory: one part.
   */
  parts(ranges?: Ranges): AsyncGenerator<Hdf5Part>;
  /** @throws AffectomeError `input` for anything but text, and for more than 64 MiB of it. */
  texts(): Promise<readonly string[]>;
}

const largestRead = 2 ** 31;

/** Bytes that any file may be taken to hold, unpacked. */
const alwaysHeld = 2 ** 26;

export async function datasetOf(ask: AskHdf5, file: string, path: string): Promise<Hdf5Dataset> {
  const facts = await ask('facts', path);
  const { shape, type } = facts;
  const where = { file, field: path };
  async function* parts(ranges: Ranges = shape.map((length) => [0, length])): AsyncGenerator<Hdf5Part> {
    requireNumbers(type, where);
    checkRanges(ranges, shape);
    requireHeld(sizeOf(ranges, facts), facts.fileSize, where);
    for (const part of partsOf(ranges, facts))
      yield { ranges: part, numbers: await ask('numbers', path, part) };
  }
  return {
    ...{ path, shape, type, parts },
    async numbers(ranges) {
      const values = requireNumbers(type, where);
      if (shape.length === 0) return ask('numbers', path, []);
      const nBytes = sizeOf(ranges ?? shape.map((length) => [0, length]), facts);
      if (nBytes > largestRead) throw tooLarge(nBytes, where);
      let result: NumberArray | null = null;
      let at = 0;
      for await (const { numbers } of parts(ranges)) {
        const isAll = numbers.length * facts.size === nBytes;
        if (isAll) return numbers;
        result ??= emptyArrayOf(values, nBytes / facts.size);
        result.set(numbers, at);
        at += numbers.length;
      }
      return result ?? emptyArrayOf(values, 0);
    },
    async texts() {
      if (type !== 'text') throw inputError({ problem: 'holds no text.', where });
      return ask('texts', path);
    },
  };
}

type Field = { readonly file: string; readonly field: string };

const sizeOf = (ranges: Ranges, { size }: DatasetFacts): number =>
  ranges.reduce((all, [first, end]) => all * (end - first), size);

function requireNumbers(type: DatasetFacts['type'], where: Field): VoxelType {
  if (type !== 'text' && type !== 'other') return type;
  throw inputError({ problem: `holds ${type === 'text' ? 'text' : 'no plain numbers'}.`, where });
}

/** Packed numbers take at least a thousandth of their size: what a file promises beyond that is not there. */
function requireHeld(nBytes: number, fileSize: number, where: Field): void {
  if (nBytes <= Math.max(alwaysHeld, fileSize * largestRatio)) return;
  throw inputError({
    problem: `is said to hold ${nBytes} bytes, more than a file of ${fileSize} bytes can.`,
    where,
    remedy: 'Copy or save the file again; arrays that were never filled must be left out.',
  });
}

const tooLarge = (nBytes: number, where: Field) =>
  inputError({
    problem: `holds ${nBytes} bytes here; at most ${largestRead} are read at once.`,
    where,
    remedy: 'Read a part of it.',
  });

function checkRanges(ranges: Ranges, shape: readonly number[]): void {
  const fits = ([first, end]: readonly [number, number], axis: number) =>
    Number.isInteger(first) && Number.isInteger(end) && first >= 0 && first <= end && end <= shape[axis];
  if (ranges.length === shape.length && ranges.every(fits)) return;
  throw new RangeError(`Ranges ${JSON.stringify(ranges)} of a dataset of shape (${shape.join(', ')}).`);
}
