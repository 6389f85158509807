import { Unzlib } from 'fflate';
import { inputError } from '../numerics/errors.js';

/** Bytes of a MAT v5 file and how to read them. */
export interface Source {
  readonly view: DataView;
  readonly littleEndian: boolean;
  readonly file: string;
}

/** One tagged data element; its source views the payload alone. */
export interface Element {
  readonly type: number;
  readonly source: Source;
}

const compressedElement = 15;
/** No deflate stream grows by more than this factor (zlib.net, "Maximum Compression Factor"). */
const largestDeflateRatio = 1032;
const chunkSize = 1 << 16;

/** The elements from byte `start` on; compressed ones are unpacked into the one element that they hold. */
export function* unpackedElementsOf(source: Source, start: number): Generator<Element, undefined> {
  for (const element of elementsOf(source, start)) {
    if (element.type === compressedElement) yield* elementsOf(unpack(element.source), 0);
    else yield element;
  }
}

/** The elements from byte `start` on, as they stand. */
export function* elementsOf(source: Source, start: number): Generator<Element, undefined> {
  const { view, littleEndian, file } = source;
  let at = start;
  while (at < view.byteLength) {
    if (at + 8 > view.byteLength) throw truncated(source, at + 8);
    const word = view.getUint32(at, littleEndian);
    const isSmall = word >>> 16 !== 0;
    const size = isSmall ? word >>> 16 : view.getUint32(at + 4, littleEndian);
    if (isSmall && size > 4) throw damaged(file);
    const payload = at + (isSmall ? 4 : 8);
    if (payload + size > view.byteLength) throw truncated(source, payload + size);
    const type = isSmall ? word & 0xffff : word;
    yield { type, source: part(source, payload, size) };
    at = isSmall ? at + 8 : payload + (type === compressedElement ? size : Math.ceil(size / 8) * 8);
  }
}

const part = ({ view, littleEndian, file }: Source, start: number, size: number): Source => ({
  view: new DataView(view.buffer, view.byteOffset + start, size),
  littleEndian,
  file,
});

/** Inflates piece by piece and stops as soon as more comes out than the element inside declares. */
function unpack({ view, littleEndian, file }: Source): Source {
  const packed = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const pieces: Uint8Array[] = [];
  let size = 0;
  const inflate = new Unzlib((piece) => {
    pieces.push(piece);
    size += piece.length;
  });
  let limit = packed.length * largestDeflateRatio;
  for (let at = 0; at < packed.length || at === 0; at += chunkSize) {
    try {
      inflate.push(packed.subarray(at, at + chunkSize), at + chunkSize >= packed.length);
    } catch (cause) {
      throw damaged(file, cause);
    }
    if (size >= 8) limit = Math.min(limit, declaredSize(pieces, littleEndian));
    if (size > limit) throw damaged(file);
  }
  const bytes = concatenate(pieces, size);
  return { view: new DataView(bytes.buffer), littleEndian, file };
}

/** Bytes of the first element with its tag and padding, as its tag says. */
function declaredSize(pieces: readonly Uint8Array[], littleEndian: boolean): number {
  const tag = concatenate(pieces, 8);
  return 16 + new DataView(tag.buffer).getUint32(4, littleEndian);
}

/** The first `size` bytes of the pieces in one array. */
function concatenate(pieces: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    if (at >= size) break;
    result.set(piece.subarray(0, size - at), at);
    at += piece.length;
  }
  return result;
}

const damaged = (file: string, cause?: unknown) =>
  inputError({
    problem: 'has a damaged or truncated compressed array.',
    where: { file },
    remedy: 'Copy or save the file again.',
    cause,
  });

const truncated = ({ view, file }: Source, needed: number) =>
  inputError({
    problem: `ends after ${view.byteLength} bytes in the middle of an array that needs ${needed}.`,
    where: { file },
    remedy: 'The file is truncated: copy or save it again.',
  });
