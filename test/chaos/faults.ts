import { chance } from './hash.js';

/** Everything that can go wrong, over real HTTP. The last three are replies that only a reader can see through. */
export const faultKinds = [
  'rate-limit', // 429 with Retry-After
  'server-error', // 500
  'overloaded', // 503
  'reset', // the socket is destroyed before a byte is sent
  'hang', // nothing is ever sent
  'truncated', // 200, half of the JSON, a length that fits the half
  'slow', // 200, a few bytes at a time over slowMs
  'error-body', // 200 with an error object
  'refusal',
  'ambiguous',
  'wrong-id', // names an item that was not shown
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Share of requests that fail in each way; together at most 1. */
export type FaultRates = Partial<Record<FaultKind, number>>;

/** The same rate for every kind, or for those named. */
export const everyFault = (rate: number, kinds: readonly FaultKind[] = faultKinds): FaultRates =>
  Object.fromEntries(kinds.map((kind) => [kind, rate]));

/** The fault of one attempt at one trial, or null: a function of seed, trial and attempt alone. */
export function drawFault(rates: FaultRates, seed: number, trial: number, attempt: number): FaultKind | null {
  let u = chance(seed, 3, trial, attempt);
  for (const kind of faultKinds) {
    u -= rates[kind] ?? 0;
    if (u < 0) return kind;
  }
  return null;
}
