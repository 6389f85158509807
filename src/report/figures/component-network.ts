import type { AffectGraph } from '../../geometry/graph/affect-graph.js';
import { communityColour, diverging, hex, ink, quiet } from '../colour.js';
import { type CommunityLayout, communityLayout, type LayoutNode } from '../community-layout.js';
import { type Figure, label } from '../figure.js';
import { type Markup, markup } from '../markup.js';
import { clipText, textWidth } from '../text-width.js';
import { correlation, counted, limit, list, percent } from '../wording.js';

/** One system's graph with the words to draw on it. */
export interface DrawnGraph {
  readonly name: string;
  readonly graph: AffectGraph;
  /** One label per component. */
  readonly labels: readonly string[];
}

const positive = hex(diverging(0.85));
const negative = hex(diverging(0.12));

/** Components as nodes over pastel grounds of their communities, one panel per system (P1 Fig. 7a-d). */
export function componentNetworks(systems: readonly DrawnGraph[], name: string): Figure {
  const drawn = systems.map(drawSystem);
  const columnWidth = Math.max(480, ...drawn.map(({ width }) => width));
  const perRow = columnWidth > 520 ? 1 : Math.min(2, systems.length);
  const rows: Markup[] = [];
  let y = 0;
  for (let start = 0; start < drawn.length; start += perRow) {
    const row = drawn.slice(start, start + perRow);
    const height = Math.max(...row.map((panel) => panel.height));
    rows.push(
      ...row.map(
        ({ body, width }, column) =>
          markup`<g transform="translate(${column * columnWidth} ${y})">${label(12, 14, systems[start + column].name, { size: 12, weight: 600 })}<g transform="translate(${(columnWidth - width) / 2} 24)">${body}</g>${isolatedLine(systems[start + column], columnWidth, height + 34)}</g>`,
      ),
    );
    y += height + 52;
  }
  const key = legendLine(y + 4);
  const { threshold } = systems[0].graph.graph;
  return {
    name,
    title: 'How components hang together.',
    caption: `Each node is a component, its size its PageRank, its number its place in the embedding. Lines: |r| > ${limit(threshold)} between weights over stimuli, wider for larger |r|, dashed where negative. Grounds: Louvain communities, named by the terms their labels share. ${list(systems.map(describeSystem))}.`,
    alt: `Graphs of components: ${list(systems.map(describeSystem))}.`,
    width: perRow * columnWidth,
    height: y + 22,
    body: markup`${rows}${key}`,
  };
}

function describeSystem({ name, graph: { graph, partition } }: DrawnGraph): string {
  const { stability } = partition;
  return `${name}: ${counted(graph.edges.length, 'edge')}, ${counted(partition.nCommunities, 'community', 'communities')} (modularity ${correlation(partition.modularity)}; ${stability.modalCount} in ${percent(stability.modalShare, 0)} of ${counted(stability.runs, 'run')}, adjusted Rand ${correlation(stability.adjustedRand)}), ${graph.isolated.length} isolated`;
}

function isolatedLine({ graph: { graph }, labels }: DrawnGraph, width: number, y: number): Markup {
  const { isolated } = graph;
  const names = isolated.map((c) => `${c + 1} ${labels[c]}`).join(', ');
  const text = isolated.length === 0 ? 'No isolated component' : `${isolated.length} isolated: ${names}`;
  return label(12, y, clipText(text, width - 24, 10), { size: 10, fill: quiet });
}

function drawSystem({ graph, labels }: DrawnGraph) {
  const shown = [...labels.keys()].filter((c) => graph.partition.communityOf[c] >= 0);
  const largest = Math.max(...graph.pageRank) || 1;
  const nodes = shown.map((c) => ({
    radius: 6 + 11 * Math.sqrt(graph.pageRank[c] / largest),
    halfName: textWidth(clipText(labels[c], 78, 8.5), 8.5) / 2,
    community: graph.partition.communityOf[c],
  }));
  const placeOf = new Map(shown.map((c, index) => [c, index]));
  const links = graph.graph.edges.map(({ a, b, r }) => ({
    a: placeOf.get(a)!,
    b: placeOf.get(b)!,
    weight: Math.abs(r),
    r,
  }));
  const layout = communityLayout(nodes, links, (community, rx) => {
    const lines = nameLines(graph.communities[community].name, rx);
    return {
      halfWidth: Math.max(...lines.map((line) => textWidth(line, 11.5))) / 2,
      height: 6 + 13.5 * lines.length,
    };
  });
  const frame = frameOf(layout, graph);
  const nodeMarks = shown.map((c, index) =>
    nodeMark(layout.positions[index], nodes[index], c + 1, labels[c]),
  );
  const strongest = Math.max(...links.map(({ weight }) => weight), 0.01);
  const lines = [...links]
    .sort((one, other) => one.weight - other.weight)
    .map(({ a, b, r }) => linkMark(layout.positions[a], layout.positions[b], r, strongest));
  return {
    width: frame.width,
    height: frame.height,
    body: markup`<g transform="translate(${frame.x} ${frame.y})">${groundMarks(layout)}<g fill="none">${lines}</g>${nodeMarks}${communityNames(layout, graph)}</g>`,
  };
}

