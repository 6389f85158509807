/**
 * Randomness is an argument, and it splits. A `Key` names one stream of random numbers; `split` derives
 * independent streams from it by path, so that run 3, shard 7 draws the same numbers on any number of workers.
 *
 * Generator: xoshiro128** 1.1 (Blackman & Vigna 2018, doi:10.1145/3460772); keys are mixed with the MurmurHash3 finaliser.
 */
export type Key = readonly [number, number, number, number];

function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function absorb(key: Key, word: number): Key {
  const a = mix(key[0] ^ Math.imul(word, 0x9e3779b1));
  const b = mix(key[1] ^ a ^ 0x7f4a7c15);
  const c = mix(key[2] ^ b ^ Math.imul(word, 0x85ebca77));
  const d = mix(key[3] ^ c ^ 0x165667b1);
  return [mix(a + d), b, c, d];
}

function absorbText(key: Key, text: string): Key {
  let result = absorb(key, text.length ^ 0x5bd1e995);
  for (const byte of new TextEncoder().encode(text)) result = absorb(result, byte + 256);
  return result;
}

const root: Key = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344];

/** The stream of a seed (any non-negative safe integer, or a text). */
export function keyOf(seed: number | string): Key {
  return split(root, seed);
}

/** The stream at `path` below `key`: `split(key, 'run', 3)`. */
export function split(key: Key, ...path: (string | number)[]): Key {
  let result = key;
  for (const part of path) {
    result =
      typeof part === 'string'
        ? absorbText(result, part)
        : absorb(absorb(result, part >>> 0), Math.floor(part / 2 ** 32) >>> 0);
  }
  return result;
}

/** Draws from the stream of a key. The state is four 32-bit words, so that kernels can continue it. */
export class Random {
  readonly state: Uint32Array;
  private spareNormal = Number.NaN;

  constructor(key: Key) {
    this.state = Uint32Array.from(key);
    if (this.state.every((word) => word === 0)) this.state[0] = 1;
  }

  /** 32 random bits. */
  uint32(): number {
    const s = this.state;
    const s1 = s[1];
    const x = Math.imul(s1, 5);
    const result = Math.imul((x << 7) | (x >>> 25), 9) >>> 0;
    s[2] ^= s[0];
    s[3] ^= s1;
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= s1 << 9;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  /** A uniform integer in [0, bound), bound <= 2^32, without bias (rejection). */
  below(bound: number): number {
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      const draw = this.uint32();
      if (draw < limit) return draw % bound;
    }
  }

  /** A uniform number in [0, 1) with 53 bits. */
  uniform(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** A standard normal number (Marsaglia's polar method). */
  normal(): number {
    if (!Number.isNaN(this.spareNormal)) {
      const spare = this.spareNormal;
      this.spareNormal = Number.NaN;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        this.spareNormal = v * factor;
        return u * factor;
      }
    }
  }

  /** Shuffles in place (Fisher-Yates). */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const held = items[last];
      items[last] = items[other];
      items[other] = held;
    }
    return items;
  }

  /** `count` different integers in [0, total), in random order. */
  sample(total: number, count: number): Uint32Array {
    const chosen = new Map<number, number>();
    const result = new Uint32Array(count);
    for (let index = 0; index < count; index++) {
      const other = index + this.below(total - index);
      result[index] = chosen.get(other) ?? other;
      chosen.set(other, chosen.get(index) ?? index);
    }
    return result;
  }
}
