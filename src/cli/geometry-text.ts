import { noInterval, type PairConsistency } from '../geometry/consistency/consistency.js';
import type { MatchingRate } from '../geometry/gromov-wasserstein/matching.js';
import type { RsaMeasure } from '../geometry/rsa/measures.js';
import type { RsaComparison } from '../geometry/rsa/rsa.js';
import type { Estimate } from '../numerics/statistics.js';
import {
  type AlignmentRecord,
  type GeometryReport,
  isNoGap,
  type JudgeGraph,
  type MapRecord,
  type RsaRecord,
  type ShuffledRate,
  type SubsetRecord,
  searchFailed,
} from '../report/geometry.js';
import { correlationWithInterval } from './findings-text.js';
import { correlation, count, counted, list, percent } from './wording.js';

const measureNames: Readonly<Record<RsaMeasure, string>> = {
  pearson: 'r',
  spearman: 'rho',
  'kendall-tau-a': 'tau-a',
  'kendall-tau-b': 'tau-b',
  'rho-a': 'rho-a',
  cosine: 'cosine',
  cka: 'CKA',
};

/** "p = .034", "q < .001". */
export const pText = (name: string, p: number): string =>
  p < 0.001 ? `${name} < .001` : `${name} = ${p.toFixed(3).replace(/^0/, '')}`;

/** "rho .12 [.10, .14]". */
export const rsaValue = (measure: RsaMeasure, { value, estimate }: RsaComparison): string =>
  `${measureNames[measure]} ${estimate ? correlationWithInterval(estimate) : correlation(value)}`;

type ComparedSystems = Pick<RsaRecord, 'measure' | 'nStimuli' | 'nUnknownPairs' | 'features'>;

/** "words and looks: rho .12 [.10, .14], p = .001, q = .001 (419 stimuli) · CKA .21 · Procrustes .83". */
export function comparisonText(
  comparison: RsaComparison,
  { measure, nStimuli, nUnknownPairs, features }: ComparedSystems,
): string {
  const { a, b, mantel } = comparison;
  const tested = mantel ? `, ${pText('p', mantel.p)}, ${pText('q', mantel.q)}` : '';
  const pair = features.find((one) => one.a === a && one.b === b);
  const vectors = pair ? ` · CKA ${correlation(pair.cka)} · Procrustes ${correlation(pair.procrustes)}` : '';
  const lost = nUnknownPairs > 0 ? `, ${counted(nUnknownPairs, 'pair')} unknown` : '';
  return `${a} and ${b}: ${rsaValue(measure, comparison)}${tested} (${count(nStimuli)} stimuli${lost})${vectors}`;
}

export const comparisonLines = (record: RsaRecord): string[] =>
  record.comparisons.map((comparison) => comparisonText(comparison, record));

/** "words: t-SNE, perplexity 30 · trustworthiness .95, continuity .96, 52.1 % of 15 neighbours kept". */
export function mapText({ judge, method, perplexity, quality, alignedTo }: MapRecord): string {
  const how = method === 'tsne' ? `t-SNE, perplexity ${Number(perplexity!.toFixed(1))}` : 'UMAP';
  const kept = `${percent(quality.overlap)} of ${quality.k} neighbours kept`;
  const turned = alignedTo
    ? ` · turned onto ${alignedTo.judge}, disparity ${correlation(alignedTo.disparity)}`
    : '';
  return `${judge}: ${how} · trustworthiness ${correlation(quality.trustworthiness)}, continuity ${correlation(quality.continuity)}, ${kept}${turned}`;
}

/** "words: 31 edges, 4 communities (modularity .42; 4 in 98 % of 100 runs): animals; weather; ... · 2 isolated". */
export function graphText({ judge, graph: { graph, partition, communities } }: JudgeGraph): string {
  const { modalCount, modalShare, runs } = partition.stability;
  const found = `${counted(graph.edges.length, 'edge')}, ${partition.nCommunities} ${partition.nCommunities === 1 ? 'community' : 'communities'}`;
  const stable = `modularity ${correlation(partition.modularity)}; ${modalCount} in ${percent(modalShare, 0)} of ${count(runs)} runs`;
  const names = communities.map(({ name, members }) => `${name} (${members.length})`).join('; ');
  return `${judge}: ${found} (${stable})${names ? `: ${names}` : ''} · ${graph.isolated.length} isolated`;
}

/** "words and looks: .42 [.31, .55] corrected, r .38 [.28, .49] (190 pairs)". */
export function consistencyText({ a, b, raw, corrected, nPairs }: PairConsistency): string {
  const fair =
    corrected.kind === 'corrected'
      ? `${withReason(corrected.estimate)} corrected for reliability`
      : `not corrected (${corrected.reason})`;
  const plain = raw ? `r ${withReason(raw)}` : 'r undefined';
  return `${a} and ${b}: ${fair}, ${plain} (${count(nPairs)} pairs of stimuli)`;
}

/** Why there is no interval, where that has a reason. */
const withReason = (estimate: Estimate): string =>
  `${correlationWithInterval(estimate)}${estimate.method.startsWith(noInterval) ? ` (${estimate.method})` : ''}`;

