import { inputError } from '../numerics/errors.js';

/**
 * NumPy's .npy format, versions 1 to 3. Reads little- and big-endian integers, floats and booleans in C or Fortran order;
 * 64-bit integers become numbers (an error beyond 2^53). Always writes little-endian C order, version 1.0.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export type NpyData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

export interface NpyArray {
  readonly shape: readonly number[];
  /** Values in C order, whatever the order in the file. */
  readonly data: NpyData;
}

type NumberType = {
  size: number;
  make: (length: number) => NpyData;
  read?: (view: DataView, offset: number, littleEndian: boolean) => number;
};

const numberTypes: Record<string, NumberType> = {
  b1: { size: 1, make: (n) => new Uint8Array(n) },
  u1: { size: 1, make: (n) => new Uint8Array(n) },
  i1: { size: 1, make: (n) => new Int8Array(n) },
  u2: { size: 2, make: (n) => new Uint16Array(n), read: (v, o, le) => v.getUint16(o, le) },
  i2: { size: 2, make: (n) => new Int16Array(n), read: (v, o, le) => v.getInt16(o, le) },
  u4: { size: 4, make: (n) => new Uint32Array(n), read: (v, o, le) => v.getUint32(o, le) },
  i4: { size: 4, make: (n) => new Int32Array(n), read: (v, o, le) => v.getInt32(o, le) },
  f4: { size: 4, make: (n) => new Float32Array(n), read: (v, o, le) => v.getFloat32(o, le) },
  f8: { size: 8, make: (n) => new Float64Array(n), read: (v, o, le) => v.getFloat64(o, le) },
  u8: { size: 8, make: (n) => new Float64Array(n), read: (v, o, le) => Number(v.getBigUint64(o, le)) },
  i8: { size: 8, make: (n) => new Float64Array(n), read: (v, o, le) => Number(v.getBigInt64(o, le)) },
};

/** NumPy 2 allows 64, NumPy 1 allows 32. */
const mostAxes = 64;

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** @throws AffectomeError `input` when the bytes are not a whole .npy file of numbers; `file` names it in the message. */
export function parseNpy(bytes: Uint8Array, file = 'array.npy'): NpyArray {
  const { header, dataStart } = readHeader(bytes, file);
  const { descr, fortranOrder, shape } = parseHeader(header, file);
  const type = Object.hasOwn(numberTypes, descr.slice(1)) ? numberTypes[descr.slice(1)] : undefined;
  if (!type || !'<>|='.includes(descr[0])) {
    throw inputError({
      problem: `holds numbers of type ${JSON.stringify(descr)}; expected a boolean, integer or float array.`,
      where: { file },
      remedy: 'Save it with array.astype("float32") first.',
    });
  }
  const length = shape.reduce((product, size) => product * size, 1);
  const found = bytes.length - dataStart;
  if (found !== length * type.size) {
    throw inputError({
      problem: `holds ${found} bytes of data; shape (${shape.join(', ')}) of ${descr} needs ${length * type.size}.`,
      where: { file },
      remedy: found < length * type.size ? 'The file is truncated: copy or save it again.' : 'Save it again.',
    });
  }
  const data = readValues(bytes, dataStart, length, type, descr[0] !== '>', file);
  return { shape, data: fortranOrder ? toRowMajor(data, shape, type) : data };
}

