import type { Estimate } from '../numerics/statistics.js';
import type { Embedding } from './embedding.js';

const chance = 1 / 3;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/**
 * What to say about an embedding that explains nothing: no weight above the pruning threshold, or a held-out accuracy
 * whose interval does not lie above chance. Null for every other one.
 */
export function collapseWarning(
  embedding: Embedding,
  accuracy: Estimate,
  { lambda, pruneBelow }: { lambda: number; pruneBelow: number },
): string | null {
  const largest = embedding.weights.reduce((most, weight) => Math.max(most, weight), 0);
  if (largest <= pruneBelow) {
    const found = largest === 0 ? 'all weights are zero' : `no weight is above ${pruneBelow}`;
    return `The embedding has collapsed: ${found}. Lambda (${lambda}) is probably too large.`;
  }
  if (accuracy.low > chance) return null;
  return `Held-out accuracy (${percent(accuracy.value)}) cannot be told from chance (${percent(chance)}, n = ${accuracy.n.toLocaleString('en-US')}): lambda (${lambda}) is probably too large, or the answers are too few or too random to learn from.`;
}
