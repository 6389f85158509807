import type { Matrix } from '../numerics/matrix.js';

/** A run of neighbouring stimuli of one category in a sorted picture. */
export interface Band {
  readonly name: string;
  /** First place, and the place after the last. */
  readonly start: number;
  readonly end: number;
}

export interface StimulusOrder {
  /** Stimulus indices in the order drawn. */
  readonly stimuli: Uint32Array;
  readonly bands: readonly Band[];
}

/** Stimuli by top category, in the order of the categories; those without one come last; table order within. */
export function orderByCategory(
  topCategory: ArrayLike<number>,
  names: readonly string[],
  stimuli: ArrayLike<number> = Uint32Array.from({ length: topCategory.length }, (_, i) => i),
): StimulusOrder {
  const rank = (stimulus: number) => (topCategory[stimulus] < 0 ? names.length : topCategory[stimulus]);
  const sorted = Array.from(stimuli).sort((a, b) => rank(a) - rank(b) || a - b);
  const bands: { name: string; start: number; end: number }[] = [];
  sorted.forEach((stimulus, place) => {
    const name = rank(stimulus) < names.length ? names[rank(stimulus)] : 'no category';
    const last = bands.at(-1);
    if (last?.name === name) last.end = place + 1;
    else bands.push({ name, start: place, end: place + 1 });
  });
  return { stimuli: Uint32Array.from(sorted), bands };
}

/**
 * An order of columns in which matches run down the diagonal: each column stands at the row in which its value is largest,
 * stronger ones first within a row; columns without any value (NaN) come last.
 */
export function diagonalOrder(values: Matrix, columns: readonly number[]): number[] {
  const homes = columns.map((column) => ({ column, ...strongestRow(values, column) }));
  return homes
    .sort((a, b) => a.row - b.row || b.value - a.value || a.column - b.column)
    .map(({ column }) => column);
}

function strongestRow({ nRows, nColumns, data }: Matrix, column: number): { row: number; value: number } {
  let best = { row: nRows, value: Number.NEGATIVE_INFINITY };
  for (let row = 0; row < nRows; row++) {
    const value = data[row * nColumns + column];
    if (value > best.value) best = { row, value };
  }
  return best;
}

/** The same matrix without signs, to order by strength. */
export const absolute = (values: Matrix): Matrix => ({ ...values, data: values.data.map(Math.abs) });

/** Moves wished positions apart to at least `gap` within [low, high], keeping their order and moving as little as it can. */
export function spreadApart(wished: readonly number[], gap: number, low: number, high: number): number[] {
  const clusters: { sum: number; n: number }[] = [];
  const startOf = (cluster: { sum: number; n: number }) => {
    const span = (cluster.n - 1) * gap;
    return Math.max(low, Math.min(high - span, cluster.sum / cluster.n - span / 2));
  };
  for (const position of wished) {
    clusters.push({ sum: position, n: 1 });
    for (;;) {
      const [before, last] = clusters.slice(-2);
      if (!last || startOf(before) + before.n * gap <= startOf(last)) break;
      clusters.splice(-2, 2, { sum: before.sum + last.sum, n: before.n + last.n });
    }
  }
  return clusters.flatMap((cluster) =>
    Array.from({ length: cluster.n }, (_, i) => startOf(cluster) + i * gap),
  );
}

/** The bands whose names fit when each needs `gap` px of `length`: the largest ones, in order. */
export function bandsWithRoom(bands: readonly Band[], gap: number, length: number): readonly Band[] {
  const room = Math.max(1, Math.floor(length / gap));
  if (bands.length <= room) return bands;
  const largest = [...bands].sort((a, b) => b.end - b.start - (a.end - a.start)).slice(0, room);
  return bands.filter((band) => largest.includes(band));
}
