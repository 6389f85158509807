import { type Cell, estimateCells, estimateHeader, type TableOf } from './answer-tables.js';
import type { ReportData } from './data.js';
import type { AlignmentReport, JudgeGraph, Overlap } from './geometry.js';

/** Every number of the comparison of geometries. */
export function geometryTables({ geometry }: ReportData): TableOf[] {
  const { comparison, maps, graphs, consistency, alignments } = geometry;
  const record = comparison?.record;
  return [
    [
      'rsa',
      `system_a system_b measure ${estimateHeader('value')} n_pairs n_unknown_pairs p q n_permutations cka procrustes`,
      (record?.comparisons ?? []).map(({ a, b, value, estimate, mantel }) => {
        const pair = record!.features.find((one) => one.a === a && one.b === b);
        return [
          a,
          b,
          record!.measure,
          value,
          ...(estimate ? estimateCells(estimate).slice(1) : ['n/a', 'n/a', record!.nStimuli]),
          record!.nPairs,
          record!.nUnknownPairs,
          mantel?.p ?? 'n/a',
          mantel?.q ?? 'n/a',
          mantel?.nPermutations ?? 'n/a',
          pair?.cka ?? 'n/a',
          pair?.procrustes ?? 'n/a',
        ];
      }),
    ],
    [
      'map-quality',
      'judge method perplexity divergence k trustworthiness continuity overlap turned_onto disparity',
      (maps?.maps ?? []).map(({ judge, method, perplexity, divergence, quality, alignedTo }) => [
        judge,
        method,
        perplexity ?? 'n/a',
        divergence ?? 'n/a',
        quality.k,
        quality.trustworthiness,
        quality.continuity,
        quality.overlap,
        alignedTo?.judge ?? 'n/a',
        alignedTo?.disparity ?? 'n/a',
      ]),
    ],
    [
      'graph',
      'judge n_components threshold n_edges n_isolated n_communities modularity modal_count modal_share kept_share adjusted_rand normalised_mutual_information n_runs',
      (graphs?.judges ?? []).map(graphRow),
    ],
    [
      'communities',
      'judge community name n_components components page_rank',
      (graphs?.judges ?? []).flatMap(communityRows),
    ],
    [
      'overlap',
      'of judges n members',
      graphs?.overlap
        ? [
            ...overlapRows('communities', graphs.overlap.communities),
            ...overlapRows('terms', graphs.overlap.terms),
          ]
        : [],
    ],
    [
      'consistency',
      `judge_a judge_b ${estimateHeader('r')} ${estimateHeader('corrected')} n_pairs`,
      (consistency?.result.comparisons ?? []).map(({ a, b, raw, corrected, nPairs }) => [
        a,
        b,
        ...estimateCells(raw),
        ...estimateCells(corrected.kind === 'corrected' ? corrected.estimate : null),
        nPairs,
      ]),
    ],
    [
      'reliability',
      `judge ${estimateHeader('reliability')} n_splits spearman_brown n_trials n_unknown_pairs`,
      (consistency?.result.judges ?? []).map((judge) => [
        judge.name,
        ...estimateCells(judge.reliability),
        judge.nSplits,
        judge.spearmanBrown ? 'yes' : 'no',
        judge.nTrials,
        judge.nUnknownPairs,
      ]),
    ],
    [
      'alignment',
      `system_a system_b stimuli level k ${estimateHeader('rate')} chance null_mean null_p n_shuffles loss optimiser_gap relative_gap`,
      alignments.flatMap(alignmentRows),
    ],
    [
      'alignment-trials',
      'system_a system_b trial start annealed epsilon loss regularised_loss marginal_error n_iterations converged kept',
      alignments.flatMap(({ a, b, trials, best }) =>
        trials.map((trial, index) => [
          a,
          b,
          index + 1,
          trial.start,
          trial.annealed.length > 0 ? 'yes' : 'no',
          trial.epsilon,
          trial.loss,
          trial.regularisedLoss,
          trial.marginalError,
          trial.nIterations,
          trial.converged ? 'yes' : 'no',
          index === best ? 'yes' : 'no',
        ]),
      ),
    ],
  ];
}

function graphRow({ judge, graph: { graph, partition } }: JudgeGraph): Cell[] {
  const { stability } = partition;
  return [
    judge,
    graph.nComponents,
    graph.threshold,
    graph.edges.length,
    graph.isolated.length,
    partition.nCommunities,
    partition.modularity,
    stability.modalCount,
    stability.modalShare,
    stability.keptShare,
    stability.adjustedRand,
    stability.normalisedMutualInformation,
    stability.runs,
  ];
}

const communityRows = ({ judge, graph: { communities, pageRank } }: JudgeGraph): Cell[][] =>
  communities.map(({ name, members }, index) => [
    judge,
    index + 1,
    name,
    members.length,
    members.map((c) => c + 1).join(' '),
    members.reduce((sum, c) => sum + pageRank[c], 0),
  ]);

const overlapRows = (of: string, { sets, intersections }: Overlap): Cell[][] =>
  intersections.map(({ sets: owners, members }) => [
    of,
    owners.map((owner) => sets[owner].name).join(', '),
    members.length,
    members.join('; '),
  ]);

function alignmentRows(alignment: AlignmentReport): Cell[][] {
  const { a, b, item, category, shuffled, subsets, loss, gap } = alignment;
  const whole = { stimuli: 'all', item, category: category ?? [], shuffled, loss, gap };
  const parts = subsets.map((subset) => ({
    ...subset,
    stimuli: `top ${subset.n}`,
    item: [subset.item],
    category: subset.category ? [subset.category] : [],
  }));
  return [whole, ...parts].flatMap((part) =>
    (['item', 'category'] as const).flatMap((level) =>
      part[level].map(({ k, rate, chance }) => {
        const random = k === 1 ? part.shuffled?.[level] : null;
        const nulls: Cell[] = random
          ? [random.mean, random.p, part.shuffled!.nShuffles]
          : ['n/a', 'n/a', 'n/a'];
        const gaps = part.gap.isComparable ? [part.gap.gap, part.gap.relativeGap] : ['n/a', 'n/a'];
        return [a, b, part.stimuli, level, k, ...estimateCells(rate), chance, ...nulls, part.loss, ...gaps];
      }),
    ),
  );
}
