import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { inputError, type Where } from '../../numerics/errors.js';
import { type Made, sha256Of } from './cache.node.js';
import type { MediaPart } from './media-part.js';

/** What every model server takes; other pictures are sent as PNG. */
const asTheyAre: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
};

export interface PictureFacts {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** More than one page: an animation, treated as a clip. */
  readonly isAnimated: boolean;
}

/** @throws AffectomeError `input` when the bytes are not a picture. */
export async function probePicture(bytes: Uint8Array, where: Where): Promise<PictureFacts> {
  try {
    const { format, width, height, pages } = await sharp(bytes).metadata();
    return { format, width, height, isAnimated: (pages ?? 1) > 1 };
  } catch (cause) {
    const reason = bytes.length === 0 ? 'the file is empty' : (cause as Error).message;
    throw inputError({
      problem: `the picture cannot be read (${reason}).`,
      where,
      remedy: 'Use SVG, PNG, JPEG, WebP or GIF.',
      cause,
    });
  }
}

/** A picture that is sent byte for byte; undefined for one that must become PNG first. */
export function pictureAsItIs(path: string, bytes: Uint8Array, facts: PictureFacts): MediaPart | undefined {
  const mimeType = asTheyAre[facts.format];
  if (mimeType === undefined) return undefined;
  const sha256 = sha256Of(bytes);
  const { width, height } = facts;
  const files = [{ path, sha256, bytes: bytes.length }];
  return { kind: 'image', sha256, mimeType, files, width, height, nFrames: 1, fps: null };
}

/** Draws a picture as PNG: SVG whole on white within width x height pixels, anything else at its own size. */
export async function drawPng(
  bytes: Uint8Array,
  folder: string,
  { facts, width, height }: { facts: PictureFacts; width: number; height: number },
): Promise<Made> {
  const isVector = facts.format === 'svg';
  const density = isVector ? vectorDensity(facts, Math.max(width, height)) : 72;
  const drawn = isVector
    ? sharp(bytes, { density })
        .resize(width, height, { fit: 'contain', background: 'white' })
        .flatten({ background: 'white' })
    : sharp(bytes).rotate();
  const { data, info } = await drawn.toColourspace('srgb').png().toBuffer({ resolveWithObject: true });
  await writeFile(join(folder, 'picture.png'), data);
  const size = { width: info.width, height: info.height };
  return {
    duration: null,
    names: ['picture.png'],
    part: { kind: 'image', mimeType: 'image/png', ...size, nFrames: 1, fps: null },
  };
}

function vectorDensity({ width, height }: PictureFacts, size: number): number {
  return Math.min(2400, Math.max(1, (72 * size) / Math.max(width, height)));
}
