import { CsvError, parse } from 'csv-parse/browser/esm/sync';
import { inputError, type Where } from '../numerics/errors.js';
import { decodeText } from './text.js';

/** A delimited text file as text: one header, rows of as many cells as the header. */
export interface Table {
  /** Names the file in messages. */
  readonly file: string;
  /** Trimmed. Names may repeat: take such columns by position. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The 1-based line on which each row begins. */
  readonly lines: Uint32Array;
}

export interface DelimitedOptions {
  /** Without it: a tab for .tsv, .tab and headers with more tabs than commas, else a comma. */
  readonly delimiter?: ',' | '\t';
}

/**
 * Reads CSV (RFC 4180) or TSV in UTF-8, with or without a byte order mark, with any line ends; empty lines are passed over.
 * A TSV cell may be quoted as in CSV; quotes within an unquoted TSV cell are plain text.
 *
 * @throws AffectomeError `input` for an empty or binary file, a quote without its partner, a row longer or shorter than the header.
 */
export function parseDelimited(bytes: Uint8Array, file: string, options: DelimitedOptions = {}): Table {
  const text = decodeText(bytes, file);
  const delimiter = options.delimiter ?? delimiterOf(text, file);
  const { records, lines } = readRecords(text, file, delimiter);
  if (records.length === 0) {
    throw inputError({
      problem: 'is empty; expected a header line with column names.',
      where: { file },
      remedy: 'Export the table again.',
    });
  }
  const header = records[0].map((name) => name.trim());
  checkHeader(header, file, lines[0]);
  const table = { file, header, rows: records.slice(1), lines: Uint32Array.from(lines.slice(1)) };
  checkRowLengths(table);
  return table;
}

/** Place of a cell for an error message; `row` and `column` are 0-based indices into `rows` and `header`. */
export function cellPlace(table: Table, row: number, column: number): Where {
  return { file: table.file, line: table.lines[row], column: column + 1, field: table.header[column] };
}

/**
 * Tab-separated text with a header and a final newline. A cell with a tab, a line break or a quote is quoted as in CSV, which pandas
 * and R read back by default.
 */
export function formatTsv(header: readonly string[], rows: Iterable<readonly (string | number)[]>): string {
  const lines = [header.map(formatCell).join('\t')];
  for (const row of rows) {
    if (row.length !== header.length) {
      throw new RangeError(`Row ${lines.length} has ${row.length} cells, the header has ${header.length}.`);
    }
    lines.push(row.map(formatCell).join('\t'));
  }
  return `${lines.map((line) => (line === '' ? '""' : line)).join('\n')}\n`;
}

function formatCell(cell: string | number): string {
  const text = String(cell);
  return /[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function delimiterOf(text: string, file: string): ',' | '\t' {
  if (/\.(tsv|tab)$/i.test(file)) return '\t';
  const header = /[^\r\n]*/.exec(text.trimStart())![0].replace(/"[^"]*"/g, '');
  return header.split('\t').length > header.split(',').length ? '\t' : ',';
}

function readRecords(text: string, file: string, delimiter: ',' | '\t') {
  const bytes = new TextEncoder().encode(text);
  const lines = lineCounter(bytes);
  const records: string[][] = [];
  const starts: number[] = [];
  let start = lines.ofRecordFrom(0);
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: delimiter === '\t',
      skip_empty_lines: true,
      on_record: (record: string[], context) => {
        records.push(record);
        starts.push(start);
        start = lines.ofRecordFrom(context.bytes);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw quoteError(error, file, start);
  }
  return { records, lines: starts };
}

/** Counts line breaks (LF, CRLF or CR) as it moves forward: csv-parse counts a CRLF inside quotes twice. */
function lineCounter(bytes: Uint8Array) {
  let line = 1;
  let at = 0;
  const isBreak = () => bytes[at] === 10 || bytes[at] === 13;
  const step = () => {
    if (bytes[at] === 10 || (bytes[at] === 13 && bytes[at + 1] !== 10)) line++;
    at++;
  };
  return {
    /** Line of the first record that begins at or after byte `end`. */
    ofRecordFrom(end: number): number {
      while (at < end) step();
      while (at < bytes.length && isBreak()) step();
      return line;
    },
  };
}

function quoteError(error: CsvError, file: string, line: number) {
  const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED';
  return inputError({
    problem: isOpen
      ? 'a quote opened in the row that begins here is never closed.'
      : `a quote stands where none is expected (${error.message}).`,
    where: { file, line },
    remedy: 'Put the cell in double quotes and write each quote inside it twice ("").',
    cause: error,
  });
}

function checkHeader(header: readonly string[], file: string, line: number): void {
  if (header.length !== 1 || !header[0].includes(';')) return;
  throw inputError({
    problem: 'the columns are separated by semicolons; expected commas or tabs.',
    where: { file, line },
    remedy: 'Export the table as comma-separated CSV (with decimal points) or as TSV.',
  });
}

function checkRowLengths({ file, header, rows, lines }: Table): void {
  const first = rows.findIndex((row) => row.length !== header.length);
  if (first === -1) return;
  const nOthers = rows.filter((row) => row.length !== header.length).length - 1;
  const others = nOthers > 0 ? ` So do ${nOthers} more rows.` : '';
  throw inputError({
    problem: `the row has ${rows[first].length} cells; the header has ${header.length}.${others}`,
    where: { file, line: lines[first] },
    remedy: 'Give every row one cell per column; quote cells that contain the delimiter.',
  });
}
