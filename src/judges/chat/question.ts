/**
 * One question to a chat judge: three stimuli in shown order. Questions of a run are numbered by the plan, which is a pure
 * function of trials, options and seed; the number is the key of its answer.
 */
export interface ChatQuestion {
  readonly number: number;
  /** Canonical triplet i < j < k. */
  readonly triplet: readonly [number, number, number];
  /** Code 0..5 into `shownOrders`. */
  readonly shownOrder: number;
  /** 0 for the first time that this triplet is asked in this shown order, 1 for the second ... */
  readonly repeat: number;
  /** Stimulus indices shown first, second, third. */
  readonly shown: readonly [number, number, number];
  /** Which caption of each shown stimulus is used, where captions are drawn per trial. */
  readonly captions?: readonly [number, number, number];
}
