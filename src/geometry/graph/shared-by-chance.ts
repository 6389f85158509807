import type { Random } from '../../numerics/random.js';
import { mean } from '../../numerics/statistics.js';
import { type GraphedSystem, joinCommunities } from './shared-communities.js';

/** How many communities several systems share, and how many they would if communities meant nothing. */
export interface SharedByChance {
  /** Shared communities of at least two systems. */
  readonly nShared: number;
  /** Mean of the same number over the shuffles. */
  readonly expected: number;
  /** (1 + shuffles with at least nShared) / (1 + nShuffles). */
  readonly p: number;
  readonly nShuffles: number;
}

export interface SharedByChanceOptions {
  /** As in `sharedCommunities`; .7 unless given. */
  readonly minProfileR?: number;
  /** 200 unless given. */
  readonly nShuffles?: number;
  readonly random: Random;
}

/**
 * Puts the components of every system into its communities at random, as many into each as it has, and joins those communities
 * by `sharedCommunities`'s rule. Means of many components resemble each other whatever they are: this says how much of the sharing that explains.
 * @throws RangeError as `sharedCommunities`.
 */
export function sharedByChance(
  systems: readonly GraphedSystem[],
  { minProfileR = 0.7, nShuffles = 200, random }: SharedByChanceOptions,
): SharedByChance {
  const nShared = countShared(systems, minProfileR);
  const counts = Array.from({ length: nShuffles }, () =>
    countShared(
      systems.map((system) => shuffled(system, random)),
      minProfileR,
    ),
  );
  const nAtLeast = counts.filter((count) => count >= nShared).length;
  return { nShared, expected: mean(counts), p: (1 + nAtLeast) / (1 + nShuffles), nShuffles };
}

const countShared = (systems: readonly GraphedSystem[], minProfileR: number): number =>
  joinCommunities(systems, minProfileR).filter((group) => new Set(group.map(({ system }) => system)).size > 1)
    .length;

function shuffled(system: GraphedSystem, random: Random): GraphedSystem {
  const { communities } = system.graph;
  const all = random.shuffle(Uint32Array.from(communities.flatMap(({ members }) => members)));
  let at = 0;
  const moved = communities.map((community) => {
    const members = Array.from(all.subarray(at, at + community.members.length));
    at += members.length;
    return { ...community, members };
  });
  return { ...system, graph: { ...system.graph, communities: moved } };
}
