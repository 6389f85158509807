import type { Embedding } from './embedding.js';
import { componentMaxima, takeColumns } from './trainer.js';

/**
 * Ends a fit as the published code does: keeps components whose largest weight is above `pruneBelow`, sorts them by
 * summed absolute weight, largest first. What the soft penalty left below zero becomes 0.
 * If no component passes, the one with the largest weight is kept, so that an embedding is never empty.
 */
export function prune(weights: Float32Array, nComponents: number, pruneBelow: number): Embedding {
  const maxima = componentMaxima(weights, nComponents);
  let kept = [...maxima.keys()].filter((component) => maxima[component] > pruneBelow);
  if (kept.length === 0) kept = [maxima.indexOf(Math.max(...maxima))];
  const sums = new Float64Array(nComponents);
  for (let i = 0; i < weights.length; i++) sums[i % nComponents] += Math.abs(weights[i]);
  kept.sort((a, b) => sums[b] - sums[a] || a - b);
  const result = takeColumns(weights, nComponents, kept);
  for (let i = 0; i < result.length; i++) if (result[i] < 0) result[i] = 0;
  return { nStimuli: weights.length / nComponents, nComponents: kept.length, weights: result };
}
