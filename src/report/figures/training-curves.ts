import * as Plot from '@observablehq/plot';
import type { EpochState } from '../../embedding/results.js';
import { chart } from '../chart.js';
import { quiet } from '../colour.js';
import type { JudgeReport } from '../data.js';
import { type Figure, label } from '../figure.js';
import { type Markup, markup } from '../markup.js';
import { count, counted, decimal, percent, quoted } from '../wording.js';
import { type Panel, panelGrid } from './panels.js';

type Size = { width: number; height: number };
type Measure = (state: EpochState) => number;

/** Cross-entropy, held-out accuracy and number of components by epoch; null without epochs. */
export function trainingCurves(judge: JudgeReport, colour: string, name: string): Figure | null {
  const { curve, fit } = judge;
  const last = curve.at(-1);
  if (!last) return null;
  const hasHeldOut = curve.some(({ heldOutCrossEntropy }) => Number.isFinite(heldOutCrossEntropy));
  const panels: Panel[] = [
    {
      title: 'Cross-entropy (nats per trial)',
      draw: (size) => entropyPanel(curve, colour, size, hasHeldOut),
    },
    {
      title: 'Held-out accuracy (%)',
      draw: (size) => linePanel(curve, ({ heldOutAccuracy }) => 100 * heldOutAccuracy, colour, size),
    },
    {
      title: 'Components left',
      draw: (size) => linePanel(curve, ({ nComponents }) => nComponents, colour, size, 0),
    },
  ];
  const shown = panels.filter(
    (_, i) => i !== 1 || curve.some(({ heldOutAccuracy }) => Number.isFinite(heldOutAccuracy)),
  );
  const legend = hasHeldOut ? ' Solid: training, mean over the batches of an epoch; dotted: held out.' : '';
  const accuracy = Number.isFinite(last.heldOutAccuracy)
    ? `; held-out accuracy ended at ${percent(last.heldOutAccuracy)}`
    : '';
  return {
    name,
    title: `How the fit of ${quoted(judge.name)} went.`,
    caption: `${counted(curve.length, 'epoch')} over ${count(fit.nTraining)} training trials (${count(fit.nHeldOut)} held out), seed ${fit.seed}.${legend}`,
    alt: `Training curves over ${counted(curve.length, 'epoch')}: cross-entropy fell from ${decimal(curve[0].crossEntropy)} to ${decimal(last.crossEntropy)} nats${accuracy}; ${counted(last.nComponents, 'component')} left.`,
    ...panelGrid(shown, { height: 190 }),
  };
}

const frame = (size: Size, y: Plot.ScaleOptions): Plot.PlotOptions => ({
  ...size,
  marginLeft: 48,
  marginRight: 16,
  marginTop: 10,
  marginBottom: 38,
  x: { label: 'Epoch', labelAnchor: 'center', labelArrow: 'none', tickFormat: 'd', ticks: 5 },
  y: { label: null, ticks: 5, nice: true, grid: true, ...y },
});

function linePanel(
  curve: readonly EpochState[],
  measure: Measure,
  colour: string,
  size: Size,
  from?: number,
): Markup {
  const points = curve
    .map((state) => ({ epoch: state.epoch, value: measure(state) }))
    .filter(({ value }) => Number.isFinite(value));
  const domain =
    from === undefined ? {} : { domain: [from, Math.max(from + 1, ...points.map(({ value }) => value))] };
  return chart({
    ...frame(size, domain),
    marks: [
      Plot.line(points, { x: 'epoch', y: 'value', stroke: colour, strokeWidth: 1.75 }),
      Plot.dot(points.slice(-1), { x: 'epoch', y: 'value', fill: colour, r: 3 }),
    ],
  });
}

function entropyPanel(curve: readonly EpochState[], colour: string, size: Size, hasHeldOut: boolean): Markup {
  const heldOut = curve.filter(({ heldOutCrossEntropy }) => Number.isFinite(heldOutCrossEntropy));
  const drawn = chart({
    ...frame(size, {}),
    marks: [
      Plot.line(curve, { x: 'epoch', y: 'crossEntropy', stroke: colour, strokeWidth: 1.75 }),
      Plot.line(heldOut, {
        x: 'epoch',
        y: 'heldOutCrossEntropy',
        stroke: colour,
        strokeWidth: 1.75,
        strokeDasharray: '2,3',
      }),
      Plot.dot(curve.slice(-1), { x: 'epoch', y: 'crossEntropy', fill: colour, r: 3 }),
    ],
  });
  if (!hasHeldOut) return drawn;
  return markup`${drawn}${legendLine(size.width - 96, 14, colour, 'none', 'training')}${legendLine(size.width - 96, 29, colour, '2,3', 'held out')}`;
}

function legendLine(x: number, y: number, colour: string, dash: string, text: string): Markup {
  return markup`<line x1="${x}" x2="${x + 22}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="1.75" stroke-dasharray="${dash}"/>${label(x + 28, y, text, { size: 10, fill: quiet })}`;
}
