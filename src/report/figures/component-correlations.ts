import type { AffectGraph } from '../../geometry/graph/affect-graph.js';
import { communityColour, diverging, ink } from '../colour.js';
import { type Figure, label } from '../figure.js';
import { type Markup, markup } from '../markup.js';
import { clipText, labelGutter } from '../text-width.js';
import { correlation, counted, list } from '../wording.js';
import type { DrawnGraph } from './component-network.js';
import { type Box, colourBar, heatCells, outline, rowLabels } from './heat-map.js';

const labelSize = 9.5;

/** Correlations between components, those of a community side by side and framed, one square per system. */
export function componentCorrelations(systems: readonly DrawnGraph[], name: string): Figure {
  const gutters = systems.map(({ labels }) => labelGutter(labels, labelSize, 110) + 40);
  const perRow = Math.min(2, systems.length);
  const columnWidth = 480;
  const side = columnWidth - Math.max(...gutters) - 16;
  const rowHeight = side + 58;
  const panels = systems.map((system, index) => {
    const [x, y] = [(index % perRow) * columnWidth, Math.floor(index / perRow) * rowHeight];
    const box = { x: Math.max(...gutters), y: 30, width: side, height: side };
    return markup`<g transform="translate(${x} ${y})">${label(12, 12, system.name, { size: 12, weight: 600 })}${drawMatrix(system, box)}</g>`;
  });
  const height = Math.ceil(systems.length / perRow) * rowHeight;
  const withUndefined = systems.some(({ graph }) => graph.graph.constant.length > 0);
  const bar = { x: 150, y: height - 8, title: 'Pearson r', ends: ['−1', '0', '1'], withUndefined };
  return {
    name,
    title: 'How components correlate.',
    caption: `Pearson r between the weights of every two components over stimuli, red positive and blue negative. Components stand community by community, most central first; squares frame the communities, coloured as in the network; isolated components come last. ${list(systems.map(describe))}.`,
    alt: `Matrices of correlations between components for ${list(systems.map((system) => system.name))}.`,
    width: perRow * columnWidth,
    height: height + 22,
    body: markup`${panels}${colourBar({ ramp: diverging, low: -1, high: 1 }, bar)}`,
  };
}

function describe({ name, graph: { graph } }: DrawnGraph): string {
  const largest = Math.max(0, ...graph.edges.map(({ r }) => Math.abs(r)));
  const nNegative = graph.edges.filter(({ r }) => r < 0).length;
  return `${name}: ${counted(graph.edges.length, 'pair')} above the threshold, ${nNegative} of them negative, largest |r| ${correlation(largest)}`;
}

/** Components community by community, then the isolated ones. */
export const communityOrder = ({ communities, graph }: AffectGraph): number[] => [
  ...communities.flatMap(({ members }) => members),
  ...graph.isolated,
];

function drawMatrix({ graph, labels }: DrawnGraph, box: Box): Markup {
  const order = communityOrder(graph);
  const { nComponents, correlations } = graph.graph;
  const values = {
    nRows: nComponents,
    nColumns: nComponents,
    data: Float64Array.from({ length: nComponents ** 2 }, (_, cell) => {
      const [row, column] = [Math.floor(cell / nComponents), cell % nComponents];
      return correlations.data[order[row] * nComponents + order[column]];
    }),
  };
  const names = order.map((c) => `${clipText(labels[c], 110, labelSize)}  ${c + 1}`);
  const tooltip = (row: number, column: number) =>
    `${labels[order[row]]} (${order[row] + 1}) and ${labels[order[column]]} (${order[column] + 1}): r = ${correlation(values.data[row * nComponents + column])}`;
  const scale = { ramp: diverging, low: -1, high: 1 };
  return markup`${heatCells(values, scale, box, tooltip)}${frames(graph, box)}${outline(box)}${rowLabels(names, box, Math.min(labelSize, (0.9 * box.height) / names.length), 150)}${columnNumbers(order, box)}`;
}

function frames({ communities, graph }: AffectGraph, box: Box): Markup[] {
  const cell = box.width / graph.nComponents;
  let start = 0;
  return communities.map(({ members, name }, c) => {
    const at = start * cell;
    start += members.length;
    const size = members.length * cell;
    return markup`<rect class="community" x="${box.x + at}" y="${box.y + at}" width="${size}" height="${size}" fill="none" stroke="${communityColour(c).strong}" stroke-width="2.2"><title>${name}</title></rect>`;
  });
}

/** Side by side where they fit, else upright. */
function columnNumbers(order: readonly number[], box: Box): Markup[] {
  const cell = box.width / order.length;
  if (cell < 6) return [];
  const size = Math.min(8, 0.95 * cell);
  const isUpright = cell < 16;
  return order.map((c, place) =>
    label(box.x + (place + 0.5) * cell, box.y - (isUpright ? 4 : 7), String(c + 1), {
      size,
      fill: ink,
      name: 'column-number',
      ...(isUpright ? { rotate: -90 } : { anchor: 'middle' as const }),
    }),
  );
}
