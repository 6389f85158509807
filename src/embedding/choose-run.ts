import type { FitResult } from './fit.js';

/**
 * Which of several independent runs is reported as the embedding: the one with the lowest training loss in its last epoch;
 * of equals the first. Held-out trials have no say, so that their accuracy stays an honest estimate. (P1 does not say
 * which of its ten runs it reports.)
 */
export function chooseRun(results: readonly Pick<FitResult, 'curve'>[]): number {
  const losses = results.map(({ curve }) => curve.at(-1)?.loss ?? Number.POSITIVE_INFINITY);
  return losses.indexOf(Math.min(...losses));
}
