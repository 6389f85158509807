// How well the current weights predict a list of records: used for held-out curves while a fit runs.

import { Run, Block, BLOCK_BYTES } from './run';
import { similarities } from './pairs';
import { coefficients, batchCrossEntropy } from './softmax';

/**
 * Scores `nRecords` records. Stores the summed cross-entropy (f64, nats) at `out` and, 8 bytes on,
 * the number of records (u32) whose first pair is strictly the most similar.
 */
export function score(run: Run, records: usize, nRecords: u32, out: usize): void {
  const recordBytes = <usize>run.words << 2;
  const blockBytes = <usize>run.batchStride << 4;
  let crossEntropy: f64 = 0;
  let nCorrect: u32 = 0;
  for (let first: u32 = 0; first < nRecords; first += run.batchSize) {
    const count = min(run.batchSize, nRecords - first);
    const at = records + <usize>first * recordBytes;
    for (let b: u32 = 0; b < run.nBlocks; b++) {
      const block = changetype<Block>(run.blocks + <usize>b * BLOCK_BYTES);
      similarities(run, block, at, count, run.similarities + <usize>b * blockBytes);
    }
    coefficients(run, at, count, run.similarities, run.coefficients);
    crossEntropy += batchCrossEntropy;
    nCorrect += countCorrect(run, count);
  }
  store<f64>(out, crossEntropy);
  store<u32>(out, nCorrect, 8);
}

function countCorrect(run: Run, count: u32): u32 {
  const blockBytes = <usize>run.batchStride << 4;
  let nCorrect: u32 = 0;
  for (let t: u32 = 0; t < count; t++) {
    let at = run.similarities + (<usize>t << 4);
    let s = v128.load(at);
    for (let b: u32 = 1; b < run.nBlocks; b++) {
      at += blockBytes;
      s = f32x4.add(s, v128.load(at));
    }
    const kept = f32x4.extract_lane(s, 0);
    if (kept > f32x4.extract_lane(s, 1) && kept > f32x4.extract_lane(s, 2)) nCorrect++;
  }
  return nCorrect;
}
