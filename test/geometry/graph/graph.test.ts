import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Embedding } from '#dist/embedding/embedding.js';
import { affectGraph } from '#dist/geometry/graph/affect-graph.js';
import { pageRank } from '#dist/geometry/graph/centrality.js';
import { communities } from '#dist/geometry/graph/communities.js';
import { nameCommunity } from '#dist/geometry/graph/community-names.js';
import { type ComponentGraph, componentGraph } from '#dist/geometry/graph/component-graph.js';
import { modularity } from '#dist/geometry/graph/modularity.js';
import { graphOptions } from '#dist/geometry/graph/options.js';
import { adjustedRand, normalisedMutualInformation } from '#dist/geometry/graph/partition-agreement.js';
import { setIntersections } from '#dist/geometry/graph/set-intersections.js';
import { sharedByChance } from '#dist/geometry/graph/shared-by-chance.js';
import { communitySets, labelSets, sharedCommunities } from '#dist/geometry/graph/shared-communities.js';
import { matrix } from '#dist/numerics/matrix.js';
import { keyOf, Random } from '#dist/numerics/random.js';

const golden = JSON.parse(readFileSync(new URL('../../golden/graph.json', import.meta.url), 'utf8'));
const options = graphOptions.parse({});
const { planted } = golden;
const embedding: Embedding = {
  nStimuli: planted.stimuli,
  nComponents: planted.components,
  weights: Float32Array.from(planted.weights as number[]),
};
const term = (text: string, r = 0.5) => ({ scale: text, kind: 'category' as const, r, text });
const labelled = (...texts: string[]) => ({ terms: texts.map((text) => term(text)) });

/** A graph given by its edges; the correlations are only those of the edges. */
function graphOf(nComponents: number, edges: readonly (readonly [number, number, number])[]): ComponentGraph {
  const joined = new Set(edges.flatMap(([a, b]) => [a, b] as const));
  return {
    nComponents,
    correlations: matrix(nComponents, nComponents),
    threshold: 0.2,
    edges: edges.map(([a, b, r]) => ({ a, b, r })),
    isolated: Array.from({ length: nComponents }, (_, c) => c).filter((c) => !joined.has(c)),
    constant: [],
  };
}

/** Cliques of four joined by single weak edges. */
function cliques(nCliques: number): ComponentGraph {
  const edges: [number, number, number][] = [];
  for (let clique = 0; clique < nCliques; clique++) {
    for (let a = 0; a < 4; a++) {
      for (let b = a + 1; b < 4; b++) edges.push([4 * clique + a, 4 * clique + b, a === 0 ? -0.8 : 0.8]);
    }
    if (clique > 0) edges.push([4 * clique - 1, 4 * clique, 0.21]);
  }
  return graphOf(4 * nCliques, edges);
}

describe('the graph against NumPy and networkx', () => {
  const graph = componentGraph(embedding, options);

  test('correlations and edges, with their signs', () => {
    planted.r.forEach((r: number, at: number) => {
      expect(graph.correlations.data[at]).toBeCloseTo(r, 6);
    });
    expect(graph.edges.map(({ a, b }) => [a, b])).toEqual(planted.edges.map(([a, b]: number[]) => [a, b]));
    expect(graph.edges.some(({ r }) => r < 0)).toBe(true);
    const positive = componentGraph(embedding, { threshold: 0.2, edges: 'positive' });
    expect(positive.edges).toEqual(graph.edges.filter(({ r }) => r > 0));
  });

  test('PageRank', () => {
    const found = pageRank(graph, 0.85);
    found.forEach((value, c) => {
      expect(value).toBeCloseTo(planted.pagerank[c] ?? 0, 7);
    });
    expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
  });

  test('modularity at several resolutions', () => {
    const communityOf = new Int32Array(planted.components).fill(-1);
    planted.groups.forEach((group: number[], index: number) => {
      for (const c of group) communityOf[c] = index;
    });
    for (const resolution of [0.5, 1, 2])
      expect(modularity(graph, communityOf, resolution)).toBeCloseTo(planted.modularity[resolution], 6);
  });
});

