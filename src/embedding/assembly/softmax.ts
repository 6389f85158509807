// From similarities to pair coefficients (p - target) / count, four trials at a time, and the cross-entropy on the way.

import { Run } from './run';
import { exp4 } from './exp';

/** Sum of cross-entropies of the batch that `coefficients` last saw, in nats. */
export let batchCrossEntropy: f64 = 0;

/**
 * Turns the summed similarities of `count` trials (from nBlocks buffers of batchStride records) into coefficients.
 * Records beyond `count`, up to a multiple of four, are computed and ignored.
 */
export function coefficients(run: Run, records: usize, count: u32, from: usize, to: usize): void {
  const blockBytes = <usize>run.batchStride << 4;
  const nBlocks = run.nBlocks;
  const isSoft = run.words == 6;
  const recordBytes = <usize>run.words << 2;
  const scale = f32x4.splat(<f32>(1.0 / <f64>count));
  const one = f32x4.splat(1);
  let logProduct: f64 = 0;
  let product: f64 = 1;
  let linear: f64 = 0;
  for (let t: u32 = 0; t < count; t += 4) {
    const at = from + (<usize>t << 4);
    let r0 = v128.load(at);
    let r1 = v128.load(at, 16);
    let r2 = v128.load(at, 32);
    let r3 = v128.load(at, 48);
    let next = at;
    for (let block: u32 = 1; block < nBlocks; block++) {
      next += blockBytes;
      r0 = f32x4.add(r0, v128.load(next));
      r1 = f32x4.add(r1, v128.load(next, 16));
      r2 = f32x4.add(r2, v128.load(next, 32));
      r3 = f32x4.add(r3, v128.load(next, 48));
    }
    // 4 x 4 transposition: one vector per pair.
    const lo01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const lo23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const hi01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const hi23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    const a = v128.shuffle<f32>(lo01, lo23, 0, 1, 4, 5);
    const b = v128.shuffle<f32>(lo01, lo23, 2, 3, 6, 7);
    const c = v128.shuffle<f32>(hi01, hi23, 0, 1, 4, 5);

    const top = f32x4.pmax(a, f32x4.pmax(b, c));
    const ea = exp4(f32x4.sub(a, top));
    const eb = exp4(f32x4.sub(b, top));
    const ec = exp4(f32x4.sub(c, top));
    const sum = f32x4.add(ea, f32x4.add(eb, ec));
    const inverse = f32x4.div(one, sum);
    let ta = one;
    let tb = f32x4.splat(0);
    let tc = tb;
    let expected = a;
    if (isSoft) {
      const record = records + <usize>t * recordBytes;
      ta = targets4(record, recordBytes, 12);
      tb = targets4(record, recordBytes, 16);
      tc = targets4(record, recordBytes, 20);
      expected = f32x4.add(f32x4.mul(ta, a), f32x4.add(f32x4.mul(tb, b), f32x4.mul(tc, c)));
    }
    const ca = f32x4.mul(scale, f32x4.sub(f32x4.mul(ea, inverse), ta));
    const cb = f32x4.mul(scale, f32x4.sub(f32x4.mul(eb, inverse), tb));
    const cc = f32x4.mul(scale, f32x4.sub(f32x4.mul(ec, inverse), tc));

    const loAb = v128.shuffle<f32>(ca, cb, 0, 4, 1, 5);
    const hiAb = v128.shuffle<f32>(ca, cb, 2, 6, 3, 7);
    const out = to + (<usize>t << 4);
    v128.store(out, v128.shuffle<f32>(loAb, cc, 0, 1, 4, 4));
    v128.store(out, v128.shuffle<f32>(loAb, cc, 2, 3, 5, 5), 16);
    v128.store(out, v128.shuffle<f32>(hiAb, cc, 0, 1, 6, 6), 32);
    v128.store(out, v128.shuffle<f32>(hiAb, cc, 2, 3, 7, 7), 48);

    // -log p = log(sum) + top - expected; logs of many sums at once, through their product.
    const rest = f32x4.sub(top, expected);
    product *= <f64>f32x4.extract_lane(sum, 0);
    linear += <f64>f32x4.extract_lane(rest, 0);
    if (t + 1 < count) {
      product *= <f64>f32x4.extract_lane(sum, 1);
      linear += <f64>f32x4.extract_lane(rest, 1);
    }
    if (t + 2 < count) {
      product *= <f64>f32x4.extract_lane(sum, 2);
      linear += <f64>f32x4.extract_lane(rest, 2);
    }
    if (t + 3 < count) {
      product *= <f64>f32x4.extract_lane(sum, 3);
      linear += <f64>f32x4.extract_lane(rest, 3);
    }
    if (product > 1e200) {
      logProduct += Math.log(product);
      product = 1;
    }
  }
  batchCrossEntropy = logProduct + Math.log(product) + linear;
}

// @ts-ignore: decorator
@inline
function targets4(record: usize, recordBytes: usize, offset: usize): v128 {
  let result = v128.load_splat<f32>(record + offset);
  result = f32x4.replace_lane(result, 1, load<f32>(record + recordBytes + offset));
  result = f32x4.replace_lane(result, 2, load<f32>(record + 2 * recordBytes + offset));
  return f32x4.replace_lane(result, 3, load<f32>(record + 3 * recordBytes + offset));
}
