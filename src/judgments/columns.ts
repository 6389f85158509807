import type { NpyArray } from '../formats/npy.js';
import { artifactError } from '../numerics/errors.js';
import { type Judgments, noChoice, outcomes } from './judgments.js';

export type JudgmentColumnName = 'choice' | 'outcome' | 'probabilities';

/** Judgments as arrays that open in NumPy: choice and outcome nTrials uint8, probabilities nTrials x 3 float32. */
export interface JudgmentColumns {
  readonly choice: NpyArray;
  readonly outcome: NpyArray;
  readonly probabilities?: NpyArray;
}

export function judgmentColumns({ nTrials, choice, outcome, probabilities }: Judgments): JudgmentColumns {
  return {
    choice: { data: choice, shape: [nTrials] },
    outcome: { data: outcome, shape: [nTrials] },
    ...(probabilities && { probabilities: { data: probabilities, shape: [nTrials, 3] } }),
  };
}

/** What the columns themselves do not say. */
export interface JudgmentFacts {
  /** File names for messages. */
  readonly files: Readonly<Record<JudgmentColumnName, string>>;
  readonly nTies: number;
  /** Number of trials that must have been judged. */
  readonly nTrials?: number;
}

/**
 * Reads what `judgmentColumns` made, and checks every value.
 * @throws AffectomeError `artifact` with the file and row (from 0, as in NumPy) of the first value that cannot be.
 */
export function judgmentsFromColumns(
  columns: JudgmentColumns,
  { files, nTies, nTrials }: JudgmentFacts,
): Judgments {
  const expected = nTrials ?? columns.choice.data.length;
  checkShape(columns.choice, [expected], files.choice);
  checkShape(columns.outcome, [expected], files.outcome);
  const outcome = toBytes(
    columns.outcome,
    files.outcome,
    (code) => code < outcomes.length,
    'an outcome code 0 to 4',
  );
  const choice = toBytes(
    columns.choice,
    files.choice,
    (code) => code < 3 || code === noChoice,
    '0, 1, 2 or 255',
  );
  for (let trial = 0; trial < expected; trial++) {
    if ((choice[trial] === noChoice) === (outcome[trial] === 0)) {
      throw damaged(
        files.choice,
        `row ${trial} has choice ${choice[trial]} with outcome ${outcomes[outcome[trial]]}.`,
      );
    }
  }
  const probabilities =
    columns.probabilities && readProbabilities(columns.probabilities, choice, files.probabilities);
  return { nTrials: expected, choice, outcome, nTies, ...(probabilities && { probabilities }) };
}

function checkShape({ shape }: NpyArray, expected: readonly number[], file: string): void {
  if (shape.length === expected.length && shape.every((size, axis) => size === expected[axis])) return;
  throw damaged(file, `has shape (${shape.join(', ')}); expected (${expected.join(', ')}).`);
}

function toBytes(
  { data }: NpyArray,
  file: string,
  isValid: (code: number) => boolean,
  expected: string,
): Uint8Array {
  for (let trial = 0; trial < data.length; trial++) {
    const code = data[trial];
    if (!(code >= 0 && Number.isInteger(code) && isValid(code))) {
      throw damaged(file, `row ${trial} is ${code}; expected ${expected}.`);
    }
  }
  return data instanceof Uint8Array ? data : Uint8Array.from(data);
}

/** Room for the rounding of float32. */
const roundingOfSum = 1e-5;

function readProbabilities(array: NpyArray, choice: Uint8Array, file: string): Float32Array {
  checkShape(array, [choice.length, 3], file);
  const { data } = array;
  for (let trial = 0; trial < choice.length; trial++) {
    if (choice[trial] === noChoice) continue;
    const at = 3 * trial;
    const sum = data[at] + data[at + 1] + data[at + 2];
    if (data[at] >= 0 && data[at + 1] >= 0 && data[at + 2] >= 0 && sum > 0 && sum <= 1 + roundingOfSum)
      continue;
    throw damaged(
      file,
      `row ${trial} is ${data[at]}, ${data[at + 1]}, ${data[at + 2]}; expected three probabilities with a sum of at most 1.`,
    );
  }
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

function damaged(file: string, problem: string) {
  return artifactError({ problem, where: { file }, remedy: 'Judge the trials again: affectome judge.' });
}
