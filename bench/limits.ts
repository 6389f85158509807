import { readFileSync } from 'node:fs';
import { fastestOf } from './row.js';

/** Nanoseconds per 128-bit vector operation on this machine, one thread. */
export interface MachineLimits {
  readonly squareRoot: number;
  readonly division: number;
  /** A multiplication and an addition. */
  readonly multiplyAdd: number;
  /** A load from the rows of one block of sixteen components. */
  readonly rowLoad: number;
  /** Load, change and store in the gradients of one block of sixteen components. */
  readonly rowUpdate: number;
  /** Load, change and store in all that one Adam step passes over. */
  readonly adamUpdate: number;
}

interface LimitsKernel {
  squareRoots(n: number): number;
  divisions(n: number): number;
  multiplyAdds(n: number): number;
  loads(bytes: number, n: number): number;
  updates(bytes: number, n: number): void;
}

const nTurns = 1_000_000;
const pageBytes = 65536;
const blockColumns = 16;

/** Measures the units and the caches that a SPoSE step of `nStimuli` x `nComponents` weights uses. */
export function measureLimits(nStimuli: number, nComponents: number): MachineLimits {
  const blockBytes = roundedUp(nStimuli * blockColumns * 4);
  const adamBytes = roundedUp(4 * nStimuli * nComponents * 4);
  const kernel = limitsKernel(adamBytes);
  const update = (bytes: number) => perVector(bytes, (n) => kernel.updates(bytes, n));
  return {
    squareRoot: perOperation(8 * nTurns, () => kernel.squareRoots(nTurns)),
    division: perOperation(8 * nTurns, () => kernel.divisions(nTurns)),
    multiplyAdd: perOperation(12 * nTurns, () => kernel.multiplyAdds(nTurns)),
    rowLoad: perVector(blockBytes, (n) => kernel.loads(blockBytes, n)),
    rowUpdate: update(blockBytes),
    adamUpdate: update(adamBytes),
  };
}

/** bench/assembly/limits.ts, compiled next to this file by tools/bench.mjs. */
function limitsKernel(dataBytes: number): LimitsKernel {
  const pages = 1 + Math.ceil(dataBytes / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages });
  const module = new WebAssembly.Module(readFileSync(new URL('./limits.wasm', import.meta.url)));
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as LimitsKernel;
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / 128) * 128;
}

function perOperation(nOperations: number, work: () => unknown): number {
  return (fastestOf(7, work) / nOperations) * 1e9;
}

function perVector(bytes: number, pass: (n: number) => unknown): number {
  const nPasses = Math.ceil((16 * nTurns) / bytes) * 8;
  return perOperation((nPasses * bytes) / 16, () => pass(nPasses));
}
