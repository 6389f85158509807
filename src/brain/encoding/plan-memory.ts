import { slackBytes } from '../../embedding/arena.js';
import { environmentError } from '../../numerics/errors.js';
import { firstFreeByte } from '../../numerics/wasm.js';
import type { EncodingLayout } from './layout.js';
import { tileRowBytes } from './tile.js';

/** What 32-bit WebAssembly can address. */
const mostBytes = 2 ** 32;
/** Each array starts at a multiple of 64. */
const perArray = slackBytes + 64;

/** Bytes that an encoding takes, besides features and responses. */
export interface EncodingBytes {
  /** In the memory that all threads share. */
  readonly shared: number;
  /** Of each thread, in the same memory. */
  readonly perWorker: number;
  /** While the plan is made, elsewhere. */
  readonly planning: number;
}

export function encodingBytes({ nTrials, folds, alphas, sets }: EncodingLayout): EncodingBytes {
  const nAtoms = folds.starts.length - 1;
  const nRows = 4 * Math.ceil(alphas.length / 4);
  let [shared, planning] = [firstFreeByte, 0];
  let perWorker = (nTrials + 2 + 2 * nAtoms) * tileRowBytes + 5 * 64;
  for (const { size } of sets) {
    shared += 8 * size * nTrials + perArray;
    for (const { inner } of folds.folds) {
      shared += (inner.length + 1) * (16 * size * size + 24 * size + 5 * perArray);
      shared += inner.length * (8 * nRows * size + perArray) + 2 * (8 * nRows * nRows + perArray);
    }
    perWorker += ((nAtoms + 6) * size + 1 + 5 * nRows) * tileRowBytes + 13 * 64;
    planning = Math.max(planning, 8 * size * ((nAtoms + 6) * size + 2 * nTrials));
  }
  return { shared, perWorker, planning };
}

/** @throws AffectomeError `environment` when no thread could work beside what all share. */
export function requireMemory(layout: EncodingLayout, nWorkers = 1): void {
  const { shared, perWorker } = encodingBytes(layout);
  const needed = shared + nWorkers * perWorker;
  if (needed <= mostBytes) return;
  const { folds } = layout.folds;
  const nSplits = folds.reduce((sum, { inner }) => sum + inner.length + 1, 0);
  const largest = layout.sets.reduce((most, set) => (set.size > most.size ? set : most));
  throw environmentError({
    problem: `This encoding needs ${gigabytes(needed)} GB: ${nSplits} splits with two matrices of ${largest.size} x ${largest.size} for ${largest.name} (${gigabytes(nSplits * 16 * largest.size ** 2)} GB)${layout.sets.length > 1 ? ` and those of ${layout.sets.length - 1} more` : ''}; a kernel can address ${gigabytes(mostBytes)} GB.`,
    remedy:
      layout.sets.length > 1
        ? 'Encode fewer feature sets at a time, use fewer folds (cv), or fewer features (principal components).'
        : 'Use fewer folds (cv), fewer features (principal components), or fewer stimuli.',
  });
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
