import type { MatchingRate } from '../geometry/gromov-wasserstein/matching.js';
import type { ReportData } from './data.js';
import { type AlignmentRecord, isNoGap, type ShuffledRate, type SubsetRecord } from './geometry.js';
import type { Markup } from './markup.js';
import { table } from './page-tables.js';
import {
  correlation,
  correlationWithInterval,
  count,
  decimal,
  percent,
  percentWithInterval,
  pValue,
} from './wording.js';

const plain = (p: number): string => pValue(p).replace(/^p (= )?/, '');

/** Numbers of every two systems. */
export function rsaTable({ geometry: { comparison } }: ReportData): Markup | null {
  if (!comparison || comparison.record.comparisons.length === 0) return null;
  const { comparisons, features } = comparison.record;
  return table({
    caption:
      'Every two systems: RSA, and their vectors compared directly (linear CKA is above 0 for unrelated vectors too).',
    header: ['Systems', 'RSA', 'p', 'q', 'Linear CKA', 'Procrustes disparity'],
    rows: comparisons.map(({ a, b, value, estimate, mantel }) => {
      const pair = features.find((one) => one.a === a && one.b === b);
      return [
        `${a}, ${b}`,
        estimate ? correlationWithInterval(estimate) : correlation(value),
        mantel ? plain(mantel.p) : '–',
        mantel ? plain(mantel.q) : '–',
        pair ? correlation(pair.cka) : '–',
        pair ? correlation(pair.procrustes) : '–',
      ];
    }),
    file: 'rsa',
  });
}

export function mapTable({ geometry: { maps } }: ReportData): Markup | null {
  if (!maps || maps.maps.length === 0) return null;
  const [{ quality }] = maps.maps;
  return table({
    caption: `How far the maps can be trusted (${quality.k} neighbours; 1: perfectly).`,
    header: ['Judge', 'Trustworthiness', 'Continuity', 'Neighbours kept', 'Disparity to the first map'],
    rows: maps.maps.map(({ judge, quality: own, alignedTo }) => [
      judge,
      correlation(own.trustworthiness),
      correlation(own.continuity),
      percent(own.overlap),
      alignedTo ? correlation(alignedTo.disparity) : '–',
    ]),
    file: 'map-quality',
  });
}

export function graphTable({ geometry: { graphs } }: ReportData): Markup | null {
  if (!graphs || graphs.judges.length === 0) return null;
  return table({
    caption: 'Graphs of components.',
    header: ['Judge', 'Components', 'Edges', 'Isolated', 'Communities', 'Modularity', 'Most often found'],
    rows: graphs.judges.map(({ judge, graph: { graph, partition } }) => [
      judge,
      count(graph.nComponents),
      count(graph.edges.length),
      count(graph.isolated.length),
      count(partition.nCommunities),
      correlation(partition.modularity),
      `${partition.stability.modalCount} communities (${percent(partition.stability.modalShare, 0)} of runs)`,
    ]),
    file: 'graph',
  });
}

export function consistencyTable({ geometry: { consistency } }: ReportData): Markup | null {
  if (!consistency) return null;
  return table({
    caption: 'Consistency on the validation trials.',
    header: ['Judges', 'Corrected', 'Pearson r', 'Pairs of stimuli'],
    rows: consistency.result.comparisons.map(({ a, b, raw, corrected, nPairs }) => [
      `${a}, ${b}`,
      corrected.kind === 'corrected' ? correlationWithInterval(corrected.estimate) : 'undefined',
      raw ? correlationWithInterval(raw) : 'undefined',
      count(nPairs),
    ]),
    file: 'consistency',
  });
}

export function alignmentTable({ geometry: { alignments } }: ReportData): Markup | null {
  if (alignments.length === 0) return null;
  const rows = alignments.flatMap(({ a, b, item, category, gap, subsets, shuffled, nStimuli }) => [
    alignmentRow([`${a}, ${b}`, `all ${count(nStimuli)}`], {
      item: item[0],
      category: category?.[0] ?? null,
      shuffled,
      gap,
    }),
    ...subsets.map((subset) => alignmentRow([`${a}, ${b}`, `top ${count(subset.n)}`], subset)),
  ]);
  return table({
    caption: `Alignment without names: how often the best match is right.${hasSubsets(alignments) ? ' Top: the stimuli on which both agree best, a choice that alone gives more than chance; the null chooses anew from shuffled stimuli.' : ''}`,
    header: [
      'Systems',
      'Stimuli',
      'Same stimulus',
      'Chance',
      'Shuffled',
      'Same category',
      'Chance',
      'Shuffled',
      'Optimiser gap',
    ],
    rows,
    file: 'alignment',
  });
}

const hasSubsets = (alignments: readonly AlignmentRecord[]): boolean =>
  alignments.some(({ subsets }) => subsets.length > 0);

function alignmentRow(
  heads: readonly string[],
  { item, category, shuffled, gap }: Pick<SubsetRecord, 'item' | 'category' | 'shuffled' | 'gap'>,
): string[] {
  const cells = (found: MatchingRate | null, random: ShuffledRate | null | undefined) => [
    found ? percentWithInterval(found.rate) : '–',
    found ? percent(found.chance) : '–',
    random ? `${percent(random.mean)}, ${pValue(random.p)}` : '–',
  ];
  return [
    ...heads,
    ...cells(item, shuffled?.item),
    ...cells(category, shuffled?.category),
    gap.isComparable
      ? isNoGap(gap)
        ? 'none'
        : `${decimal(gap.gap)} (${percent(gap.relativeGap)})`
      : 'unknown',
  ];
}
