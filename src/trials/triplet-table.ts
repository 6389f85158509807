import type { Trials } from './trials.js';

/** Open-addressing table of canonical triplets that live in an array; for any number of stimuli. */
export class TripletTable {
  private readonly slots: Uint32Array;
  private readonly mask: number;

  /** Room for `capacity` trials of `triplets` (3 numbers each). */
  constructor(
    private readonly triplets: Uint32Array,
    capacity: number,
  ) {
    const nSlots = 2 ** Math.ceil(Math.log2(Math.max(8, 1.5 * capacity)));
    this.slots = new Uint32Array(nSlots);
    this.mask = nSlots - 1;
  }

  /** The first trial with the same triplet as `trial`, which is `trial` itself, now entered, when there is none. */
  enter(trial: number): number {
    const slot = this.slotOf(this.triplets, trial);
    if (this.slots[slot] === 0) this.slots[slot] = trial + 1;
    return this.slots[slot] - 1;
  }

  /** The entered trial with the triplet at `trial` of another array; -1 when there is none. */
  find(others: Uint32Array, trial: number): number {
    return this.slots[this.slotOf(others, trial)] - 1;
  }

  private slotOf(source: Uint32Array, trial: number): number {
    const { slots, mask, triplets } = this;
    const i = source[3 * trial];
    const j = source[3 * trial + 1];
    const k = source[3 * trial + 2];
    let slot = hash(i, j, k) & mask;
    while (slots[slot] !== 0) {
      const at = 3 * (slots[slot] - 1);
      if (triplets[at] === i && triplets[at + 1] === j && triplets[at + 2] === k) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

function hash(i: number, j: number, k: number): number {
  let h = Math.imul(i, 0x9e3779b1) ^ Math.imul(j, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(k, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 13), 0x297a2d39);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Trials that ask the same triplet, in whatever shown order, in one group; groups are numbered by first appearance. */
export function groupTriplets({ nTrials, triplets }: Pick<Trials, 'nTrials' | 'triplets'>): {
  group: Uint32Array;
  nGroups: number;
} {
  const table = new TripletTable(triplets, nTrials);
  const group = new Uint32Array(nTrials);
  let nGroups = 0;
  for (let trial = 0; trial < nTrials; trial++) {
    const first = table.enter(trial);
    group[trial] = first === trial ? nGroups++ : group[first];
  }
  return { group, nGroups };
}

/** How many trials ask a triplet that an earlier trial has asked already. */
export function countRepeats(trials: Trials): number {
  return trials.nTrials - groupTriplets(trials).nGroups;
}

/** Marks (1) the trials of `a` whose triplet `b` asks too, e.g. the training trials that validation must not meet. */
export function markShared(a: Trials, b: Trials): Uint8Array {
  const table = new TripletTable(b.triplets, b.nTrials);
  for (let trial = 0; trial < b.nTrials; trial++) table.enter(trial);
  const marks = new Uint8Array(a.nTrials);
  for (let trial = 0; trial < a.nTrials; trial++) if (table.find(a.triplets, trial) >= 0) marks[trial] = 1;
  return marks;
}
