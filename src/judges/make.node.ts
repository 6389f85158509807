import { parseNpy } from '../formats/npy.js';
import { configError } from '../numerics/errors.js';
import type { Captions } from '../stimuli/captions.js';
import type { Ratings } from '../stimuli/ratings.js';
import type { StimulusSet } from '../stimuli/set.js';
import { readTripletArray } from '../trials/triplet-array.js';
import { readTripletText } from '../trials/triplet-text.js';
import { captionsJudge } from './captions.js';
import { featuresJudge } from './features.js';
import type { OfflineJudge } from './judge.js';
import type { OfflineJudgeOptions, PicturesJudgeOptions } from './options.js';
import type { Pixels } from './picture-features.js';
import { picturesJudge } from './pictures.js';
import { drawPicture } from './pictures.node.js';
import { ratingsJudge } from './ratings.js';
import { type RecordedAnswers, replayJudge } from './replay.js';
import { simulatedJudge } from './simulated.js';
import { readVectors } from './vectors.js';

/** What a study has that a judge may need. Paths are relative to the study folder. */
export interface JudgeContext {
  readonly stimuli: StimulusSet;
  /** @throws AffectomeError `config` when the study has no such table. */
  ratings(name: string): Ratings;
  /** @throws AffectomeError `config` when the study has no captions. */
  captions(): Captions;
  readFile(path: string): Promise<Uint8Array>;
  /** How messages name a file of the study. */
  studyFile(path: string): string;
}

/** The judge that an entry of `judges:` describes. */
export async function makeJudge(
  name: string,
  options: OfflineJudgeOptions,
  context: JudgeContext,
): Promise<OfflineJudge> {
  switch (options.kind) {
    case 'ratings':
      return ratingsJudge(context.ratings(options.from), options);
    case 'features':
      return featuresJudge(await vectorsFrom(options.from, context), options);
    case 'captions':
      return captionsJudge(context.captions(), options);
    case 'pictures':
      return picturesJudge(await drawPictures(name, options, context), options);
    case 'replay':
      return replayJudge(await recordedAnswers(options.from, context), options);
    case 'simulated':
      return simulatedJudge(await vectorsFrom(options.from, context), options);
  }
}

async function vectorsFrom(path: string, context: JudgeContext) {
  return readVectors(await context.readFile(path), context.studyFile(path), context.stimuli.ids);
}

async function recordedAnswers(path: string, context: JudgeContext): Promise<RecordedAnswers> {
  const bytes = await context.readFile(path);
  const file = context.studyFile(path);
  const nStimuli = context.stimuli.ids.length;
  if (/\.npy$/i.test(path)) return readTripletArray(parseNpy(bytes, file), file, { nStimuli });
  return readTripletText(bytes, file, { nStimuli });
}

/** Eight pictures are drawn at a time, in stimulus order. */
async function drawPictures(name: string, { size }: PicturesJudgeOptions, context: JudgeContext) {
  const { media } = context.stimuli;
  if (media.every((path) => path === null)) {
    throw configError({
      problem: 'The stimuli have no pictures.',
      where: { field: `judges.${name}` },
      remedy: 'Fill the media column of the stimuli table, or use another judge.',
    });
  }
  const pictures: (Pixels | null)[] = [];
  for (let first = 0; first < media.length; first += 8) {
    const drawn = media
      .slice(first, first + 8)
      .map(async (path) => path && drawPicture(await context.readFile(path), context.studyFile(path), size));
    pictures.push(...(await Promise.all(drawn)).map((picture) => picture || null));
  }
  return pictures;
}
