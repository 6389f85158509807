// The loop over batches, for one member of a team. Members own whole blocks, and block sums are added in block order,
// so the numbers do not depend on how many members there are.

import { Run, Block, BLOCK_BYTES } from './run';
import { similarities, gradients } from './pairs';
import { coefficients, batchCrossEntropy } from './softmax';
import { adam } from './adam';

const SPINS: i32 = 4000;

/**
 * Makes `nBatches` steps from batch `firstBatch` of the epoch, on blocks firstBlock..lastBlock (exclusive).
 * Returns the summed cross-entropy of the batches in nats; the same number for every member.
 */
export function steps(
  run: Run,
  firstBatch: u32,
  nBatches: u32,
  member: u32,
  nMembers: u32,
  firstBlock: u32,
  lastBlock: u32,
): f64 {
  const count = run.batchSize;
  const batchBytes = <usize>count * run.words * 4;
  const blockBytes = <usize>run.batchStride << 4;
  const own = run.coefficients + <usize>member * blockBytes;
  const time = run.stepsDone;
  let crossEntropy: f64 = 0;
  for (let batch: u32 = 0; batch < nBatches; batch++) {
    const records = run.records + <usize>(firstBatch + batch) * batchBytes;
    const buffer = run.similarities + <usize>(batch & 1) * run.nBlocks * blockBytes;
    for (let b = firstBlock; b < lastBlock; b++) {
      similarities(run, blockAt(run, b), records, count, buffer + <usize>b * blockBytes);
    }
    if (nMembers > 1) meet(run, nMembers);
    coefficients(run, records, count, buffer, own);
    crossEntropy += batchCrossEntropy;
    for (let b = firstBlock; b < lastBlock; b++) {
      const block = blockAt(run, b);
      gradients(run, block, records, count, own);
      adam(run, block, time + batch + 1);
    }
  }
  if (nMembers > 1) meet(run, nMembers);
  if (member == 0) run.stepsDone = time + nBatches;
  if (nMembers > 1) meet(run, nMembers);
  return crossEntropy;
}

// @ts-ignore: decorator
@inline
function blockAt(run: Run, index: u32): Block {
  return changetype<Block>(run.blocks + <usize>index * BLOCK_BYTES);
}

/** A barrier for the members of a team: spins a little, then sleeps. */
export function meet(run: Run, nMembers: u32): void {
  const arrived = changetype<usize>(run) + offsetof<Run>('arrived');
  const generation = changetype<usize>(run) + offsetof<Run>('generation');
  const current = atomic.load<u32>(generation);
  if (atomic.add<u32>(arrived, 1) == nMembers - 1) {
    atomic.store<u32>(arrived, 0);
    atomic.store<u32>(generation, current + 1);
    atomic.notify(generation, -1);
    return;
  }
  for (let spin = 0; spin < SPINS; spin++) if (atomic.load<u32>(generation) != current) return;
  while (atomic.load<u32>(generation) == current) atomic.wait<i32>(generation, <i32>current, -1);
}
