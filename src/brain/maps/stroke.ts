import { blend, type Pixels } from './pixels.js';
import type { Rgb } from './ramp.js';

/** How much of each pixel of a part of a picture is covered. */
interface Mask {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly covered: Float32Array;
}

/**
 * Draws lines with round ends and smooth edges, coordinates and thickness in pixels. A pixel is covered by the part of it
 * that lies within half the thickness, judged by the distance of its centre; lines that cross are not darker there.
 */
export function strokePaths(
  pixels: Pixels,
  paths: readonly Float64Array[],
  { thickness, colour }: { thickness: number; colour: Rgb },
): void {
  const mask = maskAround(pixels, paths, Math.max(1, thickness) / 2 + 1.5);
  for (const path of paths) {
    for (let i = 0; i + 3 < path.length; i += 2) strokeSegment(mask, path, i, thickness);
  }
  for (let row = 0; row < mask.height; row++) {
    const to = (mask.top + row) * pixels.width + mask.left;
    const from = row * mask.width;
    for (let column = 0; column < mask.width; column++) {
      const share = mask.covered[from + column];
      if (share > 0) blend(pixels.data, to + column, colour, share);
    }
  }
}

/** The part of the picture that the paths can touch. */
function maskAround({ width, height }: Pixels, paths: readonly Float64Array[], reach: number): Mask {
  const low = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const high = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const path of paths) {
    for (let i = 0; i < path.length; i++) {
      low[i % 2] = Math.min(low[i % 2], path[i]);
      high[i % 2] = Math.max(high[i % 2], path[i]);
    }
  }
  const left = Math.max(0, Math.floor(low[0] - reach));
  const top = Math.max(0, Math.floor(low[1] - reach));
  const nColumns = Math.max(0, Math.min(width, Math.ceil(high[0] + reach)) - left);
  const nRows = Math.max(0, Math.min(height, Math.ceil(high[1] + reach)) - top);
  if (nColumns * nRows === 0) return { left: 0, top: 0, width: 0, height: 0, covered: new Float32Array(0) };
  return { left, top, width: nColumns, height: nRows, covered: new Float32Array(nColumns * nRows) };
}

/** The segment from point `first` / 2 of the path to the next. */
function strokeSegment(
  { left, top, width, height, covered }: Mask,
  path: Float64Array,
  first: number,
  thickness: number,
): void {
  const opacity = Math.min(1, thickness);
  const reach = Math.max(1, thickness) / 2 + 0.5;
  const farthest = reach * reach;
  const ax = path[first] - left;
  const ay = path[first + 1] - top;
  const bx = path[first + 2] - left;
  const by = path[first + 3] - top;
  const dx = bx - ax;
  const dy = by - ay;
  const squared = dx * dx + dy * dy;
  const firstRow = Math.max(0, Math.floor(Math.min(ay, by) - reach));
  const lastRow = Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach));
  const firstColumn = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
  const lastColumn = Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach));
  for (let row = firstRow; row <= lastRow; row++) {
    const py = row + 0.5 - ay;
    for (let column = firstColumn; column <= lastColumn; column++) {
      const px = column + 0.5 - ax;
      const along = squared > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / squared)) : 0;
      const ox = px - along * dx;
      const oy = py - along * dy;
      const distance = ox * ox + oy * oy;
      if (distance >= farthest) continue;
      const share = opacity * Math.min(1, reach - Math.sqrt(distance));
      const at = row * width + column;
      if (share > covered[at]) covered[at] = share;
    }
  }
}
