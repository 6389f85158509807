import { configError } from '../numerics/errors.js';
import { keyOf, Random, split } from '../numerics/random.js';
import type { SposeKernel } from './kernel.js';
import {
  type BlockPlace,
  placeBlocks,
  type Records,
  type RunMemory,
  seedWords,
  writeLearningRate,
  writeRun,
} from './memory-layout.js';
import type { ResolvedFit } from './resolve.js';
import type { EpochState } from './results.js';

/** Everything that a fit needs to go on from the end of an epoch, row after row: nStimuli x nComponents each. */
export interface FitSnapshot {
  readonly epoch: number;
  readonly stepsDone: number;
  readonly nComponents: number;
  readonly weights: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
}

export interface Problem {
  readonly nStimuli: number;
  readonly training: Records;
  readonly heldOut: Records;
}

/** One SPoSE fit inside a shared memory: moves weights in and out of the kernel's blocks and measures epochs. */
export class Trainer {
  readonly nBatches: number;
  private blocks: BlockPlace[] = [];
  private nComponents = 0;
  private stepsDone = 0;

  constructor(
    private readonly kernel: SposeKernel,
    private readonly memory: WebAssembly.Memory,
    private readonly place: RunMemory,
    private readonly problem: Problem,
    private readonly fit: ResolvedFit,
    private readonly seed: number,
  ) {
    this.nBatches = Math.floor(problem.training.nRecords / fit.batchSize);
  }

  get nBlocks(): number {
    return this.blocks.length;
  }

  /** The weights before the first step: normal(0.1, 0.01), as the published code. */
  initialSnapshot(): FitSnapshot {
    const length = this.problem.nStimuli * this.fit.components;
    const random = new Random(split(keyOf(this.seed), 'spose', 'initial weights'));
    const weights = Float32Array.from({ length }, () => 0.1 + 0.01 * random.normal());
    if (this.fit.nonNegativity === 'projection')
      for (let i = 0; i < length; i++) weights[i] = Math.max(0, weights[i]);
    return {
      epoch: 0,
      stepsDone: 0,
      nComponents: this.fit.components,
      weights,
      firstMoments: new Float32Array(length),
      secondMoments: new Float32Array(length),
    };
  }

  restore(snapshot: FitSnapshot): void {
    this.nComponents = snapshot.nComponents;
    this.stepsDone = snapshot.stepsDone;
    this.blocks = placeBlocks(this.place, this.problem.nStimuli, snapshot.nComponents);
    this.clear();
    this.scatter(snapshot.weights, 'weights');
    this.scatter(snapshot.firstMoments, 'firstMoments');
    this.scatter(snapshot.secondMoments, 'secondMoments');
    const view = new DataView(this.memory.buffer);
    writeRun(
      view,
      this.place,
      this.blocks,
      this.problem.nStimuli,
      this.problem.training.words,
      this.fit,
      this.stepsDone,
    );
  }

  snapshot(epoch: number): FitSnapshot {
    return {
      epoch,
      stepsDone: this.stepsDone,
      nComponents: this.nComponents,
      weights: this.gather('weights'),
      firstMoments: this.gather('firstMoments'),
      secondMoments: this.gather('secondMoments'),
    };
  }

  /** Puts the records of this epoch in their order, which depends on seed and epoch alone, and sets its learning rate. */
  startEpoch(epoch: number): void {
    const rate = this.fit.learningRate * rateFactor(epoch, this.fit);
    writeLearningRate(new DataView(this.memory.buffer), this.place, rate);
    const { at, nRecords, words } = this.problem.training;
    const key = seedWords(split(keyOf(this.seed), 'spose', 'order', epoch));
    this.kernel.shuffle(at, this.place.shuffled, nRecords, words, this.place.scratch, ...key);
  }

  /** Makes `nBatches` steps on this thread; returns their summed cross-entropy. */
  steps(
    firstBatch: number,
    nBatches: number,
    member: number,
    nMembers: number,
    blocks: [number, number],
  ): number {
    const sum = this.kernel.steps(this.place.run, firstBatch, nBatches, member, nMembers, ...blocks);
    this.stepsDone += nBatches;
    return sum;
  }

  /** Closes an epoch: drops dead components, measures. `crossEntropySum` is summed over all trials of the epoch. */
  finishEpoch(
    epoch: number,
    crossEntropySum: number,
    secondsElapsed: number,
  ): { state: EpochState; snapshot: FitSnapshot } {
    let snapshot = this.snapshot(epoch);
    const crossEntropy = crossEntropySum / (this.nBatches * this.fit.batchSize);
    if (!Number.isFinite(crossEntropy) || !hasNumbers(snapshot)) throw diverged(epoch, this.fit);
    const alive = this.fit.nonNegativity === 'projection' ? withoutDead(snapshot) : snapshot;
    if (alive.nComponents < snapshot.nComponents) {
      snapshot = alive;
      this.restore(snapshot);
    }
    const penalty = penaltyOf(snapshot.weights, this.fit);
    const { weights, nComponents } = snapshot;
    const state: EpochState = {
      epoch,
      loss: crossEntropy + penalty,
      crossEntropy,
      ...this.scoreHeldOut(),
      nComponents: componentMaxima(weights, nComponents).filter((top) => top > this.fit.pruneBelow).length,
      secondsElapsed,
    };
    return { state, snapshot };
  }

