import type { Table } from '../../formats/delimited.js';
import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { motionColumns, readConfounds } from '../run-tables.js';

/** Time series to be regressed out of a run. */
export interface Confounds {
  readonly names: readonly string[];
  /** nFrames x nNames. */
  readonly values: Matrix;
}

/** Names of the same six in early versions of fMRIPrep. */
const earlyMotionColumns = ['X', 'Y', 'Z', 'RotX', 'RotY', 'RotZ'];

/**
 * The six motion parameters of a confounds table, by fMRIPrep's names or its early ones.
 * @throws AffectomeError `input`, with the columns found, when some are missing; as `readConfounds` for their cells.
 */
export function motionConfounds(table: Table): Confounds {
  const names = [motionColumns, earlyMotionColumns].find((all) =>
    all.every((name) => table.header.includes(name)),
  );
  if (names) return { names, values: readConfounds(table, names) };
  const missing = motionColumns.filter((name) => !table.header.includes(name));
  throw inputError({
    problem: `has no ${missing.join(', ')}; it has ${shown(table.header)}.`,
    where: { file: table.file },
    remedy: 'Name the confounds that it has, or [] to regress out none (confounds, under brain.responses).',
  });
}

/** Columns of a confounds table by name. @throws AffectomeError as `readConfounds`. */
export const namedConfounds = (table: Table, names: readonly string[]): Confounds => ({
  names,
  values: readConfounds(table, names),
});

const mostShown = 24;

const shown = (header: readonly string[]): string =>
  header.length > mostShown
    ? `${header.slice(0, mostShown).join(', ')} and ${header.length - mostShown} more`
    : header.join(', ');
