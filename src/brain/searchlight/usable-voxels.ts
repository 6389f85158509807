import { throwIfCancelled } from '../../numerics/errors.js';
import type { Watch } from '../../numerics/progress.js';
import type { Patterns } from './patterns.js';

/** Voxels that can be part of a neighbourhood, and why the others cannot. */
export interface UsableVoxels {
  /** Per voxel 1 where it is usable. */
  readonly isUsable: Uint8Array;
  /** Per voxel 1 where a value is no number. */
  readonly isNotFinite: Uint8Array;
  readonly nUsable: number;
  /** With NaN or an infinity for a selected stimulus. */
  readonly nNotFinite: number;
  /** With one value for all selected stimuli: no signal. */
  readonly nConstant: number;
  /** Per selected stimulus its mean over usable voxels. */
  readonly means: Float64Array;
}

/** Looks at every voxel once. `places` are the selected stimuli. */
export function usableVoxels(patterns: Patterns, places: Uint32Array, watch: Watch): UsableVoxels {
  const isUsable = new Uint8Array(new SharedArrayBuffer(patterns.nVoxels));
  const isNotFinite = new Uint8Array(patterns.nVoxels);
  const means = new Float64Array(places.length);
  const values = new Float64Array(patterns.nStimuli);
  let [nUsable, nNotFinite, nConstant] = [0, 0, 0];
  for (let voxel = 0; voxel < patterns.nVoxels; voxel++) {
    if (voxel % 1024 === 0) throwIfCancelled(watch.signal);
    patterns.readVoxel(voxel, values);
    const kind = kindOf(values, places);
    if (kind === 'not finite') nNotFinite += isNotFinite[voxel] = 1;
    if (kind === 'constant') nConstant++;
    if (kind !== 'usable') continue;
    isUsable[voxel] = 1;
    nUsable++;
    for (let s = 0; s < places.length; s++) means[s] += values[places[s]];
  }
  for (let s = 0; s < places.length; s++) means[s] /= Math.max(1, nUsable);
  return { isUsable, isNotFinite, nUsable, nNotFinite, nConstant, means };
}

function kindOf(values: Float64Array, places: Uint32Array): 'usable' | 'constant' | 'not finite' {
  const first = values[places[0]];
  let isConstant = true;
  for (let s = 0; s < places.length; s++) {
    if (!Number.isFinite(values[places[s]])) return 'not finite';
    if (values[places[s]] !== first) isConstant = false;
  }
  return isConstant ? 'constant' : 'usable';
}
