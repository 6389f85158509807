import { strokeTextWidth } from './glyphs.js';
import type { Pixels } from './pixels.js';

/** A picture as marks from back to front, in px; written as SVG (`sceneSvg`) or PNG (`scenePng`). */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** What a reader who cannot see it should know. */
  readonly alt: string;
  readonly marks: readonly Mark[];
}

export type Mark = RasterMark | LinesMark | TextMark | BoxMark;

/** Pixels stretched over a rectangle. */
export interface RasterMark {
  readonly kind: 'raster';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Pixels;
}

/** Lines of one width and colour; each path is x and y in turn. */
export interface LinesMark {
  readonly kind: 'lines';
  readonly paths: readonly Float64Array[];
  readonly thickness: number;
  readonly colour: string;
}

/** Text whose vertical middle is at y. */
export interface TextMark {
  readonly kind: 'text';
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly size: number;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly colour: string;
  /** A seam of white around the letters. */
  readonly halo: boolean;
  /** A line of the caption below the picture. */
  readonly isCaption: boolean;
}

export interface BoxMark {
  readonly kind: 'box';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: string;
}

/** Device pixels per px of the layout: rasters are drawn at it, PNG files have it. */
export const density = 2;

/** px that a line of the caption takes. */
export const captionLine = 16;

export const darkText = '#22262b';
export const quietText = '#6b7178';

export const textMark = (
  x: number,
  y: number,
  text: string,
  options: Partial<Omit<TextMark, 'kind' | 'x' | 'y' | 'text'>> = {},
): TextMark => ({
  kind: 'text',
  x,
  y,
  text,
  size: 11,
  anchor: 'start',
  colour: darkText,
  halo: false,
  isCaption: false,
  ...options,
});

/** The same mark elsewhere. */
export function moved(mark: Mark, dx: number, dy: number): Mark {
  if (mark.kind !== 'lines') return { ...mark, x: mark.x + dx, y: mark.y + dy };
  return { ...mark, paths: mark.paths.map((path) => path.map((value, i) => value + (i % 2 ? dy : dx))) };
}

/** Text of size 11 in lines of at most `width` px, broken at spaces. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = `${lines[lines.length - 1] ?? ''} ${word}`;
    if (lines.length > 0 && strokeTextWidth(longer, 11) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
