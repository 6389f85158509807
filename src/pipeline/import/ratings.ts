import { formatRatings, type Ratings, readRatings, type Scale, scalesSidecar } from '../../stimuli/index.js';
import { formatJson } from '../../study/artifacts.js';
import { applyImport, type Imported, readForeignTable, setEntry, studyStimuli } from './imported.js';

export interface RatingsImport {
  readonly name: string;
  readonly kind?: Scale['kind'];
  readonly min?: number;
  readonly max?: number;
  readonly idColumn?: string;
  readonly missing?: 'error' | 'allow';
}

/** Copies a table of ratings to ratings/<name>.tsv, with a description of its scales beside it. */
export function importRatings(folder: string, file: string, options: RatingsImport): Promise<Imported> {
  return applyImport(folder, async (study) => {
    const stimuli = await studyStimuli(study);
    const ratings = readRatings(await readForeignTable(file), { ...options, stimulusIds: stimuli.ids });
    const missing = options.missing === 'allow' ? { missing: 'allow' } : {};
    return {
      files: ratingFiles(ratings, stimuli.ids),
      facts: [`${ratings.scales.length} scales for ${stimuli.ids.length} stimuli`],
      edit: (document) =>
        setEntry(document, 'ratings', options.name, { ...ratingsEntry(ratings), ...missing }),
    };
  });
}

/** The table and the description of its scales, by path. */
export function ratingFiles(ratings: Ratings, ids: readonly string[]): Record<string, string> {
  return {
    [`ratings/${ratings.name}.tsv`]: formatRatings(ratings, ids),
    [`ratings/${ratings.name}.json`]: formatJson(scalesSidecar(ratings)),
  };
}

/** The entry in study.yaml. */
export function ratingsEntry({ name, scales }: Ratings): Record<string, unknown> {
  const [{ kind, min, max }] = scales;
  return { table: `ratings/${name}.tsv`, kind, min, max };
}
