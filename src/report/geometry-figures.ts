import type { ReportData } from './data.js';
import type { Figure } from './figure.js';
import { alignmentPlans } from './figures/alignment-plans.js';
import { alignmentTrials } from './figures/alignment-trials.js';
import { componentCorrelations } from './figures/component-correlations.js';
import { componentNetworks } from './figures/component-network.js';
import { consistencyBars } from './figures/consistency.js';
import { projectionMaps } from './figures/projection-maps.js';
import { rsaMatrix } from './figures/rsa-matrix.js';
import { rsmPanels } from './figures/rsm-panels.js';
import { upsetPlot } from './figures/upset.js';
import type { OverlapRecord } from './geometry.js';
import { counted, decimal, limit, pValue } from './wording.js';

/** The figures that set geometries side by side, in the order of the page. */
export function geometryFigures(data: ReportData): Figure[] {
  return [
    ...comparisonPart(data),
    ...mapPart(data),
    ...graphPart(data),
    ...consistencyPart(data),
    ...alignmentPart(data),
  ];
}

const seeded = (figure: Figure, seed: number): Figure => ({
  ...figure,
  caption: `${figure.caption} Seed ${seed}.`,
});

function comparisonPart(data: ReportData): Figure[] {
  const { comparison } = data.geometry;
  if (!comparison) return [];
  const { record, rsms } = comparison;
  const matrix = rsaMatrix(record);
  return [
    ...(matrix ? [seeded(matrix, record.seed)] : []),
    ...(rsms.length > 0 ? [rsmPanels(data, rsms, record.rsmOf)] : []),
  ];
}

function mapPart(data: ReportData): Figure[] {
  const { maps: found } = data.geometry;
  if (!found || found.maps.length === 0) return [];
  const { maps, options } = found;
  const [{ method, perplexity, quality }] = maps;
  const how =
    method === 'tsne'
      ? `t-SNE of the weights (${options.metric} distance, perplexity ${decimal(perplexity ?? options.tsne.perplexity)})`
      : `UMAP of the weights (${options.metric} distance, ${options.umap.neighbours} neighbours)`;
  const turned = maps.length > 1 ? `; maps turned, mirrored and scaled onto that of ${maps[0].judge}` : '';
  const drawn = maps.map(({ judge, positions }) => ({ name: judge, positions }));
  const trust = maps.map(
    ({ judge, quality: q }) => `${judge} ${q.trustworthiness.toFixed(2).replace(/^0/, '')}`,
  );
  const figure = projectionMaps(
    drawn,
    {
      names: data.categoryNames,
      topCategory: data.topCategory,
      prototypes: prototypesOf(data),
      minPerCategory: 1,
    },
    { name: 'projection', method: `${how}${turned}` },
  );
  const caption = `${figure.caption} Trustworthiness over ${quality.k} neighbours: ${trust.join(', ')}.`;
  return [seeded({ ...figure, caption }, options.seed)];
}

/** Without validation trials nobody chose prototypes. */
function prototypesOf({ judges, topCategory, categoryNames }: ReportData) {
  const stimuli = Array.from(
    judges.find(({ generalisation }) => generalisation)?.generalisation?.stimuli ?? [],
  );
  return categoryNames
    .map((_, category) => ({
      category,
      stimuli: stimuli.filter((stimulus) => topCategory[stimulus] === category),
    }))
    .filter(({ stimuli: own }) => own.length > 0);
}

function graphPart({ geometry: { graphs } }: ReportData): Figure[] {
  if (!graphs) return [];
  const systems = graphs.judges.map(({ judge, graph, labels }) => ({ name: judge, graph, labels }));
  if (systems.length === 0) return [];
  return [
    seeded(componentNetworks(systems, 'component-network'), graphs.options.seed),
    componentCorrelations(systems, 'component-correlations'),
    ...(graphs.overlap ? overlapPart(graphs.overlap, graphs.options.sharedAbove) : []),
  ];
}

function overlapPart({ terms, communities, byChance }: OverlapRecord, sharedAbove: number): Figure[] {
  const figures: Figure[] = [];
  if (communities.intersections.length > 0) {
    const figure = upsetPlot(communities.sets, communities.intersections, {
      name: 'overlap-communities',
      title: 'Which communities of components judges share.',
      one: 'community',
      many: 'communities',
    });
    const rule = `Communities of two judges are one where their mean correlations with all ratings correlate at least ${limit(sharedAbove)} (average linkage); two of one judge can become one so, and then count once. ${counted(byChance.nShared, 'community is', 'communities are')} shared; with components put into communities of these sizes at random ${decimal(byChance.expected)} on average (${counted(byChance.nShuffles, 'shuffle')}, ${pValue(byChance.p)}).`;
    figures.push({ ...figure, caption: `${figure.caption} ${rule}` });
  }
  if (terms.intersections.length > 0)
    figures.push(
      upsetPlot(terms.sets, terms.intersections, {
        name: 'overlap-terms',
        title: 'Which names of components judges share.',
        one: 'label term',
        many: 'label terms',
      }),
    );
  return figures;
}

function consistencyPart({ geometry: { consistency } }: ReportData): Figure[] {
  if (!consistency) return [];
  const { result, reference, options } = consistency;
  const { show, families, seed } = options;
  const figure = consistencyBars(result, { reference, show, families });
  return figure ? [seeded(figure, seed)] : [];
}

function alignmentPart(data: ReportData): Figure[] {
  const { alignments, alignOptions } = data.geometry;
  if (alignments.length === 0 || !alignOptions) return [];
  return [
    seeded(alignmentPlans(data, alignments), alignOptions.seed),
    seeded(alignmentTrials(alignments), alignOptions.seed),
  ];
}
