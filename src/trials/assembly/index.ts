// Kernel of the dyad sampler: the same draws as src/trials/dyads-reference.ts, about 20 times as fast.
// Pointers are byte offsets into the imported shared memory; all tables hold u32.

// State of xoshiro128** 1.1, continued from src/numerics/random.ts.
let s0: u32 = 0;
let s1: u32 = 0;
let s2: u32 = 0;
let s3: u32 = 0;

/** Takes over the four words of a Random. */
export function seed(a: u32, b: u32, c: u32, d: u32): void {
  s0 = a;
  s1 = b;
  s2 = c;
  s3 = d;
}

// @ts-ignore: decorator
@inline
function uint32(): u32 {
  const held = s1;
  const result = rotl<u32>(held * 5, 7) * 9;
  const a = s2 ^ s0;
  const b = s3 ^ held;
  s1 = held ^ a;
  s0 = s0 ^ b;
  s2 = a ^ (held << 9);
  s3 = rotl<u32>(b, 11);
  return result;
}

/** Random.below: the remainder that decides on rejection is only computed for draws within `bound` of 2^32. */
// @ts-ignore: decorator
@inline
function below(bound: u32): u32 {
  let draw = uint32();
  if (draw >= 0 - bound) {
    const last: u32 = 0 - ((0 - bound) % bound) - 1;
    while (draw > last) draw = uint32();
  }
  return draw % bound;
}

/** Whether dyad (low, high) already has `third`. Slots hold third + 1; 0 is a free slot. */
// @ts-ignore: decorator
@inline
function hasThird(thirds: usize, nStimuli: u32, perDyad: u32, low: u32, high: u32, third: u32): bool {
  const dyad = ((low * (2 * nStimuli - low - 1)) >>> 1) + high - low - 1;
  const start = thirds + ((<usize>dyad * perDyad) << 2);
  for (let slot: u32 = 0; slot < perDyad; slot++) {
    if (load<u32>(start + (<usize>slot << 2)) == third + 1) return true;
  }
  return false;
}

/**
 * Whether triplet {x, y, z}, x < y, was taken by a dyad filled before (x, y) in the order (0, 1), (0, 2), ..., (1, 2), ...
 * Only dyads with a third below y can have been filled, so that one or two rows are looked up and no set of triplets is kept.
 */
// @ts-ignore: decorator
@inline
function isTaken(thirds: usize, nStimuli: u32, perDyad: u32, x: u32, y: u32, z: u32): bool {
  if (z > y) return false;
  if (z > x) return hasThird(thirds, nStimuli, perDyad, x, z, y);
  return hasThird(thirds, nStimuli, perDyad, z, x, y) || hasThird(thirds, nStimuli, perDyad, z, y, x);
}

/** Draws from the list of free thirds of dyad (x, y); -1 when there is none. For dyads that are nearly full. */
function drawListed(thirds: usize, free: usize, nStimuli: u32, perDyad: u32, x: u32, y: u32): i32 {
  let nFree: u32 = 0;
  for (let z: u32 = 0; z < nStimuli; z++) {
    if (z == x || z == y) continue;
    if (hasThird(thirds, nStimuli, perDyad, x, y, z) || isTaken(thirds, nStimuli, perDyad, x, y, z)) continue;
    store<u32>(free + (<usize>nFree << 2), z);
    nFree++;
  }
  return nFree == 0 ? -1 : load<i32>(free + (<usize>below(nFree) << 2));
}

/**
 * Fills `thirds` (zeroed; perDyad slots per dyad) so that no triplet occurs twice; `free` is room for nStimuli numbers.
 * Returns the number of dyads filled: fewer than there are at a dead end.
 */
export function drawThirds(thirds: usize, free: usize, nStimuli: u32, perDyad: u32, listAfter: u32): u32 {
  let slot = thirds;
  let dyad: u32 = 0;
  for (let x: u32 = 0; x + 1 < nStimuli; x++) {
    for (let y = x + 1; y < nStimuli; y++, dyad++) {
      for (let nth: u32 = 0; nth < perDyad; nth++, slot += 4) {
        let z: u32 = 0;
        let isFree = false;
        for (let attempt: u32 = 0; attempt < listAfter && !isFree; attempt++) {
          z = below(nStimuli - 2);
          z += u32(z >= x);
          z += u32(z >= y);
          isFree = !hasThird(thirds, nStimuli, perDyad, x, y, z) && !isTaken(thirds, nStimuli, perDyad, x, y, z);
        }
        if (!isFree) {
          const listed = drawListed(thirds, free, nStimuli, perDyad, x, y);
          if (listed < 0) return dyad;
          z = listed;
        }
        store<u32>(slot, z + 1);
      }
    }
  }
  return dyad;
}

/**
 * Writes the canonical triplets of all dyads to `triplets` in random order ("inside-out" Fisher-Yates);
 * `labels` turns the sampler's numbers into stimulus indices.
 */
export function placeTriplets(thirds: usize, labels: usize, triplets: usize, nStimuli: u32, perDyad: u32): void {
  let slot = thirds;
  let nPlaced: u32 = 0;
  let end = triplets;
  for (let x: u32 = 0; x + 1 < nStimuli; x++) {
    const a = load<u32>(labels + (<usize>x << 2));
    for (let y = x + 1; y < nStimuli; y++) {
      const b = load<u32>(labels + (<usize>y << 2));
      const low = min<u32>(a, b);
      const high = max<u32>(a, b);
      for (let nth: u32 = 0; nth < perDyad; nth++, slot += 4, end += 12) {
        const c = load<u32>(labels + (<usize>(load<u32>(slot) - 1) << 2));
        nPlaced++;
        const place = triplets + <usize>below(nPlaced) * 12;
        store<u64>(end, load<u64>(place));
        store<u32>(end, load<u32>(place, 8), 8);
        store<u32>(place, min<u32>(low, c));
        store<u32>(place, max<u32>(low, min<u32>(high, c)), 4);
        store<u32>(place, max<u32>(high, c), 8);
      }
    }
  }
}
