import { inputError } from '../numerics/errors.js';
import { mean, quantile } from '../numerics/statistics.js';

/** How long a judge took to answer, in milliseconds. */
export interface LatencySummary {
  readonly n: number;
  readonly mean: number;
  readonly quantiles: readonly { readonly share: number; readonly milliseconds: number }[];
  readonly max: number;
}

const latencyShares = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

/**
 * Mean and quantiles of latencies (milliseconds), by linear interpolation.
 * @throws AffectomeError `input` when there is none.
 */
export function latencySummary(latencies: ArrayLike<number>): LatencySummary {
  if (latencies.length === 0) {
    throw inputError({
      problem: 'There is no answer whose latency is known.',
      remedy: 'Collect answers first: affectome judge.',
    });
  }
  const sorted = Float64Array.from(latencies).sort();
  return {
    n: sorted.length,
    mean: mean(sorted),
    quantiles: latencyShares.map((share) => ({ share, milliseconds: quantile(sorted, share) })),
    max: sorted[sorted.length - 1],
  };
}
