import { parseDelimited } from '../formats/delimited.js';
import { inputError } from '../numerics/errors.js';
import type { Captions } from './captions.js';
import { findIdColumn } from './id-column.js';
import { type IdMatcher, matchIds } from './match-ids.js';
import { Problems } from './problems.js';
import type { Ratings } from './ratings.js';
import type { StimulusSet } from './set.js';

/** Some of the stimuli, and where they stand in the whole set: the `indices` for `takeStimuli`. */
export interface Subset {
  readonly stimuli: StimulusSet;
  readonly indices: Uint32Array;
}

/**
 * The stimuli that a list of ids names, in the order of the set.
 * @throws AffectomeError `input` listing ids that are unknown, ambiguous or given twice; `file` names the list in messages
 */
export function subsetOf(stimuli: StimulusSet, ids: readonly string[], file = 'the subset'): Subset {
  const matcher = matchIds(stimuli.ids);
  const problems = new Problems();
  const chosen = new Set<number>();
  for (const id of ids) {
    const index = matcher.find(id);
    if (index === 'unknown') problems.add(`there is no stimulus "${id}".`, { file });
    else if (index === 'ambiguous') problems.add(`"${id}" may mean more than one stimulus.`, { file });
    else if (chosen.has(index)) problems.add(`stimulus "${id}" is listed twice.`, { file });
    else chosen.add(index);
  }
  problems.throwIfAny('List each stimulus once, by its id.');
  if (chosen.size === 0) {
    throw inputError({ problem: 'lists no stimulus.', where: { file }, remedy: 'List at least three ids.' });
  }
  const indices = Uint32Array.from(chosen).sort();
  return { stimuli: takeFromSet(stimuli, indices), indices };
}

/** Ratings, captions or a set of the stimuli at `indices`, in that order. */
export function takeStimuli(from: Ratings, indices: ArrayLike<number>): Ratings;
export function takeStimuli(from: Captions, indices: ArrayLike<number>): Captions;
export function takeStimuli(from: StimulusSet, indices: ArrayLike<number>): StimulusSet;
export function takeStimuli(
  from: Ratings | Captions | StimulusSet,
  indices: ArrayLike<number>,
): Ratings | Captions | StimulusSet {
  if ('values' in from) return takeRatings(from, indices);
  if ('texts' in from) return { texts: take(from.texts, indices) };
  return takeFromSet(from, indices);
}

/** Which stimuli a list names, for pictures that are never shown. */
export interface StimulusMask {
  /** 1 for a stimulus on the list. */
  readonly mask: Uint8Array;
  /** Ids of the list that mean no stimulus of the set (a list made for a larger set has some). */
  readonly unknown: readonly string[];
}

/** Marks listed stimuli. An id that may mean several stimuli marks all of them: what should be hidden stays hidden. */
export function maskOf(stimuli: StimulusSet, ids: readonly string[]): StimulusMask {
  const mask = new Uint8Array(stimuli.ids.length);
  const matcher = matchIds(stimuli.ids);
  const unknown = ids.filter((id) => {
    const found = matcher.find(id);
    if (typeof found === 'number') mask[found] = 1;
    else if (found === 'ambiguous') markAll(mask, stimuli.ids, id);
    return found === 'unknown';
  });
  return { mask, unknown };
}

function markAll(mask: Uint8Array, stimulusIds: readonly string[], id: string): void {
  const matcher: IdMatcher = matchIds([id]);
  stimulusIds.forEach((stimulusId, index) => {
    if (matcher.find(stimulusId) === 0) mask[index] = 1;
  });
}

/**
 * Ids from a list file: the id column of a table; else all cells below the header of a table with several columns;
 * else every line of a plain list.
 */
export function readIdList(bytes: Uint8Array, file: string): string[] {
  const { header, rows } = parseDelimited(bytes, file);
  const idColumn = findIdColumn(header);
  if (idColumn !== -1) return filled(rows.map((row) => row[idColumn]));
  return filled(header.length > 1 ? rows.flat() : [header[0], ...rows.flat()]);
}

const filled = (cells: readonly string[]) => cells.map((cell) => cell.trim()).filter((cell) => cell !== '');

const take = <T>(items: readonly T[], indices: ArrayLike<number>): T[] =>
  Array.from(indices, (i) => items[i]);

function takeFromSet({ ids, names, media, extra }: StimulusSet, indices: ArrayLike<number>): StimulusSet {
  return {
    ids: take(ids, indices),
    names: take(names, indices),
    media: take(media, indices),
    extra: Object.fromEntries(Object.entries(extra).map(([name, cells]) => [name, take(cells, indices)])),
  };
}

function takeRatings(ratings: Ratings, indices: ArrayLike<number>): Ratings {
  const nScales = ratings.scales.length;
  const values = new Float64Array(indices.length * nScales);
  for (let i = 0; i < indices.length; i++) {
    values.set(ratings.values.subarray(indices[i] * nScales, (indices[i] + 1) * nScales), i * nScales);
  }
  return { ...ratings, nStimuli: indices.length, values };
}
