import { Arena } from '../../embedding/arena.js';
import { compileKernel, instantiateKernel, kernelMemory } from '../../numerics/wasm.js';
import { kernelBytes } from './kernel-bytes.js';

/** The export of assembly/index.ts; see there. Pointers are byte offsets. */
interface StatisticsKernel {
  permutedProducts(a: number, b: number, orders: number, nTrials: number, nOrders: number, out: number): void;
}

/** Voxels that are computed together. */
export const kernelWidth = 8;

let module: WebAssembly.Module | undefined;

/** Sums of products in every order, eight voxels at a time. */
export class PermutedProducts {
  private readonly kernel: StatisticsKernel;
  private readonly memory: WebAssembly.Memory;
  private readonly orders: number;
  private readonly rows: readonly [number, number];
  private readonly out: number;
  private readonly nOrders: number;

  constructor(
    orders: readonly Uint32Array[],
    private readonly nTrials: number,
  ) {
    module ??= compileKernel(kernelBytes);
    this.memory = kernelMemory(0);
    this.kernel = instantiateKernel<StatisticsKernel>(module, this.memory);
    this.nOrders = orders.length + (orders.length % 2);
    const arena = new Arena(this.memory);
    this.orders = arena.take(4 * this.nOrders * nTrials);
    this.rows = [arena.take(8 * kernelWidth * nTrials), arena.take(8 * kernelWidth * nTrials)];
    this.out = arena.take(8 * kernelWidth * this.nOrders);
    const offsets = new Uint32Array(this.memory.buffer, this.orders, this.nOrders * nTrials);
    orders.forEach((order, index) => {
      for (let t = 0; t < nTrials; t++) offsets[index * nTrials + t] = order[t] * 8 * kernelWidth;
    });
  }

  /** Where the two sides of eight voxels are put, nTrials x 8 each. */
  side(index: 0 | 1): Float64Array {
    return new Float64Array(this.memory.buffer, this.rows[index], this.nTrials * kernelWidth);
  }

  /** nOrders x 8, overwritten by the next call. */
  compute(): Float64Array {
    const [a, b] = this.rows;
    this.kernel.permutedProducts(a, b, this.orders, this.nTrials, this.nOrders, this.out);
    return new Float64Array(this.memory.buffer, this.out, this.nOrders * kernelWidth);
  }
}