/** A community's name in at most two lines, broken between terms. */
function nameLines(name: string, radius: number): string[] {
  const width = Math.max(150, 1.7 * radius);
  const lines = [''];
  for (const term of name.split(', ')) {
    const last = lines[lines.length - 1];
    const longer = last === '' ? term : `${last}, ${term}`;
    if (last === '' || lines.length === 2 || textWidth(longer, 11.5) <= width)
      lines[lines.length - 1] = longer;
    else {
      lines[lines.length - 1] = `${last},`;
      lines.push(term);
    }
  }
  return lines.map((line) => clipText(line, 1.35 * width, 11.5));
}

function frameOf({ grounds }: CommunityLayout, { communities }: AffectGraph) {
  if (grounds.length === 0) return { x: 0, y: 0, width: 200, height: 30 };
  const half = grounds.map(({ rx }, c) =>
    Math.max(rx, ...nameLines(communities[c].name, rx).map((line) => textWidth(line, 11.5) / 2)),
  );
  const left = Math.min(...grounds.map(({ x }, c) => x - half[c])) - 8;
  const right = Math.max(...grounds.map(({ x }, c) => x + half[c])) + 8;
  const top = Math.min(...grounds.map(({ y, ry }) => y - ry)) - 34;
  const bottom = Math.max(...grounds.map(({ y, ry }) => y + ry)) + 6;
  return { x: -left, y: -top, width: right - left, height: bottom - top };
}

const groundMarks = ({ grounds }: CommunityLayout): Markup[] =>
  grounds.map(
    ({ x, y, rx, ry }, c) =>
      markup`<ellipse class="community" cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${communityColour(c).pastel}"/>`,
  );

const communityNames = ({ grounds }: CommunityLayout, { communities }: AffectGraph): Markup[] =>
  grounds.map(({ x, y, rx, ry }, c) => {
    const lines = nameLines(communities[c].name, rx);
    const texts = lines.map((line, at) =>
      label(x, y - ry - 8 - (lines.length - 1 - at) * 13.5, line, {
        size: 11,
        anchor: 'middle',
        weight: 600,
      }),
    );
    return markup`<g class="community-name" stroke="#ffffff" stroke-width="3" paint-order="stroke" stroke-linejoin="round">${texts}</g>`;
  });

type Point = readonly [number, number];

function linkMark(a: Point, b: Point, r: number, strongest: number): Markup {
  const share = Math.abs(r) / strongest;
  const dashes = r < 0 ? markup` stroke-dasharray="4,3"` : null;
  return markup`<path class="edge" d="M${a[0]} ${a[1]}L${b[0]} ${b[1]}" stroke="${r < 0 ? negative : positive}" stroke-width="${0.4 + 2.8 * share ** 2}" stroke-opacity="${0.08 + 0.5 * share ** 1.5}"${dashes}/>`;
}

function nodeMark([x, y]: Point, { radius, community }: LayoutNode, number: number, text: string): Markup {
  const size = radius > 10 ? 10 : 8.5;
  return markup`<g class="node"><circle cx="${x}" cy="${y}" r="${radius}" fill="${communityColour(community).strong}" stroke="#ffffff" stroke-width="1.5"/>${label(x, y, String(number), { size, anchor: 'middle', weight: 700, fill: '#ffffff' })}<g stroke="#ffffff" stroke-opacity="0.75" stroke-width="2.5" paint-order="stroke" stroke-linejoin="round">${label(x, y + radius + 6, clipText(text, 78, 8.5), { size: 8.5, anchor: 'middle', fill: ink })}</g></g>`;
}

function legendLine(y: number): Markup {
  const line = (x: number, colour: string, dash: string) =>
    markup`<path d="M${x} ${y + 6}h28" stroke="${colour}" stroke-width="2.2" stroke-opacity="0.7" stroke-dasharray="${dash}"/>`;
  return markup`${line(14, positive, 'none')}${label(50, y + 6, 'r > 0', { size: 10, fill: quiet })}${line(100, negative, '4,3')}${label(136, y + 6, 'r < 0', { size: 10, fill: quiet })}`;
}
