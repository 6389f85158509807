import type { Estimate } from '../numerics/statistics.js';
import type { Outcome } from './judgments.js';

/** What one judge did on one set of trials. */
export interface JudgmentSummary {
  readonly nTrials: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly nTies: number;
  /** Choices of the stimulus shown first, second, third. */
  readonly positionCounts: readonly [number, number, number];
  /** Share of each position with its interval. */
  readonly positionShares: readonly [Estimate, Estimate, Estimate];
  /** Chi-square test of equal shares. */
  readonly positionTest: {
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
  /** Cohen's kappa of the two choices. */
  readonly kappa: number;
}
