/**
 * Whether two of the trials ask the same triplet, whatever the order of the stimuli in each; a tenth of a second for
 * seven million trials without repeats.
 * @param triplets 3 * nTrials stimulus indices below `nStimuli`, three different ones in each trial.
 */
export function hasRepeats(triplets: Uint32Array, nStimuli: number): boolean {
  const { starts, rest } = bySmallest(triplets, nStimuli);
  let largest = 0;
  for (let i = 0; i < nStimuli; i++) largest = Math.max(largest, starts[i + 1] - starts[i]);
  const slots = new Uint32Array(slotsFor(largest));
  for (let i = 0; i < nStimuli; i++) if (hasEqualPairs(rest, starts[i], starts[i + 1], slots)) return true;
  return false;
}

/**
 * The trials sorted by their smallest stimulus i: those of i lie at `starts[i]` up to `starts[i + 1]`, and `rest` holds
 * their two larger stimuli in ascending order. What is then compared lies close together in memory.
 */
function bySmallest(triplets: Uint32Array, nStimuli: number): { starts: Uint32Array; rest: Uint32Array } {
  const starts = new Uint32Array(nStimuli + 1);
  for (let at = 0; at < triplets.length; at += 3)
    starts[Math.min(triplets[at], triplets[at + 1], triplets[at + 2]) + 1]++;
  for (let i = 0; i < nStimuli; i++) starts[i + 1] += starts[i];
  const next = starts.slice();
  const rest = new Uint32Array((triplets.length / 3) * 2);
  for (let at = 0; at < triplets.length; at += 3) {
    const a = triplets[at];
    const b = triplets[at + 1];
    const c = triplets[at + 2];
    const low = Math.min(a, b, c);
    const high = Math.max(a, b, c);
    const to = 2 * next[low]++;
    rest[to] = a + b + c - low - high;
    rest[to + 1] = high;
  }
  return { starts, rest };
}

const slotsFor = (nPairs: number): number => 2 ** Math.ceil(Math.log2(2 * nPairs + 2));

/** Whether the pairs `start` up to `end` repeat, by an open-addressing table in `slots`. */
function hasEqualPairs(pairs: Uint32Array, start: number, end: number, slots: Uint32Array): boolean {
  const nSlots = slotsFor(end - start);
  slots.fill(0, 0, nSlots);
  for (let pair = start; pair < end; pair++) {
    const j = pairs[2 * pair];
    const k = pairs[2 * pair + 1];
    const mixed = Math.imul(Math.imul(j, 0x9e3779b1) + k, 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & (nSlots - 1);
    for (; slots[slot] !== 0; slot = (slot + 1) & (nSlots - 1)) {
      const entered = slots[slot] - 1;
      if (pairs[2 * entered] === j && pairs[2 * entered + 1] === k) return true;
    }
    slots[slot] = pair + 1;
  }
  return false;
}
