import type { FailureClass } from '../../judges/chat/adapter.js';
import type { Estimate } from '../../numerics/statistics.js';
import type { BudgetKind, Spending } from './budget.js';
import type { PositionGateState } from './position-gate.js';

/** Counts of what became of the questions answered so far, earlier sessions included. */
export interface CollectCounts {
  /** Choices of what was shown first, second, third. */
  readonly positions: readonly [number, number, number];
  readonly refusals: number;
  readonly ambiguous: number;
  readonly unparsed: number;
  /** In quarantine. */
  readonly failed: number;
}

/** One state of a running collection. */
export interface CollectState {
  readonly nDone: number;
  readonly nQuestions: number;
  readonly counts: CollectCounts;
  readonly spending: Spending;
  readonly cost: number;
  readonly nRequests: number;
  readonly nInFlight: number;
  /** Answers of this session, and its seconds. */
  readonly nAnsweredNow: number;
  readonly seconds: number;
  readonly ceiling: Estimate | null;
  readonly gate: PositionGateState | null;
}

/** Why a collection ended. */
export type CollectEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'budget'; readonly budget: BudgetKind }
  | { readonly kind: 'position-bias'; readonly gate: PositionGateState }
  /** Every request fails in the same way (wrong key, unknown model), or no server has answered for long. */
  | {
      readonly kind: 'stopped';
      readonly failure: FailureClass;
      readonly message: string;
      readonly endpoint: string;
    };

export interface CollectResult {
  readonly end: CollectEnd;
  readonly state: CollectState;
}

export const noCounts: CollectCounts = {
  positions: [0, 0, 0],
  refusals: 0,
  ambiguous: 0,
  unparsed: 0,
  failed: 0,
};
