import type { Worker } from 'node:worker_threads';
import { AffectomeError, throwIfCancelled } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Watch } from '../../numerics/progress.js';
import { startWorker } from '../../numerics/start-worker.node.js';
import { checkResponses, type VoxelRange } from './block.js';
import { joinAlphaScores, sharedAlphas } from './choose-alpha.js';
import { encodingProgress, voxelRanges } from './encode.js';
import type { BlockOrder, FromEncoder } from './encode-worker.node.js';
import type { FeatureSet } from './feature-moments.js';
import type { EncodingOptions } from './options.js';
import { type EncodingPlan, planEncodingInTurns } from './plan.js';
import { requireMemory } from './plan-memory.js';
import { type EncodingBlock, type EncodingResult, joinBlocks } from './results.js';

export interface EncodingWatch extends Watch {
  readonly nWorkers: number;
  /** Every finished block of voxels, in no order: what a checkpoint keeps. */
  readonly onBlock?: (block: EncodingBlock) => void;
}

/**
 * `encode` on worker threads, which take blocks of voxels one after another. The same bytes as `encode` for any number of
 * workers. They share the plan; each holds a copy of one block of responses at a time, so that memory hardly grows with
 * their number.
 *
 * @throws AffectomeError as `encode`; `cancelled` when the signal fires; whatever a worker threw otherwise.
 */
export async function encodeInWorkers(
  sets: readonly FeatureSet[],
  responses: Matrix,
  { nWorkers, signal, onProgress, onBlock, ...options }: EncodingOptions & EncodingWatch,
): Promise<EncodingResult> {
  const watch = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
  const plan = await planEncodingInTurns(sets, { ...options, ...watch });
  return encodePlanned(plan, responses, { nWorkers, ...watch, ...(onBlock && { onBlock }) });
}

/** `encodeInWorkers` with a plan of `planEncoding`, for more than one subject or a part of the voxels. */
export async function encodePlanned(
  plan: EncodingPlan,
  responses: Matrix,
  { nWorkers, signal, onProgress, onBlock }: EncodingWatch,
): Promise<EncodingResult> {
  throwIfCancelled(signal);
  checkResponses(plan, responses, { firstVoxel: 0, nVoxels: responses.nColumns });
  const ranges = voxelRanges(responses.nColumns);
  const progress = encodingProgress(plan, responses.nColumns, onProgress);
  const nThreads = Math.max(1, Math.min(nWorkers, ranges.length));
  requireMemory(plan, nThreads);
  const workers = Array.from({ length: nThreads }, () =>
    startWorker(new URL('./encode-worker.node.js', import.meta.url), plan),
  );
  const run = (orderOf: (range: VoxelRange) => BlockOrder) =>
    runQueue(workers, ranges, orderOf, {
      signal,
      onMessage: (message, range) => {
        if (message.kind === 'encode') onBlock?.(message.block);
        progress(range.nVoxels);
      },
    });
  try {
    let shared: Uint32Array[] | undefined;
    if (plan.options.alphaFor === 'fold') {
      const scored = await run((range) => ({ kind: 'scores', range, data: columnsOf(responses, range) }));
      const scores = scored.flatMap((message) => (message.kind === 'scores' ? [message.scores] : []));
      shared = sharedAlphas(joinAlphaScores(scores), plan);
    }
    const encoded = await run((range) => ({
      kind: 'encode',
      range,
      data: columnsOf(responses, range),
      ...(shared && { shared }),
    }));
    const blocks = encoded.flatMap((message) => (message.kind === 'encode' ? [message.block] : []));
    return joinBlocks(blocks, plan);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** Has `workers` work through `ranges`; answers in the order of the ranges. */
function runQueue(
  workers: readonly Worker[],
  ranges: readonly VoxelRange[],
  orderOf: (range: VoxelRange) => BlockOrder,
  watch: { signal?: AbortSignal; onMessage: (message: FromEncoder, range: VoxelRange) => void },
): Promise<FromEncoder[]> {
  const answers = new Array<FromEncoder>(ranges.length);
  let [next, nDone] = [0, 0];
  return new Promise<FromEncoder[]>((resolve, reject) => {
    const stop = () => {
      try {
        throwIfCancelled(watch.signal);
      } catch (error) {
        reject(error);
      }
    };
    watch.signal?.addEventListener('abort', stop, { once: true });
    for (const worker of workers) {
      worker.removeAllListeners();
      let current = -1;
      const take = () => {
        if (next >= ranges.length || watch.signal?.aborted) return;
        current = next++;
        const order = orderOf(ranges[current]);
        worker.postMessage(order, [order.data.buffer as ArrayBuffer]);
      };
      worker.on('error', reject);
      worker.on('message', (message: FromEncoder) => {
        if (message.kind === 'failed') return reject(restoredError(message.error));
        answers[current] = message;
        watch.onMessage(message, ranges[current]);
        if (++nDone === ranges.length) {
          watch.signal?.removeEventListener('abort', stop);
          return resolve(answers);
        }
        return take();
      });
      take();
    }
    stop();
  });
}

/** A copy of consecutive columns, row after row. */
function columnsOf({ nRows, nColumns, data }: Matrix, { firstVoxel, nVoxels }: VoxelRange) {
  const length = nRows * nVoxels;
  const copy = data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
  for (let t = 0; t < nRows; t++) {
    const from = t * nColumns + firstVoxel;
    copy.set(data.subarray(from, from + nVoxels), t * nVoxels);
  }
  return copy;
}

/** Errors lose their class on the way between threads. */
function restoredError(error: Extract<FromEncoder, { kind: 'failed' }>['error']): Error {
  if (!error.code) return new Error(error.problem);
  return new AffectomeError(error.code, { problem: error.problem, where: error.where, remedy: error.remedy });
}
