import type { Estimate } from '../numerics/statistics.js';
import type { Outcome } from './judgments.js';

/** What one judge did on one set of trials. */
export interface JudgmentSummary {
  readonly nTrials: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly nTies: number;
  /** Null when nobody recorded in which order the stimuli were shown. */
  readonly positions: Positions | null;
}

/** How often the stimulus shown first, second, third was named. */
export interface Positions {
  readonly counts: readonly [number, number, number];
  /** Share of each position with its interval. */
  readonly shares: readonly [Estimate, Estimate, Estimate];
  /** Chi-square test of equal shares. */
  readonly test: {
    readonly chiSquare: number;
    readonly df: number;
    readonly p: number;
    readonly n: number;
  };
}

/** How often two judges name the same odd one out on the same trials. */
export interface Agreement {
  readonly a: string;
  readonly b: string;
  readonly share: Estimate;
  /** Free-marginal kappa: (share - 1/3) / (2/3). */
  readonly kappa: number;
}
