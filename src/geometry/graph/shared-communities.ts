import type { ComponentLabel } from '../../interpretation/results.js';
import type { Matrix } from '../../numerics/matrix.js';
import { pearson } from '../../numerics/statistics.js';
import type { AffectGraph } from './affect-graph.js';
import { type CommunityName, nameCommunity } from './community-names.js';
import type { NamedSet } from './set-intersections.js';

/** What is compared of one system. */
export interface GraphedSystem {
  readonly name: string;
  readonly graph: AffectGraph;
  /** nComponents x nScales, of the same scales in every system. */
  readonly correlations: Matrix;
  readonly labels: readonly Pick<ComponentLabel, 'terms'>[];
}

/** Communities of several systems that mean the same. */
export interface SharedCommunity extends CommunityName {
  /** Its communities, each by the index of its system and its index there. */
  readonly members: readonly { readonly system: number; readonly community: number }[];
}

/**
 * Joins communities of several systems whose profiles are alike: a profile is the mean, over a community's components, of their
 * correlations with every rated scale; two groups are joined, the most alike first, while the mean Pearson r between their
 * profiles is at least `minProfileR` (average linkage). P1 matched clusters by hand (Ext. Data Table 2). A profile without any variance
 * matches none. A system may have two communities in one group.
 *
 * @throws RangeError when the systems are not rated on the same number of scales.
 */
export function sharedCommunities(systems: readonly GraphedSystem[], minProfileR = 0.7): SharedCommunity[] {
  return joinCommunities(systems, minProfileR).map((members) => ({
    members,
    ...nameGroup(systems, members),
  }));
}

/** The members of every shared community, without names. */
export function joinCommunities(
  systems: readonly GraphedSystem[],
  minProfileR: number,
): SharedCommunity['members'][] {
  const nScales = systems[0]?.correlations.nColumns ?? 0;
  if (systems.some(({ correlations }) => correlations.nColumns !== nScales)) {
    throw new RangeError('Communities can only be compared over the same scales.');
  }
  const all = systems.flatMap((system, index) =>
    system.graph.communities.map(({ members }, community) => ({
      at: { system: index, community },
      profile: profileOf(system.correlations, members),
    })),
  );
  const r = all.map(({ profile }) => all.map((other) => pearson(profile, other.profile)));
  const alike = (a: number, b: number) => (Number.isNaN(r[a][b]) ? -1 : r[a][b]);
  return averageLinkage(all.length, alike, minProfileR).map((group) => group.map((index) => all[index].at));
}

/** Mean correlation of the members with each scale; a scale without a defined correlation has NaN. */
function profileOf({ nColumns, data }: Matrix, members: readonly number[]): Float64Array {
  return Float64Array.from({ length: nColumns }, (_, scale) => {
    const defined = members.map((c) => data[c * nColumns + scale]).filter(Number.isFinite);
    return defined.length > 0 ? defined.reduce((sum, r) => sum + r, 0) / defined.length : Number.NaN;
  });
}

function averageLinkage(n: number, alike: (a: number, b: number) => number, least: number): number[][] {
  const groups = Array.from({ length: n }, (_, index) => [index]);
  const between = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, i) => sum + b.reduce((part, j) => part + alike(i, j), 0), 0) / (a.length * b.length);
  for (;;) {
    let best = { r: least, a: -1, b: -1 };
    for (let b = 1; b < groups.length; b++) {
      for (let a = 0; a < b; a++) {
        const r = between(groups[a], groups[b]);
        if (r > best.r || (r === least && best.a === -1)) best = { r, a, b };
      }
    }
    if (best.a === -1) return groups;
    groups[best.a] = [...groups[best.a], ...groups[best.b]];
    groups.splice(best.b, 1);
  }
}

/** Named by the terms that its communities' components share, over all systems. */
function nameGroup(systems: readonly GraphedSystem[], members: SharedCommunity['members']): CommunityName {
  const labels = members.flatMap(({ system, community }) =>
    systems[system].graph.communities[community].members.map((c) => systems[system].labels[c]),
  );
  return nameCommunity([...labels.keys()], labels);
}

/** Which shared communities each system has, for `setIntersections`. Equal names are told apart by numbers. */
export function communitySets(
  systems: readonly GraphedSystem[],
  shared: readonly SharedCommunity[],
): NamedSet[] {
  const names = shared.map(({ name }, index) => {
    const earlier = shared.slice(0, index).filter((other) => other.name === name).length;
    return earlier > 0 ? `${name} (${earlier + 1})` : name;
  });
  return systems.map(({ name }, system) => ({
    name,
    members: names.filter((_, index) => shared[index].members.some((member) => member.system === system)),
  }));
}

/** Which label terms each system's components have, isolated ones included, for `setIntersections`. */
export function labelSets(systems: readonly Pick<GraphedSystem, 'name' | 'labels'>[]): NamedSet[] {
  return systems.map(({ name, labels }) => ({
    name,
    members: [...new Set(labels.flatMap(({ terms }) => terms.map(({ text }) => text)))],
  }));
}
