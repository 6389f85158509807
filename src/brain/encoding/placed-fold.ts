import { type Arena, slackBytes } from '../../embedding/arena.js';
import type { Skeleton } from './skeleton.js';
import type { Split } from './split.js';

/** One outer fold. Its arrays lie in the memory of the plan: their `byteOffset` is what the kernel takes. */
export interface PlacedFold {
  readonly inner: readonly Split[];
  readonly outer: Split;
  readonly skeleton: Skeleton;
  /** 1 / (d + alpha) for every skeleton alpha of each inner split: nChosen x size. */
  readonly factors: readonly Float64Array[];
}

/** Copies what the kernel reads into memory. */
export function placeSplit(arena: Arena, split: Split): Split {
  return {
    ...split,
    projection: placeNumbers(arena, split.projection),
    form: placeNumbers(arena, split.form),
    meanTrain: placeNumbers(arena, split.meanTrain),
    meanValid: placeNumbers(arena, split.meanValid),
    shift: placeNumbers(arena, split.shift),
  };
}

/** A copy in kernel memory. */
export function placeNumbers(arena: Arena, numbers: Float64Array): Float64Array {
  const at = arena.take(8 * numbers.length + slackBytes);
  const placed = new Float64Array(arena.memory.buffer, at, numbers.length);
  placed.set(numbers);
  return placed;
}
