import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { AffectomeError, inputError, throwIfCancelled, type Where } from '../../numerics/errors.js';
import type { Watch } from '../../numerics/progress.js';
import { Problems } from '../problems.js';
import type { StimulusSet } from '../set.js';
import { atMost, type InTurn } from './at-most.js';
import { ClipCache, sha256Of } from './cache.node.js';
import { ffmpegVersion } from './ffmpeg.node.js';
import type { DerivedMedia } from './manifest.js';
import type { MediaPart } from './media-part.js';
import { drawPng, pictureAsItIs, probePicture } from './picture.node.js';
import { missingFile } from './probe.node.js';
import { type ClipRecipe, recipeText } from './recipe.js';
import { transcode } from './transcode.node.js';

export interface ClipLibraryOptions {
  readonly stimuli: Pick<StimulusSet, 'ids' | 'media'>;
  /** The paths of media are relative to it: the study folder. */
  readonly folder: string;
  /** Where derived media are kept. */
  readonly cacheFolder: string;
  readonly recipe: ClipRecipe;
  readonly signal?: AbortSignal;
}

const pictureEnding = /\.(png|jpe?g|webp|svg|bmp|tiff?|avif|gif)$/i;
const nTranscodes = 2;

/** What is shown for each stimulus: made once, whatever the number of trials, and kept between runs. */
export class ClipLibrary {
  private readonly cache: ClipCache;
  private readonly known = new Map<number, Promise<DerivedMedia>>();
  private readonly inTurn: InTurn = atMost(nTranscodes);
  private version: Promise<string> | undefined;

  constructor(private readonly options: ClipLibraryOptions) {
    this.cache = new ClipCache(options.cacheFolder);
  }

  /** The clip, frames or image of one stimulus. @throws AffectomeError naming the stimulus and its file */
  async mediaFor(stimulus: number): Promise<MediaPart> {
    return (await this.derive(stimulus)).part;
  }

  /** As `mediaFor`, with the duration of the source. */
  derive(stimulus: number): Promise<DerivedMedia> {
    const known = this.known.get(stimulus);
    if (known) return known;
    const promise = this.inTurn(() => this.make(stimulus));
    this.known.set(stimulus, promise);
    promise.catch(() => this.known.delete(stimulus));
    return promise;
  }

  private async make(stimulus: number): Promise<DerivedMedia> {
    const { stimuli, folder, signal } = this.options;
    throwIfCancelled(signal);
    const media = stimuli.media[stimulus];
    if (media === null) throw withoutFile(stimuli.ids[stimulus]);
    const where = { file: media, field: stimuli.ids[stimulus] };
    const path = isAbsolute(media) ? media : resolve(folder, media);
    const bytes = await readSource(path, where);
    return pictureEnding.test(path) ? this.picture(path, bytes, where) : this.clip(path, bytes, where);
  }

  private async picture(path: string, bytes: Uint8Array, where: Where): Promise<DerivedMedia> {
    const facts = await probePicture(bytes, where);
    if (facts.isAnimated) return this.clip(path, bytes, where);
    const asItIs = pictureAsItIs(path, bytes, facts);
    if (asItIs) return { part: asItIs, duration: null };
    const { width, height } = this.options.recipe;
    const key = sha256Of(JSON.stringify(['png', 1, sha256Of(bytes), width, height]));
    return this.cache.getOrMake(key, (folder) => drawPng(bytes, folder, { facts, width, height }));
  }

  private async clip(path: string, bytes: Uint8Array, where: Where): Promise<DerivedMedia> {
    const { recipe, signal } = this.options;
    this.version ??= ffmpegVersion(signal);
    const key = sha256Of(JSON.stringify([sha256Of(bytes), recipeText(recipe), await this.version]));
    return this.cache.getOrMake(key, (folder) => transcode(path, folder, { recipe, where, signal }));
  }
}

async function readSource(path: string, where: Where): Promise<Uint8Array> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw missingFile(where);
    throw inputError({
      problem: `the file of this stimulus cannot be read (${error.message}).`,
      where,
      cause: error,
    });
  });
}

const withoutFile = (id: string) =>
  inputError({
    problem: 'this stimulus has no picture or clip.',
    where: { field: id },
    remedy: 'Name its file in the media column of the stimuli, or ask a judge that reads captions.',
  });

/**
 * Derives the media of many stimuli, two at a time. Every stimulus is tried, so that one error lists all bad files.
 * @returns media by stimulus
 * @throws AffectomeError `input` (bad files), `environment` (ffmpeg missing, disk full: at once), `cancelled`
 */
export async function deriveClips(
  library: ClipLibrary,
  { ids, wanted }: { ids: readonly string[]; wanted: readonly number[] },
  { signal, onProgress }: Watch = {},
): Promise<Map<number, DerivedMedia>> {
  const result = new Map<number, DerivedMedia>();
  const problems = new Problems();
  let [next, done, isOver] = [0, 0, false];
  const work = async () => {
    while (next < wanted.length && !isOver) {
      throwIfCancelled(signal);
      const stimulus = wanted[next++];
      await library.derive(stimulus).then(
        (media) => result.set(stimulus, media),
        (error: unknown) => {
          if (!(error instanceof AffectomeError) || error.code !== 'input') throw error;
          problems.add(error.problem, { field: ids[stimulus], ...error.where });
        },
      );
      onProgress?.({ task: 'Clips', done: ++done, total: wanted.length, unit: 'clips' });
    }
  };
  const workers = Array.from({ length: nTranscodes }, () =>
    work().catch((error: unknown) => {
      isOver = true;
      throw error;
    }),
  );
  const ends = await Promise.allSettled(workers);
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  problems.throwIfAny('Replace these files, or take the stimuli out of the study (stimuli.subset).');
  return result;
}

/** SHA-256 over the derived media of all stimuli, in order: what a run's answers belong to. */
export function mediaSha256(parts: Iterable<MediaPart>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.kind} ${part.sha256}\n`);
  return hash.digest('hex');
}
