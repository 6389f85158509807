import { encodeBase64 } from '../../formats/base64.js';
import { pngOf } from './png.js';
import type { LinesMark, Mark, Scene, TextMark } from './scene.js';

const fonts = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

/** A file that stands alone: rasters inside it, outlines and text as vectors. */
export function sceneSvg(scene: Scene): string {
  const { width, height, alt, marks } = scene;
  return `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(alt)}" font-family="${fonts}"><rect width="${width}" height="${height}" fill="#ffffff"/>${marks.map(markSvg).join('')}</svg>
`;
}

function markSvg(mark: Mark): string {
  switch (mark.kind) {
    case 'raster': {
      const box = `x="${short(mark.x)}" y="${short(mark.y)}" width="${short(mark.width)}" height="${short(mark.height)}"`;
      return `<image ${box} preserveAspectRatio="none" href="data:image/png;base64,${encodeBase64(pngOf(mark.pixels))}"/>`;
    }
    case 'lines':
      return linesSvg(mark);
    case 'text':
      return textSvg(mark);
    case 'box':
      return `<rect x="${short(mark.x)}" y="${short(mark.y)}" width="${short(mark.width)}" height="${short(mark.height)}" fill="${mark.colour}"/>`;
  }
}

function linesSvg({ paths, thickness, colour }: LinesMark): string {
  const data = paths.map((path) => {
    let text = `M${short(path[0])} ${short(path[1])}L`;
    for (let i = 2; i < path.length; i += 2)
      text += `${i > 2 ? ' ' : ''}${short(path[i])} ${short(path[i + 1])}`;
    return text;
  });
  return `<path class="outline" d="${data.join('')}" fill="none" stroke="${colour}" stroke-width="${short(thickness)}" stroke-linejoin="round" stroke-linecap="round"/>`;
}

function textSvg({ x, y, text, size, anchor, colour, halo, isCaption }: TextMark): string {
  const role = isCaption ? ' class="caption"' : '';
  const seam = halo ? ` stroke="#ffffff" stroke-width="${short(size / 4)}" paint-order="stroke"` : '';
  return `<text${role} x="${short(x)}" y="${short(y)}" dy="0.35em" font-size="${short(size)}" text-anchor="${anchor}" fill="${colour}"${seam}>${escaped(text)}</text>`;
}

const short = (value: number): string => String(Math.round(value * 100) / 100);

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Also replaces what XML 1.0 forbids. */
function escaped(text: string): string {
  const allowed = text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
  return allowed.replace(/[&<>"']/g, (character) => entities[character]);
}
