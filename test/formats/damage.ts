import fc from 'fast-check';
import { AffectomeError } from '#dist/numerics/errors.js';

/** Bytes of `original` with a few overwritten, and cut at a random length. */
export const damagedCopies = (original: Uint8Array) =>
  fc
    .record({
      edits: fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { maxLength: 6 }),
      length: fc.oneof(fc.constant(original.length), fc.nat(original.length)),
    })
    .map(({ edits, length }) => {
      const copy = original.slice();
      for (const [at, value] of edits) copy[at] = value;
      return copy.subarray(0, length);
    });

/** Runs a reader that may refuse its input, but only with an `AffectomeError` that names the file. */
export function refusesCleanly(read: () => unknown, file: string): boolean {
  try {
    read();
  } catch (error) {
    return error instanceof AffectomeError && error.code === 'input' && error.message.includes(file);
  }
  return true;
}
