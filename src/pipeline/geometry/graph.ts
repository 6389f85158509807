import type { AffectGraph } from '../../geometry/graph/affect-graph.js';
import { componentGraph } from '../../geometry/graph/component-graph.js';
import { setIntersections } from '../../geometry/graph/set-intersections.js';
import { sharedByChance } from '../../geometry/graph/shared-by-chance.js';
import {
  communitySets,
  type GraphedSystem,
  labelSets,
  sharedCommunities,
} from '../../geometry/graph/shared-communities.js';
import type { ComponentLabel } from '../../interpretation/index.js';
import { keyOf, Random, split } from '../../numerics/random.js';
import type { JudgeGraph, OverlapRecord } from '../../report/geometry.js';
import type { Artifacts } from '../../study/artifacts.js';
import { readInterpretation } from '../judge-report.js';
import { paths, withSidecars } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { embeddingOf } from './systems.js';

/** `geometry/graph/<judge>.json`: all but the correlations, which follow from the embedding. */
interface GraphRecord extends Omit<AffectGraph, 'graph' | 'pageRank' | 'partition'> {
  readonly judge: string;
  readonly nComponents: number;
  readonly nEdges: number;
  /** Components count from 1 here, as in all files for people. */
  readonly isolated: readonly number[];
  readonly constant: readonly number[];
  readonly pageRank: readonly number[];
  readonly partition: Omit<AffectGraph['partition'], 'communityOf'> & {
    readonly communityOf: readonly number[];
  };
}

const hasRatings = ({ options }: StudyInputs): boolean => Object.keys(options.ratings).length > 0;

const namingFiles = (inputs: StudyInputs, judge: string): string[] =>
  hasRatings(inputs) ? [paths.interpretation(judge), ...withSidecars(paths.correlations(judge))] : [];

/** The step that joins one judge's components to a graph. */
export function graphStep(inputs: StudyInputs, judge: string): Step {
  const { seed, sharedAbove: _, ...options } = inputs.options.graph;
  return {
    id: `graph/${judge}`,
    version: 1,
    stage: 'graph',
    judge,
    title: `Graph ${judge}`,
    inputs: [inputs.files.stimuli, paths.weights(judge), ...namingFiles(inputs, judge)],
    options,
    seeds: { graph: seed },
    outputs: [paths.graph(judge), paths.graphNodes(judge), paths.graphEdges(judge)],
    estimate: { work: `|r| > ${options.threshold}, ${options.runs} Louvain runs` },
    run: (context) => runGraph(inputs, judge, context),
  };
}

async function runGraph(inputs: StudyInputs, judge: string, { artifacts, note }: StepContext): Promise<void> {
  const embedding = await embeddingOf(inputs, artifacts, judge);
  const labels = await readLabels(inputs, artifacts, judge, embedding.nComponents);
  // Graph libraries take a while to load: commands that make no graph do without.
  const { affectGraph } = await import('../../geometry/graph/affect-graph.js');
  const found = affectGraph(embedding, labels, inputs.options.graph);
  const { graph, pageRank, partition, communities } = found;
  if (graph.edges.length === 0) note('no two components correlate enough to be joined');
  const record: GraphRecord = {
    judge,
    nComponents: graph.nComponents,
    nEdges: graph.edges.length,
    isolated: graph.isolated.map((c) => c + 1),
    constant: graph.constant.map((c) => c + 1),
    pageRank: Array.from(pageRank),
    partition: { ...partition, communityOf: Array.from(partition.communityOf) },
    communities,
  };
  await artifacts.writeJson(paths.graph(judge), record);
  await artifacts.writeTsv(
    paths.graphNodes(judge),
    ['component', 'label', 'community', 'community_name', 'page_rank', 'degree'],
    labels.map(({ terms }, c) => {
      const community = partition.communityOf[c];
      const degree = graph.edges.filter(({ a, b }) => a === c || b === c).length;
      return [
        c + 1,
        terms.map(({ text }) => text).join(', ') || 'n/a',
        community < 0 ? 'n/a' : community + 1,
        community < 0 ? 'n/a' : communities[community].name,
        pageRank[c],
        degree,
      ];
    }),
  );
  await artifacts.writeTsv(
    paths.graphEdges(judge),
    ['component_a', 'component_b', 'r'],
    graph.edges.map(({ a, b, r }) => [a + 1, b + 1, r]),
  );
}

