import { type GroupTests, groupDifferences, groupTests } from '../../brain/statistics/index.js';
import type { Matrix } from '../../numerics/matrix.js';
import { type Key, split } from '../../numerics/random.js';

/** Percentile bootstrap over subjects, one interval per column of the scores; NaN where none was asked for. */
export type Intervals = Pick<GroupTests, 'low' | 'high'>;

/** @param scores nSubjects x nRegions: one matrix, or two whose difference (second minus first) is meant */
export function bootstrapIntervals(
  scores: readonly [Matrix] | readonly [Matrix, Matrix],
  samples: number,
  key: Key,
): Intervals {
  if (samples === 0) {
    const none = new Float64Array(scores[0].nColumns).fill(Number.NaN);
    return { low: none, high: none };
  }
  const options = { interval: { kind: 'bootstrap', samples }, mostFlips: 0 } as const;
  const own = split(key, 'intervals');
  const [first, second] = scores;
  const { low, high } = second
    ? groupDifferences([first, second], options, own)
    : groupTests(first, options, own);
  return { low, high };
}
