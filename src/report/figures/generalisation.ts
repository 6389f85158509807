import * as Plot from '@observablehq/plot';
import type { RsmGeneralisation } from '../../embedding/results.js';
import type { Matrix } from '../../numerics/matrix.js';
import { chart } from '../chart.js';
import { ink, sequential } from '../colour.js';
import type { JudgeReport, ReportData } from '../data.js';
import { type Figure, label } from '../figure.js';
import { markup } from '../markup.js';
import { orderByCategory } from '../order.js';
import { rasterImage } from '../raster.js';
import {
  correlation,
  correlationWithInterval,
  count,
  counted,
  intervalName,
  quoted,
  unitTick,
} from '../wording.js';
import { colourBar, outline } from './heat-map.js';

const side = 270;
const [left, top, gap] = [16, 40, 26];

/** Predicted and measured RSM of the validation stimuli and their scatter (P1 Ext. Data Fig. 1g-j). */
export function generalisationPanels(
  data: ReportData,
  judge: JudgeReport,
  result: RsmGeneralisation,
  look: { colour: string; name: string },
): Figure {
  const places = placesByCategory(data, result.stimuli);
  const [predicted, measured] = [reordered(result.predicted, places), reordered(result.measured, places)];
  const pairs = upperPairs(predicted, measured);
  const scale = { ramp: sequential, low: 0, high: 1 };
  const boxes = [0, 1].map((i) => ({ x: left + i * (side + gap), y: top, width: side, height: side }));
  const withUndefined = measured.data.some(
    (value, cell) => Number.isNaN(value) && offDiagonal(cell, measured.nRows),
  );
  const width = 960;
  return {
    name: look.name,
    title: `Whether the geometry of ${quoted(judge.name)} carries over to new trials.`,
    caption: `Similarity of ${counted(result.stimuli.length, 'validation stimulus', 'validation stimuli')} sorted by category, as the probability that a pair is kept: predicted by the embedding (left), measured in trials that were never trained on (middle), and against each other (right; ${counted(result.nPairs, 'pair')}). Pearson r = ${correlationWithInterval(result.r)}, ${intervalName(result.r)}.${withUndefined ? ' Grey: pairs never asked.' : ''} The diagonal is left blank.`,
    alt: `Predicted and measured similarity of ${count(result.stimuli.length)} stimuli; Pearson r = ${correlation(result.r.value)}.`,
    width,
    height: top + side + 48,
    body: markup`${label(left, 24, 'Predicted', { size: 12, weight: 600 })}${label(boxes[1].x, 24, 'Measured', { size: 12, weight: 600 })}${label(boxes[1].x + side + gap + 8, 24, `r = ${correlation(result.r.value)}`, { size: 12, weight: 600 })}${[predicted, measured].map((values, i) => markup`${rasterImage(blankDiagonal(values), scale, boxes[i])}${blankCells(values.nRows, boxes[i])}${outline(boxes[i])}`)}${colourBar(scale, { x: left + 108, y: top + side + 16, title: 'pair is kept', ends: ['0', '.5', '1'], withUndefined })}${scatter(pairs, look.colour, { x: boxes[1].x + side + gap, y: top - 14, width: width - boxes[1].x - side - gap - 6 })}`,
  };
}

function placesByCategory(data: ReportData, stimuli: Uint32Array): number[] {
  const placeOf = new Map(Array.from(stimuli, (stimulus, place) => [stimulus, place]));
  return Array.from(
    orderByCategory(data.topCategory, data.categoryNames, stimuli).stimuli,
    (stimulus) => placeOf.get(stimulus)!,
  );
}

function reordered(m: Matrix, places: readonly number[]): Matrix {
  const n = places.length;
  const data = Float64Array.from(
    { length: n * n },
    (_, cell) => m.data[places[Math.floor(cell / n)] * m.nColumns + places[cell % n]],
  );
  return { nRows: n, nColumns: n, data };
}

const offDiagonal = (cell: number, n: number): boolean => Math.floor(cell / n) !== cell % n;

const blankDiagonal = (m: Matrix): Matrix => ({
  ...m,
  data: m.data.map((value, cell) => (offDiagonal(cell, m.nRows) ? value : 0)),
});

function blankCells(n: number, box: { x: number; y: number; width: number }) {
  const cell = box.width / n;
  const steps = Array.from(
    { length: n },
    (_, i) => markup`M${box.x + i * cell} ${box.y + i * cell}h${cell}v${cell}h${-cell}z`,
  );
  return markup`<path d="${steps}" fill="#ffffff"/>`;
}

/** Both values of every pair i < j that was asked. */
export function upperPairs(predicted: Matrix, measured: Matrix): { predicted: number; measured: number }[] {
  const pairs = [];
  for (let i = 0; i < predicted.nRows; i++) {
    for (let j = i + 1; j < predicted.nRows; j++) {
      const cell = i * predicted.nColumns + j;
      const pair = { predicted: predicted.data[cell], measured: measured.data[cell] };
      if (Number.isFinite(pair.predicted + pair.measured)) pairs.push(pair);
    }
  }
  return pairs;
}

function scatter(
  pairs: readonly { predicted: number; measured: number }[],
  colour: string,
  at: { x: number; y: number; width: number },
) {
  return chart(
    {
      width: at.width,
      height: side + 54,
      marginLeft: 46,
      marginRight: 10,
      marginTop: 14,
      marginBottom: 40,
      x: {
        domain: [0, 1],
        label: 'Predicted',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        tickFormat: unitTick,
      },
      y: {
        domain: [0, 1],
        label: 'Measured',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        tickFormat: unitTick,
      },
      marks: [
        Plot.link([0], {
          x1: 0,
          y1: 0,
          x2: 1,
          y2: 1,
          stroke: ink,
          strokeOpacity: 0.35,
          className: 'identity',
        }),
        Plot.dot(pairs, {
          x: 'predicted',
          y: 'measured',
          r: pairs.length > 800 ? 1.3 : 2.2,
          fill: colour,
          fillOpacity: 0.35,
        }),
      ],
    },
    at,
  );
}
