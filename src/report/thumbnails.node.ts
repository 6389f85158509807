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
 * A small WebP of every stimulus's picture as a data URI; null for clips, sounds, hidden ids, and files that are missing or
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

async function thumbnail(file: string, size: number): Promise<string | null> {
  try {
    const bytes = await sharp(await readFile(file), { density: 144 })
      .resize(size, size, { fit: 'contain', background: { r: 255, g: 255, b: 255, alpha: 0 } })
      .webp({ quality: 82, alphaQuality: 90 })
      .toBuffer();
    return `data:image/webp;base64,${bytes.toString('base64')}`;
  } catch {
    return null;
  }
}
