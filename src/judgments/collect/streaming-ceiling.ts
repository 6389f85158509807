import type { Estimate } from '../../numerics/statistics.js';
import { groupTriplets } from '../../trials/triplet-table.js';
import type { QuestionSet } from './questions.js';

/**
 * The noise ceiling while answers come in: the mean share of the answer given most often, over the triplets of the ceiling set with
 * at least two choices so far. Sums are updated per answer; `judgments/ceiling.ts` is the same over finished judgments.
 */
export class StreamingCeiling {
  private readonly group: Uint32Array;
  private readonly counts: Uint16Array;
  private readonly first: number;
  private n = 0;
  private sum = 0;
  private sumOfSquares = 0;

  constructor({ trials, first }: QuestionSet) {
    const { group, nGroups } = groupTriplets(trials);
    this.group = group;
    this.counts = new Uint16Array(3 * nGroups);
    this.first = first;
  }

  /** A choice of canonical `place` for question `number`; questions of other sets are passed over. */
  add(number: number, place: number): void {
    const trial = number - this.first;
    if (trial < 0 || trial >= this.group.length) return;
    const at = 3 * this.group[trial];
    this.count(at, -1);
    this.counts[at + place]++;
    this.count(at, 1);
  }

  private count(at: number, sign: 1 | -1): void {
    const [a, b, c] = this.counts.subarray(at, at + 3);
    const nAnswers = a + b + c;
    if (nAnswers < 2) return;
    const share = Math.max(a, b, c) / nAnswers;
    this.n += sign;
    this.sum += sign * share;
    this.sumOfSquares += sign * share * share;
  }

  /** Null before any triplet has two choices. */
  estimate(): Estimate | null {
    const { n, sum, sumOfSquares } = this;
    if (n === 0) return null;
    const value = sum / n;
    const deviation = n > 1 ? Math.sqrt(Math.max(0, sumOfSquares - n * value * value) / (n - 1)) : Number.NaN;
    const half = (1.96 * deviation) / Math.sqrt(n);
    const low = n > 1 ? Math.max(1 / 3, value - half) : 1 / 3;
    const high = n > 1 ? Math.min(1, value + half) : 1;
    return { value, low, high, level: 0.95, method: n > 1 ? 'normal' : 'one triplet: no interval', n };
  }
}
