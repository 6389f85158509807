import { compileKernel, instantiateKernel } from '../numerics/wasm.js';
import { kernelBytes } from './kernel-bytes.js';

/** The exports of assembly/index.ts. Pointers are byte offsets into the shared memory. */
export interface SposeKernel {
  shuffle(
    source: number,
    target: number,
    nRecords: number,
    words: number,
    scratch: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void;
  steps(
    run: number,
    firstBatch: number,
    nBatches: number,
    member: number,
    nMembers: number,
    firstBlock: number,
    lastBlock: number,
  ): number;
  meet(run: number, nMembers: number): void;
  score(run: number, records: number, nRecords: number, out: number): void;
}

let module: WebAssembly.Module | undefined;

export function sposeKernel(memory: WebAssembly.Memory): SposeKernel {
  module ??= compileKernel(kernelBytes);
  return instantiateKernel<SposeKernel>(module, memory);
}
