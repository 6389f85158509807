import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { AffectomeError } from '#dist/numerics/errors.js';
import { ClipLibrary, deriveClips } from '#dist/stimuli/clips/library.node.js';
import { clipRecipe } from '#dist/stimuli/clips/recipe.js';
import { hasFfmpeg, make, makeClip, testFolder, whySkipped } from './ffmpeg.js';

const recipe = clipRecipe.parse({});
const folder = testFolder();
const open = (media: readonly (string | null)[], signal?: AbortSignal) =>
  new ClipLibrary({
    ...{ stimuli: { ids: media.map((_, i) => `stimulus-${i}`), media }, folder, recipe, signal },
    cacheFolder: join(folder, 'cache'),
  });

async function failure(promise: Promise<unknown>): Promise<AffectomeError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AffectomeError);
  return error as AffectomeError;
}

/** Command lines of running programs that name `path` (Linux; elsewhere read from ps). */
function runningOn(path: string): string[] {
  const lines = existsSync('/proc/self/cmdline')
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map(commandLine)
    : execFileSync('ps', ['-axo', 'args'], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(path));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

describe.skipIf(!hasFfmpeg)(`clips that cannot be used${whySkipped}`, () => {
  if (hasFfmpeg) {
    const whole = readFileSync(makeClip(folder, 'whole.mp4', 6));
    writeFileSync(join(folder, 'empty.mp4'), '');
    writeFileSync(join(folder, 'text.mp4'), 'this is no video');
    writeFileSync(join(folder, 'cut.mp4'), whole.subarray(0, whole.length / 3));
    make(folder, 'sound.mp4', ['-f', 'lavfi', '-i', 'sine=duration=1']);
    make(folder, 'sound.wav', ['-f', 'lavfi', '-i', 'sine=duration=1']);
    const fast = ['-i', join(folder, 'whole.mp4'), '-c', 'copy', '-movflags', '+faststart'];
    const early = readFileSync(make(folder, 'early.mp4', fast));
    writeFileSync(join(folder, 'half.mp4'), early.subarray(0, early.length / 2));
    mkdirSync(join(folder, 'folder.mp4'));
  }

  it.each([
    [null, /has no picture or clip/],
    ['gone.mp4', /does not exist/],
    ['empty.mp4', /is an empty file/],
    ['text.mp4', /damaged or no video/],
    ['cut.mp4', /damaged or no video \(moov atom not found\)/],
    ['half.mp4', /damaged or no video \(\d of 6 frames could be decoded/],
    ['sound.mp4', /no video stream; found audio/],
    ['sound.wav', /no video stream; found audio/],
    ['folder.mp4', /cannot be read/],
  ])('%s', async (media, message) => {
    const error = await failure(open([media]).mediaFor(0));
    expect(error.code).toBe('input');
    expect(error.message).toMatch(message);
    expect(error.where).toEqual({ ...(media !== null && { file: media }), field: 'stimulus-0' });
    expect(error.problem).not.toContain(folder);
  });

  it('are all listed in one error, after the good ones are done', async () => {
    const media = ['gone.mp4', 'whole.mp4', 'text.mp4', null];
    const ids = media.map((_, i) => `stimulus-${i}`);
    const error = await failure(deriveClips(open(media), { ids, wanted: [0, 1, 2, 3] }));
    expect(error.code).toBe('input');
    for (const id of ['stimulus-0', 'stimulus-2', 'stimulus-3']) expect(error.message).toContain(id);
    expect(error.message).toContain('3 problems');
    expect(error.message).not.toContain('stimulus-1');
  });

  it('leave nothing half-made, and can be tried again', async () => {
    const library = open(['later.mp4']);
    await failure(library.mediaFor(0));
    writeFileSync(join(folder, 'later.mp4'), readFileSync(join(folder, 'whole.mp4')));
    expect(await library.mediaFor(0)).toMatchObject({ nFrames: 6 });
    expect(readdirSync(join(folder, 'cache')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('a stopped run kills ffmpeg and leaves nothing', async () => {
    const source = make(folder, 'long.mp4', [
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=320x240:rate=30:duration=20',
    ]);
    const cache = join(folder, 'cache-stopped');
    const stop = new AbortController();
    const stimuli = { ids: ['a'], media: ['long.mp4'] };
    const slow = clipRecipe.parse({ width: 2048, height: 2048, frameRule: [{ upTo: null, fps: 30 }] });
    const options = { stimuli, folder, recipe: slow, cacheFolder: cache };
    const running = failure(new ClipLibrary({ ...options, signal: stop.signal }).mediaFor(0));
    while (!runningOn(source).some((line) => line.startsWith('ffmpeg'))) await setTimeout(2);
    stop.abort();
    expect((await running).code).toBe('cancelled');
    expect(readdirSync(cache)).toEqual([]);
    expect(runningOn(source)).toEqual([]);
  });

  it('what a killed process left is removed after an hour', async () => {
    const cache = join(folder, 'cache-swept');
    for (const name of ['.1-1.tmp', '.1-2.tmp']) mkdirSync(join(cache, name), { recursive: true });
    utimesSync(join(cache, '.1-1.tmp'), new Date(0), new Date(0));
    const stimuli = { ids: ['a'], media: ['whole.mp4'] };
    await new ClipLibrary({ stimuli, folder, recipe, cacheFolder: cache }).mediaFor(0);
    expect(readdirSync(cache).filter((name) => name.endsWith('.tmp'))).toEqual(['.1-2.tmp']);
  });

  it('a cache folder that cannot be written says so', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const library = new ClipLibrary({
      ...{ stimuli: { ids: ['a'], media: ['whole.mp4'] }, folder, recipe },
      cacheFolder: join(folder, 'a-file', 'cache'),
    });
    const error = await failure(library.mediaFor(0));
    expect(error.code).toBe('environment');
    expect(error.remedy).toMatch(/run the same command again/);
  });
});

describe('without ffmpeg', () => {
  const { PATH } = process.env;
  afterEach(() => {
    process.env.PATH = PATH;
  });

  it('a clip asks for it, with the command that installs it', async () => {
    writeFileSync(join(folder, 'any.mp4'), 'anything');
    process.env.PATH = join(folder, 'no-programs');
    const ids = ['stimulus-0'];
    const error = await failure(deriveClips(open(['any.mp4']), { ids, wanted: [0] }));
    expect(error.code).toBe('environment');
    expect(error.message).toMatch(/ffmpeg was not found.*apt-get install ffmpeg.*brew install ffmpeg/);
  });
});
