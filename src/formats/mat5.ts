import { inputError } from '../numerics/errors.js';
import type { Matrix } from '../numerics/matrix.js';
import { type Element, elementsOf, type Source, unpackedElementsOf } from './mat5-elements.js';

/** What stands under one variable name: a matrix, or something that is passed over and why. */
export type Mat5Entry =
  | { readonly name: string; readonly kind: 'matrix'; readonly matrix: Matrix }
  | { readonly name: string; readonly kind: 'skipped'; readonly found: string };

const matrixElement = 14;
const singleClass = 7;
/** A float64 array of this length takes 2 GiB. */
const largestLength = 2 ** 28;
/** Array classes of the format, by number; numbers 6 to 15 hold numbers. */
const classes =
  ', cell, struct, object, text, sparse matrix, double, single, int8, uint8, int16, uint16, int32, uint32, int64, uint64, function, opaque object'.split(
    ', ',
  );

/**
 * The real 2-D numeric and logical arrays of a MATLAB 5 to 7 file (`save -v6`, `save -v7`, scipy.io.savemat), by variable name.
 * Values are row after row: float32 for single arrays, float64 for all others.
 * Format: MathWorks, MAT-File Format (R2023b), chapter 1.
 *
 * @throws AffectomeError `input` for other files (also MAT v4 and v7.3), truncated or damaged ones, and files without any such array.
 */
export function parseMat5(bytes: Uint8Array, file: string): Record<string, Matrix> {
  const entries = listMat5(bytes, file);
  const matrices = entries.flatMap((entry) => (entry.kind === 'matrix' ? [[entry.name, entry.matrix]] : []));
  if (matrices.length === 0) {
    const found = entries
      .map((entry) => `${entry.name} (${entry.kind === 'skipped' && entry.found})`)
      .join(', ');
    throw inputError({
      problem: `holds no real 2-D numeric array; found ${found || 'nothing'}.`,
      where: { file },
      remedy: 'Save the numbers as a variable of their own.',
    });
  }
  return Object.fromEntries(matrices);
}

/** Every variable of the file in order, those that cannot be read included. */
export function listMat5(bytes: Uint8Array, file: string): Mat5Entry[] {
  const littleEndian = checkHeader(bytes, file);
  const source: Source = { view: viewOf(bytes), littleEndian, file };
  const entries: Mat5Entry[] = [];
  for (const element of unpackedElementsOf(source, 128)) {
    const entry = element.type === matrixElement ? readEntry(element, file) : null;
    if (entry && entry.name !== '') entries.push(entry);
  }
  return entries;
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** @returns whether the file is little-endian */
function checkHeader(bytes: Uint8Array, file: string): boolean {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, 128));
  if (text.startsWith('\x89HDF') || text.startsWith('MATLAB 7.3')) {
    throw inputError({
      problem: 'is a MATLAB 7.3 (HDF5) file; expected MATLAB 5 to 7.',
      where: { file },
      remedy: "Save it in MATLAB with save(file, 'name', '-v7').",
    });
  }
  const endian = text.slice(126, 128);
  if (endian !== 'IM' && endian !== 'MI') {
    throw inputError({
      problem: bytes.length === 0 ? 'is empty; expected a MATLAB file.' : 'is not a MATLAB 5 to 7 file.',
      where: { file },
      remedy: "Save it in MATLAB with save(file, 'name', '-v7') or with scipy.io.savemat.",
    });
  }
  return endian === 'IM';
}

