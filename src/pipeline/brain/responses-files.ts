import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrainPlaces } from '../../brain/responses/index.js';
import { giftiOfMaps, writeGifti } from '../../formats/gifti-write.js';
import { readNifti } from '../../formats/nifti.js';
import { writeNifti } from '../../formats/nifti-write.js';
import { makeVolume, maskVoxels, type Volume } from '../../formats/volume.js';
import { artifactError, configError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Artifacts, Sidecar } from '../../study/artifacts.js';
import { sidecarOf } from '../paths.js';
import { type CiftiPart, ciftiPart, onHemispheres, type SurfaceSpace } from './grayordinates.js';
import { brainPaths } from './paths.js';

/** Where the columns of responses lie. */
export type ResponseSpace =
  | {
      readonly kind: 'volume';
      /** Columns are its voxels that are not 0, x fastest. */
      readonly mask: string;
      readonly shape: readonly number[];
      readonly affine: readonly number[];
    }
  /** Vertices of the left hemisphere, then of the right. */
  | { readonly kind: 'surface'; readonly space: string; readonly nLeft: number; readonly nRight: number }
  | { readonly kind: 'cifti'; readonly nGrayordinates: number; readonly models: readonly CiftiPart[] }
  /** Nobody said where the columns are: they can be encoded, but neither searched nor drawn. */
  | { readonly kind: 'columns' };

/** `responses.json`, beside the array. */
export interface ResponsesSidecar extends Sidecar {
  readonly space: ResponseSpace;
  /** What made them, in words. */
  readonly source: string;
  readonly counts: ResponseCounts;
  /** The run of every row; null where there are none. */
  readonly runs: readonly string[] | null;
  /** Of `repeats.npy`; null where too few stimuli were shown more than once. */
  readonly repeats: RepeatsFacts | null;
}

/** With the hash, whoever reads the sidecar notices other repeats. */
export interface RepeatsFacts {
  readonly nRepeats: number;
  readonly nStimuli: number;
  readonly sha256: string;
}

/** Voxels that later steps leave out, counted where they first appear. */
export interface ResponseCounts {
  readonly nConstant: number;
  readonly nNotFinite: number;
}

/** One subject's responses: nStimuli x nVoxels. */
export interface SubjectResponses {
  readonly subject: string;
  readonly stimulusIds: readonly string[];
  readonly responses: Matrix;
  readonly space: ResponseSpace;
  /** The mask as a volume; null without a grid. */
  readonly mask: Volume | null;
  readonly counts: ResponseCounts;
  readonly runs: readonly string[] | null;
  readonly repeats: RepeatsFacts | null;
}

/** The inputs of a step that reads one subject's responses. */
export const responseInputs = (subject: string, space: ResponseSpace): string[] => [
  brainPaths.responses(subject),
  sidecarOf(brainPaths.responses(subject)),
  ...(space.kind === 'volume' ? [space.mask] : []),
];

