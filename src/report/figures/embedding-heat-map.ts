import type { Matrix } from '../../numerics/matrix.js';
import { quiet, sequential } from '../colour.js';
import { componentsOf, rowLabel } from '../components.js';
import type { JudgeReport, ReportData } from '../data.js';
import { type Figure, label } from '../figure.js';
import { markup } from '../markup.js';
import { orderByCategory } from '../order.js';
import { largestSize, rasterImage } from '../raster.js';
import { labelGutter } from '../text-width.js';
import { count, counted, decimal, quoted } from '../wording.js';
import { bandRules, bandsBelow, bandsBelowHeight, colourBar, outline, rowLabels } from './heat-map.js';

/** Widest raster: more stimuli are averaged in equal runs of neighbours. */
const maxColumns = 800;

/** Weights of every component (rows) over all stimuli (columns) sorted by top category. */
export function embeddingHeatMap(data: ReportData, judge: JudgeReport, name: string): Figure {
  const components = componentsOf(judge);
  const order = orderByCategory(data.topCategory, data.categoryNames);
  const { values, perColumn } = sortedWeights(judge, order.stimuli);
  const nStimuli = order.stimuli.length;
  const high = largestSize(values);
  const scale = { ramp: sequential, low: 0, high };
  const rowNames = components.map(rowLabel);
  const rowHeight = components.length > 60 ? 11 : 14;
  const gutter = labelGutter(rowNames, 10, 190);
  const width = 960;
  const box = { x: gutter + 28, y: 44, width: width - gutter - 48, height: components.length * rowHeight };
  const averaged = perColumn > 1 ? ` Each column is the mean of ${perColumn} neighbouring stimuli.` : '';
  return {
    name,
    title: `What each stimulus is made of, as ${quoted(judge.name)} sees it.`,
    caption: `Weights of ${counted(components.length, 'component')} (rows, largest summed weight first) over ${counted(nStimuli, 'stimulus', 'stimuli')} (columns), sorted by the category with the highest rating; white is zero. After a component's number: its best-matching rating and Pearson r.${averaged}`,
    alt: `Heat map of ${count(components.length)} component weights over ${count(nStimuli)} stimuli sorted by category; largest weight ${decimal(high)}.`,
    width,
    height: box.y + box.height + bandsBelowHeight(order.bands),
    body: markup`${colourBar(scale, { x: width - 190, y: 12, title: 'weight', ends: ['0', decimal(high)] })}${label(box.x - 7, 30, 'Components', { size: 10, anchor: 'end', fill: quiet })}${rasterImage(values, scale, box)}${bandRules(order.bands, nStimuli, box, false)}${outline(box)}${rowLabels(rowNames, box, Math.min(10, rowHeight - 1), 190)}${bandsBelow(order.bands, nStimuli, box)}${label(box.x, 30, `Stimuli by category (n = ${count(nStimuli)})`, { size: 10, fill: quiet })}`,
  };
}

/** nComponents x nColumns: the sorted stimuli, averaged in runs when there are more than `maxColumns`. */
export function sortedWeights(
  { embedding }: JudgeReport,
  order: Uint32Array,
): { values: Matrix; perColumn: number } {
  const { nComponents, weights } = embedding;
  const perColumn = Math.ceil(order.length / maxColumns);
  const nColumns = Math.ceil(order.length / perColumn);
  const data = new Float64Array(nComponents * nColumns);
  for (let column = 0; column < nColumns; column++) {
    const run = order.subarray(column * perColumn, (column + 1) * perColumn);
    for (const stimulus of run) {
      for (let c = 0; c < nComponents; c++) {
        data[c * nColumns + column] += weights[stimulus * nComponents + c] / run.length;
      }
    }
  }
  return { values: { nRows: nComponents, nColumns, data }, perColumn };
}
