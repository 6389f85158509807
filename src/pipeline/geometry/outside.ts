import { readFile } from 'node:fs/promises';
import { readNpyWeights, readTextWeights } from '../../embedding/weight-table.js';
import { parseDelimited, type Table } from '../../formats/delimited.js';
import { parseNpy } from '../../formats/npy.js';
import type { StructureDistance } from '../../geometry/gromov-wasserstein/structure.js';
import { type FeatureMeasure, rsmOfFeatures } from '../../geometry/rsm/from-features.js';
import { matchRsms } from '../../geometry/rsm/match.js';
import { readRsm } from '../../geometry/rsm/read.js';
import type { Rsm } from '../../geometry/rsm/rsm.js';
import { AffectomeError, inputError } from '../../numerics/errors.js';
import { type Matrix, takeRows } from '../../numerics/matrix.js';
import { findIdColumn } from '../../stimuli/id-column.js';
import { matchIds } from '../../stimuli/index.js';
import { readFailure } from '../../study/failures.js';
import type { Categories } from './alignment.js';
import type { FileKind } from './file-kind.js';
import { rdmOf, type Side } from './sides.js';

/** A geometry in a file of its own. */
export type FileSystem = { readonly name: string; readonly ids: readonly string[] | null } & (
  | { readonly kind: 'rsm'; readonly rsm: Rsm }
  | { readonly kind: 'features'; readonly features: Matrix }
);

/**
 * Reads geometries from files: RSMs and RDMs (`readRsm`), or tables with a row per stimulus and a column per feature. They are
 * named by their files.
 * @throws AffectomeError `artifact` for files that are not there, `input` for what they hold.
 */
export async function readFileSystems(files: readonly string[], as: FileKind): Promise<FileSystem[]> {
  const stems = files.map((file) =>
    file
      .split(/[/\\]/)
      .at(-1)!
      .replace(/\.[a-z0-9]+$/i, ''),
  );
  return Promise.all(
    files.map(async (file, index) => {
      const isAlone = stems.filter((stem) => stem === stems[index]).length === 1;
      return readFileSystem(await read(file), file, { as, name: isAlone ? stems[index] : file });
    }),
  );
}

const read = (file: string): Promise<Uint8Array> =>
  readFile(file).catch((error: unknown) => Promise.reject(readFailure(error, file, 'Check the path.')));

function readFileSystem(
  bytes: Uint8Array,
  file: string,
  { as, name }: { as: FileKind; name: string },
): FileSystem {
  if (as === 'rsm' || as === 'rdm' || (as === 'auto' && isSquare(bytes, file))) {
    const kind = as === 'auto' ? {} : ({ kind: as === 'rsm' ? 'similarity' : 'dissimilarity' } as const);
    const matrix = orAsFeatures(() => readRsm(bytes, file, { name, ...kind }), file, as);
    return { name, kind: 'rsm', ids: matrix.stimulusIds, rsm: matrix };
  }
  const { nRows, nColumns, data, rowNames } = /\.npy$/i.test(file)
    ? readNpyWeights(bytes, file)
    : readTextWeights(bytes, file);
  return { name, kind: 'features', ids: rowNames, features: { nRows, nColumns, data } };
}

/** A table of features that happens to be square is no symmetric matrix: the error says how to read it. */
function orAsFeatures(make: () => Rsm, file: string, as: FileKind): Rsm {
  try {
    return make();
  } catch (error) {
    if (as !== 'auto' || !(error instanceof AffectomeError)) throw error;
    const { problem, where, remedy = '' } = error;
    throw inputError({
      problem,
      where: where.file === undefined ? { ...where, file } : where,
      remedy: `${remedy} If its columns are features: --as features.`.trim(),
      cause: error,
    });
  }
}

function isSquare(bytes: Uint8Array, file: string): boolean {
  if (/\.mat$/i.test(file)) return true;
  if (/\.npy$/i.test(file)) {
    const { shape } = parseNpy(bytes, file);
    return shape.length === 1 || (shape.length === 2 && shape[0] === shape[1]);
  }
  if (/\.txt$/i.test(file)) return false;
  return isSquareTable(parseDelimited(bytes, file));
}

/** Numbers alone, under a header, or with ids that name rows and columns alike. */
function isSquareTable({ header, rows }: Table): boolean {
  const nRows = rows.length + 1;
  const isNumbers = header.slice(1).every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  if (nRows === header.length)
    return isNumbers || rows.every(([id], row) => id.trim() === header[row + 1].trim());
  return nRows === header.length + 1 || (header.length === nRows + 1 && isNumbers);
}

