import { faint, quiet } from './colour.js';
import type { ReportData } from './data.js';
import { label } from './figure.js';
import { type Markup, markup } from './markup.js';
import { clipText } from './text-width.js';

/** What may be shown of a stimulus. */
export interface Picture {
  readonly name: string;
  readonly uri: string | null;
}

/** The picture and name of a stimulus; a hidden one has neither. Only data URIs are let in, so that nothing is fetched. */
export function pictureOf(data: ReportData, stimulus: number): Picture {
  if (data.hidden?.includes(data.stimuli.ids[stimulus])) return { name: 'hidden', uri: null };
  const uri = data.thumbnails[stimulus] ?? null;
  return { name: data.stimuli.names[stimulus], uri: uri?.startsWith('data:image/') ? uri : null };
}

/** A picture inside a figure, or a neutral tile with the name. */
export function pictureTile(picture: Picture, x: number, y: number, size: number): Markup {
  if (picture.uri !== null) {
    return markup`<image x="${x}" y="${y}" width="${size}" height="${size}" href="${picture.uri}"><title>${picture.name}</title></image>`;
  }
  const fontSize = Math.max(6.5, Math.min(9, size / 5));
  const name = clipText(picture.name, size - 4, fontSize);
  return markup`<g><title>${picture.name}</title><rect x="${x + 0.5}" y="${y + 0.5}" width="${size - 1}" height="${size - 1}" rx="3" fill="#f3f2ef" stroke="${faint}"/>${label(x + size / 2, y + size / 2, name, { size: fontSize, anchor: 'middle', fill: quiet })}</g>`;
}
