import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Progress } from '#dist/numerics/progress.js';
import { ClipLibrary, deriveClips, mediaSha256 } from '#dist/stimuli/clips/library.node.js';
import { formatManifest } from '#dist/stimuli/clips/manifest.js';
import { clipRecipe } from '#dist/stimuli/clips/recipe.js';
import { decode, hasFfmpeg, make, makeClip, testFolder, whySkipped } from './ffmpeg.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.skipIf(!hasFfmpeg)(`derived clips${whySkipped}`, () => {
  const folder = testFolder();
  const durations = [4.9, 5, 5.1, 15, 15.1, 20, 20.1];
  /** By hand from Eq. 1: d x fps, to the nearest. */
  const expected = [
    { fps: 2, nFrames: 10 },
    { fps: 2, nFrames: 10 },
    { fps: 1, nFrames: 5 },
    { fps: 1, nFrames: 15 },
    { fps: 0.5, nFrames: 8 },
    { fps: 0.5, nFrames: 10 },
    { fps: 0.2, nFrames: 4 },
  ];
  const ids = durations.map((seconds) => `clip-${seconds}`);
  const media = ids.map((id) => `${id}.mp4`);
  if (hasFfmpeg) for (const [i, seconds] of durations.entries()) makeClip(folder, media[i], seconds);

  const cacheFolder = join(folder, 'cache');
  const library = (recipe: object = {}, cache = cacheFolder) =>
    new ClipLibrary({
      stimuli: { ids, media },
      folder,
      cacheFolder: cache,
      recipe: clipRecipe.parse(recipe),
    });
  const all = { ids, wanted: ids.map((_, i) => i) };

  it('have the frames, size and rate of Eq. 1 on both sides of every boundary', async () => {
    const states: Progress[] = [];
    const derived = await deriveClips(library(), all, { onProgress: (state) => states.push(state) });
    for (const [i, { fps, nFrames }] of expected.entries()) {
      const { part, duration } = derived.get(i)!;
      expect(duration).toBeCloseTo(durations[i], 6);
      expect(part).toMatchObject({
        kind: 'video',
        mimeType: 'video/mp4',
        fps,
        nFrames,
        width: 256,
        height: 256,
      });
      const [numerator, denominator] = fps < 1 ? [1, 1 / fps] : [fps, 1];
      expect(decode(part.files[0].path)).toEqual({
        ...{ nFrames, width: 256, height: 256, nKeyFrames: nFrames, kinds: ['video'] },
        frameRate: `${numerator}/${denominator}`,
      });
      const bytes = readFileSync(part.files[0].path);
      expect(part.sha256).toBe(sha256(bytes));
      expect(part.files).toEqual([{ path: part.files[0].path, sha256: sha256(bytes), bytes: bytes.length }]);
    }
    expect(states.map(({ done }) => done)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(states.at(-1)).toMatchObject({ total: 7, unit: 'clips' });
    const lines = formatManifest(ids, derived)
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(lines[0]).toEqual([
      'stimulus_id',
      'kind',
      'duration',
      'fps',
      'n_frames',
      'width',
      'height',
      'bytes',
      'sha256',
    ]);
    expect(lines[5]).toEqual([
      ...['clip-15.1', 'video', '15.1', '0.5', '8', '256', '256'],
      ...[String(derived.get(4)!.part.files[0].bytes), derived.get(4)!.part.sha256],
    ]);
  });

  it('are made once: a second start finds the same files untouched', async () => {
    const first = await deriveClips(library(), all);
    const facts = (i: number) => {
      const { ino, mtimeMs } = statSync(first.get(i)!.part.files[0].path);
      return { ino, mtimeMs };
    };
    const before = ids.map((_, i) => facts(i));
    const again = await deriveClips(library(), all);
    expect(again).toEqual(first);
    expect(ids.map((_, i) => facts(i))).toEqual(before);
    expect(readdirSync(cacheFolder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('are made once for many askers at a time', async () => {
    const cache = join(folder, 'cache-askers');
    const shared = library({}, cache);
    const parts = await Promise.all(Array.from({ length: 50 }, () => shared.mediaFor(0)));
    expect(new Set(parts).size).toBe(1);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('are the same bytes in another cache, and the same entry under another name', async () => {
    const other = await library({}, join(folder, 'cache-other')).mediaFor(1);
    expect(other.sha256).toBe((await library().mediaFor(1)).sha256);
    const path = join(folder, 'copy.mp4');
    writeFileSync(path, readFileSync(join(folder, media[1])));
    const copied = new ClipLibrary({
      ...{ stimuli: { ids: ['x'], media: [path] }, folder: '/nowhere', cacheFolder },
      recipe: clipRecipe.parse({}),
    });
    expect(await copied.mediaFor(0)).toEqual(await library().mediaFor(1));
  });

  it('are made again when their bytes were damaged', async () => {
    const cache = join(folder, 'cache-damaged');
    const first = await library({}, cache).mediaFor(2);
    writeFileSync(first.files[0].path, 'damaged');
    const again = await library({}, cache).mediaFor(2);
    expect(again).toEqual(first);
    expect(sha256(readFileSync(again.files[0].path))).toBe(first.sha256);
  });

  it('follow another recipe', async () => {
    const recipe = { width: 64, height: 32, frameRule: [{ upTo: null, fps: 4 }] };
    const part = await library(recipe).mediaFor(0);
    expect(part).toMatchObject({ fps: 4, nFrames: 20, width: 64, height: 32 });
    expect(decode(part.files[0].path)).toMatchObject({ nFrames: 20, width: 64, height: 32 });
  });

  it('are JPEG frames for servers without video', async () => {
    const part = await library({ as: 'frames' }).mediaFor(4);
    expect(part).toMatchObject({ kind: 'frames', mimeType: 'image/jpeg', nFrames: 8, fps: 0.5, width: 256 });
    expect(part.files.map(({ path }) => basename(path))).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `frame-000${n}.jpg`),
    );
    for (const { path, bytes } of part.files) {
      expect(decode(path)).toMatchObject({ nFrames: 1, width: 256, height: 256 });
      expect(statSync(path).size).toBe(bytes);
    }
    expect(part.sha256).toBe(sha256(Buffer.concat(part.files.map(({ path }) => readFileSync(path)))));
  });

  it('have one frame however short the clip', async () => {
    makeClip(folder, 'short.mp4', 0.1);
    make(folder, 'moving.gif', ['-f', 'lavfi', '-i', 'testsrc=size=32x32:rate=5:duration=2']);
    make(folder, 'no-duration.webm', [
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=32x32:rate=5:duration=3',
      '-c:v',
      'libvpx',
      '-live',
      '1',
    ]);
    const stimuli = { ids: ['s', 'g', 'w'], media: ['short.mp4', 'moving.gif', 'no-duration.webm'] };
    const clips = new ClipLibrary({ stimuli, folder, cacheFolder, recipe: clipRecipe.parse({}) });
    expect(await clips.mediaFor(0)).toMatchObject({ kind: 'video', nFrames: 1, fps: 2 });
    expect(await clips.mediaFor(1)).toMatchObject({ kind: 'video', nFrames: 4, fps: 2 });
    expect(await clips.mediaFor(2)).toMatchObject({ kind: 'video', nFrames: 6, fps: 2 });
  });

  it('have one hash together, which follows their order', async () => {
    const [a, b] = await Promise.all([0, 2].map((i) => library().mediaFor(i)));
    expect(mediaSha256([a, b])).toBe(sha256(Buffer.from(`video ${a.sha256}\nvideo ${b.sha256}\n`)));
    expect(mediaSha256([b, a])).not.toBe(mediaSha256([a, b]));
  });
});
