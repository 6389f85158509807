import { writeNifti } from '../../formats/nifti-write.js';
import { makeVolume, maskVoxels, type Volume } from '../../formats/volume.js';
import type { Artifacts } from '../../study/artifacts.js';
import { brainPaths } from './paths.js';
import { type ResponseSpace, type ResponsesSidecar, readMask } from './responses-files.js';

/** Places that all subjects have. */
export interface CommonSpace {
  readonly kind: 'common';
  readonly space: ResponseSpace;
  /** For each subject, its columns at these places. */
  readonly columns: readonly Uint32Array[];
  /** The mask of a volume. */
  readonly mask: Volume | null;
}

/** Why there is none. */
export interface NoCommonSpace {
  readonly kind: 'none';
  readonly reason: string;
}

/**
 * The places that subjects share: voxels in the masks of all of them where their grids are one and the same, vertices or
 * grayordinates where their meshes are. Equal grids are taken for equal spaces; nothing is resampled.
 */
export async function commonSpace(
  artifacts: Artifacts,
  subjects: readonly string[],
  sidecars: readonly ResponsesSidecar[],
): Promise<CommonSpace | NoCommonSpace> {
  const spaces = sidecars.map(({ space }) => space);
  const other = spaces.findIndex((space) => placeText(space) !== placeText(spaces[0]));
  if (spaces[0].kind === 'columns')
    return { kind: 'none', reason: `nobody said where the voxels of ${subjects[0]} lie` };
  if (other > 0)
    return {
      kind: 'none',
      reason: `${subjects[other]} does not lie on the ${spaces[0].kind === 'volume' ? 'grid' : 'mesh'} of ${subjects[0]}`,
    };
  if (spaces[0].kind !== 'volume') {
    const all = Uint32Array.from({ length: sidecars[0].shape[1] }, (_, column) => column);
    return { kind: 'common', space: spaces[0], columns: subjects.map(() => all), mask: null };
  }
  const masks: Volume[] = [];
  for (const space of spaces) if (space.kind === 'volume') masks.push(await readMask(artifacts, space.mask));
  return sharedVoxels(masks, spaces[0]);
}

/** Two spaces with the same text are the same. */
function placeText(space: ResponseSpace): string {
  if (space.kind === 'columns') return '';
  if (space.kind === 'surface') return `${space.space} ${space.nLeft} ${space.nRight}`;
  if (space.kind === 'cifti') return JSON.stringify(space.models);
  return JSON.stringify([space.shape, space.affine.map((value) => Number(value.toFixed(4)))]);
}

function sharedVoxels(
  masks: readonly Volume[],
  space: Extract<ResponseSpace, { kind: 'volume' }>,
): CommonSpace | NoCommonSpace {
  const lists = masks.map(maskVoxels);
  const counts = new Map<number, number>();
  for (const list of lists) for (const voxel of list) counts.set(voxel, (counts.get(voxel) ?? 0) + 1);
  const shared = lists[0].filter((voxel) => counts.get(voxel) === masks.length);
  if (shared.length === 0) return { kind: 'none', reason: 'the masks of the subjects share no voxel' };
  const columns = lists.map((list) => {
    const columnOf = new Map(Array.from(list, (voxel, column) => [voxel, column]));
    return shared.map((voxel) => columnOf.get(voxel)!);
  });
  const data = new Uint8Array(space.shape.reduce((product, size) => product * size, 1));
  for (const voxel of shared) data[voxel] = 1;
  const mask = makeVolume({ shape: space.shape, affine: masks[0].affine, data });
  return { kind: 'common', space: { ...space, mask: brainPaths.groupMask }, columns, mask };
}

export async function writeGroupMask(artifacts: Artifacts, { mask }: CommonSpace): Promise<void> {
  if (mask) await artifacts.writeBytes(brainPaths.groupMask, writeNifti(mask, { gzip: true }));
}
