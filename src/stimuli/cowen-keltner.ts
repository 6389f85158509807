import { cellPlace, type Table } from '../formats/delimited.js';
import { inputError } from '../numerics/errors.js';
import { idFromPath } from './match-ids.js';
import { readRatingColumns } from './rating-table.js';
import type { Ratings, Scale } from './ratings.js';
import type { StimulusSet } from './set.js';
import { readStimuli } from './stimulus-table.js';
import { subsetOf, takeStimuli } from './subset.js';

/** The 34 emotion categories in the order of the published columns. */
export const cowenKeltnerCategories: readonly string[] =
  'Admiration, Adoration, Aesthetic Appreciation, Amusement, Anger, Anxiety, Awe, Awkwardness, Boredom, Calmness, Confusion, Contempt, Craving, Disappointment, Disgust, Empathic Pain, Entrancement, Envy, Excitement, Fear, Guilt, Horror, Interest, Joy, Nostalgia, Pride, Relief, Romance, Sadness, Satisfaction, Sexual Desire, Surprise, Sympathy, Triumph'.split(
    ', ',
  );

/** The 14 affective dimensions, in the columns after the categories. */
export const cowenKeltnerDimensions: readonly string[] =
  'approach, arousal, attention, certainty, commitment, control, dominance, effort, fairness, identity, obstruction, safety, upswing, valence'.split(
    ', ',
  );

/** A video that shows again what another shows. */
export interface RepeatedVideo {
  readonly id: string;
  readonly repeatOf: string;
  /** `listed`: among the repeats that Horikawa et al. (2020) leave out in their analysis code; `guessed`: see `repeatedVideos`. */
  readonly source: 'listed' | 'guessed';
}

/**
 * The five videos that bring the published 2,185 down to the 2,180 of the emotion-geometry paper. Four are repeats that the analysis code of
 * Horikawa et al. (2020, doi:10.1016/j.isci.2020.101060) leaves out. The paper drops one more without naming it; 1363, whose captions are
 * nearest to those of 1349, is our guess. With it, as with other candidates, 27 top categories of 10 or more videos hold 2,166
 * videos, the numbers of the paper.
 */
export const repeatedVideos: readonly RepeatedVideo[] = [
  { id: '0859', repeatOf: '0472', source: 'listed' },
  { id: '0866', repeatOf: '0259', source: 'listed' },
  { id: '1673', repeatOf: '0846', source: 'listed' },
  { id: '2157', repeatOf: '2184', source: 'listed' },
  { id: '1363', repeatOf: '1349', source: 'guessed' },
];

export const paperExclusions: readonly string[] = repeatedVideos.map(({ id }) => id);

export interface CowenKeltnerStudy {
  /** Ids are the file names without ending (`0001`), media the file names. */
  readonly stimuli: StimulusSet;
  /** 34 categories, 0..1: the share of raters who chose each. */
  readonly categories: Ratings;
  /** 14 affective dimensions, 1..9. */
  readonly dimensions: Ratings;
  /** The free-response terms, 0..1. Some are named like a dimension. */
  readonly terms: Ratings;
}

/**
 * Reads the table of Cowen & Keltner (2017, doi:10.1073/pnas.1702247114) as published: `Filename`, 34 categories, 14 dimensions, then
 * free-response terms. Columns are taken by position because names repeat between dimensions and terms.
 *
 * @param options.exclude ids to leave out; without it `paperExclusions`
 * @throws AffectomeError `input` when the columns are others, and as `readRatings`
 */
export function importCowenKeltner(
  table: Table,
  options: { readonly exclude?: readonly string[] } = {},
): CowenKeltnerStudy {
  checkColumns(table);
  const all = readVideos(table);
  const nCategories = cowenKeltnerCategories.length;
  const nRated = nCategories + cowenKeltnerDimensions.length;
  const kept = withoutIds(all, options.exclude ?? paperExclusions);
  const read = (
    name: string,
    kind: Scale['kind'],
    [start, end]: [number, number],
    [min, max]: [number, number],
  ) => {
    const columns = table.header.map((_, column) => column).slice(1 + start, 1 + end);
    const scales = columns.map((column) => ({ name: table.header[column], kind, min, max }));
    const ratings = readRatingColumns(table, { stimulusIds: all.ids, idColumn: 0, columns, scales });
    return takeStimuli({ ...ratings, name }, kept.indices);
  };
  return {
    stimuli: kept.stimuli,
    categories: read('categories', 'category', [0, nCategories], [0, 1]),
    dimensions: read('dimensions', 'dimension', [nCategories, nRated], [1, 9]),
    terms: read('terms', 'category', [nRated, table.header.length - 1], [0, 1]),
  };
}

function checkColumns(table: Table): void {
  const expected = ['Filename', ...cowenKeltnerCategories, ...cowenKeltnerDimensions];
  const wrong = expected.findIndex(
    (name, column) => table.header[column]?.toLowerCase() !== name.toLowerCase(),
  );
  if (wrong === -1) return;
  const found = table.header[wrong];
  throw inputError({
    problem: `expected the column "${expected[wrong]}" here, found ${found === undefined ? 'no column' : `"${found}"`}.`,
    where: { file: table.file, line: 1, column: wrong + 1 },
    remedy: 'Use CowenKeltnerEmotionalVideos.csv as published; import other tables of ratings as ratings.',
  });
}

function readVideos(table: Table): StimulusSet {
  const { header, rows } = table;
  const files = readStimuli({
    ...table,
    header: header.slice(0, 1),
    rows: rows.map((row) => row.slice(0, 1)),
  }).ids;
  const ids = files.map(idFromPath);
  const repeated = ids.findIndex((id, index) => ids.indexOf(id) !== index);
  if (repeated !== -1) {
    throw inputError({
      problem: `a second file is called "${ids[repeated]}".`,
      where: cellPlace(table, repeated, 0),
      remedy: 'Give each video one row.',
    });
  }
  return { ids, names: ids, media: files, extra: {} };
}

function withoutIds(all: StimulusSet, exclude: readonly string[]) {
  if (exclude.length === 0) return subsetOf(all, all.ids);
  const excluded = new Set(subsetOf(all, exclude, 'the ids to exclude').stimuli.ids);
  return subsetOf(
    all,
    all.ids.filter((id) => !excluded.has(id)),
  );
}
