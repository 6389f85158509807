import type { Embedding } from '../embedding/embedding.js';
import { column, type Matrix } from '../numerics/matrix.js';
import { pearson } from '../numerics/statistics.js';
import type { Ratings } from '../stimuli/ratings.js';

/**
 * Pearson r of every component with every scale of all rating tables, in their order: nComponents x nScales.
 * Missing ratings are left out pair by pair; NaN for a constant component or scale.
 */
export function componentCorrelations(embedding: Embedding, ratings: readonly Ratings[]): Matrix {
  const weights: Matrix = {
    nRows: embedding.nStimuli,
    nColumns: embedding.nComponents,
    data: embedding.weights,
  };
  const scales = ratings.flatMap((table) => scaleColumns(table, embedding.nStimuli));
  const data = new Float64Array(embedding.nComponents * scales.length);
  for (let c = 0; c < embedding.nComponents; c++) {
    const component = column(weights, c);
    scales.forEach((scale, s) => {
      data[c * scales.length + s] = pearson(component, scale);
    });
  }
  return { nRows: embedding.nComponents, nColumns: scales.length, data };
}

function scaleColumns({ name, nStimuli, scales, values }: Ratings, expected: number): Float64Array[] {
  if (nStimuli !== expected) {
    throw new RangeError(`The ratings "${name}" are of ${nStimuli} stimuli, the embedding of ${expected}.`);
  }
  const table = { nRows: nStimuli, nColumns: scales.length, data: values };
  return scales.map((_, s) => column(table, s));
}
