import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ClipLibrary } from '#dist/stimuli/clips/library.node.js';
import { clipRecipe } from '#dist/stimuli/clips/recipe.js';
import { testFolder } from './ffmpeg.js';

describe('pictures', () => {
  const folder = testFolder();
  const open = (media: string) =>
    new ClipLibrary({
      ...{ stimuli: { ids: ['a'], media: [media] }, folder, cacheFolder: join(folder, 'cache') },
      recipe: clipRecipe.parse({ width: 128, height: 64 }),
    });
  const red = { create: { width: 30, height: 20, channels: 3 as const, background: 'red' } };

  it.each([
    ['png', 'image/png'],
    ['jpeg', 'image/jpeg'],
    ['webp', 'image/webp'],
  ] as const)('%s is sent byte for byte', async (format, mimeType) => {
    const bytes = await sharp(red).toFormat(format).toBuffer();
    const path = join(folder, `picture.${format}`);
    writeFileSync(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(await open(`picture.${format}`).mediaFor(0)).toEqual({
      ...{ kind: 'image', sha256, mimeType, width: 30, height: 20, nFrames: 1, fps: null },
      files: [{ path, sha256, bytes: bytes.length }],
    });
  });

  it('SVG is drawn as PNG, whole, on white, at the size of the recipe', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="10" height="10" fill="#00f"/></svg>';
    writeFileSync(join(folder, 'square.svg'), svg);
    const part = await open('square.svg').mediaFor(0);
    expect(part).toMatchObject({ kind: 'image', mimeType: 'image/png', width: 128, height: 64 });
    const { data, info } = await sharp(readFileSync(part.files[0].path))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const at = (x: number, y: number) => [...data.subarray((y * 128 + x) * info.channels).subarray(0, 3)];
    expect([at(64, 32), at(2, 32), at(125, 60)]).toEqual([
      [0, 0, 255],
      [255, 255, 255],
      [255, 255, 255],
    ]);
  });

  it('TIFF becomes PNG with the same pixels', async () => {
    writeFileSync(join(folder, 'a.tiff'), await sharp(red).tiff({ compression: 'lzw' }).toBuffer());
    const part = await open('a.tiff').mediaFor(0);
    expect(part).toMatchObject({ mimeType: 'image/png', width: 30, height: 20 });
    const { data } = await sharp(readFileSync(part.files[0].path))
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).toEqual([255, 0, 0]);
  });

  it('what is no picture is refused with its stimulus', async () => {
    writeFileSync(join(folder, 'bad.png'), 'no picture');
    await expect(open('bad.png').mediaFor(0)).rejects.toThrow(/bad\.png "a": the picture cannot be read/);
  });
});
