import type { Cifti } from '../../formats/cifti.js';
import { cellPlace, type Table } from '../../formats/delimited.js';
import type { Annotation } from '../../formats/freesurfer.js';
import type { Gifti } from '../../formats/gifti.js';
import { mapsOf } from '../../formats/gifti-surface.js';
import type { LabelTable } from '../../formats/surface.js';
import { nFramesOf, type Volume, volumeValues } from '../../formats/volume.js';
import { inputError } from '../../numerics/errors.js';

/** Names of label keys. */
export type LabelNames = ReadonlyMap<number, string>;

/** One key per place (voxel of a grid, vertex, grayordinate) and the names of keys; 0 is no label. */
export interface RegionLabels {
  readonly file: string;
  readonly keys: Int32Array;
  readonly names: LabelNames;
  /** What was found wrong and put right. */
  readonly warnings: readonly string[];
}

/** @throws AffectomeError `input` for a volume of several frames, and for keys that are no whole numbers. */
export function labelsOfVolume(volume: Volume, names: LabelNames): RegionLabels {
  const nFrames = nFramesOf(volume);
  if (nFrames !== 1) {
    throw inputError({ problem: `has ${nFrames} frames; labels have one.`, where: { file: volume.file } });
  }
  return makeLabels(volume.file, volumeValues(volume), names);
}

/**
 * The first label array of a GIFTI file, with the file's names.
 * @throws AffectomeError `input` for files without maps, and for keys that are no whole numbers.
 */
export function labelsOfGifti(gifti: Gifti): RegionLabels {
  const [map] = mapsOf(gifti);
  return makeLabels(gifti.file, map.values, namesOf(gifti.labels));
}

export const labelsOfAnnotation = ({ keys, labels }: Annotation, file: string): RegionLabels =>
  makeLabels(
    file,
    keys.map((key) => Math.max(0, key)),
    namesOf(labels),
  );

/**
 * A map of a CIFTI label file (.dlabel.nii).
 * @param map its name; the first without it
 * @throws AffectomeError `input` for other kinds of CIFTI, and for a map that is not there.
 */
export function labelsOfCifti({ file, rows, columns, values }: Cifti, map?: string): RegionLabels {
  if (rows.kind !== 'labels' || columns.kind !== 'brain-models') {
    throw inputError({
      problem: `has ${rows.kind} by ${columns.kind}; expected dense labels (.dlabel.nii).`,
      where: { file },
    });
  }
  const index = map === undefined ? 0 : rows.maps.findIndex(({ name }) => name === map);
  if (!rows.maps[index]) {
    const found = rows.maps.map(({ name }) => name).join(', ');
    throw inputError({ problem: `has no map ${JSON.stringify(map)}; it has ${found}.`, where: { file } });
  }
  const keys = values.data.subarray(index * values.nColumns, (index + 1) * values.nColumns);
  return makeLabels(file, keys, namesOf(rows.maps[index].labels));
}

/**
 * A table of one key per place, in the order of its rows. A table of one column may lack a header.
 * @param column without it, the only one
 * @throws AffectomeError `input`, by line and column, for cells that are no whole numbers and for an unclear column.
 */
export function labelsOfTable(table: Table, names: LabelNames, column?: string): RegionLabels {
  const { file, header, rows } = table;
  const at = column === undefined && header.length === 1 ? 0 : header.indexOf(column ?? '');
  if (at === -1) {
    const problem = `has the columns ${header.join(', ')}; ${column === undefined ? 'no one was named' : `no ${column}`}.`;
    throw inputError({ problem, where: { file }, remedy: 'Name the column that holds the labels.' });
  }
  const isKey = (cell: string) => /^[+-]?\d+(\.0*)?$/.test(cell.trim());
  const first = header.length === 1 && isKey(header[0]) ? [Number(header[0])] : [];
  const keys = rows.map((cells, row) => {
    if (isKey(cells[at])) return Number(cells[at]);
    throw inputError({
      problem: `${JSON.stringify(cells[at])} is no label; expected a whole number.`,
      where: cellPlace(table, row, at),
    });
  });
  return makeLabels(file, [...first, ...keys], names);
}

/**
 * Names from a table in the manner of BIDS (`*_dseg.tsv`, fMRIPrep's `desc-aseg_dseg.tsv`): columns `index` and `name`.
 * @throws AffectomeError `input` for missing columns, indices that are no whole numbers, and those that occur twice.
 */
export function readLabelNames(table: Table): LabelNames {
  const [index, name] = ['index', 'name'].map((column) => table.header.indexOf(column));
  if (index === -1 || name === -1) {
    const problem = `has the columns ${table.header.join(', ')}; expected index and name.`;
    throw inputError({ problem, where: { file: table.file } });
  }
  const names = new Map<number, string>();
  for (const [row, cells] of table.rows.entries()) {
    const key = Number(cells[index]);
    if (cells[index].trim() === '' || !Number.isInteger(key) || names.has(key)) {
      const problem = `${JSON.stringify(cells[index])} is ${names.has(key) ? 'there twice' : 'no whole number'}.`;
      throw inputError({ problem, where: cellPlace(table, row, index) });
    }
    names.set(key, cells[name].trim());
  }
  return names;
}

const namesOf = (labels: LabelTable): LabelNames => new Map(labels.map(({ key, name }) => [key, name]));

/** @throws AffectomeError `input` for keys that are no whole numbers. */
export function makeLabels(file: string, values: ArrayLike<number>, names: LabelNames): RegionLabels {
  for (let i = 0; i < values.length; i++) {
    if (Number.isInteger(values[i])) continue;
    throw inputError({
      problem: `has the value ${values[i]} at place ${i}; labels are whole numbers.`,
      where: { file },
      remedy: 'Resample label images by nearest neighbour, and write 0 where there is no label.',
    });
  }
  return { file, keys: Int32Array.from(values), names, warnings: [] };
}
