import type { Estimate } from '../numerics/statistics.js';
import type { Embedding } from './embedding.js';

const chance = 1 / 3;
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/**
 * What to say when a fit kept every component it was given: their number is then the cap and no finding.
 */
function capWarning(
  embedding: Embedding,
  { components, lambda }: { components: number; lambda: number },
): string | null {
  if (embedding.nComponents < components || components < 2) return null;
  return `All ${components} components that the fit started with were kept: their number is the cap, not a finding. Compare more (selectComponents), or raise lambda (${lambda}), or let it be chosen (lambda: auto), above all when stimuli or trials are few.`;
}

/**
 * What to say about an embedding that explains nothing: no weight above the pruning threshold, or a held-out accuracy
 * whose interval does not lie above chance. Null for every other one.
 */
function collapseWarning(
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

/** What a reader must know before believing an embedding; null when there is nothing. */
export function fitWarning(
  embedding: Embedding,
  accuracy: Estimate,
  fit: { components: number; lambda: number; pruneBelow: number },
): string | null {
  return collapseWarning(embedding, accuracy, fit) ?? capWarning(embedding, fit);
}
