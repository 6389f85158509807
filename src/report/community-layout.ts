/** A node of a drawn graph: its radius and half the width of the name below it, in px, and its community. */
export interface LayoutNode {
  readonly radius: number;
  readonly halfName: number;
  readonly community: number;
}

export interface LayoutLink {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

/** The ground of a community: an ellipse of half axes rx, ry. */
export interface Ground {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
}

/** The room that a community's name takes above its ground, in px. */
export interface GroundName {
  readonly halfWidth: number;
  readonly height: number;
}

export interface CommunityLayout {
  /** x, y of each node in px, around (0, 0). */
  readonly positions: readonly (readonly [number, number])[];
  /** Per community the ellipse around its nodes and their names; ellipses, and names above them, do not overlap. */
  readonly grounds: readonly Ground[];
}

const gap = 17;
/** Names are wider than high: everything is laid out in a plane this much narrower, then stretched. */
const sideways = 0.66;
const rounds = 400;
const goldenAngle = Math.PI * (3 - Math.sqrt(5));

/**
 * Lays a graph out community by community: first the nodes of each within a circle of its own, then the circles, so that
 * the grounds of communities never overlap. Springs and repulsion (after Fruchterman & Reingold 1991, doi:10.1002/spe.4380211102) from fixed
 * first places: the same graph gives the same picture.
 */
export function communityLayout(
  nodes: readonly LayoutNode[],
  links: readonly LayoutLink[],
  nameOf: (community: number, rx: number) => GroundName = () => ({ halfWidth: 0, height: 0 }),
): CommunityLayout {
  const nCommunities = nodes.reduce((most, { community }) => Math.max(most, community + 1), 0);
  const positions = nodes.map((): [number, number] => [0, 0]);
  const radii: number[] = [];
  for (let community = 0; community < nCommunities; community++) {
    const members = [...nodes.keys()].filter((node) => nodes[node].community === community);
    members.sort((a, b) => nodes[b].radius - nodes[a].radius || a - b);
    radii.push(settleMembers(members, nodes, links, positions));
  }
  const names = radii.map((radius, community) => nameOf(community, radius / sideways));
  const middles = placeDisks(radii, weightsBetween(nodes, links, nCommunities), names);
  nodes.forEach(({ community }, node) => {
    positions[node][0] = (positions[node][0] + middles[community][0]) / sideways;
    positions[node][1] += middles[community][1];
  });
  const grounds = radii.map((ry, c) => ({
    x: middles[c][0] / sideways,
    y: middles[c][1],
    rx: ry / sideways,
    ry,
  }));
  return { positions, grounds };
}

/** Places members around (0, 0), the largest in the middle; returns the radius that holds them and their names. */
function settleMembers(
  members: readonly number[],
  nodes: readonly LayoutNode[],
  links: readonly LayoutLink[],
  positions: [number, number][],
): number {
  members.forEach((node, place) => {
    const distance = 26 * Math.sqrt(place);
    positions[node] = [distance * Math.cos(place * goldenAngle), distance * Math.sin(place * goldenAngle)];
  });
  const inside = new Set(members);
  const own = links.filter(({ a, b }) => inside.has(a) && inside.has(b));
  for (let round = 0; round < rounds; round++) {
    const heat = 1 - round / rounds;
    for (const { a, b, weight } of own) pull(positions[a], positions[b], 0.02 * weight * heat);
    for (const node of members) pull(positions[node], [0, 0], 0.012);
    for (const a of members) {
      for (const b of members) {
        if (a < b) keepApart(positions[a], positions[b], nodes[a].radius + nodes[b].radius + gap);
      }
    }
  }
  separateNames(members, nodes, positions);
  recentre(members.map((node) => positions[node]));
  const reach = (node: number) => {
    const [x, y] = positions[node];
    const { radius, halfName } = nodes[node];
    const name = Math.hypot(Math.abs(x) + sideways * halfName, y + radius + 9);
    return Math.max(Math.hypot(x, y) + radius, name) + 5;
  };
  return Math.max(...members.map(reach));
}

const nameHeight = 12;

/** Moves nodes until no name lies on another, or on another node. */
function separateNames(
  members: readonly number[],
  nodes: readonly LayoutNode[],
  positions: [number, number][],
): void {
  for (let turn = 0; turn < separatingTurns; turn++) {
    for (const a of members)
      for (const b of members)
        if (a < b)
          for (const one of boxesOf(nodes[a]))
            for (const other of boxesOf(nodes[b])) pushApart(positions[a], positions[b], one, other);
  }
}

const separatingTurns = 120;

/** A box around a point: half its width, and from where to where it reaches below the point. */
interface PointBox {
  readonly half: number;
  readonly from: number;
  readonly to: number;
}

/** A node and the name below it. */
const boxesOf = ({ radius, halfName }: LayoutNode): PointBox[] => [
  { half: sideways * (radius + 1), from: -radius - 1, to: radius + 1 },
  { half: sideways * (halfName + 2), from: radius, to: radius + nameHeight },
];

/** Moves two points apart, the shorter way, until their boxes do not overlap. */
function pushApart(a: [number, number], b: [number, number], one: PointBox, other: PointBox): void {
  const sideOverlap = one.half + other.half - Math.abs(a[0] - b[0]);
  const overlap = Math.min(a[1] + one.to, b[1] + other.to) - Math.max(a[1] + one.from, b[1] + other.from);
  if (sideOverlap <= 0 || overlap <= 0) return;
  const axis = sideOverlap < overlap ? 0 : 1;
  const step = Math.min(sideOverlap, overlap) / 2;
  const [middleA, middleB] =
    axis === 0 ? [a[0], b[0]] : [a[1] + (one.from + one.to) / 2, b[1] + (other.from + other.to) / 2];
  const sign = middleA < middleB ? -1 : 1;
  a[axis] += sign * step;
  b[axis] -= sign * step;
}

function recentre(points: [number, number][]): void {
  for (const axis of [0, 1] as const) {
    const values = points.map((point) => point[axis]);
    const middle = (Math.min(...values) + Math.max(...values)) / 2;
    for (const point of points) point[axis] -= middle;
  }
}

function pull(a: [number, number], b: [number, number], strength: number): void {
  for (const axis of [0, 1] as const) {
    const step = strength * (b[axis] - a[axis]);
    a[axis] += step;
    b[axis] -= step;
  }
}

function keepApart(a: [number, number], b: [number, number], least: number): void {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const distance = Math.hypot(dx, dy);
  if (distance >= least) return;
  const [ux, uy] = distance > 1e-9 ? [dx / distance, dy / distance] : [1, 0];
  const push = (least - distance) / 2;
  a[0] -= push * ux;
  a[1] -= push * uy;
  b[0] += push * ux;
  b[1] += push * uy;
}

/** Room between two circles. */
const groundRoom = 14;

/** Middles of circles of these radii, drawn together, flat, and the more so the more links they share; names above them stay free. */
function placeDisks(
  radii: readonly number[],
  weights: readonly (readonly number[])[],
  names: readonly GroundName[],
): [number, number][] {
  const around = radii.reduce((sum, radius) => sum + radius, 0) / 2;
  const points = radii.map((_, index): [number, number] => {
    const angle = (2 * Math.PI * index) / radii.length - Math.PI / 2;
    return radii.length === 1 ? [0, 0] : [around * Math.cos(angle), around * Math.sin(angle)];
  });
  const boxes = names.map(({ halfWidth, height }, a) => ({
    half: sideways * halfWidth,
    from: -radii[a] - height,
    to: -radii[a],
  }));
  const separate = () => {
    for (let a = 0; a < radii.length; a++) {
      for (let b = 0; b < radii.length; b++) {
        if (a !== b) freeName(points[a], boxes[a], points[b], radii[b]);
        if (b < a) {
          pushApart(points[a], points[b], boxes[a], boxes[b]);
          keepApart(points[a], points[b], radii[a] + radii[b] + groundRoom);
        }
      }
    }
  };
  for (let round = 0; round < rounds; round++) {
    const heat = 1 - round / rounds;
    for (let a = 0; a < radii.length; a++) {
      points[a][0] *= 1 - 0.012 * heat;
      points[a][1] *= 1 - 0.02 * heat;
      for (let b = 0; b < a; b++) pull(points[a], points[b], 0.003 * weights[a][b] * heat);
    }
    for (let turn = 0; turn < 6; turn++) separate();
  }
  for (let turn = 0; turn < separatingTurns; turn++) separate();
  return points;
}

/** Moves a circle and a box above another point apart until they do not touch. */
function freeName(point: [number, number], box: PointBox, circle: [number, number], radius: number): void {
  const nearest = [
    Math.max(point[0] - box.half, Math.min(circle[0], point[0] + box.half)),
    Math.max(point[1] + box.from, Math.min(circle[1], point[1] + box.to)),
  ];
  const [dx, dy] = [circle[0] - nearest[0], circle[1] - nearest[1]];
  const distance = Math.hypot(dx, dy);
  const least = radius + groundRoom / 2;
  if (distance >= least) return;
  const [ux, uy] = distance > 1e-9 ? [dx / distance, dy / distance] : [0, -1];
  const push = (least - distance) / 2;
  circle[0] += push * ux;
  circle[1] += push * uy;
  point[0] -= push * ux;
  point[1] -= push * uy;
}

/** Summed weight of the links between every two communities. */
function weightsBetween(nodes: readonly LayoutNode[], links: readonly LayoutLink[], nCommunities: number) {
  const weights = Array.from({ length: nCommunities }, () => new Array<number>(nCommunities).fill(0));
  for (const { a, b, weight } of links) {
    weights[nodes[a].community][nodes[b].community] += weight;
    weights[nodes[b].community][nodes[a].community] += weight;
  }
  return weights;
}
