import { readBdata, selectBdata } from '../../brain/bdata.js';
import { openHdf5File } from '../../formats/hdf5-file.node.js';
import { parseMat5 } from '../../formats/mat5.js';
import { listMat73, readMat73 } from '../../formats/mat73.js';
import { openNifti, readVoxelSeries } from '../../formats/nifti-file.node.js';
import { parseNpy } from '../../formats/npy.js';
import { maskVoxels, requireSameGrid, type Volume } from '../../formats/volume.js';
import { configError, inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { shownPath } from '../../study/study.js';
import { readForeign } from '../import/imported.js';
import type { ResponsesImport } from './import.js';

export interface Samples {
  /** nSamples x nVoxels. */
  readonly samples: Matrix;
  /** What each sample shows, where the file says so. */
  readonly names: readonly string[] | null;
}

/** @throws AffectomeError `input` and `config` naming the file and what is missing. */
export async function readSamples(request: ResponsesImport, mask: Volume | null): Promise<Samples> {
  const { file } = request;
  if (/\.npy$/i.test(file)) return { samples: await readNpySamples(file), names: null };
  if (/\.nii(\.gz)?$/i.test(file)) return { samples: await readVolumeSamples(file, mask), names: null };
  if (/\.mat$/i.test(file)) return { samples: await readMatSamples(request), names: null };
  if (/\.(h5|hdf5)$/i.test(file)) return readBdataSamples(request);
  throw configError({
    problem: `"${shownPath(file)}" is no kind of file that responses are read from.`,
    remedy:
      'Give .npy, .mat, .h5 (bdata), a 4-D .nii or .nii.gz with --mask, .dtseries.nii or .dscalar.nii, or left .gii or .npy with --right.',
  });
}

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

async function readMatSamples({ file, variable }: ResponsesImport): Promise<Matrix> {
  const bytes = await readForeign(file);
  const isHdf5 = new TextDecoder('latin1').decode(bytes.subarray(0, 600)).includes('HDF');
  if (!isHdf5) {
    const found = parseMat5(bytes, shownPath(file));
    return chosenVariable(Object.keys(found), variable, file, (name) => found[name]);
  }
  const opened = await openHdf5File(file);
  try {
    const names = listMat73(opened).filter(({ className }) => /double|single|int/.test(className));
    const known = names.map(({ name }) => name);
    if (variable?.includes('/')) return readMat73(opened, variable);
    return chosenVariable(known, variable, file, (name) => readMat73(opened, name));
  } finally {
    opened.close();
  }
}

function chosenVariable(
  names: readonly string[],
  wanted: string | undefined,
  file: string,
  read: (name: string) => Matrix,
): Matrix {
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (name !== undefined && names.includes(name)) return read(name);
  throw inputError({
    problem:
      name === undefined
        ? `holds ${names.join(', ')}.`
        : `has no variable "${name}"; it has ${names.join(', ')}.`,
    where: { file: shownPath(file) },
    remedy: 'Name the one with stimuli x voxels: --variable NAME.',
  });
}

async function readBdataSamples({ file, key, stimulusKey }: ResponsesImport): Promise<Samples> {
  const opened = await openHdf5File(file);
  try {
    const bdata = readBdata(opened);
    if (key === undefined) {
      throw configError({
        problem: `bdata files hold voxels and labels alike; one of ${bdata.keys.map((one) => one.key).join(', ')} says which columns are voxels.`,
        where: { field: '--key' },
        remedy: 'Add --key VoxelData, or the key of a region.',
      });
    }
    const samples = selectBdata(bdata, key);
    if (stimulusKey === undefined) return { samples, names: null };
    const labels = selectBdata(bdata, stimulusKey);
    const words = bdata.valueNames.get(stimulusKey);
    const nameOf = (value: number) => words?.get(value) ?? String(value);
    return {
      samples,
      names: Array.from({ length: labels.nRows }, (_, s) => nameOf(labels.data[s * labels.nColumns])),
    };
  } finally {
    opened.close();
  }
}

export function transposed({ nRows, nColumns, data }: Matrix): Matrix {
  const result = new Float32Array(data.length);
  for (let r = 0; r < nRows; r++)
    for (let c = 0; c < nColumns; c++) result[c * nRows + r] = data[r * nColumns + c];
  return { nRows: nColumns, nColumns: nRows, data: result };
}
