import {
  type BrainSide,
  type MapScale,
  type Scene,
  type Slice,
  sampleVertices,
  sliceMap,
  surfaceMap,
  type ViewName,
} from '../../brain/maps/index.js';
import type { BrainOptions } from '../../brain/options.js';
import { worldOf } from '../../formats/affine.js';
import { readCurv } from '../../formats/freesurfer.js';
import { readGifti } from '../../formats/gifti.js';
import { mapsOf, surfaceOf } from '../../formats/gifti-surface.js';
import type { Surface } from '../../formats/surface.js';
import { maskVoxels, type Volume } from '../../formats/volume.js';
import { configError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import { insideStudy } from './features.js';
import { onHemispheres } from './grayordinates.js';
import { type Measure, measureText, readMeasure } from './measures.js';
import { mapVolume, type ResponseSpace } from './responses-files.js';

export type MapSection = BrainOptions['maps'];

export interface SurfaceFiles {
  readonly surfaces: readonly string[];
  readonly sample: readonly string[];
  readonly flat: readonly string[];
  readonly curvature: readonly string[];
}

export function surfaceFiles(folder: string, options: MapSection, subject: string): SurfaceFiles {
  const paths = (files: readonly string[], field: string) => {
    if (files.length > 2) {
      throw configError({
        problem: `names ${files.length} files; expected left and right.`,
        where: { field: `brain.maps.${field}` },
      });
    }
    return files.map((file) => insideStudy(folder, file.replaceAll('{subject}', subject)));
  };
  return {
    surfaces: paths(options.surfaces, 'surfaces'),
    sample: paths(options.sample, 'sample'),
    flat: paths(options.flat, 'flat'),
    curvature: paths(options.curvature, 'curvature'),
  };
}

/** A subject whose maps can be drawn. */
export interface Drawable {
  readonly subject: string;
  readonly space: ResponseSpace;
  readonly mask: Volume | null;
}

export interface Drawing {
  readonly drawable: readonly Drawable[];
  readonly options: MapSection;
}

function scaleOf({ kind, name }: Measure, nSubjects: number): MapScale {
  return {
    kind: 'diverging',
    title: `${measureText[kind]}, ${name}`,
    sample: `${nSubjects} ${nSubjects === 1 ? 'subject' : 'subjects'}, not averaged`,
  };
}

const thresholdOf = ({ threshold }: MapSection) =>
  threshold === undefined ? {} : { threshold: { kind: 'size', atLeast: threshold } as const };

const captionOf = ({ kind, name }: Measure, { threshold }: MapSection): string =>
  `${kind === 'encoding' ? `Pearson r of held-out predictions from ${name}` : `Correlation of the geometry around each voxel with that of ${name}`}, one row per subject; ${threshold === undefined ? 'no threshold, uncorrected' : `values nearer to 0 than ${threshold} are not shown; uncorrected`}.`;

export async function drawSlices(
  artifacts: Artifacts,
  measure: Measure,
  { drawable, options }: Drawing,
): Promise<Scene> {
  const rows = [];
  for (const { subject, mask } of drawable) {
    const overlay = mapVolume(mask!, await readMeasure(artifacts, measure, subject));
    rows.push({ name: subject, overlay, ...thresholdOf(options) });
  }
  const [{ mask: first }] = drawable;
  return sliceMap({
    rows,
    slices: slicesThrough(first!),
    scale: scaleOf(measure, drawable.length),
    caption: captionOf(measure, options),
  });
}

/** Five axial slices and one of each other plane, evenly through the mask, at whole mm. */
function slicesThrough(mask: Volume): Slice[] {
  const [nX, nY] = mask.shape;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const voxel of maskVoxels(mask)) {
    const [j, k] = [Math.floor(voxel / nX) % nY, Math.floor(voxel / (nX * nY))];
    const world = worldOf(mask.affine, voxel % nX, j, k);
    for (let axis = 0; axis < 3; axis++) {
      low[axis] = Math.min(low[axis], world[axis]);
      high[axis] = Math.max(high[axis], world[axis]);
    }
  }
  const at = (axis: number, share: number) => Math.round(low[axis] + share * (high[axis] - low[axis]));
  const axial = [0.2, 0.35, 0.5, 0.65, 0.8].map((share) => ({ plane: 'axial', at: at(2, share) }) as const);
  return [...axial, { plane: 'coronal', at: at(1, 0.5) }, { plane: 'sagittal', at: at(0, 0.3) }];
}

