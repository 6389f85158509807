import type { RsaRecord } from '../../report/geometry.js';

export const rsaColumns = [
  'system_a',
  'system_b',
  'measure',
  'value',
  'low',
  'high',
  'level',
  'n_stimuli',
  'n_pairs',
  'n_unknown_pairs',
  'p',
  'q',
  'n_permutations',
  'cka',
  'procrustes',
] as const;

/** One row per two systems; "n/a" where there is no number. */
export function rsaRows({
  measure,
  comparisons,
  features,
  nStimuli,
  nPairs,
  nUnknownPairs,
}: Pick<RsaRecord, 'measure' | 'comparisons' | 'features' | 'nStimuli' | 'nPairs' | 'nUnknownPairs'>): (
  | string
  | number
)[][] {
  return comparisons.map(({ a, b, value, estimate, mantel }) => {
    const pair = features.find((one) => one.a === a && one.b === b);
    return [
      a,
      b,
      measure,
      value,
      estimate?.low ?? 'n/a',
      estimate?.high ?? 'n/a',
      estimate?.level ?? 'n/a',
      nStimuli,
      nPairs,
      nUnknownPairs,
      mantel?.p ?? 'n/a',
      mantel?.q ?? 'n/a',
      mantel?.nPermutations ?? 'n/a',
      pair?.cka ?? 'n/a',
      pair?.procrustes ?? 'n/a',
    ];
  });
}
