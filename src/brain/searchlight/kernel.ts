import { compileKernel, instantiateKernel } from '../../numerics/wasm.js';
import { kernelBytes } from './kernel-bytes.js';

/** The exports of assembly/index.ts. Pointers are byte offsets into the memory; see there for what each one does. */
export interface SearchlightKernel {
  pack(
    rows: number,
    nRows: number,
    patterns: number,
    strideBytes: number,
    nBlocks: number,
    panel: number,
  ): void;
  scales(
    rows: number,
    nRows: number,
    patterns: number,
    strideBytes: number,
    nStimuli: number,
    nPadded: number,
    sums: number,
    w: number,
    a: number,
  ): number;
  planeTiles(panel: number, nRows: number, nBlocks: number, out: number): void;
  centreTiles(
    panel: number,
    nRows: number,
    planes: number,
    nPlanes: number,
    nStimuli: number,
    nBlocks: number,
    w: number,
    a: number,
    out: number,
    scratch: number,
    moments: number,
  ): void;
  binMidranks(values: number, nPairs: number, nPadded: number, moments: number, table: number): number;
  dotBins(
    bins: number,
    table: number,
    models: number,
    nModels: number,
    nChunks: number,
    scratch: number,
    out: number,
  ): void;
  centreDoubles(values: number, n: number): number;
  centreSingles(values: number, n: number): number;
  dotValues(values: number, models: number, nModels: number, nChunks: number, out: number): void;
  dotExact(
    values: number,
    models: number,
    isSingle: number,
    nModels: number,
    nChunks: number,
    out: number,
  ): void;
  standardise(
    rows: number,
    nRows: number,
    patterns: number,
    strideBytes: number,
    isSingle: number,
    nStimuli: number,
    panel: number,
    panelRows: number,
    firstRow: number,
  ): number;
  exactTiles(
    u: number,
    v: number,
    nRows: number,
    scale: number,
    nStimuli: number,
    nBlocks: number,
    out: number,
    nPadded: number,
    scratch: number,
    grid: number,
  ): void;
  exactMidranks(
    values: number,
    n: number,
    keys: number,
    spareKeys: number,
    places: number,
    sparePlaces: number,
    counts: number,
  ): number;
}

/** Bins of the fast ranks; `binMidranks` needs a table of one entry more. */
export const nBins = 262144;

let module: WebAssembly.Module | undefined;

export function searchlightKernel(memory: WebAssembly.Memory): SearchlightKernel {
  module ??= compileKernel(kernelBytes);
  return instantiateKernel<SearchlightKernel>(module, memory);
}
