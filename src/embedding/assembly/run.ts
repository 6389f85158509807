// One fit, as plain memory that all members of a team share. `memory-layout.ts` writes this record: keep the two in step.
@unmanaged
export class Run {
  /** Decay rates of Adam's moments. */
  beta1: f64;
  beta2: f64;
  /** Records of this epoch in shuffled order: three stimulus indices (kept, kept, odd), then three targets if soft. */
  records: usize;
  /** Words (4 bytes) per record: 3, or 6 with targets. */
  words: u32;
  nStimuli: u32;
  batchSize: u32;
  nBlocks: u32;
  /** nBlocks descriptions of component blocks. */
  blocks: usize;
  /** Two buffers of nBlocks * batchStride records (similarity of pairs 01, 02, 12, unused), used in turn. */
  similarities: usize;
  /** Per member: batchStride records of pair coefficients. */
  coefficients: usize;
  /** Batch size rounded up to a multiple of four. */
  batchStride: u32;
  isPenalty: u32;
  /** Gradient of the L1 penalty: lambda / nStimuli, or lambda / nTrials. */
  sparsity: f32;
  /** Gradient of the positivity penalty: 0.01, or 0 under projection. */
  positivity: f32;
  epsilon: f32;
  learningRate: f32;
  /** Adam steps already made. */
  stepsDone: u32;
  /** Barrier of the team: members arrived, and generation. */
  arrived: u32;
  generation: u32;
}

/** At most sixteen components: rows of `width` floats, one row per stimulus, in each of four arrays. */
@unmanaged
export class Block {
  width: u32;
  weights: usize;
  gradients: usize;
  firstMoments: usize;
  secondMoments: usize;
}

export const BLOCK_BYTES: usize = 20;
