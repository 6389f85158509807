import * as Plot from '@observablehq/plot';
import {
  type Consistency,
  noInterval,
  type PairConsistency,
} from '../../geometry/consistency/consistency.js';
import type { Estimate } from '../../numerics/statistics.js';
import { chart } from '../chart.js';
import { chanceColour, ink, judgeColour, quiet } from '../colour.js';
import { type Figure, label } from '../figure.js';
import { markup } from '../markup.js';
import { clipText, labelGutter } from '../text-width.js';
import {
  correlation,
  correlationWithInterval,
  counted,
  hasInterval,
  limit,
  list,
  quoted,
} from '../wording.js';

const width = 760;
const marginRight = 92;
const marginTop = 26;

export interface ConsistencyBarsOptions {
  /** The judge that all others are compared with: one that stands for people. */
  readonly reference: string;
  /** `corrected` for reliability (P1 Eq. 4, default), or the `raw` correlation, whose ceiling is a line. */
  readonly show?: 'corrected' | 'raw';
  /** Judges by family of models: bars of a family stand together, in one colour. Judges of none come last. */
  readonly families?: Readonly<Record<string, readonly string[]>>;
}

interface Bar {
  readonly name: string;
  readonly index: number;
  readonly colour: string;
  readonly estimate: Estimate | null;
  readonly reason: string;
}

/**
 * How consistent each judge is with the reference. The line is what a judge without noise and with the same geometry would reach: 1
 * when corrected, the root of the reference's reliability when not. Null when nobody is compared with the reference.
 */
export function consistencyBars(
  consistency: Consistency,
  { reference, show = 'corrected', families = {} }: ConsistencyBarsOptions,
): Figure | null {
  const bars = grouped(barsOf(consistency, reference, show), families);
  if (bars.length === 0) return null;
  const reliability = consistency.judges.find(({ name }) => name === reference)?.reliability ?? null;
  const ceiling = show === 'corrected' ? 1 : reliability && Math.sqrt(Math.max(0, reliability.value));
  const drawn = bars.flatMap(({ index, colour, estimate }) =>
    estimate ? [{ index, colour, ...estimate }] : [],
  );
  const ends = drawn.filter(hasInterval).flatMap(({ low, high }) => [low, high]);
  const domain = [
    Math.min(0, ...ends, ...drawn.map(({ value }) => value)),
    Math.max(1, ...ends, ...drawn.map(({ value }) => value)),
  ];
  const names = bars.map(({ name }) => clipText(name, 190, 11.5));
  const marginLeft = Math.max(60, labelGutter(names, 11.5, 190) + 16);
  const height = 68 + 32 * bars.length;
  const body = chart({
    width,
    height,
    marginLeft,
    marginRight,
    marginTop,
    marginBottom: 38,
    x: {
      domain,
      label:
        show === 'corrected' ? `Consistency with ${reference} (corrected r)` : `Pearson r with ${reference}`,
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: (x: number) => (Number.isInteger(x) ? String(x) : correlation(x, 1)),
    },
    y: {
      type: 'band',
      domain: bars.map(({ index }) => index),
      label: null,
      tickSize: 0,
      tickFormat: (index: number) => names[index],
      padding: 0.34,
    },
    marks: [
      Plot.barX(drawn, { x: 'value', y: 'index', fill: 'colour', fillOpacity: 0.88 }),
      Plot.ruleX([0], { stroke: quiet, strokeWidth: 0.75 }),
      Plot.ruleX(ceiling === null ? [] : [ceiling], {
        stroke: chanceColour,
        strokeDasharray: '4,3',
        className: 'ceiling',
      }),
      Plot.ruleY(drawn.filter(hasInterval), {
        x1: 'low',
        x2: 'high',
        y: 'index',
        stroke: ink,
        strokeWidth: 1.25,
        className: 'interval',
      }),
      Plot.text(bars, {
        x: endOf,
        y: 'index',
        dx: 6,
        stroke: '#ffffff',
        strokeWidth: 3,
        text: (bar: Bar) => (bar.estimate ? correlation(bar.estimate.value) : 'undefined'),
        textAnchor: 'start',
        fill: ink,
      }),
    ],
  });
  const perUnit = (width - marginLeft - marginRight) / (domain[1] - domain[0]);
  const above =
    ceiling === null
      ? null
      : label(marginLeft + (ceiling - domain[0]) * perUnit, 14, 'ceiling', {
          size: 10,
          anchor: 'middle',
          fill: chanceColour,
        });
  return {
    name: 'consistency',
    title: `How consistent judges are with ${quoted(reference)}.`,
    caption: captionOf(consistency, bars, { reference, show, reliability }),
    alt: `Bar chart of consistency with ${reference}: ${list(bars.map(({ name, estimate }) => `${name} ${estimate ? correlation(estimate.value) : 'undefined'}`))}.`,
    width,
    height,
    body: markup`${body}${above}`,
  };
}