export async function drawSurfaces(
  artifacts: Artifacts,
  measure: Measure,
  { drawable, options }: Drawing,
): Promise<Scene> {
  const rows = [];
  let sides: { left?: BrainSide; right?: BrainSide } = {};
  for (const one of drawable) {
    const files = surfaceFiles(artifacts.folder, options, one.subject);
    sides = await readSides(artifacts, files);
    const values = await readMeasure(artifacts, measure, one.subject);
    const shown = await valuesOnSides(artifacts, files, { one, values });
    const overlay = (side: number) => shown[side] && { values: shown[side], ...thresholdOf(options) };
    rows.push({
      name: one.subject,
      ...(overlay(0) && { left: overlay(0) }),
      ...(overlay(1) && { right: overlay(1) }),
    });
  }
  const views: ViewName[] = [
    ...(options.flat.length > 0 ? (['flat'] as const) : []),
    ...(options.surfaces.length > 0 ? (['lateral', 'medial'] as const) : []),
  ];
  return surfaceMap({
    ...{ sides, views, rows },
    scale: scaleOf(measure, drawable.length),
    caption: captionOf(measure, options),
  });
}

const hemispheres = ['left', 'right'] as const;

async function readSides(artifacts: Artifacts, files: SurfaceFiles) {
  const sides: { left?: BrainSide; right?: BrainSide } = {};
  for (const [index, side] of hemispheres.entries()) {
    const folded = files.surfaces[index];
    const flat = files.flat[index];
    if (folded === undefined && flat === undefined) continue;
    const curvature = files.curvature[index];
    sides[side] = {
      ...(folded !== undefined && { folded: await readSurface(artifacts, folded) }),
      ...(flat !== undefined && { flat: await readSurface(artifacts, flat) }),
      ...(curvature !== undefined && {
        underlay: { values: await readVertexValues(artifacts, curvature), dark: 'positive' as const },
      }),
    };
  }
  return sides;
}

async function readSurface(artifacts: Artifacts, path: string): Promise<Surface> {
  return surfaceOf(readGifti(await artifacts.readBytes(path), artifacts.path(path)));
}

async function readVertexValues(artifacts: Artifacts, path: string): Promise<ArrayLike<number>> {
  const bytes = await artifacts.readBytes(path);
  if (/\.gii(\.gz)?$/.test(path)) return mapsOf(readGifti(bytes, artifacts.path(path)))[0].values;
  return readCurv(bytes, artifacts.path(path));
}

/** Responses on vertices as they are, volumes as read where the vertices lie. */
async function valuesOnSides(
  artifacts: Artifacts,
  files: SurfaceFiles,
  { one, values }: { one: Drawable; values: Float32Array },
): Promise<(ArrayLike<number> | undefined)[]> {
  if (one.space.kind === 'surface' || one.space.kind === 'cifti') return onHemispheres(one.space, values);
  const volume = mapVolume(one.mask!, values);
  const read = files.sample.length > 0 ? files.sample : files.surfaces;
  if (read.length === 0) {
    throw configError({
      problem: 'A flat surface does not say where in the volume its vertices lie.',
      where: { field: 'brain.maps.sample' },
      remedy:
        'Name midthickness or pial surfaces of the same vertices: --sample left.surf.gii right.surf.gii.',
    });
  }
  const sides: ArrayLike<number>[] = [];
  for (const path of read)
    sides.push(sampleVertices(volume, await readSurface(artifacts, path), { between: 'nearest' }));
  return sides;
}
