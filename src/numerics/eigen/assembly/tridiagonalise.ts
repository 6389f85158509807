// Householder's reduction, from the last row up. The change that a reflection makes is applied together with the product that
// the next one needs, so that each step passes once through what is left of the matrix, two rows at a time.

/** Squares of numbers below 1e-30 where the largest is about 1: roundings of roundings, which would soon underflow. */
const negligible: f64 = 1e-60;

/**
 * Reduces `a` (n x n, lower triangle) to a tridiagonal matrix: `diagonal`, and `off` with off[i] between i - 1 and i.
 * Row i of `a` keeps the vector u of its reflection I - u u' / half[i]; half[i] is 0 for none. `work` holds 4 (n + 8) numbers.
 */
export function tridiagonalise(
  a: usize,
  stride: usize,
  n: i32,
  diagonal: usize,
  off: usize,
  half: usize,
  work: usize,
): void {
  const length = (<usize>n + 8) << 3;
  let u = work;
  let p = u + length;
  let lastU = p + length;
  let lastQ = lastU + length;
  memory.fill(work, 0, 4 * length);
  for (let i = n - 1; i >= 0; i--) {
    const row = a + <usize>i * stride;
    const end = <usize>i << 3;
    updateRow(row, end, lastU, lastQ);
    store<f64>(diagonal + end, load<f64>(row + end));
    store<f64>(row + end, 0);
    memory.fill(u, 0, length);
    memory.fill(p, 0, length);
    const h = reflection(row, i, off + end);
    store<f64>(half + end, h);
    if (h > 0) memory.copy(u, row, end);
    updateAndMultiply(a, stride, i, lastU, lastQ, u, p);
    if (h > 0) finishProduct(end, u, p, h);
    // What is left changes by -(u q' + q u') with the q that is now in p.
    const emptyU = lastU;
    const emptyP = lastQ;
    lastU = u;
    lastQ = p;
    u = emptyU;
    p = emptyP;
  }
}

/** Turns the first i numbers of a row into the vector of its reflection; writes the number that is left, returns u'u / 2. */
function reflection(row: usize, i: i32, off: usize): f64 {
  if (i === 0) {
    store<f64>(off, 0);
    return 0;
  }
  const at = row + (<usize>(i - 1) << 3);
  const pivot = load<f64>(at);
  let rest: f64 = 0;
  for (let from = row; from < at; from += 8) rest += load<f64>(from) * load<f64>(from);
  if (rest <= negligible) {
    store<f64>(off, pivot);
    return 0;
  }
  const norm = Math.sqrt(rest + pivot * pivot);
  const left = pivot > 0 ? -norm : norm;
  store<f64>(off, left);
  store<f64>(at, pivot - left);
  return norm * (norm + Math.abs(pivot));
}

/** Applies the last reflection to one row, up to and with the number at `end`. */
function updateRow(row: usize, end: usize, lastU: usize, lastQ: usize): void {
  const s = v128.load64_splat(lastU + end);
  const t = v128.load64_splat(lastQ + end);
  for (let j: usize = 0; j <= end; j += 16) {
    const change = f64x2.add(f64x2.mul(s, v128.load(lastQ + j)), f64x2.mul(t, v128.load(lastU + j)));
    v128.store(row + j, f64x2.sub(v128.load(row + j), change));
  }
}

/** Applies the last reflection to the leading n x n part and adds its product with u to p. */
function updateAndMultiply(
  a: usize,
  stride: usize,
  n: i32,
  lastU: usize,
  lastQ: usize,
  u: usize,
  p: usize,
): void {
  const even = n & ~1;
  for (let k = 0; k < even; k += 2) {
    const row0 = a + <usize>k * stride;
    const row1 = row0 + stride;
    const end = <usize>k << 3;
    const s0 = v128.load64_splat(lastU + end);
    const s1 = v128.load64_splat(lastU + end, 8);
    const t0 = v128.load64_splat(lastQ + end);
    const t1 = v128.load64_splat(lastQ + end, 8);
    const x0 = v128.load64_splat(u + end);
    const x1 = v128.load64_splat(u + end, 8);
    let sum0 = f64x2.splat(0);
    let sum1 = f64x2.splat(0);
    for (let j: usize = 0; j < end; j += 16) {
      const q = v128.load(lastQ + j);
      const w = v128.load(lastU + j);
      const x = v128.load(u + j);
      const a0 = f64x2.sub(v128.load(row0 + j), f64x2.add(f64x2.mul(s0, q), f64x2.mul(t0, w)));
      const a1 = f64x2.sub(v128.load(row1 + j), f64x2.add(f64x2.mul(s1, q), f64x2.mul(t1, w)));
      v128.store(row0 + j, a0);
      v128.store(row1 + j, a1);
      sum0 = f64x2.add(sum0, f64x2.mul(a0, x));
      sum1 = f64x2.add(sum1, f64x2.mul(a1, x));
      const more = f64x2.add(f64x2.mul(x0, a0), f64x2.mul(x1, a1));
      v128.store(p + j, f64x2.add(v128.load(p + j), more));
    }
    // The 2 x 2 corner on the diagonal.
    const u0 = load<f64>(lastU + end);
    const u1 = load<f64>(lastU + end, 8);
    const q0 = load<f64>(lastQ + end);
    const q1 = load<f64>(lastQ + end, 8);
    const a00 = load<f64>(row0 + end) - 2 * u0 * q0;
    const a10 = load<f64>(row1 + end) - (u1 * q0 + q1 * u0);
    const a11 = load<f64>(row1 + end, 8) - 2 * u1 * q1;
    store<f64>(row0 + end, a00);
    store<f64>(row1 + end, a10);
    store<f64>(row1 + end, a11, 8);
    const y0 = load<f64>(u + end);
    const y1 = load<f64>(u + end, 8);
    store<f64>(p + end, load<f64>(p + end) + both(sum0) + a00 * y0 + a10 * y1);
    store<f64>(p + end, load<f64>(p + end, 8) + both(sum1) + a10 * y0 + a11 * y1, 8);
  }
  if (even < n) lastRow(a + <usize>even * stride, <usize>even << 3, lastU, lastQ, u, p);
}

function lastRow(row: usize, end: usize, lastU: usize, lastQ: usize, u: usize, p: usize): void {
  updateRow(row, end, lastU, lastQ);
  const y = load<f64>(u + end);
  let sum: f64 = 0;
  for (let j: usize = 0; j < end; j += 8) {
    const value = load<f64>(row + j);
    sum += value * load<f64>(u + j);
    store<f64>(p + j, load<f64>(p + j) + value * y);
  }
  store<f64>(p + end, load<f64>(p + end) + sum + load<f64>(row + end) * y);
}

/** p = A u becomes q = p / h - u (u'p) / 2 h^2. */
function finishProduct(end: usize, u: usize, p: usize, h: f64): void {
  let product: f64 = 0;
  for (let j: usize = 0; j < end; j += 8) product += load<f64>(u + j) * load<f64>(p + j);
  const share = product / h / (2 * h);
  for (let j: usize = 0; j < end; j += 8)
    store<f64>(p + j, load<f64>(p + j) / h - share * load<f64>(u + j));
}

@inline
function both(sum: v128): f64 {
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
