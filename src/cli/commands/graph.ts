import { readGraphsOf } from '../../pipeline/findings.js';
import type { JudgeGraph, OverlapRecord } from '../../report/geometry.js';
import { graphText, pText } from '../geometry-text.js';
import { stageCommand } from '../stage-command.js';
import { count, list } from '../wording.js';

export const graphCommand = () =>
  stageCommand({
    stage: 'graph',
    description: 'Join correlated components to a graph: communities, centrality, and what judges share.',
    examples: ['affectome graph', 'affectome graph --judge words'],
    perJudge: true,
    async show({ study, steps }, judges) {
      const isCompared = steps.some(({ id }) => id === 'graph-overlap');
      const { graphs, overlap } = await readGraphsOf(study, judges, isCompared);
      const lines = [...graphs.map(graphText), ...(overlap ? sharedLines(overlap) : [])];
      return { lines, results: { graphs: graphs.map(graphJson), overlap } };
    },
  });

function graphJson({ judge, graph: { graph, pageRank, partition, communities }, labels }: JudgeGraph) {
  const { nComponents, edges, isolated, constant, threshold } = graph;
  return {
    judge,
    nComponents,
    labels,
    threshold,
    edges,
    isolated,
    constant,
    pageRank,
    partition,
    communities,
  };
}

/** "words and looks share 3 communities: ...", and how many that would be by chance. */
function sharedLines({ communities: { sets, intersections }, byChance }: OverlapRecord): string[] {
  const shared = intersections
    .filter((one) => one.sets.length > 1)
    .map(
      ({ sets: owners, members }) =>
        `${list(owners.map((owner) => sets[owner].name))} share ${members.length === 1 ? 'a community' : `${members.length} communities`}: ${members.join('; ')}`,
    );
  const { nShared, expected, nShuffles, p } = byChance;
  const chance = `${count(nShared)} ${nShared === 1 ? 'community is' : 'communities are'} shared; ${expected.toFixed(1)} with components put into communities at random (${count(nShuffles)} shuffles, ${pText('p', p)})`;
  return [...shared, chance];
}
