import { cellPlace, type Table } from '../formats/delimited.js';
import { idColumnOf } from './id-column.js';
import { type IdMatcher, matchIds } from './match-ids.js';
import type { Problems } from './problems.js';

export interface RowOptions {
  /** Name of the column with stimulus ids; without it stimulus_id, id, video_id, filename or Filename. */
  readonly idColumn?: string;
  /** What to do about rows of stimuli that are not in the set, as when a subset is studied. Without it: error. */
  readonly unknown?: 'error' | 'ignore';
}

/**
 * A function that gives the index of the stimulus that row `r` is about; -1 where it is about none, which `problems` then tells unless it is
 * allowed.
 */
export function stimulusOfRow(
  table: Table,
  options: { stimulusIds: readonly string[]; idColumn: number; unknown?: 'error' | 'ignore' },
  problems: Problems,
): (r: number) => number {
  const matcher = matchSpellings(table, options.idColumn, options.stimulusIds);
  return (r) => {
    const id = table.rows[r][options.idColumn].trim();
    const found = matcher.find(id);
    if (typeof found === 'number') return found;
    const place = cellPlace(table, r, options.idColumn);
    if (id === '') problems.add('the stimulus id is missing.', place);
    else if (found === 'ambiguous')
      problems.add(`"${id}" may mean more than one stimulus, or is one of several spellings.`, place);
    else if (options.unknown !== 'ignore') problems.add(`there is no stimulus "${id}".`, place);
    return -1;
  };
}

/** The ids in a table that mean no stimulus of the set, each once: what `unknown: 'ignore'` passes over. */
export function unknownIds(table: Table, stimulusIds: readonly string[], idColumn?: string): string[] {
  const column = idColumnOf(table, idColumn);
  const matcher = matchSpellings(table, column, stimulusIds);
  const ids = new Set(table.rows.map((row) => row[column].trim()));
  return [...ids].filter((id) => matcher.find(id) === 'unknown');
}

/**
 * Within one table an id has one spelling: where `cat.png` is a stimulus and the table says so, `cat.gif` is another one, not in the
 * set; where two spellings both come near a stimulus, they are ambiguous.
 */
function matchSpellings(table: Table, column: number, stimulusIds: readonly string[]): IdMatcher {
  const matcher = matchIds(stimulusIds);
  const spellings = new Map<number, Set<string>>();
  for (const id of new Set(table.rows.map((row) => row[column].trim()))) {
    const found = matcher.find(id);
    if (typeof found === 'number') spellings.set(found, (spellings.get(found) ?? new Set()).add(id));
  }
  return {
    find(id) {
      const found = matcher.find(id);
      if (typeof found !== 'number' || id === stimulusIds[found] || spellings.get(found)?.size === 1)
        return found;
      return spellings.get(found)?.has(stimulusIds[found]) ? 'unknown' : 'ambiguous';
    },
  };
}
