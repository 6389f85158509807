// The same correlations in f64: patterns standardised first, blocks of four stimuli.

/**
 * Patterns of the listed voxels with mean 0 and sum of squares 1, to panel[block of 4][firstRow + row][4] of a panel with
 * `panelRows` rows. False when a pattern is constant.
 */
export function standardise(
  rows: usize, nRows: u32, patterns: usize, strideBytes: usize, isSingle: bool, nStimuli: u32,
  panel: usize, panelRows: u32, firstRow: u32,
): bool {
  for (let i: u32 = 0; i < nStimuli; i++) {
    const to = panel + ((<usize>(i >> 2) * panelRows + firstRow) << 5) + ((<usize>i & 3) << 3);
    let sum: f64 = 0;
    for (let row: u32 = 0; row < nRows; row++) {
      const from = patterns + <usize>load<u32>(rows + (<usize>row << 2)) * strideBytes;
      const x = isSingle ? <f64>load<f32>(from + (<usize>i << 2)) : load<f64>(from + (<usize>i << 3));
      store<f64>(to + (<usize>row << 5), x);
      sum += x;
    }
    const mean = sum / <f64>nRows;
    let square: f64 = 0;
    for (let row: u32 = 0; row < nRows; row++) {
      const x = load<f64>(to + (<usize>row << 5)) - mean;
      store<f64>(to + (<usize>row << 5), x);
      square += x * x;
    }
    if (!(square > 1e-28 * mean * mean * <f64>nRows)) return false;
    const norm = sqrt(square);
    for (let row: u32 = 0; row < nRows; row++) {
      const place = to + (<usize>row << 5);
      store<f64>(place, load<f64>(place) / norm);
    }
  }
  return true;
}

/** 4 x 4 products of blocks a and b, times `scale`, to rows of eight f64 at `out`. */
function quarterTile(a: usize, b: usize, nRows: u32, scale: f64, out: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (let row: u32 = 0; row < nRows; row++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(x, b0));
    c01 = f64x2.add(c01, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(x, b0));
    c11 = f64x2.add(c11, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(x, b0));
    c21 = f64x2.add(c21, f64x2.mul(x, b1));
    x = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(x, b0));
    c31 = f64x2.add(c31, f64x2.mul(x, b1));
    a += 32;
    b += 32;
  }
  const s = f64x2.splat(scale);
  v128.store(out, f64x2.mul(c00, s));
  v128.store(out, f64x2.mul(c01, s), 16);
  v128.store(out, f64x2.mul(c10, s), 64);
  v128.store(out, f64x2.mul(c11, s), 80);
  v128.store(out, f64x2.mul(c20, s), 128);
  v128.store(out, f64x2.mul(c21, s), 144);
  v128.store(out, f64x2.mul(c30, s), 192);
  v128.store(out, f64x2.mul(c31, s), 208);
}

/**
 * Correlations of all pairs i < j in tile order (see tiles.ts), f64, zeros up to `nPadded`: scale x sum over rows of
 * u_i v_j. Panels have room for whole blocks of eight. Adding and taking away `grid` 96 rounds to multiples of 2^-46, so
 * that what differs by rounding alone ties; 0 leaves them as they are.
 */
export function exactTiles(
  u: usize, v: usize, nRows: u32, scale: f64, nStimuli: u32, nBlocks: u32,
  out: usize, nPadded: u32, scratch: usize, grid: f64,
): void {
  const quarter = <usize>nRows << 5;
  const end = out + (<usize>nPadded << 3);
  for (let i: u32 = 0; i < nBlocks; i++) {
    const a = u + <usize>(i << 1) * quarter;
    for (let j = i; j < nBlocks; j++) {
      const b = v + <usize>(j << 1) * quarter;
      quarterTile(a, b, nRows, scale, scratch);
      quarterTile(a, b + quarter, nRows, scale, scratch + 32);
      quarterTile(a + quarter, b, nRows, scale, scratch + 256);
      quarterTile(a + quarter, b + quarter, nRows, scale, scratch + 288);
      for (let p: u32 = 0; p < 64; p++) {
        const column = (j << 3) + (p & 7);
        if (column <= (i << 3) + (p >> 3) || column >= nStimuli) continue;
        store<f64>(out, load<f64>(scratch + (<usize>p << 3)) + grid - grid);
        out += 8;
      }
    }
  }
  for (; out < end; out += 8) store<f64>(out, 0);
}
