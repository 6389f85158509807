import { strokeTextWidth, textPaths } from './glyphs.js';
import { blankPixels, blend, type Pixels } from './pixels.js';
import { pngOf } from './png.js';
import { type Rgb, rgbOf } from './ramp.js';
import {
  type BoxMark,
  density,
  type LinesMark,
  type Mark,
  type RasterMark,
  type Scene,
  type TextMark,
} from './scene.js';
import { strokePaths } from './stroke.js';

/** Share of its size that a letter's stroke is thick. */
const weight = 0.095;

/** The picture as PNG, two pixels per px of the layout, on white; text in a stroke alphabet of our own. */
export const scenePng = (scene: Scene): Uint8Array => pngOf(scenePixels(scene));

/** The pixels of `scenePng`. */
export function scenePixels({ width, height, marks }: Scene): Pixels {
  const pixels = blankPixels(Math.round(width * density), Math.round(height * density));
  pixels.data.fill(255);
  for (const mark of marks) drawMark(pixels, mark);
  return pixels;
}

function drawMark(pixels: Pixels, mark: Mark): void {
  if (mark.kind === 'raster') drawRaster(pixels, mark);
  else if (mark.kind === 'lines') drawLines(pixels, mark);
  else if (mark.kind === 'text') drawText(pixels, mark);
  else drawBox(pixels, mark);
}

function drawLines(pixels: Pixels, { paths, thickness, colour }: LinesMark): void {
  const scaled = paths.map((path) => path.map((value) => value * density));
  strokePaths(pixels, scaled, { thickness: thickness * density, colour: rgbOf(colour) });
}

/** Every pixel takes the raster's pixel that its centre lies in. */
function drawRaster(pixels: Pixels, { x, y, width, height, pixels: source }: RasterMark): void {
  const [left, top] = [Math.round(x * density), Math.round(y * density)];
  const [nColumns, nRows] = [Math.round(width * density), Math.round(height * density)];
  const sourceColumns = Uint32Array.from({ length: nColumns }, (_, column) =>
    Math.floor(((column + 0.5) / nColumns) * source.width),
  );
  const { data } = source;
  for (let row = Math.max(0, -top); row < Math.min(nRows, pixels.height - top); row++) {
    const sourceRow = Math.floor(((row + 0.5) / nRows) * source.height) * source.width;
    for (let column = Math.max(0, -left); column < Math.min(nColumns, pixels.width - left); column++) {
      const from = 4 * (sourceRow + sourceColumns[column]);
      if (data[from + 3] === 0) continue;
      const at = (top + row) * pixels.width + left + column;
      if (data[from + 3] === 255) {
        for (let channel = 0; channel < 4; channel++) pixels.data[4 * at + channel] = data[from + channel];
        continue;
      }
      const colour: Rgb = [data[from], data[from + 1], data[from + 2]];
      blend(pixels.data, at, colour, data[from + 3] / 255);
    }
  }
}

function drawText(pixels: Pixels, { x, y, text, size, anchor, colour, halo }: TextMark): void {
  const width = strokeTextWidth(text, size);
  const start = x - (anchor === 'start' ? 0 : anchor === 'middle' ? width / 2 : width);
  const paths = textPaths(text, { x: start * density, y: y * density, size: size * density });
  const thickness = weight * size * density;
  if (halo)
    strokePaths(pixels, paths, { thickness: thickness + (size * density) / 4, colour: [255, 255, 255] });
  strokePaths(pixels, paths, { thickness, colour: rgbOf(colour) });
}

function drawBox(pixels: Pixels, { x, y, width, height, colour }: BoxMark): void {
  const rgb = rgbOf(colour);
  const [left, right] = [x, x + width].map((edge) => Math.round(edge * density));
  const [top, bottom] = [y, y + height].map((edge) => Math.round(edge * density));
  for (let row = Math.max(0, top); row < Math.min(bottom, pixels.height); row++) {
    for (let column = Math.max(0, left); column < Math.min(right, pixels.width); column++) {
      blend(pixels.data, row * pixels.width + column, rgb, 1);
    }
  }
}
