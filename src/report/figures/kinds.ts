import * as Plot from '@observablehq/plot';
import type { ComponentKind } from '../../interpretation/results.js';
import { chart } from '../chart.js';
import { ink, kindColours, type Rgb, textOn } from '../colour.js';
import type { InterpretationRules, JudgeReport } from '../data.js';
import { type Figure, label } from '../figure.js';
import { markup } from '../markup.js';
import { count, limit, list } from '../wording.js';
import { judgeAxis } from './judge-axis.js';

const width = 760;
export const kindOrder: readonly ComponentKind[] = ['categorical', 'mixed', 'dimensional', 'uninterpretable'];

/** Share of components that are categorical, mixed, dimensional, uninterpretable (P1 Fig. 3f-g). */
export function kindBars(judges: readonly JudgeReport[], { threshold }: InterpretationRules): Figure | null {
  const named = judges.filter(({ interpretation }) => interpretation !== null);
  if (named.length === 0) return null;
  const { marginLeft, tickFormat } = judgeAxis(named);
  const pieces = named.flatMap(({ interpretation }, index) => stack(interpretation!.kinds, index));
  const height = 76 + 36 * named.length;
  const body = chart({
    width,
    height,
    marginLeft,
    marginRight: 24,
    marginTop: 34,
    marginBottom: 38,
    x: {
      domain: [0, 1],
      label: 'Components (%)',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: (x: number) => `${Math.round(100 * x)}`,
    },
    y: {
      type: 'band',
      domain: named.map((_, index) => index),
      label: null,
      tickSize: 0,
      tickFormat,
      padding: 0.38,
    },
    marks: [
      Plot.barX(pieces, {
        x1: 'from',
        x2: 'to',
        y: 'index',
        fill: (piece: Piece) => kindColours[piece.kind],
        stroke: 'white',
        strokeWidth: 0.75,
      }),
      Plot.text(
        pieces.filter(({ from, to }) => to - from > 0.04),
        {
          x: (piece: Piece) => (piece.from + piece.to) / 2,
          y: 'index',
          text: (piece: Piece) => count(piece.n),
          fill: (piece: Piece) => readableOn(kindColours[piece.kind]),
        },
      ),
    ],
  });
  return {
    name: 'component-kinds',
    title: 'Whether components follow categories, dimensions or both.',
    caption: `Share of each judge's components by the kind of the ratings that name them; numbers are components (${list(named.map(({ name, embedding }) => `${name} n = ${count(embedding.nComponents)}`))}). Uninterpretable: no rating correlates beyond |r| = ${limit(threshold)}.`,
    alt: `Stacked bars: ${list(named.map(({ name, interpretation }) => `${name} ${kindOrder.map((kind) => `${interpretation!.kinds[kind]} ${kind}`).join(', ')}`))}.`,
    width,
    height,
    body: markup`${body}${legend(marginLeft)}`,
  };
}

interface Piece {
  readonly index: number;
  readonly kind: ComponentKind;
  readonly n: number;
  readonly from: number;
  readonly to: number;
}

function stack(kinds: Readonly<Record<ComponentKind, number>>, index: number): Piece[] {
  const total = kindOrder.reduce((sum, kind) => sum + kinds[kind], 0) || 1;
  let from = 0;
  return kindOrder.map((kind) => {
    const piece = { index, kind, n: kinds[kind], from, to: from + kinds[kind] / total };
    from = piece.to;
    return piece;
  });
}

function readableOn(colour: string): string {
  return textOn([1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as unknown as Rgb);
}

function legend(x: number) {
  const entries = kindOrder.map(
    (kind, i) =>
      markup`<rect x="${x + i * 118}" y="10" width="10" height="10" rx="2" fill="${kindColours[kind]}"/>${label(x + i * 118 + 15, 15, kind, { fill: ink })}`,
  );
  return markup`<g>${entries}</g>`;
}
