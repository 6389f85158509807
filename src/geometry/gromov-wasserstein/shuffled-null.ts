import { inputError } from '../../numerics/errors.js';
import { type Key, Random, split } from '../../numerics/random.js';
import type { Alignment } from './align.js';
import type { StimulusWeights } from './problem.js';
import { type Structure, sizeOf } from './structure.js';

export interface ShuffledNullOptions {
  readonly nShuffles: number;
  readonly key: Key;
  readonly weights?: StimulusWeights;
  /** One whole search: `align` or `alignOnWorkers` with the observed search's options, drawing from `key`. */
  readonly search: (target: Structure, weights: StimulusWeights, key: Key) => Promise<Alignment>;
  /** What is compared: item top-1, category top-1, ... of an alignment evaluated against the unshuffled order. */
  readonly statistic: (alignment: Alignment) => number;
}

export interface ShuffledNull {
  /** The statistic of every shuffled search. */
  readonly values: Float64Array;
  /** (1 + number of shuffled values >= observed) / (1 + nShuffles). */
  readonly p: number;
  readonly observed: number;
}

/**
 * What the same selection gives when it cannot know: the target's stimuli are permuted and the whole search, starts, epsilons
 * and choice of the best trial, is repeated; its plan is then held against the unshuffled order.
 *
 * @throws AffectomeError `input`; whatever the search throws.
 */
export async function shuffledNull(
  target: Structure,
  observed: number,
  options: ShuffledNullOptions,
): Promise<ShuffledNull> {
  const { nShuffles, key, weights = {}, search, statistic } = options;
  if (!(nShuffles >= 1))
    throw inputError({ problem: `${nShuffles} shuffles are asked; at least 1 is needed.` });
  const values = new Float64Array(nShuffles);
  for (let shuffle = 0; shuffle < nShuffles; shuffle++) {
    const stream = split(key, 'shuffled null', shuffle);
    const order = shuffledOrder(sizeOf(target), stream);
    const moved = {
      ...weights,
      target: weights.target && Float64Array.from(order, (i) => weights.target![i]),
    };
    values[shuffle] = statistic(await search(takeStructure(target, order), moved, split(stream, 'search')));
  }
  return nullOf(values, observed);
}

/** Which target stimulus each place gets in one shuffle. */
export function shuffledOrder(n: number, stream: Key): Uint32Array {
  return new Random(split(stream, 'order')).shuffle(Uint32Array.from({ length: n }, (_, i) => i));
}

/** An undefined value counts as at least as high. */
export function nullOf(values: Float64Array, observed: number): ShuffledNull {
  const nBelow = values.reduce((count, value) => count + (value < observed ? 1 : 0), 0);
  return { values, observed, p: (1 + values.length - nBelow) / (1 + values.length) };
}

/** The stimuli `indices` of one side, in that order. */
export function takeStructure(structure: Structure, indices: ArrayLike<number>): Structure {
  const n = sizeOf(structure);
  for (let at = 0; at < indices.length; at++)
    if (!(indices[at] >= 0 && indices[at] < n))
      throw inputError({ problem: `Stimulus ${indices[at]} is asked; there are ${n}, counted from 0.` });
  const { nColumns, data } = structure.kind === 'rdm' ? structure.rdm : structure.vectors;
  const columns = structure.kind === 'rdm' ? indices : Array.from({ length: nColumns }, (_, c) => c);
  const taken = new Float64Array(indices.length * columns.length);
  for (let i = 0; i < indices.length; i++)
    for (let c = 0; c < columns.length; c++)
      taken[i * columns.length + c] = data[indices[i] * nColumns + columns[c]];
  const matrix = { nRows: indices.length, nColumns: columns.length, data: taken };
  return structure.kind === 'rdm' ? { kind: 'rdm', rdm: matrix } : { ...structure, vectors: matrix };
}

/**
 * The `n` stimuli on which both sides agree best, best first (P2, Table 2: "Top 100", "Top 250", "All").
 * @param agreement one number per stimulus, for example the correlation of both sides' ratings of it.
 * @throws AffectomeError `input`
 */
export function mostAgreed(agreement: ArrayLike<number>, n: number): Uint32Array {
  for (let i = 0; i < agreement.length; i++)
    if (!Number.isFinite(agreement[i]))
      throw inputError({
        problem: `The agreement on stimulus ${i + 1} is ${agreement[i]}; numbers are expected.`,
      });
  if (!(Number.isInteger(n) && n >= 2 && n <= agreement.length))
    throw inputError({
      problem: `Top ${n} of ${agreement.length} stimuli is asked; at least 2 and no more than there are.`,
    });
  const order = Uint32Array.from({ length: agreement.length }, (_, i) => i);
  return order.sort((a, b) => agreement[b] - agreement[a] || a - b).subarray(0, n);
}
