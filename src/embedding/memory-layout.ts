import type { Key } from '../numerics/random.js';
import { type Arena, slackBytes } from './arena.js';
import type { ResolvedFit } from './resolve.js';

/** Records of one set of trials in shared memory: three indices, then three targets if soft. */
export interface Records {
  readonly at: number;
  readonly nRecords: number;
  readonly words: 3 | 6;
}

/** A block of at most sixteen components: which columns it holds and where its four arrays are. */
export interface BlockPlace {
  readonly firstColumn: number;
  readonly width: number;
  readonly weights: number;
  readonly gradients: number;
  readonly firstMoments: number;
  readonly secondMoments: number;
}

/** Where one fit lives. The kernel reads it as the records `Run` and `Block` of assembly/run.ts: keep them in step. */
export interface RunMemory {
  readonly run: number;
  readonly blockTable: number;
  readonly shuffled: number;
  readonly scratch: number;
  readonly arrays: readonly [number, number, number, number];
  readonly similarities: number;
  readonly coefficients: number;
  readonly batchStride: number;
  readonly nMembers: number;
}

const blockColumns = 16;
const blockBytes = 20;
const runBytes = 96;
const learningRateOffset = 16 + 13 * 4;

export function blockCount(nComponents: number): number {
  return Math.ceil(nComponents / blockColumns);
}

/** Takes all the memory that any of `fits`, run one after another, ever needs. */
export function takeRunMemory(
  arena: Arena,
  nStimuli: number,
  training: Records,
  fits: readonly ResolvedFit[],
  nMembers = 1,
): RunMemory {
  const nBlocks = blockCount(Math.max(...fits.map((fit) => fit.components)));
  const batchStride = Math.ceil(Math.max(...fits.map((fit) => fit.batchSize)) / 4) * 4;
  const array = () => arena.take(nBlocks * (nStimuli * blockColumns * 4 + slackBytes));
  return {
    run: arena.take(runBytes),
    blockTable: arena.take(nBlocks * blockBytes),
    shuffled: arena.take(training.nRecords * training.words * 4 + slackBytes),
    scratch: arena.take(1024),
    arrays: [array(), array(), array(), array()],
    similarities: arena.take(2 * nBlocks * batchStride * 16),
    coefficients: arena.take(nMembers * batchStride * 16),
    batchStride,
    nMembers,
  };
}

/** Splits `nComponents` columns into blocks of sixteen and a rest, each array of a block on its own cache lines. */
export function placeBlocks(memory: RunMemory, nStimuli: number, nComponents: number): BlockPlace[] {
  const blocks: BlockPlace[] = [];
  const stride = nStimuli * blockColumns * 4 + slackBytes;
  for (let firstColumn = 0; firstColumn < nComponents; firstColumn += blockColumns) {
    const offset = Math.ceil(((firstColumn / blockColumns) * stride) / 64) * 64;
    const [weights, gradients, firstMoments, secondMoments] = memory.arrays.map((start) => start + offset);
    const width = Math.min(blockColumns, nComponents - firstColumn);
    blocks.push({ firstColumn, width, weights, gradients, firstMoments, secondMoments });
  }
  return blocks;
}

/** Writes the kernel's `Run` and `Block` records. */
export function writeRun(
  view: DataView,
  memory: RunMemory,
  blocks: readonly BlockPlace[],
  nStimuli: number,
  words: number,
  fit: ResolvedFit,
  stepsDone: number,
): void {
  view.setFloat64(memory.run, fit.beta1, true);
  view.setFloat64(memory.run + 8, fit.beta2, true);
  let at = memory.run + 16;
  const word = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  const real = (value: number) => {
    view.setFloat32(at, value, true);
    at += 4;
  };
  for (const value of [memory.shuffled, words, nStimuli, fit.batchSize, blocks.length, memory.blockTable])
    word(value);
  for (const value of [memory.similarities, memory.coefficients, memory.batchStride]) word(value);
  word(fit.nonNegativity === 'penalty' ? 1 : 0);
  real(fit.sparsity);
  real(fit.nonNegativity === 'penalty' ? fit.positivity : 0);
  for (const value of [fit.epsilon, fit.learningRate]) real(value);
  word(stepsDone);
  at = memory.blockTable;
  for (const block of blocks) {
    word(block.width);
    for (const place of [block.weights, block.gradients, block.firstMoments, block.secondMoments])
      word(place);
  }
}

/** Changes the learning rate of a run whose record is already written. */
export function writeLearningRate(view: DataView, memory: RunMemory, learningRate: number): void {
  view.setFloat32(memory.run + learningRateOffset, learningRate, true);
}

/** The four words that start a kernel's generator from a key. */
export function seedWords(key: Key): [number, number, number, number] {
  return [key[0], key[1], key[2], key[3] || 1];
}
