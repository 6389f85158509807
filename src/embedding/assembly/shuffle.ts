// An exactly uniform shuffle that stays in cache: every record goes to a random bucket (sequential writes to 256 streams),
// then each bucket is permuted by Fisher-Yates (Sanders 1998, doi:10.1016/S0020-0190(98)00127-6).

const BUCKETS: u32 = 256;

let s0: u32 = 0;
let s1: u32 = 0;
let s2: u32 = 0;
let s3: u32 = 0;

// @ts-ignore: decorator
@inline
function draw(): u32 {
  const result = rotl<u32>(s1 * 5, 7) * 9;
  const t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  s0 ^= s3;
  s2 ^= t;
  s3 = rotl<u32>(s3, 11);
  return result;
}

// A uniform integer in [0, bound), without bias (Lemire 2019, doi:10.1145/3230636).
// @ts-ignore: decorator
@inline
function below(bound: u32): u32 {
  let product = u64(draw()) * u64(bound);
  if (u32(product) < bound) {
    const threshold: u32 = (<u32>0 - bound) % bound;
    while (u32(product) < threshold) product = u64(draw()) * u64(bound);
  }
  return u32(product >> 32);
}

// @ts-ignore: decorator
@inline
function seed(a: u32, b: u32, c: u32, d: u32): void {
  s0 = a;
  s1 = b;
  s2 = c;
  s3 = d;
}

/** Writes a random permutation of `nRecords` records of `words` words from `source` to `target`. `scratch`: 256 words. */
export function shuffle(
  source: usize,
  target: usize,
  nRecords: u32,
  words: u32,
  scratch: usize,
  a: u32,
  b: u32,
  c: u32,
  d: u32,
): void {
  countBuckets(nRecords, scratch, a, b, c, d);
  scatter(source, target, nRecords, words, scratch, a, b, c, d);
  let start: u32 = 0;
  for (let bucket: u32 = 0; bucket < BUCKETS; bucket++) {
    const end = load<u32>(scratch + (<usize>bucket << 2));
    permute(target + <usize>start * words * 4, end - start, words);
    start = end;
  }
}

// Leaves in `scratch` where each bucket starts.
function countBuckets(nRecords: u32, scratch: usize, a: u32, b: u32, c: u32, d: u32): void {
  memory.fill(scratch, 0, <usize>BUCKETS * 4);
  seed(a, b, c, d);
  let bits: u32 = 0;
  for (let r: u32 = 0; r < nRecords; r++) {
    bits = (r & 3) == 0 ? draw() : bits >> 8;
    const place = scratch + ((<usize>bits & 255) << 2);
    store<u32>(place, load<u32>(place) + 1);
  }
  let start: u32 = 0;
  for (let bucket: usize = 0; bucket < BUCKETS; bucket++) {
    const count = load<u32>(scratch + (bucket << 2));
    store<u32>(scratch + (bucket << 2), start);
    start += count;
  }
}

// Leaves in `scratch` where each bucket ends.
function scatter(
  source: usize,
  target: usize,
  nRecords: u32,
  words: u32,
  scratch: usize,
  a: u32,
  b: u32,
  c: u32,
  d: u32,
): void {
  seed(a, b, c, d);
  const bytes = <usize>words << 2;
  let bits: u32 = 0;
  let from = source;
  for (let r: u32 = 0; r < nRecords; r++) {
    bits = (r & 3) == 0 ? draw() : bits >> 8;
    const place = scratch + ((<usize>bits & 255) << 2);
    const slot = load<u32>(place);
    store<u32>(place, slot + 1);
    const to = target + <usize>slot * bytes;
    store<u64>(to, load<u64>(from));
    store<u32>(to, load<u32>(from, 8), 8);
    if (words == 6) {
      store<u64>(to, load<u64>(from, 12), 12);
      store<u32>(to, load<u32>(from, 20), 20);
    }
    from += bytes;
  }
}

function permute(base: usize, count: u32, words: u32): void {
  const bytes = <usize>words << 2;
  for (let last = count; last > 1; last--) {
    const one = base + <usize>(last - 1) * bytes;
    const other = base + <usize>below(last) * bytes;
    swap(one, other);
    if (words == 6) swap(one + 12, other + 12);
  }
}

// @ts-ignore: decorator
@inline
function swap(one: usize, other: usize): void {
  const wide = load<u64>(one);
  const narrow = load<u32>(one, 8);
  store<u64>(one, load<u64>(other));
  store<u32>(one, load<u32>(other, 8), 8);
  store<u64>(other, wide);
  store<u32>(other, narrow, 8);
}
