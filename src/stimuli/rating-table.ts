import { cellPlace, formatTsv, type Table } from '../formats/delimited.js';
import { inputError } from '../numerics/errors.js';
import { checkNamesDiffer, idColumnOf } from './id-column.js';
import { Problems } from './problems.js';
import type { Ratings, Scale } from './ratings.js';
import { type RowOptions, stimulusOfRow } from './rows.js';

export interface RatingsOptions extends RowOptions {
  /** What this set of ratings is called. */
  readonly name: string;
  readonly stimulusIds: readonly string[];
  /** Kind and range of every scale that `scales` does not describe. */
  readonly kind?: Scale['kind'];
  readonly min?: number;
  readonly max?: number;
  /** Scales as their sidecar describes them (`readScales`), by name. */
  readonly scales?: readonly Scale[];
  /** What to do about an empty cell (or n/a, NA, NaN) and a stimulus without a row; `allow` gives NaN. Without it: error. */
  readonly missing?: 'error' | 'allow';
}

/**
 * Reads a table with one row per stimulus and one column per scale. Rows may come in any order.
 *
 * @throws AffectomeError `input` that lists the first of: cells that are missing, not a number or out of range, unknown, ambiguous and
 * repeated ids, stimuli without a row - each with line, column, column name and stimulus
 */
export function readRatings(table: Table, options: RatingsOptions): Ratings {
  const idColumn = idColumnOf(table, options.idColumn);
  const columns = table.header.map((_, column) => column).filter((column) => column !== idColumn);
  checkNamesDiffer(table, columns);
  const scales = columns.map((column) => scaleOf(table, column, options));
  if (scales.length === 0) throw noScales(table);
  return { ...readRatingColumns(table, { ...options, idColumn, columns, scales }), name: options.name };
}

export interface RatingColumns
  extends Omit<RatingsOptions, 'idColumn' | 'scales' | 'name' | 'kind' | 'min' | 'max'> {
  readonly idColumn: number;
  readonly columns: readonly number[];
  /** One per column. */
  readonly scales: readonly Scale[];
}

/** The same for columns chosen by position, whose names may repeat. */
export function readRatingColumns(table: Table, options: RatingColumns): Omit<Ratings, 'name'> {
  const { stimulusIds, columns, scales, missing = 'error' } = options;
  const problems = new Problems();
  const stimulusOf = stimulusOfRow(table, options, problems);
  const values = new Float64Array(stimulusIds.length * scales.length).fill(Number.NaN);
  const hasRow = new Uint8Array(stimulusIds.length);
  let nMissing = 0;
  table.rows.forEach((row, r) => {
    const stimulus = stimulusOf(r);
    if (stimulus < 0) return;
    const place = () => cellPlace(table, r, options.idColumn);
    if (hasRow[stimulus]) problems.add(`stimulus "${stimulusIds[stimulus]}" has a second row.`, place());
    hasRow[stimulus] = 1;
    scales.forEach((scale, s) => {
      const value = numberOf(row[columns[s]]);
      const problem = problemOf(row[columns[s]], value, scale, missing);
      values[stimulus * scales.length + s] = value;
      if (problem === missingRating) nMissing++;
      if (problem)
        problems.add(`${problem} (stimulus "${stimulusIds[stimulus]}").`, cellPlace(table, r, columns[s]));
    });
  });
  if (missing === 'error') {
    const before = problems.size;
    addStimuliWithoutRow(table, stimulusIds, hasRow, problems);
    nMissing += problems.size - before;
  }
  problems.throwIfAny(
    problems.size === nMissing
      ? 'Fill the cells, or allow missing ones: --missing allow at import, `missing: allow` in study.yaml.'
      : 'Correct the table.',
  );
  return { scales, nStimuli: stimulusIds.length, values };
}

/** TSV with stimulus_id and one column per scale; missing ratings are n/a. Numbers are read back exactly. */
export function formatRatings({ scales, values }: Ratings, stimulusIds: readonly string[]): string {
  const nScales = scales.length;
  const cell = (value: number) => (Number.isNaN(value) ? 'n/a' : value);
  const rows = stimulusIds.map((id, i) => [
    id,
    ...[...values.subarray(i * nScales, (i + 1) * nScales)].map(cell),
  ]);
  return formatTsv(['stimulus_id', ...scales.map(({ name }) => name)], rows);
}

const missingRating = 'the rating is missing';

const isMissing = (cell: string) => /^\s*(n\/a|na|nan)?\s*$/i.test(cell);

const decimal = /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i;

const numberOf = (cell: string): number => (decimal.test(cell) ? Number(cell) : Number.NaN);

function problemOf(
  cell: string,
  value: number,
  { min, max }: Scale,
  missing: 'error' | 'allow',
): string | null {
  if (Number.isNaN(value)) {
    if (!isMissing(cell)) return `${JSON.stringify(cell.slice(0, 40))} is not a number`;
    return missing === 'error' ? missingRating : null;
  }
  return value < min || value > max ? `${value} is outside ${min}..${max}` : null;
}

function scaleOf(table: Table, column: number, { scales, kind, min, max }: RatingsOptions): Scale {
  const name = table.header[column];
  const described = scales?.find((scale) => scale.name === name);
  if (described) return described;
  if (kind !== undefined && min !== undefined && max !== undefined) return { name, kind, min, max };
  throw inputError({
    problem: 'the scale has no kind, min and max.',
    where: { file: table.file, line: 1, column: column + 1, field: name },
    remedy:
      'Describe it in the .json file beside the table, or give kind, min and max for the whole table (at import: --kind, --min and --max).',
  });
}

const noScales = ({ file }: Table) =>
  inputError({
    problem: 'has no column beside the stimulus ids.',
    where: { file, line: 1 },
    remedy: 'Add one column per scale.',
  });

function addStimuliWithoutRow(
  table: Table,
  ids: readonly string[],
  hasRow: Uint8Array,
  problems: Problems,
): void {
  ids.forEach((id, index) => {
    if (!hasRow[index]) problems.add(`stimulus "${id}" has no row.`, { file: table.file });
  });
}
