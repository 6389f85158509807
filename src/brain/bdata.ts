import type { Hdf5File } from '../formats/hdf5.js';
import { inputError } from '../numerics/errors.js';
import type { Matrix } from '../numerics/matrix.js';

/**
 * Data in the layout of the Kamitani lab's bdpy: samples in rows, voxels and labels alike in columns, and a table that says which
 * column belongs to what. https://github.com/KamitaniLab/bdpy
 */
export interface Bdata {
  readonly file: string;
  readonly nSamples: number;
  readonly nColumns: number;
  /** What may be selected, in the file's order. */
  readonly keys: readonly BdataKey[];
  /** Names of label values: `valueNames.get('stimulus_name')?.get(3)`. */
  readonly valueNames: ReadonlyMap<string, ReadonlyMap<number, string>>;
  readonly opened: Hdf5File;
}

export interface BdataKey {
  readonly key: string;
  readonly description: string;
  /** One number per column; NaN where the key says nothing of it. */
  readonly values: Float64Array;
}

/**
 * Reads the tables of a bdata file; the data themselves stay on the disk until `selectBdata`. Keep the file open until then.
 * @throws AffectomeError `input` for files without `/dataset` and `/metadata`, and for tables that do not fit each other.
 */
export async function readBdata(opened: Hdf5File): Promise<Bdata> {
  const { file } = opened;
  const { shape, type } = await needed(opened, '/dataset');
  if (shape.length !== 2 || type === 'text' || type === 'other') {
    throw wrong(
      file,
      '/dataset',
      `has the shape (${shape.join(', ')}) of ${type}; expected samples x columns.`,
    );
  }
  const names = await (await needed(opened, '/metadata/key')).texts();
  const descriptions = await (await needed(opened, '/metadata/description')).texts();
  const value = await needed(opened, '/metadata/value');
  const [nSamples, nColumns] = shape;
  const fits = value.shape.length === 2 && value.shape[0] === names.length && value.shape[1] === nColumns;
  if (!fits || descriptions.length !== names.length) {
    const found = `(${value.shape.join(', ')}) for ${names.length} keys and ${descriptions.length} descriptions`;
    throw wrong(file, '/metadata/value', `has the shape ${found}; the dataset has ${nColumns} columns.`);
  }
  const table = Float64Array.from(await value.numbers());
  const keys = names.map((key, k) => ({
    key,
    description: descriptions[k],
    values: table.subarray(k * nColumns, (k + 1) * nColumns),
  }));
  return { file, nSamples, nColumns, keys, valueNames: await valueNamesOf(opened), opened };
}

/**
 * nSamples x nSelected: the columns whose metadata row for `key` is 1. Memory: the result and one part of the file's rows.
 * @throws AffectomeError `input` for an unknown key, and for one that selects nothing.
 */
export async function selectBdata(bdata: Bdata, key: string): Promise<Matrix> {
  const columns = bdataColumns(bdata, key);
  const { nSamples, opened } = bdata;
  const nSelected = columns.length;
  const dataset = await opened.dataset('/dataset');
  let data = new Float64Array(0);
  for await (const { ranges, numbers } of dataset.parts([
    [0, nSamples],
    [columns[0], columns[nSelected - 1] + 1],
  ])) {
    if (data.length === 0) data = new Float64Array(nSamples * nSelected);
    const [[start, stop], [first, end]] = ranges;
    const inside = Array.from(columns.keys()).filter((c) => columns[c] >= first && columns[c] < end);
    for (let s = start; s < stop; s++) {
      const row = (s - start) * (end - first) - first;
      for (const c of inside) data[s * nSelected + c] = numbers[row + columns[c]];
    }
  }
  return { nRows: nSamples, nColumns: nSelected, data };
}

/** The columns whose metadata row for `key` is 1, ascending. */
export function bdataColumns(bdata: Bdata, key: string): Uint32Array {
  const found = bdata.keys.find((one) => one.key === key);
  if (!found) {
    const names = bdata.keys.map((one) => one.key).join(', ');
    throw inputError({
      problem: `has no key ${JSON.stringify(key)}; it has ${names}.`,
      where: { file: bdata.file, field: '/metadata/key' },
      remedy: 'Name one of these.',
    });
  }
  const columns = Uint32Array.from(found.values.keys()).filter((column) => found.values[column] === 1);
  if (columns.length > 0) return columns;
  throw inputError({
    problem: `selects no column by ${JSON.stringify(key)}: no value of its row is 1.`,
    where: { file: bdata.file, field: '/metadata/value' },
    remedy: 'Name another key.',
  });
}

/** A column of labels by name: one value per sample for keys that select a single column. */
async function valueNamesOf(opened: Hdf5File): Promise<Map<string, Map<number, string>>> {
  const names = new Map<string, Map<number, string>>();
  if ((await opened.kindOf('/vmap')) !== 'group') return names;
  for (const key of await opened.keys('/vmap')) {
    if ((await opened.kindOf(`/vmap/${key}`)) !== 'group') continue;
    const entries: [number, string][] = [];
    for (const value of await opened.keys(`/vmap/${key}`)) {
      entries.push(await valueName(opened, `/vmap/${key}/${value}`, value));
    }
    names.set(key, new Map(entries.sort(([a], [b]) => a - b)));
  }
  return names;
}

async function valueName(opened: Hdf5File, path: string, value: string): Promise<[number, string]> {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number))
    throw wrong(opened.file, path, 'is named by no number.');
  const [text = ''] = await (await needed(opened, path)).texts();
  return [number, text];
}

async function needed(opened: Hdf5File, path: string) {
  if ((await opened.kindOf(path)) === 'dataset') return opened.dataset(path);
  throw wrong(opened.file, path, 'is not there: this is no bdata file.');
}

const wrong = (file: string, field: string, problem: string) =>
  inputError({ problem, where: { file, field }, remedy: 'Save it with bdpy.BData.save.' });