/** Subjects whose responses are in the study, in natural order. */
export async function presentSubjects(folder: string): Promise<string[]> {
  const entries = await readdir(join(folder, 'brain'), { withFileTypes: true }).catch(() => []);
  const names = entries
    .filter((entry) => entry.isDirectory() && /^sub-/.test(entry.name))
    .map(({ name }) => name);
  const found: string[] = [];
  for (const name of names) {
    const files: string[] = await readdir(join(folder, 'brain', name)).catch(() => []);
    if (files.includes('responses.npy')) found.push(name);
  }
  return found.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The wanted subjects among those that are there. @throws AffectomeError `config` for one that is not. */
export function chooseSubjects(present: readonly string[], wanted: readonly string[]): string[] {
  if (wanted.length === 0) return [...present];
  return wanted.map((name) => {
    const folder = `sub-${name}`;
    if (present.includes(folder)) return folder;
    throw configError({
      problem: `There are no responses of ${folder}.`,
      where: { field: 'brain.subjects' },
      remedy:
        present.length > 0
          ? `There are those of ${present.join(', ')}.`
          : 'Make them with: affectome brain responses, or affectome brain import.',
    });
  });
}

export async function readResponsesSidecar(artifacts: Artifacts, subject: string): Promise<ResponsesSidecar> {
  const file = sidecarOf(brainPaths.responses(subject));
  const sidecar = await artifacts.readJson<Partial<ResponsesSidecar>>(file);
  const [rows] = sidecar.axes ?? [];
  if (sidecar.space && sidecar.shape?.length === 2 && rows?.labels?.length === sidecar.shape[0])
    return sidecar as ResponsesSidecar;
  throw artifactError({
    problem: 'does not say which stimuli and voxels the responses belong to.',
    where: { file: artifacts.path(file) },
    remedy: 'Make the responses again: affectome brain responses, or affectome brain import.',
  });
}

/** @throws AffectomeError `artifact` or `input` when array, sidecar and mask do not fit each other. */
export async function readResponses(artifacts: Artifacts, subject: string): Promise<SubjectResponses> {
  const sidecar = await readResponsesSidecar(artifacts, subject);
  const { shape, axes, space, counts, runs = null, repeats = null } = sidecar;
  const data = await artifacts.readArray(brainPaths.responses(subject), Float32Array, shape);
  const mask = space.kind === 'volume' ? await readMask(artifacts, space.mask) : null;
  const [nRows, nColumns] = shape;
  if (mask && maskVoxels(mask).length !== nColumns) {
    throw artifactError({
      problem: `has ${maskVoxels(mask).length} voxels; the responses of ${subject} have ${nColumns}.`,
      where: { file: mask.file },
      remedy: 'Make the responses again: affectome brain responses, or affectome brain import.',
    });
  }
  return {
    ...{ subject, space, mask, counts, runs, repeats },
    stimulusIds: axes[0].labels!,
    responses: { nRows, nColumns, data },
  };
}

export async function readMask(artifacts: Artifacts, path: string): Promise<Volume> {
  return readNifti(await artifacts.readBytes(path), artifacts.path(path));
}

export interface ResponsesToWrite {
  readonly stimulusIds: readonly string[];
  readonly responses: Matrix;
  /** Null where nobody said where the columns lie. */
  readonly places: BrainPlaces | null;
  readonly source: string;
  /** Of each row, for folds by run; null without runs. */
  readonly runs: readonly string[] | null;
  /** What `writeRepeats` left. */
  readonly repeats: RepeatsFacts | null;
}

/** Writes array, sidecar and mask; answers with what was counted. */
export async function writeResponses(
  artifacts: Artifacts,
  subject: string,
  { stimulusIds, responses, places, source, runs, repeats }: ResponsesToWrite,
): Promise<ResponseCounts> {
  const name = brainPaths.responses(subject);
  const { nRows, nColumns, data } = responses;
  const space = await writeSpace(artifacts, subject, places);
  await artifacts.writeNpy(
    name,
    data instanceof Float32Array ? data : Float32Array.from(data),
    [nRows, nColumns],
    {
      description: `Responses of ${subject} to every stimulus, z-scored over stimuli unless imported otherwise.`,
      axes: [{ axis: 'stimulus', labels: stimulusIds }, { axis: 'voxel' }],
    },
  );
  const counts = countVoxels(responses);
  const sidecar = await artifacts.readJson<Sidecar>(sidecarOf(name));
  await artifacts.writeJson(sidecarOf(name), {
    ...sidecar,
    source,
    space,
    counts,
    runs,
    repeats,
  } satisfies ResponsesSidecar);
  return counts;
}

async function writeSpace(
  artifacts: Artifacts,
  subject: string,
  places: BrainPlaces | null,
): Promise<ResponseSpace> {
  if (!places) return { kind: 'columns' };
  if (places.kind === 'surface') return places;
  if (places.kind === 'cifti') {
    return { kind: 'cifti', nGrayordinates: places.nGrayordinates, models: places.models.map(ciftiPart) };
  }
  const shape = [...places.shape, 1, 1].slice(0, 3);
  const data = new Uint8Array(shape[0] * shape[1] * shape[2]);
  for (const voxel of places.voxels) data[voxel] = 1;
  const mask = makeVolume({ shape, affine: places.affine, data });
  await artifacts.writeBytes(brainPaths.mask(subject), writeNifti(mask, { gzip: true }));
  return { kind: 'volume', mask: brainPaths.mask(subject), shape, affine: Array.from(places.affine) };
}

export function countVoxels({ nRows, nColumns, data }: Matrix): ResponseCounts {
  let [nConstant, nNotFinite] = [0, 0];
  for (let v = 0; v < nColumns; v++) {
    let [hasNumbers, isConstant] = [true, true];
    for (let r = 0; r < nRows; r++) {
      const value = data[r * nColumns + v];
      if (!Number.isFinite(value)) hasNumbers = false;
      if (value !== data[v]) isConstant = false;
    }
    if (!hasNumbers) nNotFinite++;
    else if (isConstant) nConstant++;
  }
  return { nConstant, nNotFinite };
}

/** The values of columns as a map on the grid of the mask, float32; NaN outside. */
export function mapVolume(mask: Volume, values: ArrayLike<number>): Volume {
  const shape = [...mask.shape, 1, 1].slice(0, 3);
  const data = new Float32Array(shape[0] * shape[1] * shape[2]).fill(Number.NaN);
  maskVoxels(mask).forEach((voxel, v) => {
    data[voxel] = values[v];
  });
  return makeVolume({ shape, affine: mask.affine, data, space: mask.space });
}

/** The files that `writeMap` makes: NIfTI for volumes, GIFTI for the cortex, none where nobody said where the columns lie. */
export function mapFiles(stem: string, space: ResponseSpace): string[] {
  if (space.kind === 'volume') return [`${stem}.nii.gz`];
  return space.kind === 'columns' ? [] : [`${stem}.L.shape.gii`, `${stem}.R.shape.gii`];
}

/** Writes a map for viewers; `stem` is its path without ending. Grayordinates below the cortex are in no GIFTI. */
export async function writeMap(
  artifacts: Artifacts,
  stem: string,
  { about, values }: { about: Pick<SubjectResponses, 'mask' | 'space'>; values: ArrayLike<number> },
): Promise<void> {
  const { mask, space } = about;
  const files = mapFiles(stem, space);
  if (mask) await artifacts.writeBytes(files[0], writeNifti(mapVolume(mask, values), { gzip: true }));
  if (space.kind !== 'volume' && space.kind !== 'columns')
    await writeHemispheres(artifacts, files, { name: stem.replace(/^.*\//, ''), space, values });
}

async function writeHemispheres(
  artifacts: Artifacts,
  files: readonly string[],
  { name, space, values }: { name: string; space: SurfaceSpace; values: ArrayLike<number> },
): Promise<void> {
  const sides = onHemispheres(space, values);
  for (const [side, structure] of ['CortexLeft', 'CortexRight'].entries()) {
    const own = sides[side];
    if (own)
      await artifacts.writeBytes(
        files[side],
        writeGifti(giftiOfMaps([{ name, values: own }], 'shape', { structure })),
      );
  }
}
