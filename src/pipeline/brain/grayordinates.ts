import type { Affine } from '../../formats/affine.js';
import type { BrainModel } from '../../formats/cifti-models.js';
import { artifactError } from '../../numerics/errors.js';
import type { ResponseSpace } from './responses-files.js';

/** Places one after another, as first and how many: 32,492 vertices without the medial wall are some hundred runs. */
export type Runs = readonly (readonly [first: number, count: number])[];

/** One structure of a CIFTI file: which vertices of a hemisphere, or which voxels of a grid (x fastest), its columns are. */
export type CiftiPart = {
  readonly structure: string;
  readonly start: number;
  readonly count: number;
} & (
  | { readonly kind: 'surface'; readonly nVertices: number; readonly places: Runs }
  | {
      readonly kind: 'voxels';
      readonly shape: readonly number[];
      readonly affine: readonly number[];
      readonly places: Runs;
    }
);

export function ciftiPart(model: BrainModel): CiftiPart {
  const { structure, start, count } = model;
  if (model.kind === 'surface') {
    const { nSurfaceVertices: nVertices, vertices } = model;
    return { structure, start, count, kind: 'surface', nVertices, places: runsOf(vertices) };
  }
  const { shape, affine, voxels } = model;
  const grid = Uint32Array.from(
    { length: count },
    (_, v) => voxels[3 * v] + shape[0] * (voxels[3 * v + 1] + shape[1] * voxels[3 * v + 2]),
  );
  return {
    structure,
    start,
    count,
    kind: 'voxels',
    shape,
    affine: Array.from(affine),
    places: runsOf(grid),
  };
}

function runsOf(places: ArrayLike<number>): [number, number][] {
  const runs: [number, number][] = [];
  for (let i = 0; i < places.length; i++) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === places[i]) last[1]++;
    else runs.push([places[i], 1]);
  }
  return runs;
}

/** The vertex, or the place in the grid, of each column of a structure. */
export const placesOf = ({ places }: CiftiPart): Uint32Array =>
  Uint32Array.from(places.flatMap(([first, count]) => Array.from({ length: count }, (_, i) => first + i)));

export type SurfaceSpace = Extract<ResponseSpace, { kind: 'surface' | 'cifti' }>;

/** The cortex of one side among the columns. */
export interface CortexPart {
  readonly nVertices: number;
  /** The column of each vertex that has one, and these vertices, ascending. */
  readonly columns: Uint32Array;
  readonly vertices: Uint32Array;
}

const structures = ['CIFTI_STRUCTURE_CORTEX_LEFT', 'CIFTI_STRUCTURE_CORTEX_RIGHT'];

/** Left and right cortex; undefined for one that is not there. */
export function cortexParts(space: SurfaceSpace): (CortexPart | undefined)[] {
  if (space.kind === 'surface') {
    const { nLeft, nRight } = space;
    return [wholeCortex(0, nLeft), nRight > 0 ? wholeCortex(nLeft, nRight) : undefined];
  }
  requireParts(space);
  return structures.map((structure) => {
    const part = space.models.find((model) => model.structure === structure && model.kind === 'surface');
    if (part?.kind !== 'surface') return undefined;
    const vertices = placesOf(part);
    const order = Uint32Array.from(vertices.keys()).sort((a, b) => vertices[a] - vertices[b]);
    return {
      nVertices: part.nVertices,
      columns: order.map((i) => part.start + i),
      vertices: order.map((i) => vertices[i]),
    };
  });
}

const wholeCortex = (start: number, nVertices: number): CortexPart => ({
  nVertices,
  columns: Uint32Array.from({ length: nVertices }, (_, v) => start + v),
  vertices: Uint32Array.from({ length: nVertices }, (_, v) => v),
});

/** The voxels below the cortex among the columns, all structures together; null without any. */
export interface VoxelPart {
  readonly shape: readonly number[];
  readonly affine: Affine;
  /** Place in the grid of each voxel, ascending, and its column. */
  readonly grid: Uint32Array;
  readonly columns: Uint32Array;
}

export function voxelPart(space: SurfaceSpace): VoxelPart | null {
  if (space.kind === 'surface') return null;
  requireParts(space);
  const parts = space.models.filter((model) => model.kind === 'voxels');
  if (parts.length === 0) return null;
  const found = parts.flatMap((part) => Array.from(placesOf(part), (place, i) => [place, part.start + i]));
  found.sort(([a], [b]) => a - b);
  return {
    shape: parts[0].shape,
    affine: Float64Array.from(parts[0].affine),
    grid: Uint32Array.from(found, ([place]) => place),
    columns: Uint32Array.from(found, ([, column]) => column),
  };
}

/** Values of all columns as one number per vertex of the left and the right hemisphere, float32; NaN where there is no column. */
export function onHemispheres(space: SurfaceSpace, values: ArrayLike<number>): (Float32Array | undefined)[] {
  return cortexParts(space).map((cortex) => {
    if (!cortex) return undefined;
    const shown = new Float32Array(cortex.nVertices).fill(Number.NaN);
    cortex.vertices.forEach((vertex, i) => {
      shown[vertex] = values[cortex.columns[i]];
    });
    return shown;
  });
}

function requireParts({ models }: Extract<SurfaceSpace, { kind: 'cifti' }>): void {
  if (models.every(({ places }) => Array.isArray(places))) return;
  throw artifactError({
    problem: 'The responses do not say which vertices their grayordinates are.',
    remedy: 'Make them again: affectome brain responses, or affectome brain import.',
  });
}