type Label = Pick<ComponentLabel, 'terms'>;

/** Names of the components; none without ratings. */
async function readLabels(
  inputs: StudyInputs,
  artifacts: Artifacts,
  judge: string,
  nComponents: number,
): Promise<readonly Label[]> {
  if (!hasRatings(inputs)) return Array.from({ length: nComponents }, () => ({ terms: [] }));
  return (await readInterpretation(artifacts, judge)).components;
}

/** The graph of one judge, read back. */
export async function readGraph(
  inputs: StudyInputs,
  artifacts: Artifacts,
  judge: string,
): Promise<JudgeGraph> {
  const { pageRank, partition, communities } = await artifacts.readJson<GraphRecord>(paths.graph(judge));
  const embedding = await embeddingOf(inputs, artifacts, judge);
  const labels = await readLabels(inputs, artifacts, judge, embedding.nComponents);
  const graph: AffectGraph = {
    graph: componentGraph(embedding, inputs.options.graph),
    pageRank: Float64Array.from(pageRank),
    partition: { ...partition, communityOf: Int32Array.from(partition.communityOf) },
    communities,
  };
  return { judge, graph, labels: labels.map(({ terms }, c) => terms[0]?.text ?? `component ${c + 1}`) };
}

/** Several judges with named components have an overlap. */
export const hasOverlap = (inputs: StudyInputs, judges: readonly string[]): boolean =>
  judges.length > 1 && hasRatings(inputs);

/** The step that tells which terms and communities several judges share. */
export function overlapStep(inputs: StudyInputs, judges: readonly string[]): Step {
  const { sharedAbove, seed } = inputs.options.graph;
  return {
    id: 'graph-overlap',
    version: 2,
    stage: 'graph',
    judge: null,
    judges,
    title: 'Overlap',
    inputs: [
      inputs.files.stimuli,
      ...judges.flatMap((judge) => [paths.weights(judge), paths.graph(judge), ...namingFiles(inputs, judge)]),
    ],
    options: { judges, sharedAbove, graph: inputs.options.graph },
    seeds: { graph: seed },
    outputs: [paths.overlap, paths.overlapTable],
    estimate: { work: `terms and communities of ${judges.length} judges` },
    run: (context) => runOverlap(inputs, judges, context),
  };
}

async function runOverlap(
  inputs: StudyInputs,
  judges: readonly string[],
  { artifacts }: StepContext,
): Promise<void> {
  const systems: GraphedSystem[] = [];
  for (const name of judges) {
    const { graph } = await readGraph(inputs, artifacts, name);
    const { components, correlations } = await readInterpretation(artifacts, name);
    systems.push({ name, graph, correlations, labels: components });
  }
  const terms = labelSets(systems);
  const { sharedAbove, seed } = inputs.options.graph;
  const communities = communitySets(systems, sharedCommunities(systems, sharedAbove));
  const random = new Random(split(keyOf(seed), 'shared communities by chance'));
  const record: OverlapRecord = {
    terms: { sets: terms, intersections: setIntersections(terms) },
    communities: { sets: communities, intersections: setIntersections(communities) },
    byChance: sharedByChance(systems, { minProfileR: sharedAbove, random }),
  };
  await artifacts.writeJson(paths.overlap, record);
  await artifacts.writeTsv(paths.overlapTable, overlapColumns, overlapRows(record));
}

const overlapColumns = ['of', 'judges', 'n', 'members'];

/** One row per intersection. */
function overlapRows(record: OverlapRecord): (string | number)[][] {
  return (['terms', 'communities'] as const).flatMap((of) =>
    record[of].intersections.map(({ sets, members }) => [
      of,
      sets.map((set) => record[of].sets[set].name).join(', '),
      members.length,
      members.join('; '),
    ]),
  );
}
