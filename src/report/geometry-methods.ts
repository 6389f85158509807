import { noInterval } from '../geometry/consistency/consistency.js';
import type { Estimate } from '../numerics/statistics.js';
import type { ReportData } from './data.js';
import { type AlignmentReport, isNoGap, type ShuffledRate } from './geometry.js';
import type { MethodsSection } from './methods.js';
import {
  correlation,
  correlationWithInterval,
  count,
  counted,
  decimal,
  hasInterval,
  limit,
  list,
  percent,
  percentWithInterval,
  pValue,
  quoted,
} from './wording.js';

/** How the geometries were compared, as prose. */
export function geometryMethods(data: ReportData): MethodsSection {
  return {
    heading: 'Comparing geometries',
    paragraphs: [
      ...rsaParagraph(data),
      ...mapParagraph(data),
      ...graphParagraph(data),
      ...consistencyParagraph(data),
      ...alignmentParagraphs(data),
    ],
  };
}

const measureWords = {
  pearson: 'Pearson correlation',
  spearman: 'Spearman rank correlation',
  'kendall-tau-a': "Kendall's τ-a",
  'kendall-tau-b': "Kendall's τ-b",
  'rho-a': 'ρ-a',
  cosine: 'cosine',
  cka: 'linear centred kernel alignment',
};

function rsaParagraph({ geometry: { comparison } }: ReportData): string[] {
  if (!comparison || comparison.record.comparisons.length === 0) return [];
  const { record } = comparison;
  const { measure, comparisons, nPairs, nUnknownPairs, nStimuli, rsmOf, seed, features, dropped } = record;
  const [{ estimate, mantel }] = comparisons;
  const systems = record.systems.map((name) => `${quoted(name)} (${rsmOf[name]})`);
  const interval = estimate ? ` Intervals: ${estimate.method}.` : '';
  const test = mantel
    ? ` Tests: ${mantel.method}; q after Benjamini and Hochberg over ${counted(comparisons.length, 'comparison')}.`
    : '';
  const left = dropped.some((one) => one.absentElsewhere.length + one.unknown.length > 0)
    ? ' Stimuli that a system lacks, or knows nothing about, were left out of all.'
    : '';
  const unknown =
    nUnknownPairs > 0 ? ` ${counted(nUnknownPairs, 'pair')} that a system does not know were left out.` : '';
  const pairs = comparisons.map((pair) => {
    const value = pair.estimate ? correlationWithInterval(pair.estimate) : correlation(pair.value);
    const tested = pair.mantel
      ? ` (${pValue(pair.mantel.p)}, ${pValue(pair.mantel.q).replace('p', 'q')})`
      : '';
    return `${quoted(pair.a)} and ${quoted(pair.b)} ${value}${tested}`;
  });
  const vectors =
    features.length > 0
      ? ` Linear CKA (biased HSIC: above 0 for unrelated vectors) and Procrustes disparity of their vectors: ${features.map(({ a, b, cka, procrustes }) => `${quoted(a)} and ${quoted(b)} ${correlation(cka)} and ${correlation(procrustes)}`).join('; ')}.`
      : '';
  return [
    `Representational similarity analysis compared ${list(systems)} by ${measureWords[measure]} over ${counted(nPairs, 'pair')} of ${counted(nStimuli, 'stimulus', 'stimuli')}.${left}${unknown}${interval}${test} Seed ${seed}. Results: ${pairs.join('; ')}.${vectors}`,
  ];
}

function mapParagraph({ geometry: { maps: found } }: ReportData): string[] {
  if (!found || found.maps.length === 0) return [];
  const { maps, options } = found;
  const { tsne, umap, metric, seed, method } = options;
  const how =
    method === 'tsne'
      ? `t-SNE (perplexity ${decimal(maps[0].perplexity ?? tsne.perplexity)}, ${counted(tsne.iterations, 'iteration')}, early exaggeration ${decimal(tsne.exaggeration)}, ${tsne.start === 'pca' ? 'principal components' : 'noise'} as start, ${counted(tsne.runs, 'run')})`
      : `UMAP (${umap.neighbours} neighbours, minimal distance ${umap.minDist})`;
  const quality = maps.map(
    ({ judge, quality: q }) =>
      `${quoted(judge)} trustworthiness ${correlation(q.trustworthiness)}, continuity ${correlation(q.continuity)}`,
  );
  const turned =
    maps.length > 1
      ? ` Maps were turned, mirrored and scaled onto that of ${quoted(maps[0].judge)} (Procrustes) for reading side by side.`
      : '';
  return [
    `Stimuli were laid out by ${how} of the weights (${metric} distance, seed ${seed}).${turned} Over ${maps[0].quality.k} neighbours: ${quality.join('; ')}.`,
  ];
}

function graphParagraph({ geometry: { graphs } }: ReportData): string[] {
  if (!graphs || graphs.judges.length === 0) return [];
  const { threshold, edges, runs, resolution, damping, seed } = graphs.options;
  const joined = edges === 'positive' ? 'r' : '|r|';
  const found = graphs.judges.map(({ judge, graph: { graph, partition } }) => {
    const { stability } = partition;
    return `${quoted(judge)} ${counted(graph.edges.length, 'edge')}, ${counted(partition.nCommunities, 'community', 'communities')} (modularity ${correlation(partition.modularity)}; ${stability.modalCount} communities in ${percent(stability.modalShare, 0)} of runs, mean adjusted Rand index ${correlation(stability.adjustedRand)}), ${counted(graph.isolated.length, 'isolated component')}`;
  });
  return [
    `Two components were joined where ${joined} between their weights over stimuli exceeded ${limit(threshold)}. Communities: Louvain with resolution ${decimal(resolution)}, the partition of highest modularity of ${counted(runs, 'run')} (seed ${seed}); centrality: PageRank weighted by |r|, damping ${limit(damping)}. ${found.join('; ')}.`,
  ];
}

