import type { BrainPlaces } from '../../brain/responses/index.js';
import { readCifti } from '../../formats/cifti.js';
import { readGifti } from '../../formats/gifti.js';
import { mapsOf } from '../../formats/gifti-surface.js';
import { configError, inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { shownPath } from '../../study/study.js';
import { readForeign } from '../import/imported.js';
import type { ResponsesImport } from './import.js';
import { readNpySamples } from './import-samples.js';

/** Responses on the cortex, and where they lie. */
export interface PlacedSamples {
  /** nSamples x nVertices: left, then right; or grayordinates. */
  readonly samples: Matrix;
  readonly places: BrainPlaces;
}

const isCifti = /\.(dtseries|dscalar)\.nii$/i;
const isGifti = /\.gii(\.gz)?$/i;

/** Whether the files of an import lie on surfaces. */
export const isOnSurface = ({ file, right }: ResponsesImport): boolean =>
  right !== undefined || isCifti.test(file) || isGifti.test(file);

/**
 * A CIFTI file of time points or maps, or one file per hemisphere (.gii with a map per sample, or .npy).
 * @throws AffectomeError `config` when a hemisphere is missing, `input` for files that do not fit each other.
 */
export async function readSurfaceSamples({ file, right }: ResponsesImport): Promise<PlacedSamples> {
  if (isCifti.test(file)) return readGrayordinates(file);
  if (right === undefined) {
    throw configError({
      problem: `"${shownPath(file)}" is one hemisphere; the other is missing.`,
      where: { field: '--right' },
      remedy: 'Give the left file first and add --right FILE.',
    });
  }
  const [left, other] = [await readHemisphere(file), await readHemisphere(right)];
  if (left.nRows !== other.nRows) {
    throw inputError({
      problem: `has ${other.nRows} samples; ${shownPath(file)} has ${left.nRows}.`,
      where: { file: shownPath(right) },
    });
  }
  const [nLeft, nRight] = [left.nColumns, other.nColumns];
  return { samples: besides(left, other), places: { kind: 'surface', space: '', nLeft, nRight } };
}

async function readGrayordinates(file: string): Promise<PlacedSamples> {
  const { columns, values } = readCifti(await readForeign(file), shownPath(file));
  if (columns.kind !== 'brain-models') {
    throw inputError({
      problem: `has ${columns.kind} as columns; expected grayordinates (a dense file).`,
      where: { file: shownPath(file) },
    });
  }
  const { nGrayordinates, models } = columns;
  return { samples: values, places: { kind: 'cifti', nGrayordinates, models } };
}

async function readHemisphere(file: string): Promise<Matrix> {
  if (!isGifti.test(file)) return readNpySamples(file);
  const maps = mapsOf(readGifti(await readForeign(file), shownPath(file)));
  const nColumns = maps[0].values.length;
  const data = new Float32Array(maps.length * nColumns);
  maps.forEach(({ values }, row) => {
    data.set(values, row * nColumns);
  });
  return { nRows: maps.length, nColumns, data };
}

function besides(left: Matrix, right: Matrix): Matrix {
  const nColumns = left.nColumns + right.nColumns;
  const data = new Float32Array(left.nRows * nColumns);
  for (let row = 0; row < left.nRows; row++) {
    const own = ({ data: values, nColumns: width }: Matrix) =>
      values.subarray(row * width, (row + 1) * width);
    data.set(own(left), row * nColumns);
    data.set(own(right), row * nColumns + left.nColumns);
  }
  return { nRows: left.nRows, nColumns, data };
}
