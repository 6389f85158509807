import * as Plot from '@observablehq/plot';
import { chart } from '../chart.js';
import { chanceColour, ink, judgeColour } from '../colour.js';
import type { JudgeReport } from '../data.js';
import type { Figure } from '../figure.js';
import { count, counted, intervalName, list, percent, pValue } from '../wording.js';
import { judgeAxis, sampleSizes } from './judge-axis.js';

const width = 760;

/** Top-3 nearest-centroid accuracy with the interval of shuffled labels (P1 Fig. 3b); null when no judge has it. */
export function nearestCentroidBars(judges: readonly JudgeReport[]): Figure | null {
  const tested = judges.filter(({ nearestCentroid }) => nearestCentroid !== null);
  if (tested.length === 0) return null;
  const { marginLeft, tickFormat } = judgeAxis(tested);
  const results = tested.map(({ nearestCentroid }) => nearestCentroid!);
  const rows = results.map(({ top3 }, index) => ({ index, ...top3 }));
  const chances = results.map(({ chance }, index) => ({ index, ...chance }));
  const height = 62 + 36 * tested.length;
  const colour = (row: { index: number }) => judgeColour(judges.indexOf(tested[row.index]));
  const body = chart({
    width,
    height,
    marginLeft,
    marginRight: 64,
    marginTop: 22,
    marginBottom: 38,
    x: {
      domain: [0, 1],
      label: 'Stimuli whose category is among the three nearest centroids (%)',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: (x: number) => `${Math.round(100 * x)}`,
    },
    y: {
      type: 'band',
      domain: rows.map(({ index }) => index),
      label: null,
      tickSize: 0,
      tickFormat,
      padding: 0.38,
    },
    marks: [
      Plot.barX(rows, { x: 'value', y: 'index', fill: colour, fillOpacity: 0.88 }),
      Plot.ruleY(chances, { x1: 'low', x2: 'high', y: 'index', stroke: 'white', strokeWidth: 5 }),
      Plot.tickX(chances, { x: 'mean', y: 'index', stroke: 'white', strokeWidth: 5 }),
      Plot.tickX(chances, {
        x: 'mean',
        y: 'index',
        stroke: chanceColour,
        strokeWidth: 2,
        className: 'chance',
      }),
      Plot.ruleY(chances, {
        x1: 'low',
        x2: 'high',
        y: 'index',
        stroke: chanceColour,
        strokeWidth: 2,
        className: 'chance-interval',
      }),
      Plot.ruleY(rows, {
        x1: 'low',
        x2: 'high',
        y: 'index',
        stroke: ink,
        strokeWidth: 1.25,
        className: 'interval',
      }),
      Plot.text(rows, {
        x: 1,
        y: 'index',
        dx: 8,
        text: (row: { value: number }) => percent(row.value),
        textAnchor: 'start',
        fill: ink,
      }),
    ],
  });
  const first = results[0];
  return {
    name: 'nearest-centroid',
    title: 'How categorical each geometry is.',
    caption: `Leave-one-out nearest-centroid classification (Euclidean) of ${sampleSizes(rows.map(({ n }) => n))} stimuli into ${counted(first.categories.length, 'category', 'categories')}; a stimulus counts when its category is among the three nearest. Dark line: ${intervalName(rows[0])}. Red: mean and 95% range of ${count(first.chance.permutations)} label permutations (${list(tested.map(({ name }, i) => `${name} ${pValue(results[i].chance.p)}`))}).`,
    alt: `Bar chart of top-3 nearest-centroid accuracy: ${list(tested.map(({ name }, i) => `${name} ${percent(results[i].top3.value)}, chance ${percent(results[i].chance.mean)}`))}.`,
    width,
    height,
    body,
  };
}