function readEntry(element: Element, file: string): Mat5Entry | null {
  const parts = elementsOf(element.source, 0);
  const flags = next(parts, file);
  if (flags.source.view.byteLength < 8) throw damaged(file);
  const flagWord = flags.source.view.getUint32(0, flags.source.littleEndian);
  const arrayClass = flagWord & 255;
  if (arrayClass > 16) return null;
  const shape = [...numbersOf(next(parts, file), file)];
  const name = textOf(next(parts, file));
  const skipped = (found: string): Mat5Entry => ({ name, kind: 'skipped', found });
  if (arrayClass < 6 || arrayClass > 15) return skipped(classes[arrayClass] ?? 'an unknown class');
  if (flagWord & 0x0800) return skipped('complex numbers');
  if (shape.length !== 2) return skipped(`an array of ${shape.length} dimensions`);
  const values = numbersOf(next(parts, file), file);
  const matrix = toMatrix(values, shape[0], shape[1], arrayClass, { file, field: name });
  return { name, kind: 'matrix', matrix };
}

function toMatrix(
  values: ColumnMajor,
  nRows: number,
  nColumns: number,
  arrayClass: number,
  where: { file: string; field: string },
): Matrix {
  if (values.length > largestLength) {
    throw inputError({
      problem: `holds ${values.length} numbers; at most ${largestLength} can be read.`,
      where,
    });
  }
  if (nRows < 0 || values.length !== nRows * nColumns) {
    throw inputError({
      problem: `holds ${values.length} numbers; its size ${nRows} x ${nColumns} needs ${nRows * nColumns}.`,
      where,
      remedy: 'Copy or save the file again.',
    });
  }
  const data = arrayClass === singleClass ? new Float32Array(values.length) : new Float64Array(values.length);
  for (let r = 0; r < nRows; r++) {
    for (let c = 0; c < nColumns; c++) data[r * nColumns + c] = values.at(c * nRows + r);
  }
  return { nRows, nColumns, data };
}

interface ColumnMajor extends Iterable<number> {
  readonly length: number;
  at(index: number): number;
}

type NumberReader = (view: DataView, offset: number, littleEndian: boolean) => number;

/** Size in bytes and reader of each number type (miINT8 ... miUINT64). */
const numberTypes: Readonly<Record<number, readonly [number, NumberReader]>> = {
  1: [1, (v, o) => v.getInt8(o)],
  2: [1, (v, o) => v.getUint8(o)],
  3: [2, (v, o, le) => v.getInt16(o, le)],
  4: [2, (v, o, le) => v.getUint16(o, le)],
  5: [4, (v, o, le) => v.getInt32(o, le)],
  6: [4, (v, o, le) => v.getUint32(o, le)],
  7: [4, (v, o, le) => v.getFloat32(o, le)],
  9: [8, (v, o, le) => v.getFloat64(o, le)],
  12: [8, (v, o, le) => Number(v.getBigInt64(o, le))],
  13: [8, (v, o, le) => Number(v.getBigUint64(o, le))],
};

/** The numbers of an element, whatever smaller type the writer chose to store them in. */
function numbersOf({ type, source }: Element, file: string): ColumnMajor {
  const { view, littleEndian } = source;
  const [size, read] = numberTypes[type] ?? [0, () => 0];
  if (size === 0 || view.byteLength % size !== 0) throw damaged(file);
  const isBigInteger = type === 12 || type === 13;
  const at = (index: number) => {
    const value = read(view, index * size, littleEndian);
    if (isBigInteger && !Number.isSafeInteger(value)) throw tooLarge(file);
    return value;
  };
  const length = view.byteLength / size;
  return {
    length,
    at,
    *[Symbol.iterator]() {
      for (let i = 0; i < length; i++) yield at(i);
    },
  };
}

const textOf = ({ source: { view } }: Element): string =>
  new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));

function next(parts: Iterator<Element>, file: string): Element {
  const { done, value } = parts.next();
  if (done) throw damaged(file);
  return value;
}

const damaged = (file: string) =>
  inputError({
    problem: 'has a damaged array.',
    where: { file },
    remedy: 'Copy or save the file again.',
  });

const tooLarge = (file: string) =>
  inputError({
    problem: 'holds a 64-bit integer beyond 2^53.',
    where: { file },
    remedy: 'Save it as double.',
  });
