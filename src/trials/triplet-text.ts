import { type AffectomeError, inputError } from '../numerics/errors.js';
import {
  type AnsweredTrials,
  fromOddLast,
  indexLimit,
  limitRemedy,
  oddLastRows,
  type ReadTripletOptions,
} from './odd-last.js';
import type { Trials } from './trials.js';
import { readNumber } from './triplet-number.js';

const tab = 9;
const newline = 10;
const carriageReturn = 13;
const space = 32;
const comma = 44;
const zero = 48;
const nine = 57;

/**
 * Reads the triplet text of SPoSE and VICE: one trial a line, three 0-based stimulus indices, **the odd one out last**, separated
 * by spaces, tabs or commas; whole numbers, also written as floats (`1.000000000000000000e+00`); blank lines are passed over.
 * @throws AffectomeError `input` with file, line and column of the first thing wrong.
 */
export function readTripletText(
  bytes: Uint8Array,
  file: string,
  options: ReadTripletOptions = {},
): AnsweredTrials {
  const rows = new TripletTextReader(bytes, file, options).read();
  return fromOddLast(rows, file, options, (index) => {
    const line = lineOfRow(bytes, index);
    return { line, words: `line ${line}` };
  });
}

class TripletTextReader {
  private at = 0;
  private readonly limit: number;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: string,
    private readonly options: ReadTripletOptions,
  ) {
    this.limit = indexLimit(options);
  }

  read(): Uint32Array {
    const { bytes } = this;
    const rows = new Uint32Array(3 * countLines(bytes));
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3;
    let end = 0;
    while (this.skipBlank()) {
      const start = this.at;
      const i = this.index();
      this.separator(2);
      const j = this.index();
      this.separator(3);
      const k = this.index();
      this.lineEnd();
      if (i === j || i === k || j === k) throw this.sameStimulus(start, i === j ? i : k);
      rows[end] = i;
      rows[end + 1] = j;
      rows[end + 2] = k;
      end += 3;
    }
    if (end === 0)
      throw this.wrong(0, 'holds no trial.', 'Write one trial a line: three indices, the odd one out last.');
    return end === rows.length ? rows : rows.slice(0, end);
  }

  /** Moves to the next trial; false at the end of the file. */
  private skipBlank(): boolean {
    const { bytes } = this;
    let at = this.at;
    while (at < bytes.length && (isBlank(bytes[at]) || bytes[at] === newline || bytes[at] === carriageReturn))
      at++;
    this.at = at;
    return at < bytes.length;
  }

  /** Reads a stimulus index; digits alone take the short way. */
  private index(): number {
    const { bytes } = this;
    const start = this.at;
    const stop = Math.min(bytes.length, start + 9);
    let at = start;
    let value = 0;
    while (at < stop && bytes[at] >= zero && bytes[at] <= nine) value = value * 10 + bytes[at++] - zero;
    this.at = at;
    if (at === start || (at < bytes.length && !isEnd(bytes[at]))) value = this.longNumber(start);
    if (value >= this.limit) throw this.tooLarge(start, value);
    return value;
  }

  /** Reads a number with a sign, a point, an exponent or many digits. */
  private longNumber(start: number): number {
    const { bytes } = this;
    let end = start;
    while (end < bytes.length && !isEnd(bytes[end])) end++;
    this.at = end;
    const value = readNumber(bytes, start, end);
    if (value >= 0 && Number.isInteger(value)) return value;
    throw this.wrong(
      start,
      `found ${this.quote(start, end)}; expected a stimulus index, a whole number from 0.`,
      start === 0 ? 'Remove a header line if there is one.' : 'Correct or remove the line.',
    );
  }

  private separator(column: number): void {
    const { bytes } = this;
    let nCommas = 0;
    while (this.at < bytes.length && (isBlank(bytes[this.at]) || bytes[this.at] === comma)) {
      if (bytes[this.at] === comma && ++nCommas > 1) throw this.columns('an empty cell');
      this.at++;
    }
    if (this.at === bytes.length || bytes[this.at] === newline || bytes[this.at] === carriageReturn) {
      throw this.columns(`${column - 1} column${column === 2 ? '' : 's'}`);
    }
  }

  private lineEnd(): void {
    const { bytes } = this;
    while (this.at < bytes.length && isBlank(bytes[this.at])) this.at++;
    if (this.at === bytes.length || bytes[this.at] === newline) return;
    if (bytes[this.at] === carriageReturn && (this.at + 1 === bytes.length || bytes[this.at + 1] === newline))
      return;
    throw this.columns('more than 3 columns');
  }

  private columns(found: string): AffectomeError {
    return this.wrong(
      this.at,
      `found ${found}; expected 3 columns.`,
      'Write one trial a line: three indices, the odd one out last.',
    );
  }

  private sameStimulus(at: number, index: number): AffectomeError {
    return this.wrong(at, `stimulus ${index} occurs twice in one trial.`, 'Correct or remove the line.');
  }

  private tooLarge(at: number, index: number): AffectomeError {
    const { limit, options } = this;
    return this.wrong(
      at,
      `found stimulus index ${index}; expected less than ${limit}.`,
      limitRemedy(index, options),
    );
  }

  private quote(start: number, end: number): string {
    const text = new TextDecoder().decode(this.bytes.subarray(start, Math.min(end, start + 30)));
    return text === '' ? 'nothing' : JSON.stringify(text);
  }

  private wrong(at: number, problem: string, remedy: string): AffectomeError {
    if (this.bytes.length === 0)
      return inputError({ problem: 'is empty; expected trials.', where: { file: this.file }, remedy });
    const before = this.bytes.subarray(0, at);
    const column = at - before.lastIndexOf(newline);
    return inputError({ problem, where: { file: this.file, line: countLines(before, 1), column }, remedy });
  }
}

const isBlank = (byte: number): boolean => byte === space || byte === tab;
const isEnd = (byte: number): boolean => byte <= space || byte === comma;

/** Newlines, plus one for a last line without one; with `extra` 1 the 1-based line at which `bytes` end. */
function countLines(
  bytes: Uint8Array,
  extra = bytes.length > 0 && bytes[bytes.length - 1] !== newline ? 1 : 0,
): number {
  let nLines = extra;
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === newline) nLines++;
  return nLines;
}

/** Number of trials in triplet text: its lines that are not blank. Nothing else is looked at. */
export function countTripletLines(bytes: Uint8Array): number {
  let nTrials = 0;
  let isTrial = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === newline) isTrial = false;
    else if (byte > space && !isTrial) {
      isTrial = true;
      nTrials++;
    }
  }
  return nTrials;
}

/** The 1-based line of trial `row`: blank lines are no trials. */
function lineOfRow(bytes: Uint8Array, row: number): number {
  let line = 1;
  let nTrials = 0;
  let isTrial = false;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] > space && !isTrial) {
      isTrial = true;
      if (nTrials++ === row) return line;
    } else if (bytes[at] === newline) {
      isTrial = false;
      line++;
    }
  }
  return line;
}

const chunkBytes = 1 << 18;

/**
 * Triplet text in chunks: `i j k` a line, the kept pair in ascending order, the odd one out last. Trials without a choice are left out,
 * and so are shown orders: the format has no place for them.
 */
export function* formatTripletText(trials: Trials, choice: Uint8Array): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = '';
  for (const [i, j, odd] of oddLastRows(trials, choice)) {
    text += `${i} ${j} ${odd}\n`;
    if (text.length < chunkBytes) continue;
    yield encoder.encode(text);
    text = '';
  }
  if (text !== '') yield encoder.encode(text);
}
