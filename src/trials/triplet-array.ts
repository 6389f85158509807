import type { NpyArray } from '../formats/npy.js';
import { inputError } from '../numerics/errors.js';
import {
  type AnsweredTrials,
  fromOddLast,
  indexLimit,
  limitRemedy,
  oddLastRows,
  type ReadTripletOptions,
} from './odd-last.js';
import type { Trials } from './trials.js';

/**
 * Reads trials from an array nTrials x 3 of 0-based stimulus indices, **the odd one out last**, as in `train_90.npy`;
 * integers, or floats that hold whole numbers.
 * @throws AffectomeError `input` with the row (from 0, as in NumPy) of the first thing wrong.
 */
export function readTripletArray(
  array: NpyArray,
  file: string,
  options: ReadTripletOptions = {},
): AnsweredTrials {
  const { shape, data } = array;
  if (shape.length !== 2 || shape[1] !== 3 || shape[0] === 0) {
    throw inputError({
      problem: `has shape (${shape.join(', ')}); expected (nTrials, 3) with at least one trial.`,
      where: { file },
      remedy: 'Save one trial a row: three indices, the odd one out last.',
    });
  }
  const limit = indexLimit(options);
  const rows = new Uint32Array(data.length);
  for (let at = 0; at < data.length; at++) {
    const index = data[at];
    if (!(index >= 0 && index < limit) || !Number.isInteger(index))
      throw wrongIndex(index, at, file, options);
    rows[at] = index;
  }
  for (let at = 0; at < rows.length; at += 3) {
    if (rows[at] === rows[at + 1] || rows[at] === rows[at + 2] || rows[at + 1] === rows[at + 2]) {
      throw inputError({
        problem: `row ${at / 3} names a stimulus twice: ${rows.slice(at, at + 3).join(', ')}.`,
        where: { file },
        remedy: 'Correct or remove the row.',
      });
    }
  }
  return fromOddLast(rows, file, options, (row) => ({ words: `row ${row}` }));
}

function wrongIndex(index: number, at: number, file: string, options: ReadTripletOptions) {
  const isTooLarge = Number.isInteger(index) && index >= 0;
  return inputError({
    problem: `row ${Math.floor(at / 3)}, column ${at % 3} is ${index}; expected a whole number from 0 to ${indexLimit(options) - 1}.`,
    where: { file },
    remedy: isTooLarge ? limitRemedy(index, options) : 'Correct or remove the row.',
  });
}

/** The array that `readTripletArray` reads: nTrials x 3, odd one out last; trials without a choice are left out. */
export function tripletArray(
  trials: Trials,
  choice: Uint8Array,
): { data: Uint32Array; shape: [number, number] } {
  const data = new Uint32Array(3 * choice.reduce((sum, place) => sum + (place > 2 ? 0 : 1), 0));
  let end = 0;
  for (const row of oddLastRows(trials, choice)) {
    data.set(row, end);
    end += 3;
  }
  return { data, shape: [data.length / 3, 3] };
}
