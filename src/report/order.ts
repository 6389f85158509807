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
 * An order of columns in which the best match of each row runs down the diagonal: rows choose in turn the column
 * with their largest |value| if nobody has it yet; columns left over follow, by the row in which they are strongest.
 */
export function diagonalOrder(values: Matrix, columns: readonly number[]): number[] {
  const size = (row: number, column: number) => Math.abs(values.data[row * values.nColumns + column]) || 0;
  const left = new Set(columns);
  const chosen: number[] = [];
  for (let row = 0; row < values.nRows; row++) {
    const best = strongest(columns, (column) => size(row, column));
    if (best !== undefined && left.delete(best)) chosen.push(best);
  }
  const rows = Array.from({ length: values.nRows }, (_, row) => row);
  const homeRow = new Map(
    [...left].map((column) => [column, strongest(rows, (row) => size(row, column)) ?? 0]),
  );
  const rest = [...left].sort((a, b) => homeRow.get(a)! - homeRow.get(b)! || a - b);
  return [...chosen, ...rest];
}

function strongest(items: readonly number[], sizeOf: (item: number) => number): number | undefined {
  let best: number | undefined;
  for (const item of items) if (best === undefined || sizeOf(item) > sizeOf(best)) best = item;
  return best;
}

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
