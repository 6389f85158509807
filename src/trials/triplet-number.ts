const minus = 45;
const plus = 43;
const point = 46;
const zero = 48;
const letterE = 101;
const caseBit = 32;

/**
 * The number written in `bytes[start..end)` as digits with an optional sign, point and exponent, e.g. `1.244000000000000000e+03`;
 * NaN for anything else, and for numbers with a fraction (exactly: no rounding decides). Only what an index can be is told apart:
 * negative numbers give -1, and numbers beyond 2^53 give Infinity.
 */
export function readNumber(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === minus;
  const first = isNegative || bytes[start] === plus ? start + 1 : start;
  const exponentAt = findExponent(bytes, first, end);
  const exponent = exponentAt === end ? 0 : readExponent(bytes, exponentAt + 1, end);
  const value = readMantissa(bytes, first, exponentAt, exponent);
  return isNegative && value > 0 ? -1 : value;
}

function findExponent(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if ((bytes[at] | caseBit) === letterE) return at;
  return end;
}

function readExponent(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === minus;
  const first = isNegative || bytes[start] === plus ? start + 1 : start;
  if (first >= end) return Number.NaN;
  let value = 0;
  for (let at = first; at < end; at++) {
    if (!isDigit(bytes[at])) return Number.NaN;
    value = Math.min(value * 10 + bytes[at] - zero, 1e6);
  }
  return isNegative ? -value : value;
}

/** Digits times 10^exponent, if that is a whole number. */
function readMantissa(bytes: Uint8Array, start: number, end: number, exponent: number): number {
  const pointAt = findPoint(bytes, start, end);
  const nWholeDigits = pointAt - start + exponent;
  let value = 0;
  let nDigits = 0;
  let hasFraction = false;
  for (let at = start; at < end; at++) {
    if (at === pointAt) continue;
    if (!isDigit(bytes[at])) return Number.NaN;
    if (nDigits < nWholeDigits) value = value * 10 + bytes[at] - zero;
    else if (bytes[at] !== zero) hasFraction = true;
    nDigits++;
  }
  if (nDigits === 0 || hasFraction || Number.isNaN(exponent)) return Number.NaN;
  for (; nDigits < nWholeDigits && value > 0 && value <= Number.MAX_SAFE_INTEGER; nDigits++) value *= 10;
  return value <= Number.MAX_SAFE_INTEGER ? value : Number.POSITIVE_INFINITY;
}

function findPoint(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) if (bytes[at] === point) return at;
  return end;
}

const isDigit = (byte: number): boolean => byte >= zero && byte <= zero + 9;