describe('agreement of partitions', () => {
  test.each(golden.partitions as { a: number[]; b: number[]; rand: number; information: number }[])(
    'as scikit-learn: %o',
    ({ a, b, rand, information }) => {
      expect(adjustedRand(a, b)).toBeCloseTo(rand, 12);
      expect(normalisedMutualInformation(a, b)).toBeCloseTo(information, 10);
    },
  );

  test('does not depend on names or on which comes first; 1 with itself', () => {
    const partition = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(partition, (a) => {
        const renamed = a.map((c) => 7 - c);
        const other = a.map((c, i) => (c + i) % 3);
        expect(adjustedRand(a, renamed)).toBeCloseTo(1, 12);
        expect(normalisedMutualInformation(a, renamed)).toBeCloseTo(1, 9);
        expect(adjustedRand(a, other)).toBeCloseTo(adjustedRand(other, renamed), 12);
      }),
    );
  });
});

describe('communities', () => {
  test('planted cliques are found by every run', () => {
    const found = communities(cliques(4), options);
    expect(found.nCommunities).toBe(4);
    expect([...found.communityOf]).toEqual(Array.from({ length: 16 }, (_, c) => Math.floor(c / 4)));
    expect(found.stability).toMatchObject({ adjustedRand: 1, modalCount: 4, modalShare: 1, keptShare: 1 });
  });

  test('no partition of a small graph has a higher modularity', () => {
    const graph = componentGraph(embedding, options);
    const found = communities(graph, options);
    let best = 0;
    const tryAll = (partition: number[], used: number) => {
      if (partition.length === planted.components) best = Math.max(best, modularity(graph, partition));
      else for (let c = 0; c <= used; c++) tryAll([...partition, c], Math.max(used, c + 1));
    };
    tryAll([], 0);
    expect(found.modularity).toBeCloseTo(best, 10);
  });

  test('a higher resolution splits, the same seed repeats', () => {
    const graph = cliques(4);
    expect(communities(graph, { ...options, resolution: 0.005 }).nCommunities).toBe(1);
    expect(communities(graph, { ...options, resolution: 8 }).nCommunities).toBeGreaterThan(4);
    expect(communities(graph, options)).toEqual(communities(graph, options));
  });

  test('isolated components are in none; parts that are not joined are apart', () => {
    const graph = graphOf(6, [
      [0, 1, 0.5],
      [3, 4, -0.5],
    ]);
    const { communityOf, nCommunities } = communities(graph, options);
    expect([...communityOf]).toEqual([0, 0, -1, 1, 1, -1]);
    expect(nCommunities).toBe(2);
  });

  test.each([0, 1, 3])('%i components without edges', (n) => {
    const graph = graphOf(n, []);
    const found = communities(graph, options);
    expect(found).toMatchObject({ nCommunities: 0, modularity: 0 });
    expect(found.stability).toMatchObject({ adjustedRand: 1, modalCount: 0, modalShare: 1 });
    expect([...pageRank(graph, 0.85)]).toEqual(new Array(n).fill(0));
  });
});

describe('the whole graph of a system', () => {
  test('a constant component has no correlations, is isolated and listed', () => {
    const weights = embedding.weights.map((w, at) => (at % planted.components === 2 ? 0.25 : w));
    const labels = Array.from({ length: planted.components }, (_, c) => labelled(`label ${c}`));
    const { graph, partition, pageRank: rank } = affectGraph({ ...embedding, weights }, labels, options);
    expect(graph.constant).toEqual([2]);
    expect(graph.isolated).toContain(2);
    expect(graph.correlations.data[2]).toBeNaN();
    expect([partition.communityOf[2], rank[2]]).toEqual([-1, 0]);
  });

  test('communities list their members by PageRank; labels must fit', () => {
    const labels = Array.from({ length: planted.components }, (_, c) => labelled(`label ${c}`));
    const { communities: found, pageRank: rank } = affectGraph(embedding, labels, options);
    for (const { members } of found) expect(members).toEqual([...members].sort((a, b) => rank[b] - rank[a]));
    expect(() => affectGraph(embedding, [], options)).toThrow(RangeError);
  });
});

describe('names', () => {
  test('shared terms first, commonest first, then the first terms of the most central', () => {
    const labels = [
      labelled('fear', 'horror'),
      labelled('horror'),
      labelled('awe'),
      labelled('joy'),
      labelled(),
    ];
    expect(nameCommunity([2, 0, 1], labels).name).toBe('horror, awe, fear');
    expect(nameCommunity([3], labels).name).toBe('joy');
    expect(nameCommunity([4], labels).name).toBe('unnamed');
    expect(nameCommunity([0, 1], labels).terms[0]).toEqual({ text: 'horror', count: 2, strength: 1 });
  });
});

