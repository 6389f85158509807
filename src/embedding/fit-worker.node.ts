// One thread of a fit. The leader of a team takes jobs and drives their epochs; the other members follow its steps.
import { parentPort, workerData } from 'node:worker_threads';
import { AffectomeError, type ErrorCode, type Where } from '../numerics/errors.js';
import { epochs, type FitCheckpoint, type FitResult, type TeamTurn } from './fit.js';
import { type SposeKernel, sposeKernel } from './kernel.js';
import type { RunMemory } from './memory-layout.js';
import type { ResolvedFit } from './resolve.js';
import type { EpochState } from './results.js';
import { blocksOf } from './team.js';
import { type Problem, Trainer } from './trainer.js';

export interface WorkerStart {
  readonly memory: WebAssembly.Memory;
  readonly problem: Problem;
  readonly place: RunMemory;
  /** Int32 [0]: 1 when everyone should stop. */
  readonly control: SharedArrayBuffer;
  /** Int32 [first batch, number of batches, number of blocks]: what the leader tells its team before each turn. */
  readonly orders: SharedArrayBuffer;
  readonly team: number;
  readonly member: number;
  readonly nMembers: number;
  readonly checkpointSeconds: number;
}

export interface JobOrder {
  readonly job: number;
  readonly seed: number;
  readonly fit: ResolvedFit;
  readonly checkpoint?: FitCheckpoint;
}

export type FromWorker =
  | { readonly kind: 'epoch'; readonly job: number; readonly state: EpochState }
  | { readonly kind: 'checkpoint'; readonly job: number; readonly checkpoint: FitCheckpoint }
  | ({ readonly kind: 'done'; readonly job: number } & Pick<
      FitResult,
      'embedding' | 'curve' | 'stoppedEarly'
    >)
  | { readonly kind: 'stopped'; readonly job: number }
  | {
      readonly kind: 'failed';
      readonly job: number;
      readonly error: { code?: ErrorCode; problem: string; where?: Where; remedy?: string };
    };

const start = workerData as WorkerStart;
const kernel = sposeKernel(start.memory);
const control = new Int32Array(start.control);
const orders = new Int32Array(start.orders);

if (start.member === 0) parentPort!.on('message', lead);
else follow(kernel);

function post(message: FromWorker): void {
  parentPort!.postMessage(message);
}

function lead(order: JobOrder): void {
  try {
    runJob(order);
  } catch (error) {
    post({ kind: 'failed', job: order.job, error: portable(error) });
  }
}

function runJob({ job, seed, fit, checkpoint }: JobOrder): void {
  const trainer = new Trainer(kernel, start.memory, start.place, start.problem, fit, seed);
  const run = epochs(trainer, fit, checkpoint, start.nMembers > 1 ? teamTurn(kernel) : undefined);
  let last = checkpoint;
  let saved = performance.now();
  for (;;) {
    const { done, value } = run.next();
    if (done) {
      post({ kind: 'done', job, ...value });
      return;
    }
    if (value.kind === 'epoch') {
      post({ kind: 'epoch', job, state: value.state });
      last = value.checkpoint;
      if (performance.now() - saved > 1000 * start.checkpointSeconds) {
        post({ kind: 'checkpoint', job, checkpoint: last });
        saved = performance.now();
      }
    }
    if (Atomics.load(control, 0) === 1) {
      if (last) post({ kind: 'checkpoint', job, checkpoint: last });
      post({ kind: 'stopped', job });
      return;
    }
  }
}

function teamTurn(kernel: SposeKernel): TeamTurn {
  const { place, nMembers } = start;
  return {
    steps(trainer, firstBatch, nBatches) {
      orders.set([firstBatch, nBatches, trainer.nBlocks]);
      kernel.meet(place.run, nMembers);
      return trainer.steps(firstBatch, nBatches, 0, nMembers, blocksOf(0, nMembers, trainer.nBlocks));
    },
  };
}

function follow(kernel: SposeKernel): void {
  const { place, member, nMembers } = start;
  for (;;) {
    kernel.meet(place.run, nMembers);
    const [firstBatch, nBatches, nBlocks] = orders;
    kernel.steps(place.run, firstBatch, nBatches, member, nMembers, ...blocksOf(member, nMembers, nBlocks));
  }
}

function portable(error: unknown) {
  if (error instanceof AffectomeError) {
    return { code: error.code, problem: error.problem, where: error.where, remedy: error.remedy };
  }
  return { problem: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
