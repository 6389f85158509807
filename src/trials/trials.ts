/**
 * Which triplets are asked, in which shown order. A triplet holds stimulus indices i < j < k ("canonical");
 * the shown order says how they are laid out in front of the judge.
 */
export interface Trials {
  readonly nStimuli: number;
  readonly nTrials: number;
  /** 3 * nTrials stimulus indices, canonical i < j < k in each trial. */
  readonly triplets: Uint32Array;
  /** nTrials codes 0..5 into `shownOrders`; `unknownOrder` (255) where nobody recorded it. */
  readonly shownOrder: Uint8Array;
}

/** `shownOrders[code]` lists which canonical place (0, 1, 2) is shown first, second, third. */
export const shownOrders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** The code in `Trials.shownOrder` of a trial whose shown order was not recorded. */
export const unknownOrder = 255;

/** `shownPosition[code][place]` is the position (0, 1, 2) at which canonical `place` is shown. */
export const shownPosition = shownOrders.map((order) =>
  [0, 1, 2].map((place) => order.indexOf(place as 0 | 1 | 2)),
);

/** The trial sets of a study. `ceiling` repeats each of its triplets; `validation` is never trained on. */
export type TrialSet = 'training' | 'validation' | 'ceiling';
export const trialSets: readonly TrialSet[] = ['training', 'validation', 'ceiling'];
