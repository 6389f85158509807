import {
  type BrainSide,
  type MapRow,
  type MapScale,
  type Overlay,
  type Scene,
  type Slice,
  sampleVertices,
  sliceMap,
  surfaceMap,
  type Threshold,
  type ViewName,
} from '../../brain/maps/index.js';
import type { BrainOptions } from '../../brain/options.js';
import { worldOf } from '../../formats/affine.js';
import { readCurv } from '../../formats/freesurfer.js';
import { readGifti } from '../../formats/gifti.js';
import { mapsOf, surfaceOf } from '../../formats/gifti-surface.js';
import type { Surface } from '../../formats/surface.js';
import { maskVoxels, type Volume, volumeValues } from '../../formats/volume.js';
import { configError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import { insideStudy } from './features.js';
import { onHemispheres } from './grayordinates.js';
import { outlineLabels } from './outline-labels.js';
import { mapVolume, type ResponseSpace } from './responses-files.js';

export type MapSection = BrainOptions['maps'];

export interface SurfaceFiles {
  readonly surfaces: readonly string[];
  readonly sample: readonly string[];
  readonly flat: readonly string[];
  readonly curvature: readonly string[];
  readonly outlines: readonly string[];
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
    outlines: paths(options.outlines, 'outlines'),
  };
}

/** One row of a picture: a map of a subject, or of the group. */
export interface DrawnRow {
  readonly name: string;
  /** Whose surfaces it is drawn on, where they are each subject's own. */
  readonly subject: string;
  readonly space: ResponseSpace;
  readonly mask: Volume | null;
  /** One per column. */
  readonly values: Float32Array;
  readonly threshold: Threshold | undefined;
}

export interface Picture {
  readonly rows: readonly DrawnRow[];
  readonly scale: MapScale;
  readonly caption: string;
  readonly options: MapSection;
}

/** A threshold whose q are moved to other places, as values are. */
async function movedThreshold(
  threshold: Threshold | undefined,
  move: (values: Float32Array) => Promise<ArrayLike<number> | undefined>,
): Promise<{ threshold?: Threshold }> {
  if (threshold?.kind !== 'q') return threshold ? { threshold } : {};
  const q = await move(Float32Array.from(threshold.q));
  return q ? { threshold: { ...threshold, q } } : {};
}

export async function drawSlices({ rows, scale, caption }: Picture): Promise<Scene> {
  const drawn = await Promise.all(
    rows.map(async ({ name, mask, values, threshold }) => ({
      name,
      overlay: mapVolume(mask!, values),
      ...(await movedThreshold(threshold, async (q) => volumeValues(mapVolume(mask!, q)))),
    })),
  );
  return sliceMap({ rows: drawn, slices: slicesThrough(rows[0].mask!), scale, caption });
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
  { rows, scale, caption, options }: Picture,
): Promise<Scene> {
  const drawn: MapRow[] = [];
  const read = new Map<string, Awaited<ReturnType<typeof readSides>>>();
  for (const one of rows) {
    const files = surfaceFiles(artifacts.folder, options, one.subject);
    const key = JSON.stringify(files);
    const sides = read.get(key) ?? (await readSides(artifacts, files));
    read.set(key, sides);
    const shown = await valuesOnSides(artifacts, files, { one, values: one.values });
    const overlay = async (side: number): Promise<Overlay | undefined> => {
      const values = shown[side];
      if (!values) return undefined;
      const move = async (q: Float32Array) =>
        (await valuesOnSides(artifacts, files, { one, values: q }))[side];
      return { values, ...(await movedThreshold(one.threshold, move)) };
    };
    const [left, right] = [await overlay(0), await overlay(1)];
    drawn.push({ name: one.name, sides, ...(left && { left }), ...(right && { right }) });
  }
  const views: ViewName[] = [
    ...(options.flat.length > 0 ? (['flat'] as const) : []),
    ...(options.surfaces.length > 0 ? (['lateral', 'medial'] as const) : []),
  ];
  const [sides] = read.values();
  return surfaceMap({ sides, views, rows: drawn, scale, caption });
}

const hemispheres = ['left', 'right'] as const;

async function readSides(artifacts: Artifacts, files: SurfaceFiles) {
  const sides: { left?: BrainSide; right?: BrainSide } = {};
  const outlines = await outlineLabels(artifacts, files);
  for (const [index, side] of hemispheres.entries()) {
    const folded = files.surfaces[index];
    const flat = files.flat[index];
    if (folded === undefined && flat === undefined) continue;
    const curvature = files.curvature[index];
    sides[side] = {
      ...(outlines[index] && { regions: outlines[index] }),
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
  { one, values }: { one: DrawnRow; values: Float32Array },
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
