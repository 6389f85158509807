import type { Embedding } from '../../embedding/embedding.js';
import { gram, type Matrix } from '../../numerics/matrix.js';
import { sequential } from '../colour.js';
import type { JudgeReport, ReportData } from '../data.js';
import type { Figure } from '../figure.js';
import { markup } from '../markup.js';
import { orderByCategory } from '../order.js';
import { largestSize, rasterImage } from '../raster.js';
import { labelGutter } from '../text-width.js';
import { correlation, count, counted, quoted } from '../wording.js';
import { bandRules, bandsBelow, bandsBelowHeight, bandsLeft, colourBar, outline } from './heat-map.js';

/** Widest raster: more stimuli are averaged in square blocks. */
const maxBlocks = 480;

/** Similarity of every two stimuli in the embedding, sorted by top category. */
export function rsmHeatMap(data: ReportData, judge: JudgeReport, name: string): Figure {
  const order = orderByCategory(data.topCategory, data.categoryNames);
  const nStimuli = order.stimuli.length;
  const { values, perBlock } = embeddingRsm(judge.embedding, order.stimuli);
  const high = largestSize(values);
  const scale = { ramp: sequential, low: 0, high };
  const gutter = labelGutter(
    order.bands.map((band) => band.name),
    10,
    150,
  );
  const box = { x: gutter + 40, y: 44, width: 560, height: 560 };
  const width = box.x + box.width + 24;
  const averaged = perBlock > 1 ? ` Each pixel is the mean of ${perBlock} × ${perBlock} pairs.` : '';
  return {
    name,
    title: `Which stimuli ${quoted(judge.name)} puts together.`,
    caption: `Representational similarity of ${counted(nStimuli, 'stimulus', 'stimuli')}: cosine of their weights, rows and columns sorted by the category with the highest rating (white lines between categories).${averaged}`,
    alt: `Square similarity matrix of ${count(nStimuli)} stimuli sorted by category; blocks on the diagonal are categories.`,
    width,
    height: box.y + box.height + bandsBelowHeight(order.bands),
    body: markup`${colourBar(scale, { x: width - 190, y: 12, title: 'cosine similarity', ends: ['0', high > 0.995 ? '1' : correlation(high)] })}${rasterImage(values, scale, box)}${bandRules(order.bands, nStimuli, box, true)}${outline(box)}${bandsLeft(order.bands, nStimuli, box)}${bandsBelow(order.bands, nStimuli, box)}`,
  };
}

/**
 * Cosine similarity of the ordered stimuli, averaged in blocks when there are more than `maxBlocks`: the mean cosine of
 * two blocks is the product of their mean unit vectors, so the full matrix is never made.
 */
export function embeddingRsm(embedding: Embedding, order: Uint32Array): { values: Matrix; perBlock: number } {
  const { nComponents, weights } = embedding;
  const perBlock = Math.ceil(order.length / maxBlocks);
  const nBlocks = Math.ceil(order.length / perBlock);
  const units = new Float64Array(nBlocks * nComponents);
  for (let block = 0; block < nBlocks; block++) {
    const run = order.subarray(block * perBlock, (block + 1) * perBlock);
    for (const stimulus of run) {
      const vector = weights.subarray(stimulus * nComponents, (stimulus + 1) * nComponents);
      const length = Math.sqrt(vector.reduce((sum, weight) => sum + weight * weight, 0));
      if (length === 0) continue;
      vector.forEach((weight, c) => {
        units[block * nComponents + c] += weight / length / run.length;
      });
    }
  }
  return { values: gram({ nRows: nBlocks, nColumns: nComponents, data: units }), perBlock };
}
