import { ink } from './colour.js';
import { type Markup, markup } from './markup.js';

/** One drawing with the words that belong to it. */
export interface Figure {
  /** File name without extension, unique in a report. */
  readonly name: string;
  /** One sentence or phrase: what is shown. */
  readonly title: string;
  /** How to read it: axes, n, what the interval is. */
  readonly caption: string;
  /** What a reader who cannot see it should know. */
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  readonly body: Markup;
}

export const figureFont =
  "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

/** A file that stands alone: white ground, its title and caption inside. */
export function figureFile(figure: Figure): string {
  const words = markup`<title>${figure.title}</title><desc>${figure.caption}</desc>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${drawing(figure, words)}\n`;
}

/** The same drawing for the page, where the caption stands below it. */
export const inlineFigure = (figure: Figure): Markup => drawing(figure, markup``);

function drawing({ width, height, alt, body }: Figure, words: Markup): Markup {
  return markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${alt}" font-family="${figureFont}" font-size="11" fill="${ink}">${words}<rect width="${width}" height="${height}" fill="#ffffff"/>${body}</svg>`;
}

export interface TextOptions {
  readonly size?: number;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly fill?: string;
  readonly weight?: number;
  /** Degrees, clockwise, around the text's own anchor. */
  readonly rotate?: number;
  readonly name?: string;
}

/** Text whose vertical middle is at y. */
export function label(x: number, y: number, text: string, options: TextOptions = {}): Markup {
  const { size = 11, anchor = 'start', fill = ink, weight = 400, rotate, name } = options;
  const place = rotate === undefined ? markup`` : markup` rotate(${rotate})`;
  const marked = name ? markup` class="${name}"` : markup``;
  return markup`<text${marked} transform="translate(${x} ${y})${place}" dy="0.35em" font-size="${size}" text-anchor="${anchor}" fill="${fill}" font-weight="${weight}">${text}</text>`;
}
