import { UMAP } from 'umap-js';
import type { Matrix } from '../../numerics/matrix.js';
import { type Key, Random, split } from '../../numerics/random.js';
import { distancesOf, nearestNeighbours } from './neighbours.js';
import type { ProjectionOptions } from './options.js';

export interface UmapState {
  readonly epoch: number;
  readonly nEpochs: number;
}

const statesEvery = 10;

/**
 * UMAP (McInnes, Healy & Melville 2018, arXiv:1802.03426) of the rows of `points`, by the package umap-js over exact nearest
 * neighbours. Starts from random positions. Yields a state every 10 epochs and returns nStimuli x 2 positions, mean 0.
 * Fewer than three stimuli have no graph: they are put in a row.
 * @throws AffectomeError `input` where a number is not finite.
 */
export function* umap(
  points: Matrix,
  { metric, umap: options }: Pick<ProjectionOptions, 'metric' | 'umap'>,
  key: Key,
): Generator<UmapState, Float64Array> {
  const distances = distancesOf(points, metric);
  const n = distances.nStimuli;
  if (n < 3) return Float64Array.from({ length: 2 * n }, (_, at) => (at % 2 === 0 ? at - (n - 1) : 0));
  const nNeighbors = Math.min(options.neighbours, n - 1);
  const random = new Random(split(key, 'umap'));
  const model = new UMAP({
    nNeighbors,
    minDist: options.minDist,
    spread: options.spread,
    ...epochsOf(options.epochs, n),
    random: () => random.uniform(),
  });
  const { indices, squared } = nearestNeighbours(distances, nNeighbors - 1);
  const rows = Array.from(
    { length: n },
    (_, i) => [i * (nNeighbors - 1), (i + 1) * (nNeighbors - 1)] as const,
  );
  // The package counts a stimulus among its own neighbours, first and at distance 0.
  model.setPrecomputedKNN(
    rows.map((range, i) => [i, ...indices.subarray(...range)]),
    rows.map((range) => [0, ...squared.subarray(...range).map(Math.sqrt)]),
  );
  const nEpochs = model.initializeFit(rowsOf(points));
  for (let epoch = 1; epoch <= nEpochs; epoch++) {
    model.step();
    if (epoch % statesEvery === 0 || epoch === nEpochs) yield { epoch, nEpochs };
  }
  return centred(model.getEmbedding());
}

/** The package's 500 epochs for small sets keep no more neighbours than these do; for large ones it takes fewer by itself. */
function epochsOf(epochs: number | 'auto', nStimuli: number): { nEpochs?: number } {
  if (epochs !== 'auto') return { nEpochs: epochs };
  return nStimuli <= 5000 ? { nEpochs: 350 } : {};
}

const rowsOf = ({ nRows, nColumns, data }: Matrix): number[][] =>
  Array.from({ length: nRows }, (_, r) => Array.from(data.subarray(r * nColumns, (r + 1) * nColumns)));

function centred(rows: number[][]): Float64Array {
  const mean = [0, 1].map((axis) => rows.reduce((sum, row) => sum + row[axis], 0) / rows.length);
  return Float64Array.from(rows.flatMap((row) => [row[0] - mean[0], row[1] - mean[1]]));
}
