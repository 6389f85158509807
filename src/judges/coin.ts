import { type Key, split } from '../numerics/random.js';

/**
 * A uniform number in [0, 1) that belongs to one trial: it depends on the key and the trial's number only,
 * never on which trials were answered before, in what chunks or by how many workers.
 */
export function trialCoin(key: Key, trial: number): number {
  const words = split(key, trial);
  return ((words[0] >>> 5) * 67108864 + (words[1] >>> 6)) / 9007199254740992;
}
