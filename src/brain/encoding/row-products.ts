import { Arena } from '../../embedding/arena.js';
import { kernelMemory } from '../../numerics/wasm.js';
import { type EncodingKernel, encodingKernel } from './kernel.js';

/** Rows of numbers that lie `stride` numbers apart, from number `start` on. */
export interface Rows {
  readonly data: Float64Array;
  readonly nRows: number;
  readonly nColumns: number;
  readonly start?: number;
  readonly stride?: number;
}

const panelRows = 32;
/** Columns that are multiplied at a time: a panel of them stays in cache. */
const chunkColumns = 1024;

let workspace: { readonly memory: WebAssembly.Memory; readonly kernel: EncodingKernel } | undefined;

/**
 * Products of the rows of `a` with the rows of `b`, a.nRows x b.nRows: A B'. With `part: 'lower'` only what is on and below the
 * diagonal is right; the rest is whatever fell off.
 */
export function rowProducts(a: Rows, b: Rows, part: 'all' | 'lower' = 'all'): Float64Array {
  const { kernel, memory } = start();
  const nRows = 4 * Math.ceil(a.nRows / 4);
  const nInner = Math.min(chunkColumns, a.nColumns);
  const arena = new Arena(memory);
  const places = {
    rows: arena.take(8 * nRows * nInner),
    panel: arena.take(8 * panelRows * nInner),
    product: arena.take(8 * panelRows * nRows),
  };
  const result = new Float64Array(a.nRows * b.nRows);
  for (let from = 0; from < a.nColumns; from += chunkColumns) {
    const width = Math.min(chunkColumns, a.nColumns - from);
    copyRows(a, [from, width], new Float64Array(memory.buffer, places.rows, nRows * width));
    for (let first = 0; first < b.nRows; first += panelRows) {
      const panel = new Float64Array(memory.buffer, places.panel, panelRows * width);
      copyPanel(b, { first, from, width }, panel);
      const top = part === 'lower' ? first : 0;
      const rows = places.rows + 8 * top * width;
      kernel.multiply(rows, 8 * width, places.panel, places.product, nRows - top, width, panelRows);
      const product = new Float64Array(memory.buffer, places.product, panelRows * (nRows - top));
      addPanel(result, product, { top, first, nColumns: b.nRows });
    }
  }
  return result;
}

function start() {
  if (workspace) return workspace;
  const memory = kernelMemory(0);
  workspace = { memory, kernel: encodingKernel(memory) };
  return workspace;
}

function copyRows(
  { data, nRows, nColumns, start: origin = 0, stride = nColumns }: Rows,
  [from, width]: readonly [number, number],
  to: Float64Array,
): void {
  for (let r = 0; r < nRows; r++) {
    const at = origin + r * stride + from;
    to.set(data.subarray(at, at + width), r * width);
  }
  to.fill(0, nRows * width);
}

/** Rows `first` to `first + 32` as columns. */
function copyPanel(
  { data, nRows, nColumns, start: origin = 0, stride = nColumns }: Rows,
  { first, from, width }: { first: number; from: number; width: number },
  to: Float64Array,
): void {
  const used = Math.min(panelRows, nRows - first);
  if (used < panelRows) to.fill(0);
  for (let r = 0; r < used; r++) {
    const at = origin + (first + r) * stride + from;
    for (let c = 0; c < width; c++) to[c * panelRows + r] = data[at + c];
  }
}

function addPanel(
  result: Float64Array,
  product: Float64Array,
  { top, first, nColumns }: { top: number; first: number; nColumns: number },
): void {
  const used = Math.min(panelRows, nColumns - first);
  const nRows = result.length / nColumns;
  for (let r = top; r < nRows; r++) {
    const [to, at] = [r * nColumns + first, (r - top) * panelRows];
    for (let c = 0; c < used; c++) result[to + c] += product[at + c];
  }
}

/** Rows of equal length without gaps. */
export const rowsOf = (data: Float64Array, nColumns: number): Rows => ({
  data,
  nColumns,
  nRows: nColumns > 0 ? data.length / nColumns : 0,
});
