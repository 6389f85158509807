/**
 * A learned representation: one non-negative weight per stimulus and component, row after row,
 * components in descending order of their summed weight.
 */
export interface Embedding {
  readonly nStimuli: number;
  readonly nComponents: number;
  /** nStimuli x nComponents. */
  readonly weights: Float32Array;
}
