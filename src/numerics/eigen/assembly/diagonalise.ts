// Implicit QL iteration. Rotations are written down and applied later, many sweeps at once, to eight columns at a time: those
// stay in cache, and each row of a sweep is read and written once.

const mostSweeps = 60;
const epsilon: f64 = 1.1102230246251565e-16;

/**
 * Eigenvalues of a tridiagonal matrix (`off` as from `tridiagonalise`, one number longer) in `diagonal`, and its
 * eigenvectors times `w`, one in each row. `rotations` holds `capacity` >= n pairs of numbers, `sweeps` as many triples of i32.
 * Returns 0, or 1 when an eigenvalue is not found after 60 sweeps.
 */
export function diagonalise(
  diagonal: usize,
  off: usize,
  n: i32,
  w: usize,
  stride: usize,
  rotations: usize,
  sweeps: usize,
  capacity: i32,
): i32 {
  const e = off + 8;
  store<f64>(e + (<usize>(n - 1) << 3), 0);
  let passed: f64 = 0;
  let nRotations = 0;
  let nSweeps = 0;
  for (let l = 0; l < n; l++) {
    const at = <usize>l << 3;
    passed = Math.max(passed, Math.abs(load<f64>(diagonal + at)) + Math.abs(load<f64>(e + at)));
    for (let tries = 0; ; tries++) {
      // As in EISPACK's tql2, so that small numbers at the beginning keep their digits.
      const m = blockEnd(diagonal, e, l, n, epsilon * passed);
      if (m === l) break;
      if (tries === mostSweeps) return 1;
      if (nRotations + m - l > capacity) {
        rotateRows(w, stride, rotations, sweeps, nSweeps);
        nRotations = 0;
        nSweeps = 0;
      }
      const found = sweep(diagonal, e, l, m, rotations + (<usize>nRotations << 4));
      const note = sweeps + <usize>nSweeps * 12;
      store<i32>(note, m);
      store<i32>(note, found, 4);
      store<i32>(note, nRotations, 8);
      nRotations += found;
      nSweeps++;
    }
  }
  rotateRows(w, stride, rotations, sweeps, nSweeps);
  return 0;
}

/** The first place from l on where the matrix falls apart. */
function blockEnd(d: usize, e: usize, l: i32, n: i32, nothing: f64): i32 {
  let m = l;
  for (; m < n - 1; m++) {
    const at = <usize>m << 3;
    const beside = Math.abs(load<f64>(e + at));
    if (beside <= nothing) break;
    if (beside <= epsilon * (Math.abs(load<f64>(d + at)) + Math.abs(load<f64>(d + at, 8)))) break;
  }
  return m;
}

/** One sweep over rows l to m, from the end; returns the number of its rotations (cosine, sine). */
function sweep(d: usize, e: usize, l: i32, m: i32, rotations: usize): i32 {
  const first = <usize>l << 3;
  const last = <usize>m << 3;
  let g = (load<f64>(d + first, 8) - load<f64>(d + first)) / (2 * load<f64>(e + first));
  let r = Math.sqrt(g * g + 1);
  g = load<f64>(d + last) - load<f64>(d + first) + load<f64>(e + first) / (g + (g < 0 ? -r : r));
  let s: f64 = 1;
  let c: f64 = 1;
  let p: f64 = 0;
  let count = 0;
  for (let i = m - 1; i >= l; i--) {
    const at = <usize>i << 3;
    const f = s * load<f64>(e + at);
    const b = c * load<f64>(e + at);
    r = Math.sqrt(f * f + g * g);
    store<f64>(e + at, r, 8);
    if (r === 0) {
      store<f64>(d + at, load<f64>(d + at, 8) - p, 8);
      store<f64>(e + last, 0);
      return count;
    }
    s = f / r;
    c = g / r;
    g = load<f64>(d + at, 8) - p;
    r = (load<f64>(d + at) - g) * s + 2 * c * b;
    p = s * r;
    store<f64>(d + at, g + p, 8);
    g = c * r - b;
    const to = rotations + (<usize>count << 4);
    store<f64>(to, c);
    store<f64>(to, s, 8);
    count++;
  }
  store<f64>(d + first, load<f64>(d + first) - p);
  store<f64>(e + first, g);
  store<f64>(e + last, 0);
  return count;
}

function rotateRows(w: usize, stride: usize, rotations: usize, sweeps: usize, nSweeps: i32): void {
  for (let column: usize = 0; column < stride; column += 64)
    for (let k = 0; k < nSweeps; k++) {
      const note = sweeps + <usize>k * 12;
      const top = w + <usize>load<i32>(note) * stride + column;
      rotateColumns(top, stride, load<i32>(note, 4), rotations + (<usize>load<i32>(note, 8) << 4));
    }
}

/** Eight columns of one sweep, upwards from the row at `top`. */
function rotateColumns(top: usize, stride: usize, count: i32, rotations: usize): void {
  let below = top;
  let h0 = v128.load(below);
  let h1 = v128.load(below, 16);
  let h2 = v128.load(below, 32);
  let h3 = v128.load(below, 48);
  for (let k = 0; k < count; k++) {
    const c = v128.load64_splat(rotations);
    const s = v128.load64_splat(rotations, 8);
    rotations += 16;
    const row = below - stride;
    const x0 = v128.load(row);
    const x1 = v128.load(row, 16);
    const x2 = v128.load(row, 32);
    const x3 = v128.load(row, 48);
    v128.store(below, f64x2.add(f64x2.mul(s, x0), f64x2.mul(c, h0)));
    v128.store(below, f64x2.add(f64x2.mul(s, x1), f64x2.mul(c, h1)), 16);
    v128.store(below, f64x2.add(f64x2.mul(s, x2), f64x2.mul(c, h2)), 32);
    v128.store(below, f64x2.add(f64x2.mul(s, x3), f64x2.mul(c, h3)), 48);
    h0 = f64x2.sub(f64x2.mul(c, x0), f64x2.mul(s, h0));
    h1 = f64x2.sub(f64x2.mul(c, x1), f64x2.mul(s, h1));
    h2 = f64x2.sub(f64x2.mul(c, x2), f64x2.mul(s, h2));
    h3 = f64x2.sub(f64x2.mul(c, x3), f64x2.mul(s, h3));
    below = row;
  }
  v128.store(below, h0);
  v128.store(below, h1, 16);
  v128.store(below, h2, 32);
  v128.store(below, h3, 48);
}
