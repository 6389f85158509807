import { cellPlace, formatTsv, type Table } from '../formats/delimited.js';
import { inputError } from '../numerics/errors.js';
import type { Captions } from './captions.js';
import { idColumnOf } from './id-column.js';
import { Problems } from './problems.js';
import { type RowOptions, stimulusOfRow } from './rows.js';

export interface CaptionsOptions extends RowOptions {
  /** Name of the column with the texts; without it caption, description or text. */
  readonly captionColumn?: string;
}

const captionColumnNames = ['caption', 'description', 'text'];

/**
 * Reads a table with one row per caption; a stimulus may have several rows, or none. Texts keep the order of the table.
 *
 * @throws AffectomeError `input` that lists empty captions and missing, unknown or ambiguous ids by line and column
 */
export function readCaptions(
  table: Table,
  stimulusIds: readonly string[],
  options: CaptionsOptions = {},
): Captions {
  const idColumn = idColumnOf(table, options.idColumn);
  const captionColumn = captionColumnOf(table, options.captionColumn);
  const problems = new Problems();
  const stimulusOf = stimulusOfRow(table, { ...options, stimulusIds, idColumn }, problems);
  const texts: string[][] = stimulusIds.map(() => []);
  table.rows.forEach((row, r) => {
    const stimulus = stimulusOf(r);
    if (stimulus < 0) return;
    const text = row[captionColumn].trim();
    if (text !== '') texts[stimulus].push(text);
    else
      problems.add(
        `the caption is empty (stimulus "${stimulusIds[stimulus]}").`,
        cellPlace(table, r, captionColumn),
      );
  });
  problems.throwIfAny('Correct these rows or leave them out.');
  return { texts };
}

/** TSV with stimulus_id and caption, one row per caption. */
export function formatCaptions({ texts }: Captions, stimulusIds: readonly string[]): string {
  const rows = stimulusIds.flatMap((id, index) => texts[index].map((text) => [id, text]));
  return formatTsv(['stimulus_id', 'caption'], rows);
}

function captionColumnOf({ header, file }: Table, name?: string): number {
  const names = name === undefined ? captionColumnNames : [name];
  const index = names.map((candidate) => header.indexOf(candidate)).find((found) => found !== -1);
  if (index !== undefined) return index;
  throw inputError({
    problem: `has no column named ${names.join(', ')}; its columns are ${header.slice(0, 8).join(', ')}.`,
    where: { file, line: 1 },
    remedy: 'Name the column with the texts "caption".',
  });
}
