/** What became of a trial. Only a `choice` has an odd one out. */
export const outcomes = ['choice', 'refusal', 'unparsed', 'failed', 'ambiguous'] as const;
export type Outcome = (typeof outcomes)[number];

/** The code in `Judgments.choice` of a trial without a choice. */
export const noChoice = 255;

/** The answers of one judge to one set of trials, as columns in the order of the trials. */
export interface Judgments {
  readonly nTrials: number;
  /** Canonical place (0, 1, 2) of the odd one out; `noChoice` (255) where there is none. */
  readonly choice: Uint8Array;
  /** Index into `outcomes`. */
  readonly outcome: Uint8Array;
  /**
   * 3 * nTrials: probability that the stimulus at canonical place 0, 1, 2 is the odd one out. Present for judges
   * that give probabilities; a row may sum to less than 1 (mass outside the three); NaN without a choice.
   */
  readonly probabilities?: Float32Array;
  /** Trials whose best two answers were equally good and were decided by a seeded coin. */
  readonly nTies: number;
}
