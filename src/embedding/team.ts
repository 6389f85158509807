import { blockCount } from './memory-layout.js';

/**
 * Which blocks member `member` of a team works on: consecutive, as even as possible. A member may have none.
 * The numbers of a fit do not depend on the split: sums over blocks are always taken in block order.
 */
export function blocksOf(member: number, nMembers: number, nBlocks: number): [number, number] {
  return [Math.floor((member * nBlocks) / nMembers), Math.floor(((member + 1) * nBlocks) / nMembers)];
}

/** How many threads each of `nRuns` fits gets out of `nWorkers`; never more than it has blocks to share. */
export function teamSize(nWorkers: number, nRuns: number, nComponents: number): number {
  const share = Math.floor(nWorkers / Math.min(nRuns, nWorkers));
  return Math.max(1, Math.min(share, blockCount(nComponents)));
}
