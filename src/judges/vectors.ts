import { cellPlace, parseDelimited, type Table } from '../formats/delimited.js';
import { parseNpy } from '../formats/npy.js';
import { decodeText } from '../formats/text.js';
import { inputError } from '../numerics/errors.js';
import { type Matrix, matrix } from '../numerics/matrix.js';

/**
 * One vector per stimulus, in stimulus order, from a file: `.npy` of shape (nStimuli, nFeatures) and `.txt` (numbers
 * separated by blanks or commas, no header) hold the rows in stimulus order; `.tsv` and `.csv` have a `stimulus_id`
 * column, rows in any order (rows of other stimuli are left out), every other column a number.
 *
 * @throws AffectomeError `input` naming file, line and column.
 */
export function readVectors(bytes: Uint8Array, file: string, stimulusIds: readonly string[]): Matrix {
  const ending = /\.[^.]*$/.exec(file)?.[0].toLowerCase();
  if (ending === '.npy') return vectorsOfNpy(bytes, file, stimulusIds.length);
  if (ending === '.txt') return vectorsOfText(bytes, file, stimulusIds.length);
  return vectorsOfTable(parseDelimited(bytes, file), stimulusIds);
}

function vectorsOfNpy(bytes: Uint8Array, file: string, nStimuli: number): Matrix {
  const { shape, data } = parseNpy(bytes, file);
  const [nRows, nColumns] = shape;
  if (shape.length !== 2 || nRows !== nStimuli || nColumns === 0) {
    throw wrongShape(`an array of shape (${shape.join(', ')})`, file, nStimuli);
  }
  return matrix(nRows, nColumns, Float64Array.from(data));
}

function vectorsOfText(bytes: Uint8Array, file: string, nStimuli: number): Matrix {
  const lines = decodeText(bytes, file).split(/\r\n|\n|\r/);
  const rows: number[][] = [];
  lines.forEach((line, index) => {
    if (line.trim() === '') return;
    const numbers = line
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    const wrong = numbers.findIndex((value) => !Number.isFinite(value));
    const where = { file, line: index + 1, ...(wrong >= 0 && { column: wrong + 1 }) };
    if (wrong >= 0) {
      throw inputError({
        problem: 'expected a finite number.',
        where,
        remedy: 'A .txt file has numbers only, no header.',
      });
    }
    if (rows.length > 0 && numbers.length !== rows[0].length) {
      throw inputError({
        problem: `the row has ${numbers.length} numbers; the first has ${rows[0].length}.`,
        where,
        remedy: 'Give every stimulus the same number of values.',
      });
    }
    rows.push(numbers);
  });
  if (rows.length !== nStimuli) throw wrongShape(`${rows.length} rows`, file, nStimuli);
  return matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));
}

function wrongShape(found: string, file: string, nStimuli: number) {
  return inputError({
    problem: `holds ${found}; expected one row for each of the ${nStimuli} stimuli.`,
    where: { file },
    remedy:
      'Save one row per stimulus, in the order of the stimuli table (transpose it if the stimuli are columns).',
  });
}

function vectorsOfTable(table: Table, stimulusIds: readonly string[]): Matrix {
  const idColumn = table.header.indexOf('stimulus_id');
  if (idColumn < 0 || table.header.length < 2) {
    throw inputError({
      problem: `has the columns ${table.header.join(', ')}; expected stimulus_id and at least one feature.`,
      where: { file: table.file, line: 1 },
      remedy: 'Name the column of the stimuli stimulus_id.',
    });
  }
  const rowOf = rowsById(table, idColumn);
  const featureColumns = table.header.map((_, c) => c).filter((c) => c !== idColumn);
  const result = matrix(stimulusIds.length, featureColumns.length);
  stimulusIds.forEach((id, stimulus) => {
    const row = rowOf.get(id);
    if (row === undefined) {
      throw inputError({
        problem: `has no row for stimulus "${id}".`,
        where: { file: table.file },
        remedy: 'Add its vector, or take the stimulus out of the study.',
      });
    }
    featureColumns.forEach((column, f) => {
      result.data[stimulus * featureColumns.length + f] = numberOf(table, row, column);
    });
  });
  return result;
}

function rowsById(table: Table, idColumn: number): Map<string, number> {
  const rowOf = new Map<string, number>();
  table.rows.forEach((cells, row) => {
    const id = cells[idColumn].trim();
    if (rowOf.has(id)) {
      throw inputError({
        problem: `stimulus "${id}" has a row already, on line ${table.lines[rowOf.get(id)!]}.`,
        where: cellPlace(table, row, idColumn),
        remedy: 'Keep one of the two rows.',
      });
    }
    rowOf.set(id, row);
  });
  return rowOf;
}

function numberOf(table: Table, row: number, column: number): number {
  const cell = table.rows[row][column].trim();
  const value = Number(cell);
  if (cell === '' || !Number.isFinite(value)) {
    throw inputError({
      problem: `found ${JSON.stringify(cell)}; expected a finite number.`,
      where: cellPlace(table, row, column),
      remedy: 'Fill the cell in.',
    });
  }
  return value;
}