function readHeader(bytes: Uint8Array, file: string): { header: string; dataStart: number } {
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) {
    throw inputError({
      problem: bytes.length === 0 ? 'is empty; expected a NumPy array.' : 'is not a NumPy .npy file.',
      where: { file },
      remedy: 'Save the array with numpy.save(path, array).',
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[6] < 1 || bytes[6] > 3) {
    throw inputError({
      problem: `has .npy version ${bytes[6]}.${bytes[7]}; expected 1 to 3.`,
      where: { file },
      remedy: 'Save the array with numpy.save(path, array).',
    });
  }
  const isShort = bytes[6] === 1;
  if (!isShort && bytes.length < 12) throw damaged(file);
  const headerStart = isShort ? 10 : 12;
  const dataStart = headerStart + (isShort ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataStart > bytes.length) throw damaged(file);
  return { header: new TextDecoder().decode(bytes.subarray(headerStart, dataStart)), dataStart };
}

function parseHeader(header: string, file: string) {
  if (/'descr'\s*:\s*\[/.test(header)) {
    throw inputError({
      problem: 'holds a structured array; expected plain numbers.',
      where: { file },
      remedy: 'Save one field of it: numpy.save(path, array["field"]).',
    });
  }
  const descr = /'descr'\s*:\s*'([^']+)'/.exec(header)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /'shape'\s*:\s*\(([\d,\sL]*)\)/.exec(header)?.[1];
  if (descr === undefined || order === undefined || shapeText === undefined) throw damaged(file);
  const shape = (shapeText.match(/\d+/g) ?? []).map(Number);
  const length = shape.reduce((product, size) => product * size, 1);
  if (shape.length > mostAxes || ![length, ...shape].every(Number.isSafeInteger)) throw damaged(file);
  return { descr, fortranOrder: order === 'True', shape };
}

function damaged(file: string) {
  return inputError({
    problem: 'has a damaged or truncated .npy header.',
    where: { file },
    remedy: 'Copy or save it again.',
  });
}

function readValues(
  bytes: Uint8Array,
  start: number,
  length: number,
  type: NumberType,
  littleEndian: boolean,
  file: string,
): NpyData {
  const data = type.make(length);
  const isBigInteger = type === numberTypes.u8 || type === numberTypes.i8;
  if (!isBigInteger && (littleEndian || type.size === 1)) {
    new Uint8Array(data.buffer).set(bytes.subarray(start, start + length * type.size));
    return data;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, length * type.size);
  for (let i = 0; i < length; i++) data[i] = type.read!(view, i * type.size, littleEndian);
  if (isBigInteger) checkIntegers(data, file);
  return data;
}

function checkIntegers(data: NpyData, file: string): void {
  const tooLarge = data.findIndex((value) => !Number.isSafeInteger(value));
  if (tooLarge === -1) return;
  throw inputError({
    problem: `element ${tooLarge} is a 64-bit integer beyond 2^53.`,
    where: { file },
    remedy: 'Save it as float64 or int32.',
  });
}

function toRowMajor(data: NpyData, shape: readonly number[], type: NumberType): NpyData {
  const result = type.make(data.length);
  const index = new Array<number>(shape.length).fill(0);
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, size) => product * size, 1));
  for (let target = 0; target < data.length; target++) {
    let source = 0;
    for (let axis = 0; axis < shape.length; axis++) source += index[axis] * strides[axis];
    result[target] = data[source];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0;
  }
  return result;
}

const descriptions: [new (n: number) => NpyData, string][] = [
  [Uint8Array, '|u1'],
  [Int8Array, '|i1'],
  [Uint16Array, '<u2'],
  [Int16Array, '<i2'],
  [Uint32Array, '<u4'],
  [Int32Array, '<i4'],
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
];

/** The header alone: write it, then the raw little-endian values, to save an array without copying it. */
export function npyHeader(data: NpyData, shape: readonly number[]): Uint8Array {
  const descr = descriptions.find(([kind]) => data instanceof kind)![1];
  const length = shape.reduce((product, size) => product * size, 1);
  if (length !== data.length) {
    throw new RangeError(`Shape (${shape.join(', ')}) needs ${length} numbers, got ${data.length}.`);
  }
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  const total = Math.ceil((text.length + 11) / 64) * 64;
  const header = new Uint8Array(total).fill(0x20);
  header.set(magic);
  header.set([1, 0, (total - 10) & 255, (total - 10) >> 8], 6);
  header.set(new TextEncoder().encode(text), 10);
  header[total - 1] = 0x0a;
  return header;
}

/** A whole .npy file in memory. */
export function formatNpy(data: NpyData, shape: readonly number[]): Uint8Array {
  const header = npyHeader(data, shape);
  const result = new Uint8Array(header.length + data.byteLength);
  result.set(header);
  result.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return result;
}