/** The word of `--as` for what a file was taken for. */
export const kindOf = (system: FileSystem): 'rsm' | 'rdm' | 'features' =>
  system.kind === 'features' ? 'features' : system.rsm.kind === 'similarity' ? 'rsm' : 'rdm';

/** "human: taken for an RDM (larger is less alike), 24 stimuli". */
export function takenFor(system: FileSystem): string {
  if (system.kind === 'features') {
    const { nRows, nColumns } = system.features;
    return `${system.name}: taken for features, ${nRows} stimuli x ${nColumns} ${nColumns === 1 ? 'feature' : 'features'}`;
  }
  const matrix = kindOf(system) === 'rsm' ? 'RSM (larger is more alike)' : 'RDM (larger is less alike)';
  return `${system.name}: taken for an ${matrix}, ${system.rsm.nStimuli} stimuli`;
}

/** Why stimuli are matched by their order; null where all files have ids. */
export function matchedByOrder(systems: readonly FileSystem[]): string | null {
  const withIds = systems.filter(({ ids }) => ids !== null).map(({ name }) => name);
  const without = systems.filter(({ ids }) => ids === null).map(({ name }) => name);
  if (without.length === 0) return null;
  const lacks = `${without.join(', ')} ${without.length === 1 ? 'has' : 'have'} none`;
  return withIds.length === 0
    ? 'Stimuli are matched by row order: no file has ids.'
    : `Stimuli are matched by row order: the ids of ${withIds.join(', ')} are not used, since ${lacks}. Wrong unless all files have the same stimuli in the same order.`;
}

/** Features of the files that hold some, of the stimuli that all RSMs share. */
export function featuresOfFiles(systems: readonly FileSystem[], rsms: readonly Rsm[]) {
  const { places } = matchRsms(rsms);
  return systems.flatMap((system, s) =>
    system.kind === 'features' ? [{ name: system.name, features: takeRows(system.features, places[s]) }] : [],
  );
}

/** RSMs of all files; features by `measure`. */
export const rsmsOfFiles = (systems: readonly FileSystem[], measure: FeatureMeasure): Rsm[] =>
  systems.map((system) =>
    system.kind === 'rsm'
      ? system.rsm
      : rsmOfFeatures(system.features, { name: system.name, stimulusIds: system.ids, measure }),
  );

export function sideOfFile(system: FileSystem, distance: StructureDistance): Side {
  const { name, ids } = system;
  return system.kind === 'rsm'
    ? { name, ids, structure: { kind: 'rdm', rdm: rdmOf(system.rsm) }, scales: null }
    : { name, ids, structure: { kind: 'vectors', vectors: system.features, distance }, scales: null };
}

/**
 * Categories of stimuli from a table with a `category` column (several in a cell apart by ";", or several rows per stimulus)
 * and an id column; without ids its rows are the stimuli in order.
 * @throws AffectomeError `input` for a table without the column, other numbers of rows without ids, and when no stimulus has any.
 */
export async function readCategoryFile(file: string, ids: readonly string[]): Promise<Categories> {
  const { header, rows } = parseDelimited(await read(file), file);
  const column = header.indexOf('category');
  if (column < 0) {
    throw inputError({
      problem: `has the columns ${header.join(', ')}; expected one named category.`,
      where: { file, line: 1 },
      remedy: 'Name the columns stimulus_id and category.',
    });
  }
  const idColumn = findIdColumn(header);
  if (idColumn < 0 && rows.length !== ids.length) {
    throw inputError({
      problem: `has ${rows.length} rows and no stimulus_id column; ${ids.length} stimuli are aligned.`,
      where: { file },
      remedy: 'Add a stimulus_id column, or give one row per stimulus in their order.',
    });
  }
  const names: string[] = [];
  const found: number[][] = ids.map(() => []);
  const matcher = matchIds(ids);
  rows.forEach((cells, row) => {
    const place = idColumn < 0 ? row : matcher.find(cells[idColumn]);
    if (typeof place !== 'number') return;
    for (const name of cells[column]
      .split(';')
      .map((part) => part.trim())
      .filter(Boolean)) {
      if (!names.includes(name)) names.push(name);
      found[place].push(names.indexOf(name));
    }
  });
  if (names.length === 0)
    throw noCategories(
      file,
      ids,
      rows.map((cells) => cells[Math.max(0, idColumn)]),
    );
  return found;
}

const noCategories = (file: string, ids: readonly string[], [first]: readonly string[]) =>
  inputError({
    problem: `0 of ${ids.length} stimuli have a category in it.`,
    where: { file },
    remedy: `The aligned stimuli are called ${ids.slice(0, 3).join(', ')}, ...${first === undefined ? '' : `; the first row is about ${JSON.stringify(first)}`}. Write the same ids in the column stimulus_id; files without ids have row numbers from 1.`,
  });