describe('overlap between systems', () => {
  test('every member stands in the intersection of exactly the sets that have it', () => {
    const member = fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f');
    fc.assert(
      fc.property(fc.array(fc.array(member), { maxLength: 4 }), (lists) => {
        const sets = lists.map((members, at) => ({ name: `${at}`, members }));
        const found = setIntersections(sets);
        const all = found.flatMap(({ members }) => members);
        expect([...all].sort()).toEqual([...new Set(lists.flat())].sort());
        for (const { sets: owners, members } of found)
          for (const text of members)
            expect(owners).toEqual([...lists.keys()].filter((at) => lists[at].includes(text)));
      }),
    );
  });

  test('communities with like profiles are one; others stay apart', () => {
    const labels = [labelled('fear'), labelled('fear'), labelled('joy'), labelled('joy')];
    const profiles = [1, 0, 0, 0.5, 0.9, 0.1, 0, 0.4, 0, 1, -0.5, 0, 0, 0.9, -0.4, 0.1];
    const weights = Float32Array.from([1, 1, 0, 0, 2, 2, 0, 0, 0, 0, 1, 1, 0, 0, 2, 2, 3, 3, 1, 1]);
    const graph = affectGraph({ nStimuli: 5, nComponents: 4, weights }, labels, {
      ...options,
      edges: 'positive',
    });
    expect(graph.partition.nCommunities).toBe(2);
    const system = (name: string) => ({
      name,
      graph,
      labels,
      correlations: matrix(4, 4, Float64Array.from(profiles)),
    });
    const systems = [system('one'), system('two')];
    const shared = sharedCommunities(systems);
    expect(shared.map(({ name }) => name)).toEqual(['fear', 'joy']);
    expect(setIntersections(communitySets(systems, shared))).toEqual([
      { sets: [0, 1], members: ['fear', 'joy'] },
    ]);
    expect(labelSets(systems)[0].members).toEqual(['fear', 'joy']);
    expect(() => sharedCommunities([systems[0], { ...systems[1], correlations: matrix(4, 3) }])).toThrow(
      RangeError,
    );
  });

  test('sharing is held against components put into communities at random', () => {
    const labels = Array.from({ length: 12 }, (_, c) => labelled(c < 6 ? 'fear' : 'joy'));
    const random = new Random(keyOf(1));
    const weights = Float32Array.from({ length: 60 * 12 }, (_, at) => {
      const [stimulus, component] = [Math.floor(at / 12), at % 12];
      return stimulus < 30 === component < 6 ? 1 + random.uniform() : 0.1 * random.uniform();
    });
    const graph = affectGraph({ nStimuli: 60, nComponents: 12, weights }, labels, {
      ...options,
      edges: 'positive',
    });
    expect(graph.partition.nCommunities).toBe(2);
    const nScales = 8;
    // Profiles of opposite signs by community, or the same for all components but for noise.
    const system = (name: string, sign: (component: number) => number) => ({
      name,
      graph,
      labels,
      correlations: matrix(
        12,
        nScales,
        Float64Array.from({ length: 12 * nScales }, (_, at) => {
          const scale = at % nScales;
          return sign(Math.floor(at / nScales)) * Math.sin(scale + 1) + 0.2 * random.normal();
        }),
      ),
    });
    const apart = (component: number) => (component < 6 ? 1 : -1);
    const real = sharedByChance([system('one', apart), system('two', apart)], { random });
    expect(real).toMatchObject({ nShared: 2, nShuffles: 200 });
    expect(real.expected).toBeLessThan(1.6);
    expect(real.p).toBeLessThan(0.7);
    // All profiles alike: one group holds every community, whatever is put where.
    const alike = sharedByChance([system('one', () => 1), system('two', () => 1)], { random, nShuffles: 50 });
    expect(alike).toEqual({ nShared: 1, expected: 1, p: 1, nShuffles: 50 });
    // One system shares nothing.
    const none = sharedByChance([system('one', apart)], { random, nShuffles: 5 });
    expect(none).toEqual({ nShared: 0, expected: 0, p: 1, nShuffles: 5 });
  });
});
