/**
 * Writes the product of all reflections, transposed, into `w`: n rows, and zeros up to a multiple of 4. Each row is reflected by
 * itself, so that four of them stay in cache while the vectors u (rows of `a`) pass by once.
 */
export function transformation(a: usize, stride: usize, n: i32, half: usize, w: usize): void {
  for (let k = 0; k < n; k += 4) {
    const row0 = w + <usize>k * stride;
    memory.fill(row0, 0, 4 * stride);
    for (let r = k; r < n && r < k + 4; r++) store<f64>(w + <usize>r * stride + (<usize>r << 3), 1);
    for (let i = k + 1; i < n; i++) {
      const h = load<f64>(half + (<usize>i << 3));
      if (h > 0) reflectFour(row0, stride, a + <usize>i * stride, <usize>i << 3, 1 / h);
    }
  }
}

function reflectFour(row0: usize, stride: usize, u: usize, end: usize, scale: f64): void {
  const row1 = row0 + stride;
  const row2 = row1 + stride;
  const row3 = row2 + stride;
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  for (let j: usize = 0; j < end; j += 16) {
    const x = v128.load(u + j);
    sum0 = f64x2.add(sum0, f64x2.mul(x, v128.load(row0 + j)));
    sum1 = f64x2.add(sum1, f64x2.mul(x, v128.load(row1 + j)));
    sum2 = f64x2.add(sum2, f64x2.mul(x, v128.load(row2 + j)));
    sum3 = f64x2.add(sum3, f64x2.mul(x, v128.load(row3 + j)));
  }
  const s0 = scaled(sum0, scale);
  const s1 = scaled(sum1, scale);
  const s2 = scaled(sum2, scale);
  const s3 = scaled(sum3, scale);
  for (let j: usize = 0; j < end; j += 16) {
    const x = v128.load(u + j);
    v128.store(row0 + j, f64x2.sub(v128.load(row0 + j), f64x2.mul(s0, x)));
    v128.store(row1 + j, f64x2.sub(v128.load(row1 + j), f64x2.mul(s1, x)));
    v128.store(row2 + j, f64x2.sub(v128.load(row2 + j), f64x2.mul(s2, x)));
    v128.store(row3 + j, f64x2.sub(v128.load(row3 + j), f64x2.mul(s3, x)));
  }
}

@inline
function scaled(sum: v128, scale: f64): v128 {
  return f64x2.splat(scale * (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)));
}
