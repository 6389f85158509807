import { inputError } from '../numerics/errors.js';
import type { Matrix } from '../numerics/matrix.js';
import type { Hdf5File } from './hdf5.js';
import type { Hdf5Dataset } from './hdf5-dataset.js';

/** A variable of a MAT v7.3 file (`save -v7.3`). */
export interface Mat73Variable {
  readonly name: string;
  /** double, single, int8, ..., logical, char, cell, struct. */
  readonly className: string;
  /** As MATLAB shows it: rows, columns, ... Empty for a structure. */
  readonly shape: readonly number[];
}

const numeric = /^(double|single|logical|u?int(8|16|32|64))$/;

/**
 * What a MAT v7.3 file, which is an HDF5 file, holds.
 * Format: MathWorks, MAT-File Versions; arrays lie as MATLAB holds them, so that HDF5 shows their axes reversed.
 */
export async function listMat73(opened: Hdf5File): Promise<Mat73Variable[]> {
  const variables: Mat73Variable[] = [];
  for (const name of await opened.keys('/')) {
    if (name.startsWith('#')) continue;
    const path = `/${name}`;
    const isArray = (await opened.kindOf(path)) === 'dataset';
    const className = await opened.attribute(path, 'MATLAB_class');
    const shape = isArray ? [...(await opened.dataset(path)).shape].reverse() : [];
    variables.push({ name, className: typeof className === 'string' ? className : 'unknown', shape });
  }
  return variables;
}

/**
 * A real numeric or logical 2-D variable, row after row: float32 for single, float64 for all others. Fields of structures are named
 * by their path, as in "subject/responses". Memory: the result and one part of it (64 MiB or a row of stored pieces).
 *
 * @param rows first row and the end beyond the last; all without it. Only these are read.
 * @throws AffectomeError `input` for other variables, naming those that are there.
 */
export async function readMat73(
  opened: Hdf5File,
  name: string,
  rows?: readonly [number, number],
): Promise<Matrix> {
  const path = `/${name}`;
  const where = { file: opened.file, field: name };
  if ((await opened.kindOf(path)) !== 'dataset') {
    const names = (await listMat73(opened)).map((variable) => variable.name);
    throw inputError({ problem: `holds no such array; it has ${names.join(', ') || 'nothing'}.`, where });
  }
  const dataset = await opened.dataset(path);
  const className = await opened.attribute(path, 'MATLAB_class');
  const isEmpty = (await opened.attribute(path, 'MATLAB_empty')) === 1;
  if (isEmpty && numeric.test(String(className))) return emptyMatrix(dataset);
  const isNumeric = dataset.type !== 'text' && dataset.type !== 'other';
  if (!isNumeric || dataset.shape.length !== 2 || (className !== null && !numeric.test(String(className)))) {
    throw inputError({
      problem: `is ${className ?? dataset.type} of ${dataset.shape.length} axes; expected a real 2-D numeric array.`,
      where,
      remedy: 'Save the numbers as a variable of their own.',
    });
  }
  return transposed(dataset, rows);
}

/** An empty array is stored as its two sizes. */
async function emptyMatrix(dataset: Hdf5Dataset): Promise<Matrix> {
  const [nRows = 0, nColumns = 0] = dataset.shape.join() === '2' ? await dataset.numbers() : [];
  const isEmpty = nRows * nColumns === 0;
  return { nRows: isEmpty ? nRows : 0, nColumns: isEmpty ? nColumns : 0, data: new Float64Array(0) };
}

async function transposed(dataset: Hdf5Dataset, rows?: readonly [number, number]): Promise<Matrix> {
  const [nColumns, nAll] = dataset.shape;
  const [first, end] = rows ?? [0, nAll];
  const nRows = end - first;
  const make = dataset.type === 'float32' ? Float32Array : Float64Array;
  let data: Float32Array | Float64Array | null = null;
  for await (const { ranges, numbers } of dataset.parts([
    [0, nColumns],
    [first, end],
  ])) {
    // Made once the file is known to hold that much.
    data ??= new make(nRows * nColumns);
    const [[c0, c1], [r0, r1]] = ranges;
    let at = 0;
    for (let c = c0; c < c1; c++) {
      for (let r = r0; r < r1; r++) data[(r - first) * nColumns + c] = numbers[at++];
    }
  }
  return { nRows, nColumns, data: data ?? new make(0) };
}
