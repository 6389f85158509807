import { firstFreeByte, growKernelMemory } from '../numerics/wasm.js';

/** Hands out regions of a shared memory, one after another; nothing is ever given back. */
export class Arena {
  constructor(
    readonly memory: WebAssembly.Memory,
    private next: number = firstFreeByte,
  ) {}

  /** `bytes` zeroed bytes, aligned to a cache line. */
  take(bytes: number): number {
    const start = Math.ceil(this.next / 64) * 64;
    this.next = start + bytes;
    growKernelMemory(this.memory, this.next);
    return start;
  }

  get end(): number {
    return this.next;
  }
}

/** Slack behind every array that vectors may read or write past its end. */
export const slackBytes = 64;
