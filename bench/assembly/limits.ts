// What this machine can do, one unit at a time, in the same 128-bit vectors as the SPoSE kernel.
// Every loop has enough independent work to fill its unit; `keep` holds results so that nothing is optimised away.

const base: usize = 65536;

// @ts-ignore: decorator
@inline
function keep(a: v128, b: v128): f32 {
  return f32x4.extract_lane(f32x4.add(a, b), 0);
}

/** 8 n square roots. */
export function squareRoots(n: i32): f32 {
  let a = f32x4.splat(2), b = f32x4.splat(3), c = f32x4.splat(5), d = f32x4.splat(7);
  let e = a, f = b, g = c, h = d;
  for (let turn = 0; turn < n; turn++) {
    a = f32x4.sqrt(a); b = f32x4.sqrt(b); c = f32x4.sqrt(c); d = f32x4.sqrt(d);
    e = f32x4.sqrt(e); f = f32x4.sqrt(f); g = f32x4.sqrt(g); h = f32x4.sqrt(h);
  }
  return keep(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
}

/** 8 n divisions. */
export function divisions(n: i32): f32 {
  const by = f32x4.splat(1.0000001);
  let a = f32x4.splat(2), b = f32x4.splat(3), c = f32x4.splat(5), d = f32x4.splat(7);
  let e = f32x4.splat(11), f = f32x4.splat(13), g = f32x4.splat(17), h = f32x4.splat(19);
  for (let turn = 0; turn < n; turn++) {
    a = f32x4.div(a, by); b = f32x4.div(b, by); c = f32x4.div(c, by); d = f32x4.div(d, by);
    e = f32x4.div(e, by); f = f32x4.div(f, by); g = f32x4.div(g, by); h = f32x4.div(h, by);
  }
  return keep(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(f32x4.add(e, f), f32x4.add(g, h)));
}

// @ts-ignore: decorator
@inline
function mulAdd(x: v128, m: v128, s: v128): v128 {
  return f32x4.add(f32x4.mul(x, m), s);
}

/** 12 n multiplications, each followed by an addition. */
export function multiplyAdds(n: i32): f32 {
  const m = f32x4.splat(0.5), s = f32x4.splat(0.25);
  let a = f32x4.splat(1), b = f32x4.splat(2), c = f32x4.splat(3), d = f32x4.splat(4);
  let e = f32x4.splat(5), f = f32x4.splat(6), g = f32x4.splat(7), h = f32x4.splat(8);
  let i = f32x4.splat(9), j = f32x4.splat(10), k = f32x4.splat(11), l = f32x4.splat(12);
  for (let turn = 0; turn < n; turn++) {
    a = mulAdd(a, m, s); b = mulAdd(b, m, s); c = mulAdd(c, m, s); d = mulAdd(d, m, s);
    e = mulAdd(e, m, s); f = mulAdd(f, m, s); g = mulAdd(g, m, s); h = mulAdd(h, m, s);
    i = mulAdd(i, m, s); j = mulAdd(j, m, s); k = mulAdd(k, m, s); l = mulAdd(l, m, s);
  }
  const left = f32x4.add(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)), f32x4.add(e, f));
  return keep(left, f32x4.add(f32x4.add(f32x4.add(g, h), f32x4.add(i, j)), f32x4.add(k, l)));
}

/** Reads `bytes` (a multiple of 128) `n` times: bytes / 16 loads each time. */
export function loads(bytes: usize, n: i32): f32 {
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (let turn = 0; turn < n; turn++) {
    for (let at = base; at < base + bytes; at += 128) {
      a = v128.xor(a, v128.xor(v128.load(at), v128.load(at, 16)));
      b = v128.xor(b, v128.xor(v128.load(at, 32), v128.load(at, 48)));
      c = v128.xor(c, v128.xor(v128.load(at, 64), v128.load(at, 80)));
      d = v128.xor(d, v128.xor(v128.load(at, 96), v128.load(at, 112)));
    }
  }
  return keep(v128.xor(a, b), v128.xor(c, d));
}

/** Reads, changes and writes back `bytes` (a multiple of 128) `n` times: bytes / 16 updates each time. */
export function updates(bytes: usize, n: i32): void {
  const change = i32x4.splat(1);
  for (let turn = 0; turn < n; turn++) {
    for (let at = base; at < base + bytes; at += 64) {
      v128.store(at, v128.xor(v128.load(at), change));
      v128.store(at, v128.xor(v128.load(at, 16), change), 16);
      v128.store(at, v128.xor(v128.load(at, 32), change), 32);
      v128.store(at, v128.xor(v128.load(at, 48), change), 48);
    }
  }
}
