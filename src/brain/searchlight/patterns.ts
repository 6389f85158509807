import type { Matrix } from '../../numerics/matrix.js';

/** Responses of every voxel (or vertex) to every stimulus, read one voxel at a time. */
export interface Patterns {
  readonly nStimuli: number;
  readonly nVoxels: number;
  /** In the order of the stimuli; null where nobody said what they are. */
  readonly stimulusIds: readonly string[] | null;
  /** Writes the nStimuli responses of a voxel to `target`. */
  readonly readVoxel: (voxel: number, target: Float64Array) => void;
}

/** Patterns in an nStimuli x nVoxels matrix (no copy). */
export function searchlightPatterns(
  responses: Matrix,
  stimulusIds: readonly string[] | null = null,
): Patterns {
  const { nRows: nStimuli, nColumns: nVoxels, data } = responses;
  return {
    nStimuli,
    nVoxels,
    stimulusIds,
    readVoxel(voxel, target) {
      for (let i = 0; i < nStimuli; i++) target[i] = data[i * nVoxels + voxel];
    },
  };
}
