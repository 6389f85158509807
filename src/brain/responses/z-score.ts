import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';

/** A standard deviation below this share of the mean is what rounding leaves of a constant. */
const negligible = 1e-12;

/**
 * Gives each column mean 0 and population standard deviation 1 over the given rows, in place. Rows that are NaN in a column are passed
 * over; a column that does not vary becomes 0.
 *
 * @returns 1 for each column that does not vary
 * @throws AffectomeError `input` for a single row.
 */
export function zScoreRows({ nColumns, data }: Matrix, rows: readonly number[], scope: string): Uint8Array {
  if (rows.length < 2) {
    throw inputError({
      problem: `has ${rows.length} event: z scores need at least two.`,
      where: { file: scope },
      remedy: 'Take z scores over a larger scope, or none (zScore, under brain.responses).',
    });
  }
  const n = new Uint32Array(nColumns);
  const centre = new Float64Array(nColumns);
  const spread = new Float64Array(nColumns);
  const eachValue = (visit: (c: number, at: number) => void) => {
    for (const row of rows) {
      for (let c = 0; c < nColumns; c++)
        if (!Number.isNaN(data[row * nColumns + c])) visit(c, row * nColumns + c);
    }
  };
  eachValue((c, at) => {
    n[c]++;
    centre[c] += data[at];
  });
  for (let c = 0; c < nColumns; c++) centre[c] /= Math.max(1, n[c]);
  eachValue((c, at) => {
    spread[c] += (data[at] - centre[c]) ** 2;
  });
  for (let c = 0; c < nColumns; c++) spread[c] = Math.sqrt(spread[c] / Math.max(1, n[c]));
  const constant = Uint8Array.from(n, (count, c) =>
    count > 0 && spread[c] <= negligible * Math.abs(centre[c]) ? 1 : 0,
  );
  eachValue((c, at) => {
    data[at] = constant[c] ? 0 : (data[at] - centre[c]) / spread[c];
  });
  return constant;
}
