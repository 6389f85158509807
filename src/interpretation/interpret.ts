import type { Embedding } from '../embedding/embedding.js';
import { type Matrix, row } from '../numerics/matrix.js';
import type { Ratings } from '../stimuli/ratings.js';
import { componentCorrelations } from './correlations.js';
import { componentKind, labelTerms } from './label.js';
import type { InterpretationOptions } from './options.js';
import type { ComponentKind, ComponentLabel, Interpretation } from './results.js';

const thresholds = [0.1, 0.2, 0.3, 0.4, 0.5];

/**
 * Names every component by the rating scales it correlates with (P1, Methods; Ext. Data Table 1).
 * A component is interpretable above a threshold when |r| with any scale exceeds it (P1 Fig. 3f).
 */
export function interpret(
  embedding: Embedding,
  ratings: readonly Ratings[],
  { margin, threshold, topStimuli }: Pick<InterpretationOptions, 'margin' | 'threshold' | 'topStimuli'>,
): Interpretation {
  const scales = ratings.flatMap((table) => table.scales);
  const correlations = componentCorrelations(embedding, ratings);
  const components = Array.from({ length: embedding.nComponents }, (_, c): ComponentLabel => {
    const terms = labelTerms(scales, row(correlations, c), margin);
    return {
      terms,
      kind: componentKind(terms, threshold),
      topStimuli: largestWeights(embedding, c, topStimuli),
    };
  });
  return {
    scales,
    correlations,
    components,
    interpretable: thresholds.map((level) => ({ threshold: level, share: shareAbove(correlations, level) })),
    kinds: countKinds(components),
  };
}

/** The stimuli with the largest positive weights, best first; equal weights keep stimulus order. */
function largestWeights(
  { nStimuli, nComponents, weights }: Embedding,
  component: number,
  count: number,
): number[] {
  const weightOf = (s: number) => weights[s * nComponents + component];
  return Array.from({ length: nStimuli }, (_, s) => s)
    .filter((s) => weightOf(s) > 0)
    .sort((a, b) => weightOf(b) - weightOf(a))
    .slice(0, count);
}

function shareAbove(correlations: Matrix, threshold: number): number {
  let nAbove = 0;
  for (let c = 0; c < correlations.nRows; c++) {
    if (row(correlations, c).some((r) => Math.abs(r) > threshold)) nAbove++;
  }
  return nAbove / correlations.nRows;
}

function countKinds(components: readonly ComponentLabel[]): Record<ComponentKind, number> {
  const counts = { categorical: 0, dimensional: 0, mixed: 0, uninterpretable: 0 };
  for (const { kind } of components) counts[kind]++;
  return counts;
}
