import { inputError } from '../../numerics/errors.js';
import { midranks } from '../../numerics/ranks.js';
import { type Estimate, mean, meanEstimate } from '../../numerics/statistics.js';
import { matchRsms } from '../rsm/match.js';
import { type Rsm, upperTriangle } from '../rsm/rsm.js';
import { isKendall, isRankMeasure, measureOfPairs, type RsaMeasure } from './measures.js';
import { prepareRsms } from './prepare.js';

/**
 * How well a model could do at best, given how far raters (or repeats) differ. Means over raters with normal intervals. Two raters
 * have one correlation, counted from both ends: nothing is known about its spread, and the limits are NaN.
 */
export interface RsaNoiseCeiling {
  /** Each rater with the mean of the others. */
  readonly lower: Estimate;
  /** Each rater with the mean of all, itself included. */
  readonly upper: Estimate;
  readonly nRaters: number;
  readonly nStimuli: number;
  readonly nPairs: number;
}

/**
 * Noise ceiling of RSA (Nili et al. 2014, doi:10.1371/journal.pcbi.1003553) from one RSM per rater. Before they are averaged, RSMs are
 * standardised (Pearson), ranked (Spearman, rho-a, Kendall) or brought to length 1 (cosine). For Kendall's coefficients and rho-a
 * the mean rank is not exactly the best possible matrix, so that their upper bound is approximate.
 * @throws AffectomeError `input` for fewer than two raters, and as `matchRsms` and `prepareRsms` do.
 */
export function rsaNoiseCeiling(
  raters: readonly Rsm[],
  measure: Exclude<RsaMeasure, 'cka'>,
): RsaNoiseCeiling {
  if (raters.length < 2) {
    throw inputError({
      problem: `A noise ceiling needs RSMs of at least two raters, got ${raters.length}.`,
      remedy: 'Make one RSM per rater or per repeat.',
    });
  }
  const { nStimuli, nPairs, matrices } = prepareRsms(matchRsms(raters).rsms, measure);
  const own = matrices.map((values) =>
    upperTriangle({ nStimuli, values }).filter((value) => !Number.isNaN(value)),
  );
  // Ranks in halves, not scaled: rounding would tear ties of their means apart.
  const averaged = isKendall(measure) || isRankMeasure(measure) ? own.map(midranks) : own;
  const total = averaged[0].map((_, pair) => averaged.reduce((sum, pairs) => sum + pairs[pair], 0));
  const others = averaged.map((pairs) => total.map((sum, pair) => sum - pairs[pair]));
  const nRaters = raters.length;
  const of = (means: readonly Float64Array[]) => {
    const estimate = meanEstimate(own.map((pairs, rater) => withMean(pairs, means[rater], measure)));
    return nRaters === 2 ? withoutInterval(estimate) : estimate;
  };
  return { lower: of(others), upper: of(own.map(() => total)), nRaters, nStimuli, nPairs };
}

const withoutInterval = (estimate: Estimate): Estimate => ({
  ...estimate,
  low: Number.NaN,
  high: Number.NaN,
  method: 'none: two raters have one correlation',
});

function withMean(pairs: Float64Array, average: Float64Array, measure: Exclude<RsaMeasure, 'cka'>): number {
  if (!isRankMeasure(measure)) return measureOfPairs(pairs, average, measure);
  const ranks = midranks(average);
  const centre = mean(ranks);
  const unit = measure === 'rho-a' ? Math.sqrt((ranks.length ** 2 - 1) / 12) : 1;
  return measureOfPairs(
    pairs,
    ranks.map((rank) => (rank - centre) / unit),
    measure,
  );
}
