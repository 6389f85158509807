import * as Plot from '@observablehq/plot';
import { chart } from '../chart.js';
import { chanceColour, ink, judgeColour } from '../colour.js';
import type { JudgeReport } from '../data.js';
import type { Figure } from '../figure.js';
import { list, percent } from '../wording.js';
import { sampleSizes } from './judge-axis.js';
import { panelGrid } from './panels.js';

/** Accuracy against the number of components kept per stimulus, one panel per judge (P1 Fig. 7f). */
export function componentsNeededCurves(judges: readonly JudgeReport[]): Figure {
  const panels = judges.map((judge, index) => ({
    title: judge.name,
    draw: (size: { width: number; height: number }) => curve(judge, judgeColour(index), size),
  }));
  return {
    name: 'components-needed',
    title: 'How few components are enough.',
    caption: `Held-out accuracy when only the k largest weights of each stimulus are kept (${sampleSizes(judges.map(({ evaluation }) => evaluation.accuracy.n))} trials). Grey band: 95 to 99% of the accuracy with all components, reached with ${list(judges.map(({ name, componentsNeeded: c }) => `${c.for95} and ${c.for99} (${name})`))}. ${tiesText(judges)} Dashed red line: chance.`,
    alt: `Curves of accuracy against components kept: ${list(judges.map(({ name, componentsNeeded: c }) => `${name} needs ${c.for95} for 95% and ${c.for99} for 99% of ${percent(c.fullAccuracy)}`))}.`,
    ...panelGrid(panels),
  };
}

const tiesText = (judges: readonly JudgeReport[]): string =>
  judges.every(({ componentsNeeded }) => componentsNeeded.tieRule === 'expected')
    ? 'Exact ties count 1 / (number tied).'
    : 'Exact ties count as wrong.';

function curve(
  { componentsNeeded }: JudgeReport,
  colour: string,
  { width, height }: { width: number; height: number },
) {
  const { accuracy, fullAccuracy, for95, for99 } = componentsNeeded;
  const points = accuracy.map((value, i) => ({ k: i + 1, value }));
  const band = [{ low: 0.95 * fullAccuracy, high: 0.99 * fullAccuracy }];
  const marked = [...new Set([for95, for99])].flatMap((k) => points.filter((point) => point.k === k));
  const floor = Math.min(0.3, ...accuracy);
  return chart({
    width,
    height,
    marginLeft: 48,
    marginRight: 14,
    marginTop: 12,
    marginBottom: 40,
    x: {
      domain: [1, Math.max(2, accuracy.length)],
      label: 'Components kept per stimulus (k)',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: wholeTicks(accuracy.length),
      tickFormat: 'd',
    },
    y: {
      domain: [floor, Math.min(1, 1.04 * Math.max(fullAccuracy, ...accuracy))],
      label: 'Held-out accuracy (%)',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 5,
      tickFormat: (y: number) => `${Math.round(100 * y)}`,
    },
    marks: [
      Plot.rect(band, { y1: 'low', y2: 'high', fill: '#e3e5e8', className: 'band' }),
      Plot.ruleY([1 / 3], { stroke: chanceColour, strokeDasharray: '4,3' }),
      Plot.line(points, { x: 'k', y: 'value', stroke: colour, strokeWidth: 1.75 }),
      Plot.dot(points, { x: 'k', y: 'value', fill: colour, r: accuracy.length > 40 ? 1.5 : 2.5 }),
      Plot.dot(marked, {
        x: 'k',
        y: 'value',
        r: 5,
        stroke: ink,
        fill: 'white',
        strokeWidth: 1.5,
        className: 'needed',
      }),
      Plot.text(marked, {
        x: 'k',
        y: 'value',
        dy: 16,
        text: (point: { k: number }) => `${point.k}`,
        fontWeight: 600,
        fill: ink,
      }),
    ],
  });
}

/** 1 and round numbers up to n. */
function wholeTicks(n: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200].find((size) => n / size <= 7) ?? 500;
  const ticks = Array.from({ length: Math.floor(n / step) }, (_, i) => (i + 1) * step);
  return step === 1 ? ticks : [1, ...ticks.filter((tick) => tick > 1)];
}
