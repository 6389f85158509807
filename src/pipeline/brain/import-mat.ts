import { isHdf5File, openHdf5File } from '../../formats/hdf5-file.node.js';
import { listMat5, type Mat5Entry } from '../../formats/mat5.js';
import { listMat73, type Mat73Variable, readMat73 } from '../../formats/mat73.js';
import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { hintFor } from '../../study/expected.js';
import { shownPath } from '../../study/study.js';
import { readForeign } from '../import/imported.js';
import type { ResponsesImport } from './import.js';

/** A 2-D numeric variable of a .mat file of any version: the one named, or the only one. */
export async function readMatSamples(
  { file, variable }: ResponsesImport,
  signal?: AbortSignal,
): Promise<Matrix> {
  return (await isHdf5File(file)) ? readNewMat(file, variable, signal) : readOldMat(file, variable);
}

async function readOldMat(file: string, wanted: string | undefined): Promise<Matrix> {
  const entries = listMat5(await readForeign(file), shownPath(file));
  const name = chosenName(file, wanted, entries.filter(isMatrix).map(describedMatrix));
  const found = entries.find((entry) => entry.name === name)!;
  if (found?.kind === 'matrix') return found.matrix;
  const names = entries.map((entry) => entry.name);
  throw found ? noMatrix(file, name, found.found) : noVariable(file, name, names);
}

const isMatrix = (entry: Mat5Entry) => entry.kind === 'matrix';

const describedMatrix = ({ name, matrix: { nRows, nColumns } }: Extract<Mat5Entry, { kind: 'matrix' }>) => ({
  name,
  size: `${nRows} x ${nColumns}`,
});

async function readNewMat(
  file: string,
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Matrix> {
  const opened = await openHdf5File(file, { ...(signal && { signal }) });
  try {
    const variables = await listMat73(opened);
    const known = variables.filter(isNumeric).map(({ name, shape }) => ({ name, size: shape.join(' x ') }));
    const name = chosenName(file, wanted, known);
    const found = variables.find((variable) => variable.name === name);
    if (!found && !name.includes('/')) {
      throw noVariable(
        file,
        name,
        variables.map((variable) => variable.name),
      );
    }
    return await readMat73(opened, name);
  } finally {
    await opened.close();
  }
}

const isNumeric = ({ className, shape }: Mat73Variable): boolean =>
  shape.length === 2 && /double|single|int/.test(className);

function chosenName(
  file: string,
  wanted: string | undefined,
  known: readonly { readonly name: string; readonly size: string }[],
): string {
  if (wanted !== undefined) return wanted;
  if (known.length === 1) return known[0].name;
  const found = known.map(({ name, size }) => `${name} (${size})`).join(', ');
  throw inputError({
    problem: known.length === 0 ? 'holds no real 2-D numeric array.' : `holds ${found}.`,
    where: { file: shownPath(file) },
    remedy:
      known.length === 0
        ? 'Save the responses as a variable of their own.'
        : 'Name the one with stimuli x voxels: --variable NAME.',
  });
}

const noVariable = (file: string, name: string, names: readonly string[]) =>
  inputError({
    problem: `has no variable "${name}"; it has ${names.join(', ')}.`,
    where: { file: shownPath(file) },
    remedy: hintFor(name, names),
  });

const noMatrix = (file: string, name: string, found: string) =>
  inputError({
    problem: `is ${found}; expected a real 2-D numeric array.`,
    where: { file: shownPath(file), field: name },
    remedy: 'Save the numbers as a variable of their own.',
  });
