import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import sharp from 'sharp';
import type { StimulusSet } from '../stimuli/set.js';

const pictureKinds = new Set(['.svg', '.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff']);

export interface ThumbnailOptions {
  /** Longer side in px. */
  readonly size?: number;
  /** Ids whose picture must not be read or shown. */
  readonly hidden?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * A small copy of every stimulus's picture as a data URI; null for clips, sounds, hidden ids, and files that are missing or
 * cannot be decoded: the report draws a tile with the name instead.
 */
export async function readThumbnails(
  studyFolder: string,
  { ids, media }: StimulusSet,
  { size = 64, hidden = [], signal }: ThumbnailOptions = {},
): Promise<(string | null)[]> {
  const kept = new Set(hidden);
  const thumbnails: (string | null)[] = [];
  for (const [index, path] of media.entries()) {
    signal?.throwIfAborted();
    const drawable = path !== null && !kept.has(ids[index]) && pictureKinds.has(extname(path).toLowerCase());
    thumbnails.push(drawable ? await thumbnail(join(studyFolder, path), size) : null);
  }
  return thumbnails;
}

/** PNG where a picture is see-through, else JPEG: drawing programs read both inside an SVG, but not WebP. */
async function thumbnail(file: string, size: number): Promise<string | null> {
  try {
    const picture = sharp(await readFile(file), { density: 144 });
    const { hasAlpha } = await picture.metadata();
    const small = picture.resize(size, size, { fit: 'inside' });
    const bytes = await (hasAlpha
      ? small.png({ palette: true, quality: 90 })
      : small.jpeg({ quality: 85 })
    ).toBuffer();
    return `data:image/${hasAlpha ? 'png' : 'jpeg'};base64,${bytes.toString('base64')}`;
  } catch {
    return null;
  }
}
