import { cellPlace, formatTsv, type Table } from '../formats/delimited.js';
import { inputError } from '../numerics/errors.js';
import { checkNamesDiffer, idColumnOf } from './id-column.js';
import { Problems } from './problems.js';
import type { StimulusSet } from './set.js';

/**
 * Reads a table with one row per stimulus: the id, optionally `name` and `media`; further columns are kept as text.
 * An empty name becomes the id, an empty medium (or n/a) null.
 *
 * @param options.idColumn without it stimulus_id, id, video_id, filename or Filename
 * @throws AffectomeError `input` listing missing and repeated ids by line and column
 */
export function readStimuli(table: Table, options: { readonly idColumn?: string } = {}): StimulusSet {
  const idColumn = idColumnOf(table, options.idColumn);
  const columns = table.header.map((_, column) => column);
  checkNamesDiffer(table, columns);
  const ids = readIds(table, idColumn);
  const nameColumn = table.header.indexOf('name');
  const mediaColumn = table.header.indexOf('media');
  const extra = columns.filter((column) => ![idColumn, nameColumn, mediaColumn].includes(column));
  return {
    ids,
    names: table.rows.map((row, index) => row[nameColumn]?.trim() || ids[index]),
    media: table.rows.map((row) => mediumOf(row[mediaColumn])),
    extra: Object.fromEntries(
      extra.map((column) => [table.header[column], table.rows.map((row) => row[column])]),
    ),
  };
}

/** TSV with stimulus_id, name, media (n/a where there is none) and the further columns. */
export function formatStimuli({ ids, names, media, extra }: StimulusSet): string {
  const header = ['stimulus_id', 'name', 'media', ...Object.keys(extra)];
  const further = Object.values(extra);
  const rows = ids.map((id, index) => [
    id,
    names[index],
    media[index] ?? 'n/a',
    ...further.map((cells) => cells[index]),
  ]);
  return formatTsv(header, rows);
}

const mediumOf = (cell: string | undefined): string | null => {
  const path = cell?.trim() ?? '';
  return path === '' || path === 'n/a' ? null : path;
};

function readIds(table: Table, idColumn: number): string[] {
  if (table.rows.length === 0) {
    throw inputError({
      problem: 'has no rows; expected one per stimulus.',
      where: { file: table.file },
      remedy: 'Add the stimuli below the header.',
    });
  }
  const problems = new Problems();
  const lineOf = new Map<string, number>();
  const ids = table.rows.map((row, index) => {
    const id = row[idColumn].trim();
    const place = cellPlace(table, index, idColumn);
    if (id === '') problems.add('the stimulus id is missing.', place);
    else if (lineOf.has(id))
      problems.add(`stimulus "${id}" stands already in line ${lineOf.get(id)}.`, place);
    else if (/[\t\r\n]/.test(id))
      problems.add(`stimulus id ${JSON.stringify(id)} contains a tab or a line break.`, place);
    else lineOf.set(id, table.lines[index]);
    return id;
  });
  problems.throwIfAny('Give each stimulus one row and an id of its own.');
  return ids;
}
