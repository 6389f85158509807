import { encode } from 'fast-png';
import type { Matrix } from '../numerics/matrix.js';
import { hex, type Ramp, type Rgb, undefinedColour } from './colour.js';
import { type Markup, markup } from './markup.js';

export interface ColourScale {
  readonly ramp: Ramp;
  /** Values at the two ends of the ramp; values beyond take the end's colour. */
  readonly low: number;
  readonly high: number;
}

const undefinedRgb = [1, 3, 5].map((at) =>
  Number.parseInt(undefinedColour.slice(at, at + 2), 16),
) as unknown as Rgb;

/** The largest |value| of a matrix, 1 where nothing is finite and above zero: the end of a colour scale. */
export function largestSize({ data }: Matrix): number {
  let largest = 0;
  for (const value of data) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  return largest || 1;
}

/** The colour of a value; NaN has its own grey. */
export function colourOf(value: number, { ramp, low, high }: ColourScale): Rgb {
  if (Number.isNaN(value)) return undefinedRgb;
  return ramp(high > low ? (value - low) / (high - low) : 0.5);
}

export const hexOf = (value: number, scale: ColourScale): string => hex(colourOf(value, scale));

/** A matrix as a PNG data URI, one pixel per cell, in `nLevels` colours (which keeps the file small). */
export function rasterUri(values: Matrix, scale: ColourScale, nLevels = 64): string {
  const { nRows, nColumns, data } = values;
  const palette = Array.from({ length: nLevels }, (_, level) => scale.ramp(level / (nLevels - 1)));
  const pixels = new Uint8Array(3 * nRows * nColumns);
  const span = scale.high - scale.low;
  for (let cell = 0; cell < data.length; cell++) {
    const share = span > 0 ? (data[cell] - scale.low) / span : 0.5;
    const level = Math.round(Math.max(0, Math.min(1, share)) * (nLevels - 1));
    pixels.set(Number.isNaN(share) ? undefinedRgb : palette[level], 3 * cell);
  }
  const png = encode(
    { width: nColumns, height: nRows, data: pixels, channels: 3, depth: 8 },
    { zlib: { level: 9 } },
  );
  return `data:image/png;base64,${base64(png)}`;
}

/** The raster stretched over a rectangle, cells with sharp edges. */
export function rasterImage(
  values: Matrix,
  scale: ColourScale,
  at: { x: number; y: number; width: number; height: number },
): Markup {
  return markup`<image x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${rasterUri(values, scale)}"/>`;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(text);
}