/** "1.2 % [0.5, 2.8]": near 0 and 100 an interval is lopsided. */
const rateWithInterval = ({ value, low, high }: Estimate): string =>
  `${percent(value)} [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;

const rateText = (rates: readonly MatchingRate[]): string =>
  rates
    .map(({ k, rate, chance }) => `top ${k} ${rateWithInterval(rate)} (chance ${percent(chance)})`)
    .join(', ');

function gapText({ gap }: AlignmentRecord): string {
  if (!gap.isComparable)
    return `optimiser gap unknown: started from the true pairs, ${percent(gap.marginalError)} of the mass is misplaced; larger epsilons help`;
  if (isNoGap(gap))
    return 'no optimiser gap: the plan found is as good as the one that starts from the true pairs';
  const size = `optimiser gap ${gap.gap.toPrecision(3)}, ${percent(gap.relativeGap)} of the loss of a plan that says nothing`;
  if (searchFailed(gap))
    return `${size}: a better plan exists that the search did not find; add trials before reading the rates`;
  return gap.gap < 0
    ? `${size}: the plan found is better than the one that starts from the true pairs`
    : size;
}

/** What one alignment found, in a few lines. */
export function alignmentLines(record: AlignmentRecord): string[] {
  const { a, b, item, category, loss, shuffled, subsets, trials, nStimuli } = record;
  const lines = [
    `${a} and ${b}: ${count(nStimuli)} stimuli, loss ${loss.toPrecision(4)} (best of ${trials.length} trials)`,
    `  the same stimulus: ${rateText(item)}`,
  ];
  if (category) lines.push(`  the same category: ${rateText(category)}`);
  if (shuffled) {
    const shown = [
      `the same stimulus ${percent(shuffled.item.mean)}, ${pText('p', shuffled.item.p)}`,
      ...(shuffled.category
        ? [`the same category ${percent(shuffled.category.mean)}, ${pText('p', shuffled.category.p)}`]
        : []),
    ];
    lines.push(`  with shuffled stimuli (${count(shuffled.nShuffles)} searches): ${shown.join('; ')}`);
  }
  lines.push(`  ${gapText(record)}`);
  lines.push(...subsets.map((subset) => `  ${subsetText(subset)}`));
  if (subsets.some((subset) => !subset.shuffled))
    lines.push(
      '  (these stimuli were chosen because both agree on them, which alone gives more than chance; a null chooses too: align.shuffles)',
    );
  return lines;
}

/** "top 100 by agreement: the same stimulus 45.0 % (chance 1.0 %; chosen from shuffled stimuli 12.0 %, p = .048)". */
function subsetText({ n, item, category, shuffled, gap }: SubsetRecord): string {
  const rate = ({ rate: found, chance }: MatchingRate, random: ShuffledRate | null | undefined) => {
    const byChance = random
      ? `; chosen from shuffled stimuli ${percent(random.mean)}, ${pText('p', random.p)}`
      : '';
    return `${rateWithInterval(found)} (chance ${percent(chance)}${byChance})`;
  };
  const same = category ? `, the same category ${rate(category, shuffled?.category)}` : '';
  const failed = searchFailed(gap) ? '; the search found no good plan, add trials' : '';
  return `top ${count(n)} by agreement: the same stimulus ${rate(item, shuffled?.item)}${same}${failed}`;
}

const howMuch: readonly [number, string][] = [
  [0.1, 'hardly agree'],
  [0.3, 'agree only a little'],
  [0.5, 'agree somewhat'],
  [0.7, 'agree well'],
  [1.01, 'agree very well'],
];

/** "looks and words agree only a little on what is alike: RSA rho = .12 [.10, .14]". */
export function geometryStory(geometry: GeometryReport, judges: readonly string[]): string[] {
  const { comparison, consistency, alignments } = geometry;
  const lines = (comparison?.record.comparisons ?? [])
    .filter(({ a, b }) => judges.includes(a) && judges.includes(b))
    .map((pair) => {
      const { a, b, value } = pair;
      const words = howMuch.find(([below]) => value < below)![1];
      const text = rsaValue(comparison!.record.measure, pair).replace(' ', ' = ');
      return `${a} and ${b} ${words} on what is alike: RSA ${text}`;
    });
  const drawn = (consistency?.result.comparisons ?? []).flatMap(({ a, b, corrected }) =>
    (a === consistency!.reference || b === consistency!.reference) && corrected.kind === 'corrected'
      ? [`${a === consistency!.reference ? b : a} ${correlationWithInterval(corrected.estimate)}`]
      : [],
  );
  if (drawn.length > 0)
    lines.push(
      `consistency with ${consistency!.reference} on new trials, corrected for noise: ${list(drawn)}`,
    );
  for (const alignment of alignments) {
    const { a, b, item, category } = alignment;
    const failed = searchFailed(alignment.gap) ? '; the search found no good plan, add trials' : '';
    const same = category
      ? `, one of its category for ${percent(category[0].rate.value)} (chance ${percent(category[0].chance)})`
      : '';
    lines.push(
      `without names, the geometry of ${a} finds the same stimulus in ${b} for ${percent(item[0].rate.value)} (chance ${percent(item[0].chance)})${same}${failed}`,
    );
  }
  return lines;
}