/** Where the number of a bar stands: right of the bar and its interval. */
function endOf({ estimate }: Bar): number {
  if (!estimate) return 0;
  const { value, high } = estimate;
  return Math.max(0, value, Number.isFinite(high) ? high : value);
}

function barsOf({ comparisons }: Consistency, reference: string, show: 'corrected' | 'raw'): Bar[] {
  const withReference = comparisons.filter(({ a, b }) => a === reference || b === reference);
  return withReference.map((pair, index) => ({
    name: pair.a === reference ? pair.b : pair.a,
    index,
    colour: judgeColour(0),
    ...shownOf(pair, show),
  }));
}

/** Bars family by family, named after it. */
function grouped(bars: readonly Bar[], families: Readonly<Record<string, readonly string[]>>): Bar[] {
  const names = Object.keys(families);
  const familyOf = (name: string) => names.findIndex((family) => families[family].includes(name));
  const place = (name: string) => (familyOf(name) < 0 ? names.length : familyOf(name));
  const sorted = [...bars].sort((a, b) => place(a.name) - place(b.name) || a.index - b.index);
  return sorted.map((bar, index) => {
    const family = familyOf(bar.name);
    const name = family < 0 ? bar.name : `${names[family]}: ${bar.name}`;
    return { ...bar, name, index, colour: judgeColour(place(bar.name)) };
  });
}

function shownOf(
  { raw, corrected }: PairConsistency,
  show: 'corrected' | 'raw',
): Pick<Bar, 'estimate' | 'reason'> {
  if (show === 'raw') return { estimate: raw, reason: raw ? '' : 'an RSM does not vary' };
  if (corrected.kind === 'corrected') return { estimate: corrected.estimate, reason: '' };
  return { estimate: null, reason: corrected.reason };
}

function captionOf(
  { nStimuli, judges }: Consistency,
  bars: readonly Bar[],
  {
    reference,
    show,
    reliability,
  }: { reference: string; show: 'corrected' | 'raw'; reliability: Estimate | null },
): string {
  const estimate = bars.find((bar) => bar.estimate && hasInterval(bar.estimate))?.estimate;
  const open = bars.flatMap(({ name, estimate: own }) =>
    own?.method.startsWith(noInterval) ? [`${quoted(name)} has ${own.method}`] : [],
  );
  const interval = estimate
    ? ` Line on each bar: ${limit(100 * estimate.level)}% interval (${estimate.method}).`
    : '';
  const [{ nSplits, spearmanBrown }] = judges;
  const halves = `mean of ${counted(nSplits, 'split')} of the trials of each pair${spearmanBrown ? ', stepped up by Spearman and Brown' : ''}`;
  const what =
    show === 'corrected'
      ? ` Divided by the root of the product of both reliabilities (${halves}), so that it can exceed 1, the dashed line.`
      : ` Dashed line: root of the reliability of ${quoted(reference)} (${halves}), what a judge without noise could reach.`;
  const own = reliability
    ? ` Reliability of ${quoted(reference)}: ${correlationWithInterval(reliability)}.`
    : '';
  const absent = bars.filter(({ reason }) => reason !== '').map(({ reason }) => reason);
  const without = `${open.length > 0 ? ` ${list(open)}.` : ''}${absent.length > 0 ? ` Undefined: ${list(absent)}.` : ''}`;
  return `Pearson r between measured choice probabilities of pairs of ${counted(nStimuli, 'validation stimulus', 'validation stimuli')}.${what}${interval}${own}${without}`;
}
