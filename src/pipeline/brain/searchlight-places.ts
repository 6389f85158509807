import type { BrainOptions } from '../../brain/options.js';
import {
  type Neighbourhoods,
  type PlacedNeighbourhoods,
  placeNeighbourhoods,
  type Radius,
  type SurfaceReach,
  sphereNeighbourhoods,
  surfaceNeighbourhoods,
} from '../../brain/searchlight/index.js';
import { readGifti } from '../../formats/gifti.js';
import { surfaceOf } from '../../formats/gifti-surface.js';
import { makeVolume } from '../../formats/volume.js';
import { configError, inputError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import { insideStudy } from './features.js';
import { type CortexPart, cortexParts, type SurfaceSpace, voxelPart } from './grayordinates.js';
import type { ResponseSpace, SubjectResponses } from './responses-files.js';

/** How far a neighbourhood reaches: voxels in a volume, edges on a surface, or mm. */
export type Reach = Radius | SurfaceReach;

/** `3` (voxels, or edges on a surface), `9mm`. */
export function reachOf(radius: number | string, space: Pick<ResponseSpace, 'kind'>): Reach {
  const text = String(radius);
  const unit = text.endsWith('mm') ? 'mm' : space.kind === 'volume' ? 'voxels' : 'edges';
  return { unit, length: Number(text.replace(/mm$/, '')) };
}

const sides = ['left', 'right'] as const;

/**
 * The surfaces on which neighbourhoods are measured, left then right; none in a volume.
 * @throws AffectomeError `config` when they are missing, or too many.
 */
export function searchlightSurfaces(
  folder: string,
  { surfaces }: BrainOptions['searchlight'],
  { subject, space }: { subject: string; space: ResponseSpace },
): string[] {
  if (space.kind === 'volume') return [];
  if (space.kind === 'columns') {
    throw configError({
      problem: `Nobody said where the voxels of ${subject} lie, so that they have no neighbours.`,
      remedy: 'Import them with --mask, or make them with: affectome brain responses.',
    });
  }
  if (surfaces.length >= 1 && surfaces.length <= 2)
    return surfaces.map((file) => insideStudy(folder, file.replaceAll('{subject}', subject)));
  throw configError({
    problem:
      surfaces.length === 0
        ? `The responses of ${subject} lie on ${space.kind === 'cifti' ? 'grayordinates' : 'a surface'}; no surface says how far apart vertices are.`
        : `names ${surfaces.length} files; expected left and right.`,
    where: { field: 'brain.searchlight.surfaces' },
    remedy:
      'Name surfaces of the same vertices, best the midthickness: --surfaces left.surf.gii right.surf.gii.',
  });
}

/** The neighbourhoods of every column of the responses. */
export async function neighbourhoodsOf(
  artifacts: Artifacts,
  about: SubjectResponses,
  { reach, surfaces }: { reach: Reach; surfaces: readonly string[] },
): Promise<Neighbourhoods> {
  const { space } = about;
  if (space.kind === 'volume') return sphereNeighbourhoods(about.mask!, reach as Radius);
  if (space.kind === 'columns') throw new TypeError('Columns without places have no neighbours.');
  const parts: PlacedNeighbourhoods[] = [];
  for (const [side, cortex] of cortexParts(space).entries()) {
    if (!cortex) continue;
    parts.push(await onCortex(artifacts, about, { cortex, path: surfaces[side], side: sides[side], reach }));
  }
  const below = belowCortex(space, reach);
  return placeNeighbourhoods(below ? [...parts, below] : parts, about.responses.nColumns);
}

interface OneSide {
  readonly cortex: CortexPart;
  readonly path: string | undefined;
  readonly side: (typeof sides)[number];
  readonly reach: Reach;
}

async function onCortex(
  artifacts: Artifacts,
  about: SubjectResponses,
  { cortex, path, side, reach }: OneSide,
): Promise<PlacedNeighbourhoods> {
  if (path === undefined) {
    throw configError({
      problem: `The responses of ${about.subject} have a ${side} hemisphere; only one surface is named.`,
      where: { field: 'brain.searchlight.surfaces' },
      remedy: 'Name the left surface, then the right one.',
    });
  }
  const surface = surfaceOf(readGifti(await artifacts.readBytes(path), artifacts.path(path)));
  if (surface.nVertices !== cortex.nVertices) {
    throw inputError({
      problem: `has ${surface.nVertices} vertices; the ${side} hemisphere of the responses of ${about.subject} has ${cortex.nVertices}.`,
      where: { file: artifacts.path(path) },
      remedy: 'Name surfaces of the mesh that the responses lie on, left then right.',
    });
  }
  const kept = Array.from(cortex.columns.keys()).filter((i) => varies(about, cortex.columns[i]));
  const vertices = kept.map((i) => cortex.vertices[i]);
  return {
    neighbourhoods: surfaceNeighbourhoods(surface, reach as SurfaceReach, vertices),
    columns: kept.map((i) => cortex.columns[i]),
  };
}

/** Whether a column has a response to anything: vertices of the medial wall have none, and no way leads over them. */
function varies({ responses: { nRows, nColumns, data } }: SubjectResponses, column: number): boolean {
  let isConstant = true;
  for (let row = 0; row < nRows; row++) {
    const value = data[row * nColumns + column];
    if (!Number.isFinite(value)) return false;
    if (value !== data[column]) isConstant = false;
  }
  return !isConstant;
}

/** Spheres among the voxels below the cortex; edges count as voxels there. */
function belowCortex(space: SurfaceSpace, { unit, length }: Reach): PlacedNeighbourhoods | null {
  const voxels = voxelPart(space);
  if (!voxels) return null;
  const { shape, affine, grid, columns } = voxels;
  const data = new Uint8Array(shape.reduce((product, size) => product * size, 1));
  for (const place of grid) data[place] = 1;
  const mask = makeVolume({ shape, affine, data });
  const radius: Radius = { unit: unit === 'mm' ? 'mm' : 'voxels', length };
  return { neighbourhoods: sphereNeighbourhoods(mask, radius), columns };
}
