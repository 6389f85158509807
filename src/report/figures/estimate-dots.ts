import * as Plot from '@observablehq/plot';
import type { Estimate } from '../../numerics/statistics.js';
import { chart } from '../chart.js';
import { ink } from '../colour.js';
import type { JudgeReport } from '../data.js';
import { label } from '../figure.js';
import { type Markup, markup } from '../markup.js';
import { textWidth } from '../text-width.js';
import { decimal } from '../wording.js';
import { judgeAxis } from './judge-axis.js';

const width = 760;
const colours = ['#1b4f72', '#d55e00', '#5499c7', '#8c6bb1'];
const symbols = ['circle', 'square', 'triangle', 'diamond2'] as const;

export interface EstimateDots {
  /** What the dots of a judge stand for, in order. */
  readonly kinds: readonly string[];
  readonly label: string;
  readonly from: number;
  /** Without it, up to the highest interval. */
  readonly to?: number;
  readonly reference?: { readonly at: number; readonly colour: string };
}

/** Shares with intervals, a group of dots per judge. */
export function estimateDots(
  judges: readonly JudgeReport[],
  shares: readonly (readonly (Estimate | null)[])[],
  { kinds, label: title, from, to, reference }: EstimateDots,
): { width: number; height: number; body: Markup } {
  const { marginLeft, tickFormat } = judgeAxis(judges);
  const dots = shares.flatMap((row, index) =>
    row.flatMap((share, kind) => (share ? [{ index, kind, ...share }] : [])),
  );
  const top = to ?? Math.min(1, 1.1 * Math.max(0.01, ...dots.map(({ high }) => high)));
  const height = 80 + (14 * kinds.length + 12) * judges.length;
  const colourOf = (dot: { kind: number }) => colours[dot.kind];
  const body = chart({
    width,
    height,
    marginLeft,
    marginRight: 24,
    marginTop: 34,
    marginBottom: 38,
    x: {
      domain: [Math.min(from, ...dots.map(({ low }) => low)), top],
      label: title,
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 6,
      tickFormat: (x: number) => decimal(100 * x),
    },
    y: { type: 'point', domain: kinds.map((_, kind) => kind), axis: null },
    fy: { domain: judges.map((_, index) => index), label: null, axis: 'left', tickFormat, padding: 0.25 },
    symbol: { range: [...symbols], domain: [0, 1, 2, 3] },
    marks: [
      ...(reference
        ? [Plot.ruleX([reference.at], { stroke: reference.colour, strokeDasharray: '4,3' })]
        : []),
      Plot.ruleY(dots, {
        fy: 'index',
        y: 'kind',
        x1: 'low',
        x2: 'high',
        stroke: colourOf,
        strokeWidth: 1.5,
        className: 'interval',
      }),
      Plot.dot(dots, { fy: 'index', y: 'kind', x: 'value', symbol: 'kind', r: 4, fill: colourOf }),
    ],
  });
  const places = kinds.map((_, i) =>
    kinds.slice(0, i).reduce((x, kind) => x + 16 + textWidth(kind, 11) + 22, marginLeft),
  );
  const legend = kinds.map(
    (kind, i) =>
      markup`<g transform="translate(${places[i]} 10)">${shapes[i]}</g>${label(places[i] + 16, 15, kind, { fill: ink })}`,
  );
  return { width, height, body: markup`${body}<g>${legend}</g>` };
}

const shapes = [
  markup`<circle cx="5" cy="5" r="4" fill="${colours[0]}"/>`,
  markup`<rect x="1" y="1" width="8" height="8" fill="${colours[1]}"/>`,
  markup`<path d="M5 0L10 9H0Z" fill="${colours[2]}"/>`,
  markup`<path d="M5 0L10 5L5 10L0 5Z" fill="${colours[3]}"/>`,
];
