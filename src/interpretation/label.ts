import type { Scale } from '../stimuli/ratings.js';
import type { ComponentKind, LabelTerm } from './results.js';

const maxTerms = 3;

/**
 * P1's rule, "Labeling of the learned affective components": the three scales with the largest |r|, cut where one
 * leads the next by at least `margin`. Scales with r = NaN are passed over; equal |r| keep the order of the scales.
 */
export function labelTerms(
  scales: readonly Scale[],
  correlations: ArrayLike<number>,
  margin: number,
): LabelTerm[] {
  const ranked = scales
    .map((scale, s) => ({ scale, r: correlations[s] }))
    .filter(({ r }) => Number.isFinite(r))
    .sort((a, b) => Math.abs(b.r) - Math.abs(a.r))
    .slice(0, maxTerms);
  const lead = ranked.findIndex(({ r }, rank) => {
    const next = ranked[rank + 1];
    return next !== undefined && Math.abs(r) - Math.abs(next.r) >= margin;
  });
  return (lead === -1 ? ranked : ranked.slice(0, lead + 1)).map(({ scale, r }) => ({
    scale: scale.name,
    kind: scale.kind,
    r,
    text: termText(scale, r),
  }));
}

/** Dimensions say which end they mean; a category is named plainly unless the component stands for its absence. */
function termText({ name, kind }: Scale, r: number): string {
  if (r < 0) return `${name}-low`;
  return kind === 'dimension' ? `${name}-high` : name;
}

/** By the kinds of the kept terms; uninterpretable when no |r| exceeds `threshold`. */
export function componentKind(terms: readonly LabelTerm[], threshold: number): ComponentKind {
  if (!terms.some(({ r }) => Math.abs(r) > threshold)) return 'uninterpretable';
  const nCategories = terms.filter(({ kind }) => kind === 'category').length;
  if (nCategories === terms.length) return 'categorical';
  return nCategories === 0 ? 'dimensional' : 'mixed';
}
