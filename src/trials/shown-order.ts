import { type Key, Random } from '../numerics/random.js';
import { shownOrders, type Trials, unknownOrder } from './trials.js';

const nOrders = shownOrders.length;

/** The 720 orders of the six codes, one after the other. */
const blocks = permutations(nOrders);

/**
 * A shown order for each of `nTrials`, in permuted blocks: every six trials in a row have all six orders, in random order,
 * so that each stimulus of a triplet is shown first, second and third equally often, over the whole set and in any part of it.
 */
export function balancedOrders(nTrials: number, key: Key): Uint8Array {
  const random = new Random(key);
  const nBlocks = blocks.length / nOrders;
  const result = new Uint8Array(nTrials);
  for (let start = 0; start < nTrials; start += nOrders) {
    const block = random.below(nBlocks) * nOrders;
    const end = Math.min(nOrders, nTrials - start);
    for (let place = 0; place < end; place++) result[start + place] = blocks[block + place];
  }
  return result;
}

/** The same triplets with balanced shown orders drawn anew, e.g. for triplets from a file, which does not say how they were shown. */
export function withBalancedOrders(trials: Trials, key: Key): Trials {
  return { ...trials, shownOrder: balancedOrders(trials.nTrials, key) };
}

/** The same triplets without shown orders, for answers of which nobody recorded how the triplets were shown. */
export function withUnknownOrders(trials: Trials): Trials {
  return { ...trials, shownOrder: new Uint8Array(trials.nTrials).fill(unknownOrder) };
}

/** All orders of 0..count-1, one after the other. */
function permutations(count: number): Uint8Array {
  let rows: number[][] = [[]];
  for (let item = 0; item < count; item++) {
    rows = rows.flatMap((row) => Array.from({ length: item + 1 }, (_, at) => row.toSpliced(at, 0, item)));
  }
  return Uint8Array.from(rows.flat());
}
