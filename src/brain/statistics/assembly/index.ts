// Correlations of eight voxels in permuted orders of the trials, two orders at a time so that rows of b are loaded once.

/**
 * For every order, per voxel the sum over trials t of a[order[t]] b[t]. `a` and `b` hold nTrials rows of 8 float64; `orders` nOrders
 * rows of nTrials u32: byte offsets of rows of `a`; nOrders is even. `out` gets nOrders rows of 8.
 */
export function permutedProducts(
  a: usize,
  b: usize,
  orders: usize,
  nTrials: u32,
  nOrders: u32,
  out: usize,
): void {
  const orderBytes = <usize>nTrials << 2;
  for (let order: u32 = 0; order < nOrders; order += 2) {
    let s0 = f64x2.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let t0 = s0;
    let t1 = s0;
    let t2 = s0;
    let t3 = s0;
    let place = orders + <usize>order * orderBytes;
    let row = b;
    for (const end = place + orderBytes; place < end; place += 4) {
      const from = a + <usize>load<u32>(place);
      const other = a + <usize>load<u32>(place + orderBytes);
      let y = v128.load(row);
      s0 = f64x2.add(s0, f64x2.mul(v128.load(from), y));
      t0 = f64x2.add(t0, f64x2.mul(v128.load(other), y));
      y = v128.load(row, 16);
      s1 = f64x2.add(s1, f64x2.mul(v128.load(from, 16), y));
      t1 = f64x2.add(t1, f64x2.mul(v128.load(other, 16), y));
      y = v128.load(row, 32);
      s2 = f64x2.add(s2, f64x2.mul(v128.load(from, 32), y));
      t2 = f64x2.add(t2, f64x2.mul(v128.load(other, 32), y));
      y = v128.load(row, 48);
      s3 = f64x2.add(s3, f64x2.mul(v128.load(from, 48), y));
      t3 = f64x2.add(t3, f64x2.mul(v128.load(other, 48), y));
      row += 64;
    }
    const to = out + ((<usize>order) << 6);
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    v128.store(to, t0, 64);
    v128.store(to, t1, 80);
    v128.store(to, t2, 96);
    v128.store(to, t3, 112);
  }
}
