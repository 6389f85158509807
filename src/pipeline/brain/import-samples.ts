import { readBdata, selectBdata } from '../../brain/bdata.js';
import { openHdf5File } from '../../formats/hdf5-file.node.js';
import { openNifti, readVoxelSeries } from '../../formats/nifti-file.node.js';
import { parseNpy } from '../../formats/npy.js';
import { maskVoxels, requireSameGrid, type Volume } from '../../formats/volume.js';
import { configError, inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { shownPath } from '../../study/study.js';
import { readForeign } from '../import/imported.js';
import type { ResponsesImport } from './import.js';
import { readMatSamples } from './import-mat.js';

export interface Samples {
  /** nSamples x nVoxels. */
  readonly samples: Matrix;
  /** What each sample shows, where the file says so. */
  readonly names: readonly string[] | null;
}

/** @throws AffectomeError `input` and `config` naming the file and what is missing. */
export async function readSamples(
  request: ResponsesImport,
  mask: Volume | null,
  signal?: AbortSignal,
): Promise<Samples> {
  const { file } = request;
  requireFittingOptions(request);
  if (/\.npy$/i.test(file)) return { samples: await readNpySamples(file), names: null };
  if (/\.nii(\.gz)?$/i.test(file)) return { samples: await readVolumeSamples(file, mask), names: null };
  if (/\.mat$/i.test(file)) return { samples: await readMatSamples(request, signal), names: null };
  if (isBdata.test(file)) return readBdataSamples(request, signal);
  throw configError({
    problem: `"${shownPath(file)}" is no kind of file that responses are read from.`,
    remedy:
      'Give .npy, .mat, .h5 (bdata), a 4-D .nii or .nii.gz with --mask, .dtseries.nii or .dscalar.nii, or left .gii or .npy with --right.',
  });
}

/** Options that mean nothing for a kind of file are told, not passed over. */
function requireFittingOptions({ file, variable, key, stimulusKey }: ResponsesImport): void {
  const unfit: [boolean, string, string][] = [
    [variable !== undefined && !/\.mat$/i.test(file), '--variable', '.mat files'],
    [key !== undefined && !isBdata.test(file), '--key', 'bdata files (.h5)'],
    [stimulusKey !== undefined && !isBdata.test(file), '--stimulus-key', 'bdata files (.h5)'],
  ];
  const found = unfit.find(([isUnfit]) => isUnfit);
  if (!found) return;
  throw configError({
    problem: `It is for ${found[2]}; "${shownPath(file)}" is none.`,
    where: { field: found[1] },
    remedy: 'Leave it out.',
  });
}

const isBdata = /\.(h5|hdf5)$/i;

export async function readNpySamples(file: string): Promise<Matrix> {
  const { shape, data } = parseNpy(await readForeign(file), shownPath(file));
  if (shape.length === 2)
    return {
      nRows: shape[0],
      nColumns: shape[1],
      data: data instanceof Float64Array ? data : Float32Array.from(data),
    };
  throw inputError({
    problem: `has the shape (${shape.join(', ')}); expected stimuli x voxels.`,
    where: { file: shownPath(file) },
  });
}

async function readVolumeSamples(file: string, mask: Volume | null): Promise<Matrix> {
  if (!mask) {
    throw configError({
      problem: 'A 4-D image needs a mask that says which voxels are meant.',
      where: { field: '--mask' },
      remedy: 'Add --mask MASK.nii.gz on the same grid.',
    });
  }
  const { header, frames } = await openNifti(file);
  await frames.return(undefined);
  requireSameGrid({ ...header, file: shownPath(file) }, mask);
  return readVoxelSeries(file, maskVoxels(mask));
}

async function readBdataSamples(
  { file, key, stimulusKey }: ResponsesImport,
  signal?: AbortSignal,
): Promise<Samples> {
  const opened = await openHdf5File(file, { ...(signal && { signal }) });
  try {
    const bdata = await readBdata(opened);
    if (key === undefined) {
      throw configError({
        problem: `bdata files hold voxels and labels alike; one of ${bdata.keys.map((one) => one.key).join(', ')} says which columns are voxels.`,
        where: { field: '--key' },
        remedy: 'Add --key VoxelData, or the key of a region.',
      });
    }
    const samples = await selectBdata(bdata, key);
    if (stimulusKey === undefined) return { samples, names: null };
    const labels = await selectBdata(bdata, stimulusKey);
    if (labels.nColumns > 1) {
      throw inputError({
        problem: `selects ${labels.nColumns} columns by "${stimulusKey}"; expected one that says which stimulus was shown.`,
        where: { file: shownPath(file), field: '/metadata/value' },
        remedy: `Name another with --stimulus-key: ${bdata.keys.map((one) => one.key).join(', ')}.`,
      });
    }
    const words = bdata.valueNames.get(stimulusKey);
    const nameOf = (value: number) => words?.get(value) ?? String(value);
    return {
      samples,
      names: Array.from({ length: labels.nRows }, (_, s) => nameOf(labels.data[s * labels.nColumns])),
    };
  } finally {
    await opened.close();
  }
}

export function transposed({ nRows, nColumns, data }: Matrix): Matrix {
  const result = new Float32Array(data.length);
  for (let r = 0; r < nRows; r++)
    for (let c = 0; c < nColumns; c++) result[c * nRows + r] = data[r * nColumns + c];
  return { nRows: nColumns, nColumns: nRows, data: result };
}
