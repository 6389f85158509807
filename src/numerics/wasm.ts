import { environmentError } from './errors.js';

/**
 * Loading kernels. A kernel is WebAssembly in base64 inside an ES module, so that the same bytes load in Node, in workers
 * and in browsers (where shared memory needs a cross-origin isolated page) without any file access.
 */
const pageBytes = 65536;
const maxPages = 65536;

/** Where a kernel's caller may put its data: the first page belongs to the kernel. */
export const firstFreeByte = pageBytes;

/**
 * A shared memory with room for `dataBytes` from `firstFreeByte` on, all zero.
 * @throws AffectomeError `environment` beyond the 4 GiB that 32-bit WebAssembly can address, or when there is no such memory.
 */
export function kernelMemory(dataBytes: number): WebAssembly.Memory {
  const pages = Math.ceil((firstFreeByte + dataBytes) / pageBytes);
  if (pages > maxPages) throw tooLarge(dataBytes, 'a kernel can address 4 GB');
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: maxPages, shared: true });
  } catch (cause) {
    throw tooLarge(dataBytes, 'that much shared memory is not available here', cause);
  }
}

/** Makes room for data up to byte `end`. */
export function growKernelMemory(memory: WebAssembly.Memory, end: number): void {
  const missing = end - memory.buffer.byteLength;
  if (missing <= 0) return;
  try {
    memory.grow(Math.ceil(missing / pageBytes));
  } catch (cause) {
    throw tooLarge(end, 'a kernel can address 4 GB', cause);
  }
}

/** Makes `bytes` more room and returns where it begins: new memory that no other thread was given. */
export function growKernelMemoryBy(memory: WebAssembly.Memory, bytes: number): number {
  try {
    return memory.grow(Math.ceil(bytes / pageBytes)) * pageBytes;
  } catch (cause) {
    throw tooLarge(memory.buffer.byteLength + bytes, 'a kernel can address 4 GB', cause);
  }
}

function tooLarge(dataBytes: number, reason: string, cause?: unknown) {
  return environmentError({
    problem: `This needs ${(dataBytes / 1e9).toFixed(1)} GB of shared memory; ${reason}.`,
    remedy: 'Use fewer stimuli or trials, or a machine with more memory.',
    cause,
  });
}

/** Compiles a kernel; keep the module and instantiate it per memory. */
export function compileKernel(base64: string): WebAssembly.Module {
  const text = atob(base64);
  return new WebAssembly.Module(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

/** The functions of a kernel over `memory`. A failed allocation inside a kernel is a defect, never an input error. */
export function instantiateKernel<Functions>(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Functions {
  const abort = () => {
    throw new Error('A kernel stopped.');
  };
  return new WebAssembly.Instance(module, { env: { memory, abort } }).exports as Functions;
}
