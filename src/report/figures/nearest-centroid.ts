import * as Plot from '@observablehq/plot';
import { centroidAccuracy } from '../../interpretation/nearest-centroid.js';
import { chart } from '../chart.js';
import { chanceColour, ink, judgeColour } from '../colour.js';
import type { InterpretationRules, JudgeReport } from '../data.js';
import type { Figure } from '../figure.js';
import { count, counted, intervalName, list, percent, pValue } from '../wording.js';
import { judgeAxis, sampleSizes } from './judge-axis.js';

const width = 760;
const placeWords = {
  1: { name: 'top-1', axis: 'has the nearest centroid', caption: 'is the nearest' },
  3: {
    name: 'top-3',
    axis: 'is among the three nearest centroids',
    caption: 'is among the three nearest',
  },
} as const;

/**
 * Top-3 nearest-centroid accuracy with the interval of shuffled labels (P1 Fig. 3b), top-1 where there are three
 * categories or fewer; null when no judge has it.
 */
export function nearestCentroidBars(
  judges: readonly JudgeReport[],
  { minPerCategory }: InterpretationRules,
): Figure | null {
  const tested = judges.filter(({ nearestCentroid }) => nearestCentroid !== null);
  if (tested.length === 0) return null;
  const { marginLeft, tickFormat } = judgeAxis(tested);
  const results = tested.map(({ nearestCentroid }) => nearestCentroid!);
  const accuracies = results.map(centroidAccuracy);
  const rows = accuracies.map(({ accuracy }, index) => ({ index, ...accuracy }));
  const words = placeWords[accuracies[0].nNearest];
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
      label: `Stimuli whose category ${words.axis} (%)`,
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
    caption: `Leave-one-out nearest-centroid classification (Euclidean) of ${sampleSizes(rows.map(({ n }) => n))} stimuli into ${counted(first.categories.length, 'category', 'categories')}; a stimulus counts when its category ${words.caption}; categories with fewer than ${count(minPerCategory)} stimuli are left out. Dark line: ${intervalName(rows[0])}. Red: mean and 95% range of ${count(first.chance.permutations)} label permutations (${list(tested.map(({ name }, i) => `${name} ${pValue(results[i].chance.p)}`))}).`,
    alt: `Bar chart of ${words.name} nearest-centroid accuracy: ${list(tested.map(({ name }, i) => `${name} ${percent(rows[i].value)}, chance ${percent(results[i].chance.mean)}`))}.`,
    width,
    height,
    body,
  };
}
