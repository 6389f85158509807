import { throwIfCancelled } from '../numerics/errors.js';
import { linearTrend } from '../numerics/statistics.js';
import { kernelMemory } from '../numerics/wasm.js';
import { Arena } from './arena.js';
import type { Embedding } from './embedding.js';
import { sposeKernel } from './kernel.js';
import { takeRunMemory } from './memory-layout.js';
import { prune } from './prune.js';
import { type FitData, writeProblem } from './records.js';
import { type FitOptions, type ResolvedFit, resolveFit } from './resolve.js';
import type { EpochState } from './results.js';
import { type FitSnapshot, Trainer } from './trainer.js';

/** The end of a fit. */
export interface FitResult {
  readonly embedding: Embedding;
  readonly curve: readonly EpochState[];
  readonly fit: ResolvedFit;
  readonly seed: number;
  readonly stoppedEarly: boolean;
}

/** What a stopped fit needs to continue with the very numbers it would have had. */
export interface FitCheckpoint {
  readonly snapshot: FitSnapshot;
  readonly curve: readonly EpochState[];
}

/** Trials between looks at the clock and the stop signal. */
const trialsPerTurn = 200_000;

/**
 * Fits SPoSE on this thread (Zheng et al. 2019, arXiv:1901.02915; P1 Eq. 2-3). Yields the state of every epoch and
 * returns the pruned, sorted embedding. Runs in Node, in workers and in browsers; same data, options and seed give the same bytes.
 *
 * The objective is batch-mean cross-entropy + (lambda / nStimuli) sum |W|, with W >= 0 by projection or
 * + 0.01 sum relu(-W) by penalty; Adam; trials in a new random order each epoch, the last partial batch left out.
 *
 * @throws AffectomeError `cancelled` when the signal fires; the last `checkpoint` then continues the fit.
 */
export async function* fit(
  data: FitData,
  options: FitOptions,
  seed: number,
  { signal, checkpoint, onCheckpoint }: FitWatch = {},
): AsyncGenerator<EpochState, FitResult> {
  const resolved = resolveFit(options, data.training.nStimuli, data.training.nTrials);
  const memory = kernelMemory(0);
  const arena = new Arena(memory);
  const problem = writeProblem(arena, data);
  const place = takeRunMemory(arena, problem.nStimuli, problem.training, [resolved]);
  const trainer = new Trainer(sposeKernel(memory), memory, place, problem, resolved, seed);
  const turn = nextTurn();
  const run = epochs(trainer, resolved, checkpoint);
  for (;;) {
    const next = run.next();
    if (next.done) return { ...next.value, fit: resolved, seed };
    if (next.value.kind === 'epoch') {
      onCheckpoint?.(next.value.checkpoint);
      yield next.value.state;
    }
    await turn();
    throwIfCancelled(signal);
  }
}

export interface FitWatch {
  readonly signal?: AbortSignal;
  readonly checkpoint?: FitCheckpoint;
  readonly onCheckpoint?: (checkpoint: FitCheckpoint) => void;
}

export type EpochStep =
  | { readonly kind: 'batches' }
  | { readonly kind: 'epoch'; readonly state: EpochState; readonly checkpoint: FitCheckpoint };

/** How one member of a team takes part in an epoch; a team of one unless told otherwise. */
export interface TeamTurn {
  /** Runs `nBatches` from `firstBatch` with all members; returns the summed cross-entropy. */
  steps(trainer: Trainer, firstBatch: number, nBatches: number): number;
}

const alone: TeamTurn = {
  steps: (trainer, firstBatch, nBatches) => trainer.steps(firstBatch, nBatches, 0, 1, [0, trainer.nBlocks]),
};

/** The epochs of a fit as small turns, so that whoever drives it can stop, draw or sleep in between. */
export function* epochs(
  trainer: Trainer,
  fit: ResolvedFit,
  checkpoint: FitCheckpoint | undefined,
  team: TeamTurn = alone,
): Generator<EpochStep, Pick<FitResult, 'embedding' | 'curve' | 'stoppedEarly'>> {
  let snapshot = checkpoint?.snapshot ?? trainer.initialSnapshot();
  const curve = [...(checkpoint?.curve ?? [])];
  const before = curve.at(-1)?.secondsElapsed ?? 0;
  const start = performance.now();
  trainer.restore(snapshot);
  const turnBatches = Math.max(1, Math.floor(trialsPerTurn / fit.batchSize));
  while (snapshot.epoch < fit.epochs && !hasSettled(curve, fit)) {
    const epoch = snapshot.epoch + 1;
    trainer.startEpoch(epoch);
    let crossEntropy = 0;
    for (let batch = 0; batch < trainer.nBatches; batch += turnBatches) {
      crossEntropy += team.steps(trainer, batch, Math.min(turnBatches, trainer.nBatches - batch));
      yield { kind: 'batches' };
    }
    const seconds = before + (performance.now() - start) / 1000;
    const end = trainer.finishEpoch(epoch, crossEntropy, seconds);
    snapshot = end.snapshot;
    curve.push(end.state);
    yield { kind: 'epoch', state: end.state, checkpoint: { snapshot, curve: [...curve] } };
  }
  const embedding = prune(snapshot.weights, snapshot.nComponents, fit.pruneBelow);
  return { embedding, curve, stoppedEarly: curve.length < fit.epochs };
}

/** The published rule: stop when the line through the last `window` training losses rises or has p > .1. */
function hasSettled(curve: readonly EpochState[], fit: ResolvedFit): boolean {
  const window = fit.earlyStopping?.window;
  if (window === undefined || curve.length < window) return false;
  const { slope, p } = linearTrend(curve.slice(-window).map((state) => state.loss));
  return slope > 0 || p > 0.1;
}

/** Lets timers and signals run, at most once every 50 ms. */
function nextTurn(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < 50) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
