import { cellPlace, parseDelimited, type Table } from '../formats/delimited.js';
import { parseNpy } from '../formats/npy.js';
import { decodeText } from '../formats/text.js';
import { inputError, type Where } from '../numerics/errors.js';

/** Numbers as they lie in a file, row after row, which still know their place in it. */
export interface WeightTable {
  readonly nRows: number;
  readonly nColumns: number;
  readonly data: Float64Array;
  readonly rowNames: readonly string[] | null;
  place(row: number, column: number): Where;
}

/** nRows x nColumns, or 1 x nRows x nColumns. */
export function readNpyWeights(bytes: Uint8Array, file: string): WeightTable {
  const { shape, data } = parseNpy(bytes, file);
  const [nRows, nColumns] = shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape;
  if (shape.length < 2 || shape.length > 3 || (shape.length === 3 && shape[0] !== 1) || data.length === 0) {
    throw inputError({
      problem: `holds an array of shape (${shape.join(', ')}); expected stimuli x components.`,
      where: { file },
      remedy: 'Save one embedding per file, for example weights_sorted.npy.',
    });
  }
  const place = (row: number, column: number) => ({ file, field: `[${row}, ${column}]` });
  return { nRows, nColumns, data: Float64Array.from(data), rowNames: null, place };
}

/** Numbers separated by blanks, tabs or commas, or a CSV/TSV table with a header. `#` begins a comment line. */
export function readTextWeights(bytes: Uint8Array, file: string): WeightTable {
  const lines = numberLines(decodeText(bytes, file));
  if (lines.length === 0) {
    throw inputError({
      problem: 'is empty; expected one line of weights per stimulus.',
      where: { file },
      remedy: 'Save or copy the embedding again.',
    });
  }
  return isHeader(lines) ? readTable(parseDelimited(bytes, file)) : readNumbers(lines, file);
}

interface NumberLine {
  readonly line: number;
  readonly cells: readonly string[];
}

function numberLines(text: string): NumberLine[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((content, index) => ({ line: index + 1, content: content.trim() }))
    .filter(({ content }) => content !== '' && !content.startsWith('#'))
    .map(({ line, content }) => ({ line, cells: content.split(/\s*,\s*|\s+/) }));
}

/** A header names its columns, or numbers them 0, 1, 2, ... above at least one row of weights. */
function isHeader(lines: readonly NumberLine[]): boolean {
  const { cells } = lines[0];
  const isCount =
    cells.length > 1 && lines.length > 1 && cells.every((cell, index) => cell === String(index));
  return isCount || cells.some((cell) => !isNumber(cell));
}

/** What Number() and Python write for numbers; not-a-number and infinities too, so that they are reported as weights. */
const isNumber = (cell: string): boolean =>
  /^[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?|nan|inf(inity)?)$/i.test(cell);

function readNumbers(lines: readonly NumberLine[], file: string): WeightTable {
  const nColumns = lines[0].cells.length;
  const data = new Float64Array(lines.length * nColumns);
  const place = (row: number, column: number) => ({ file, line: lines[row].line, column: column + 1 });
  lines.forEach(({ line, cells }, row) => {
    if (cells.length !== nColumns) {
      throw inputError({
        problem: `has ${cells.length} numbers; the lines before have ${nColumns}.`,
        where: { file, line },
        remedy: 'Copy or save the file again: every line needs the same number of weights.',
      });
    }
    cells.forEach((cell, column) => {
      data[row * nColumns + column] = parseWeight(cell, () => place(row, column));
    });
  });
  return { nRows: lines.length, nColumns, data, rowNames: null, place };
}

function parseWeight(cell: string, place: () => Where): number {
  if (isNumber(cell.trim())) return numberOf(cell.trim());
  throw inputError({
    problem: `found ${JSON.stringify(cell)}; expected a number.`,
    where: place(),
    remedy: 'Keep only index, name and weight columns in the file.',
  });
}

function numberOf(cell: string): number {
  if (/nan/i.test(cell)) return Number.NaN;
  if (/inf/i.test(cell)) return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(cell);
}

const nameColumns = new Set(['', 'index', 'id', 'item', 'name', 'image_name', 'stimulus_id', 'uniqueID']);

/** Columns without a name, with an identifier's name, or with text in the first row name the stimuli; the others are weights. */
function readTable(table: Table): WeightTable {
  const { file, header, rows } = table;
  const isName = header.map(
    (name, column) => nameColumns.has(name) || !isNumber((rows[0]?.[column] ?? '').trim()),
  );
  const weightColumns = header.flatMap((_, column) => (isName[column] ? [] : [column]));
  if (weightColumns.length === 0) {
    throw inputError({
      problem: rows.length === 0 ? 'has a header but no rows.' : 'has no column of weights.',
      where: { file },
      remedy: 'Expected one row per stimulus and one numeric column per component.',
    });
  }
  const place = (row: number, column: number) => cellPlace(table, row, weightColumns[column]);
  const nColumns = weightColumns.length;
  const data = new Float64Array(rows.length * nColumns);
  for (let row = 0; row < rows.length; row++) {
    for (let column = 0; column < nColumns; column++) {
      data[row * nColumns + column] = parseWeight(rows[row][weightColumns[column]], () => place(row, column));
    }
  }
  return { nRows: rows.length, nColumns, data, rowNames: rowNamesOf(table, isName), place };
}

/** The last naming column: names stand to the right of indices. */
function rowNamesOf({ rows }: Table, isName: readonly boolean[]): string[] | null {
  const column = isName.lastIndexOf(true);
  return column === -1 ? null : rows.map((cells) => cells[column]);
}