function consistencyParagraph({ geometry: { consistency } }: ReportData): string[] {
  if (!consistency) return [];
  const { result, options } = consistency;
  const { comparisons, judges, nStimuli } = result;
  const stepped = options.spearmanBrown ? ', stepped up by Spearman and Brown' : '';
  const estimate = comparisons.find(({ raw }) => raw && hasInterval(raw))?.raw;
  const interval = estimate ? ` Intervals: ${estimate.method}.` : '';
  const reliabilities = judges.map(
    ({ name, reliability }) =>
      `${quoted(name)} ${reliability ? correlation(reliability.value) : 'undefined'}`,
  );
  const pairs = comparisons.map(({ a, b, raw, corrected }) => {
    const fair =
      corrected.kind === 'corrected'
        ? withReason(corrected.estimate)
        : `undefined, because ${corrected.reason}`;
    return `${quoted(a)} and ${quoted(b)} ${fair} (uncorrected r ${raw ? withReason(raw) : 'undefined'})`;
  });
  return [
    `Behavioural consistency is Pearson r between the choice probabilities of pairs of ${counted(nStimuli, 'validation stimulus', 'validation stimuli')}, divided by the root of the product of both reliabilities (mean correlation of random halves of the trials, ${counted(options.splits, 'split')}${stepped}; seed ${options.seed}).${interval} Reliabilities: ${list(reliabilities)}. Consistency: ${pairs.join('; ')}.`,
  ];
}

/** Why there is no interval, where that has a reason. */
const withReason = (estimate: Estimate): string =>
  `${correlationWithInterval(estimate)}${estimate.method.startsWith(noInterval) ? ` (${estimate.method})` : ''}`;

function alignmentParagraphs({ geometry: { alignments, alignOptions } }: ReportData): string[] {
  if (alignments.length === 0 || !alignOptions) return [];
  const { distanceProfiles, annealed, randomRestarts, epsilons, marginalTolerance, seed } = alignOptions;
  const chosen =
    epsilons === 'auto'
      ? 'four epsilons relative to the spread of distances'
      : `epsilon ${list(epsilons.map(String))}`;
  const how = `Geometries were aligned without supervision by entropic Gromov-Wasserstein optimal transport with square loss (${alignments[0].distance} distance; ${chosen}; ${distanceProfiles} starts from distance profiles, ${annealed} annealed, ${randomRestarts} random; seed ${seed}). The plan with the smallest unregularised loss was kept among those that misplace at most ${limit(marginalTolerance)} of their mass. Matching rates are the shares of stimuli whose k largest masses hold the same stimulus, or one of its category; intervals: ${alignments[0].item[0].rate.method}, over stimuli.`;
  return [[how, ...alignments.map(alignmentSentence)].join(' ')];
}

function alignmentSentence({
  a,
  b,
  item,
  category,
  gap,
  shuffled,
  subsets,
  agreementOf,
}: AlignmentReport): string {
  const rates = (name: string, found: AlignmentReport['item']) =>
    `the same ${name} for ${list(found.map(({ k, rate, chance }) => `${percentWithInterval(rate)} (k = ${k}, chance ${percent(chance)})`))}`;
  const parts = [rates('stimulus', item), ...(category ? [rates('category', category)] : [])];
  const random = shuffled
    ? ` With shuffled stimuli the whole search gave ${percent(shuffled.item.mean)} (${pValue(shuffled.item.p)})${shuffled.category ? ` and ${percent(shuffled.category.mean)} (${pValue(shuffled.category.p)})` : ''} in ${counted(shuffled.nShuffles, 'search', 'searches')}.`
    : '';
  const gapText = gap.isComparable
    ? isNoGap(gap)
      ? 'none'
      : `${decimal(gap.gap)}, ${percent(gap.relativeGap)} of the loss of a plan that says nothing`
    : `unknown, because ${percent(gap.marginalError)} of the mass is misplaced when the solver starts from it`;
  return `${quoted(a)} and ${quoted(b)}: ${parts.join('; ')}. Optimiser gap (loss found minus loss reached from the true matching): ${gapText}.${random}${subsetSentence(subsets, agreementOf)}`;
}

function subsetSentence(subsets: AlignmentReport['subsets'], agreementOf: string): string {
  if (subsets.length === 0) return '';
  const rate = ({ rate: found, chance }: AlignmentReport['item'][number], random?: ShuffledRate | null) =>
    `${percentWithInterval(found)} (chance ${percent(chance)}${random ? `; null ${percent(random.mean)}, ${pValue(random.p)}` : ''})`;
  const tops = subsets.map(
    ({ n, item, category, shuffled }) =>
      `top ${count(n)} the same stimulus for ${rate(item, shuffled?.item)}${category ? ` and the same category for ${rate(category, shuffled?.category)}` : ''}`,
  );
  const [{ shuffled }] = subsets;
  const chosen = shuffled
    ? ` The null shuffles the stimuli, chooses those that then agree best and searches them, ${counted(shuffled.nShuffles, 'time')} for each size.`
    : ' Choosing them by their agreement alone gives more than chance; no null was computed.';
  return ` Stimuli on which both agree best (${agreementOf}): ${tops.join('; ')}.${chosen}`;
}
