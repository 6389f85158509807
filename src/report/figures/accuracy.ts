import * as Plot from '@observablehq/plot';
import { chart } from '../chart.js';
import { chanceColour, ink, judgeColour, quiet } from '../colour.js';
import type { JudgeReport } from '../data.js';
import { type Figure, label } from '../figure.js';
import { markup } from '../markup.js';
import { intervalName, list, percent } from '../wording.js';
import { judgeAxis, sampleSizes } from './judge-axis.js';

const width = 760;

/** Held-out accuracy of each judge's embedding, its noise ceiling and chance. */
export function accuracyBars(judges: readonly JudgeReport[]): Figure {
  const { marginLeft, tickFormat } = judgeAxis(judges);
  const rows = judges.map(({ evaluation }, index) => ({ index, ...evaluation.accuracy }));
  const ceilings = judges.flatMap(({ evaluation }, index) =>
    evaluation.ceiling ? [{ index, ...evaluation.ceiling }] : [],
  );
  const height = 62 + 36 * judges.length;
  const body = chart(
    {
      width,
      height,
      marginLeft,
      marginRight: 64,
      marginTop: 22,
      marginBottom: 38,
      x: {
        domain: [0, 1],
        label: 'Held-out choices predicted (%)',
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
        Plot.barX(rows, {
          x: 'value',
          y: 'index',
          fill: (row: { index: number }) => judgeColour(row.index),
          fillOpacity: 0.88,
        }),
        Plot.ruleX([1 / 3], { stroke: chanceColour, strokeDasharray: '4,3' }),
        Plot.tickX(ceilings, {
          x: 'value',
          y: 'index',
          stroke: ink,
          strokeWidth: 2.5,
          insetTop: -4,
          insetBottom: -4,
          className: 'ceiling',
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
    },
    { x: 0, y: 0 },
  );
  const chanceX = marginLeft + (width - marginLeft - 64) / 3;
  const note =
    ceilings.length > 0
      ? ' Thick tick: noise ceiling, how often the judge agrees with itself when asked again.'
      : '';
  return {
    name: 'accuracy',
    title: 'How well each geometry predicts choices it has not seen.',
    caption: `Share of held-out trials whose odd one out the embedding names (${sampleSizes(rows.map(({ n }) => n))} trials). Line on each bar: ${intervalName(rows[0])}. Dashed line: chance, one in three.${note}`,
    alt: `Bar chart of held-out accuracy: ${list(judges.map(({ name, evaluation }) => `${name} ${percent(evaluation.accuracy.value)}`))}; chance 33.3%.`,
    width,
    height,
    body: markup`${body}${label(chanceX, 13, 'chance', { size: 10, anchor: 'middle', fill: chanceColour })}${ceilings.length > 0 && label(width - 64, 13, 'tick: ceiling', { size: 10, anchor: 'end', fill: quiet })}`,
  };
}
