import { type Listed, membersOf, type Neighbourhoods, nCentresOf } from './neighbourhoods.js';

/** Neighbourhoods of some columns of the patterns: a hemisphere, the voxels below the cortex. */
export interface PlacedNeighbourhoods {
  readonly neighbourhoods: Neighbourhoods;
  /** The column of each of its voxels. */
  readonly columns: ArrayLike<number>;
}

/**
 * Neighbourhoods of several structures as one: every column is a centre, and neighbourhoods stay within their structure.
 * A column that is in none has an empty neighbourhood.
 *
 * @param nColumns columns of the patterns
 * @throws RangeError for a column outside them, or in two structures.
 */
export function placeNeighbourhoods(parts: readonly PlacedNeighbourhoods[], nColumns: number): Listed {
  const lists: ArrayLike<number>[] = new Array(nColumns).fill([]);
  const isTaken = new Uint8Array(nColumns);
  for (const { neighbourhoods, columns } of parts) {
    const everyVoxel = new Uint8Array(neighbourhoods.nVoxels).fill(1);
    for (let centre = 0; centre < nCentresOf(neighbourhoods); centre++) {
      const column = columns[neighbourhoods.centres[centre]];
      if (!(column >= 0 && column < nColumns) || isTaken[column])
        throw new RangeError(`Column ${column} of ${nColumns} is in two structures, or in none.`);
      isTaken[column] = 1;
      const members = membersOf(neighbourhoods, centre, everyVoxel);
      lists[column] = Uint32Array.from(members, (voxel) => columns[voxel]).sort();
    }
  }
  return listedOf(lists);
}

/** Neighbourhoods around every column, in memory that threads share. */
export function listedOf(lists: readonly ArrayLike<number>[]): Listed {
  const starts = new Uint32Array(new SharedArrayBuffer(4 * (lists.length + 1)));
  for (let c = 0; c < lists.length; c++) starts[c + 1] = starts[c] + lists[c].length;
  const members = new Uint32Array(new SharedArrayBuffer(4 * starts[lists.length]));
  for (let c = 0; c < lists.length; c++) members.set(lists[c], starts[c]);
  const centres = Uint32Array.from({ length: lists.length }, (_, c) => c);
  return { kind: 'listed', nVoxels: lists.length, centres, starts, members };
}
