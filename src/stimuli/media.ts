import { idFromPath, matchIds } from './match-ids.js';
import { Problems } from './problems.js';
import type { StimulusSet } from './set.js';

const mediaEndings =
  /\.(mp4|m4v|mov|webm|mkv|avi|gif|png|jpe?g|webp|svg|bmp|tiff?|avif|wav|mp3|ogg|flac|m4a)$/i;

export interface ResolvedMedia {
  /** The set with `media` filled in. */
  readonly stimuli: StimulusSet;
  /** Ids of stimuli that have no file. */
  readonly without: readonly string[];
  /** Files that belong to no stimulus. */
  readonly unused: readonly string[];
}

/**
 * Finds the file of each stimulus: the one its table names, else the one whose name without folder and ending means its id.
 *
 * @param fileNames paths relative to `folder`; files that are no picture, video or sound are passed over
 * @param folder put before each path in the result, e.g. `media/`; paths in the table may have it or not
 * @throws AffectomeError `input` for a named file that is not there and for two files that fit one stimulus
 */
export function resolveMedia(stimuli: StimulusSet, fileNames: readonly string[], folder = ''): ResolvedMedia {
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
  const problems = new Problems();
  const files = new Set(fileNames);
  const byId = filesById(
    stimuli,
    fileNames.filter((name) => mediaEndings.test(name)),
  );
  const used = new Set<string>();
  const media = stimuli.media.map((named, index) => {
    const field = stimuli.ids[index];
    const file = named === null ? onlyFile(byId[index], field, problems) : relative(named, prefix);
    if (file === null) return null;
    if (!files.has(file))
      problems.add(`there is no file "${named}" in ${prefix || 'the media folder'}.`, { field });
    used.add(file);
    return prefix + file;
  });
  problems.throwIfAny('Correct the media column of the stimuli, or the files in the folder.');
  return {
    stimuli: { ...stimuli, media },
    without: stimuli.ids.filter((_, index) => media[index] === null),
    unused: fileNames.filter((name) => mediaEndings.test(name) && !used.has(name)),
  };
}

const relative = (path: string, prefix: string): string =>
  prefix !== '' && path.startsWith(prefix) ? path.slice(prefix.length) : path;

function filesById(stimuli: StimulusSet, fileNames: readonly string[]): string[][] {
  const matcher = matchIds(stimuli.ids);
  const result: string[][] = stimuli.ids.map(() => []);
  for (const name of fileNames) {
    const index = matcher.find(idFromPath(name));
    if (typeof index === 'number') result[index].push(name);
  }
  return result;
}

function onlyFile(files: readonly string[], id: string, problems: Problems): string | null {
  if (files.length > 1)
    problems.add(`both "${files[0]}" and "${files[1]}" fit this stimulus.`, { field: id });
  return files[0] ?? null;
}