  private scoreHeldOut(): { heldOutAccuracy: number; heldOutCrossEntropy: number } {
    const { at, nRecords } = this.problem.heldOut;
    if (nRecords === 0) return { heldOutAccuracy: Number.NaN, heldOutCrossEntropy: Number.NaN };
    this.kernel.score(this.place.run, at, nRecords, this.place.scratch);
    const view = new DataView(this.memory.buffer, this.place.scratch, 16);
    return {
      heldOutAccuracy: view.getUint32(8, true) / nRecords,
      heldOutCrossEntropy: view.getFloat64(0, true) / nRecords,
    };
  }

  private clear(): void {
    for (const block of this.blocks) {
      for (const at of [block.weights, block.gradients, block.firstMoments, block.secondMoments]) {
        const length = Math.ceil((this.problem.nStimuli * block.width) / 16) * 16;
        new Float32Array(this.memory.buffer, at, length).fill(0);
      }
    }
  }

  private scatter(values: Float32Array, name: 'weights' | 'firstMoments' | 'secondMoments'): void {
    for (const block of this.blocks) {
      const target = new Float32Array(this.memory.buffer, block[name], this.problem.nStimuli * block.width);
      for (let i = 0; i < this.problem.nStimuli; i++) {
        const from = i * this.nComponents + block.firstColumn;
        target.set(values.subarray(from, from + block.width), i * block.width);
      }
    }
  }

  private gather(name: 'weights' | 'firstMoments' | 'secondMoments'): Float32Array {
    const values = new Float32Array(this.problem.nStimuli * this.nComponents);
    for (const block of this.blocks) {
      const source = new Float32Array(this.memory.buffer, block[name], this.problem.nStimuli * block.width);
      for (let i = 0; i < this.problem.nStimuli; i++) {
        const row = source.subarray(i * block.width, (i + 1) * block.width);
        values.set(row, i * this.nComponents + block.firstColumn);
      }
    }
    return values;
  }
}

/** 1 throughout, or 1 for the first half of the epochs and then on a straight line towards 0. */
export function rateFactor(
  epoch: number,
  { schedule, epochs }: Pick<ResolvedFit, 'schedule' | 'epochs'>,
): number {
  const done = (epoch - 1) / epochs;
  return schedule === 'constant' || done < 0.5 ? 1 : 2 * (1 - done);
}

/**
 * Whether weights and moments are numbers. Projection turns a weight that is none into 0, so that only its moments show it.
 */
function hasNumbers({ weights, firstMoments, secondMoments }: FitSnapshot): boolean {
  return [weights, firstMoments, secondMoments].every((values) => values.every(Number.isFinite));
}

function diverged(epoch: number, fit: ResolvedFit) {
  return configError({
    problem: `The fit diverged in epoch ${epoch}: its loss or its weights are no longer numbers at learning rate ${fit.learningRate}.`,
    where: { field: 'embedding.learningRate' },
    remedy: 'Use a smaller learning rate; "auto" suits most data.',
  });
}

/** The largest weight of each component. */
export function componentMaxima(weights: Float32Array, nComponents: number): number[] {
  const maxima = new Array<number>(nComponents).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < weights.length; i++) {
    const component = i % nComponents;
    if (weights[i] > maxima[component]) maxima[component] = weights[i];
  }
  return maxima;
}

/**
 * Under projection a component that is zero everywhere with no negative first moment has no data gradient and can
 * never leave zero again; leaving it out changes nothing but the time taken. At least one component stays.
 */
function withoutDead(snapshot: FitSnapshot): FitSnapshot {
  const { nComponents, weights, firstMoments } = snapshot;
  const isAlive = new Uint8Array(nComponents);
  for (let i = 0; i < weights.length; i++)
    if (weights[i] > 0 || firstMoments[i] < 0) isAlive[i % nComponents] = 1;
  const alive = [...isAlive.keys()].filter((component) => isAlive[component]);
  if (alive.length === 0) alive.push(0);
  if (alive.length === nComponents) return snapshot;
  const take = (values: Float32Array) => takeColumns(values, nComponents, alive);
  return {
    ...snapshot,
    nComponents: alive.length,
    weights: take(weights),
    firstMoments: take(firstMoments),
    secondMoments: take(snapshot.secondMoments),
  };
}

/** The columns named by `columns`, in that order, of a row-after-row array. */
export function takeColumns(
  values: Float32Array,
  nColumns: number,
  columns: readonly number[],
): Float32Array {
  const nRows = values.length / nColumns;
  const result = new Float32Array(nRows * columns.length);
  for (let r = 0; r < nRows; r++) {
    for (let c = 0; c < columns.length; c++)
      result[r * columns.length + c] = values[r * nColumns + columns[c]];
  }
  return result;
}

function penaltyOf(weights: Float32Array, fit: ResolvedFit): number {
  let absolute = 0;
  let negative = 0;
  for (let i = 0; i < weights.length; i++) {
    absolute += Math.abs(weights[i]);
    if (weights[i] < 0) negative -= weights[i];
  }
  return fit.sparsity * absolute + (fit.nonNegativity === 'penalty' ? fit.positivity * negative : 0);
}
