// The two passes over a batch that touch weights: similarities of the three pairs of each trial, and their gradients.
// A row of a block has `width` floats; its last vector may reach into the next row, so `tail` masks those lanes.

import { Run, Block } from './run';

// @ts-ignore: decorator
@inline
export function tailMask(width: u32): v128 {
  const left = width & 3;
  if (left == 1) return v128(-1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  if (left == 2) return v128(-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0);
  if (left == 3) return v128(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0);
  return v128(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
}

// Sums of the lanes of a, b, c as (sum a, sum b, sum c, something).
// @ts-ignore: decorator
@inline
function sums(a: v128, b: v128, c: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cc = f32x4.add(c, v128.shuffle<f32>(c, c, 2, 3, 2, 3));
  return f32x4.add(v128.shuffle<f32>(ab, cc, 0, 1, 4, 4), v128.shuffle<f32>(ab, cc, 2, 3, 5, 5));
}

// `vectors` is a literal at every call, so the branches below vanish.
// @ts-ignore: decorator
@inline
function similaritiesOf(
  records: usize,
  recordBytes: usize,
  count: u32,
  weights: usize,
  rowBytes: usize,
  tail: v128,
  out: usize,
  vectors: i32,
): void {
  let record = records;
  const end = out + (<usize>count << 4);
  for (let to = out; to < end; to += 16) {
    const i = weights + <usize>load<u32>(record) * rowBytes;
    const j = weights + <usize>load<u32>(record, 4) * rowBytes;
    const k = weights + <usize>load<u32>(record, 8) * rowBytes;
    record += recordBytes;
    let x = v128.load(i);
    let y = v128.load(j);
    let z = v128.load(k);
    if (vectors == 1) {
      x = v128.and(x, tail);
      y = v128.and(y, tail);
    }
    let xy = f32x4.mul(x, y);
    let xz = f32x4.mul(x, z);
    let yz = f32x4.mul(y, z);
    if (vectors > 1) {
      x = v128.load(i, 16);
      y = v128.load(j, 16);
      z = v128.load(k, 16);
      if (vectors == 2) {
        x = v128.and(x, tail);
        y = v128.and(y, tail);
      }
      xy = f32x4.add(xy, f32x4.mul(x, y));
      xz = f32x4.add(xz, f32x4.mul(x, z));
      yz = f32x4.add(yz, f32x4.mul(y, z));
    }
    if (vectors > 2) {
      x = v128.load(i, 32);
      y = v128.load(j, 32);
      z = v128.load(k, 32);
      if (vectors == 3) {
        x = v128.and(x, tail);
        y = v128.and(y, tail);
      }
      xy = f32x4.add(xy, f32x4.mul(x, y));
      xz = f32x4.add(xz, f32x4.mul(x, z));
      yz = f32x4.add(yz, f32x4.mul(y, z));
    }
    if (vectors > 3) {
      x = v128.and(v128.load(i, 48), tail);
      y = v128.and(v128.load(j, 48), tail);
      z = v128.load(k, 48);
      xy = f32x4.add(xy, f32x4.mul(x, y));
      xz = f32x4.add(xz, f32x4.mul(x, z));
      yz = f32x4.add(yz, f32x4.mul(y, z));
    }
    v128.store(to, sums(xy, xz, yz));
  }
}

/** Similarities of the pairs 01, 02, 12 of `count` records within one block, 16 bytes a record. */
export function similarities(run: Run, block: Block, records: usize, count: u32, out: usize): void {
  const recordBytes = <usize>run.words << 2;
  const rowBytes = <usize>block.width << 2;
  const tail = tailMask(block.width);
  const vectors = (block.width + 3) >> 2;
  if (vectors == 4) similaritiesOf(records, recordBytes, count, block.weights, rowBytes, tail, out, 4);
  else if (vectors == 3) similaritiesOf(records, recordBytes, count, block.weights, rowBytes, tail, out, 3);
  else if (vectors == 2) similaritiesOf(records, recordBytes, count, block.weights, rowBytes, tail, out, 2);
  else similaritiesOf(records, recordBytes, count, block.weights, rowBytes, tail, out, 1);
}

// Adds the gradient of one vector of the three rows of a trial.
// @ts-ignore: decorator
@inline
function addGradient(
  i: usize,
  j: usize,
  k: usize,
  toGradient: usize,
  a: v128,
  b: v128,
  c: v128,
  tail: v128,
  masked: bool,
  offset: usize,
): void {
  let x = v128.load(i + offset);
  let y = v128.load(j + offset);
  let z = v128.load(k + offset);
  if (masked) {
    x = v128.and(x, tail);
    y = v128.and(y, tail);
    z = v128.and(z, tail);
  }
  const gi = i + toGradient + offset;
  const gj = j + toGradient + offset;
  const gk = k + toGradient + offset;
  v128.store(gi, f32x4.add(v128.load(gi), f32x4.add(f32x4.mul(a, y), f32x4.mul(b, z))));
  v128.store(gj, f32x4.add(v128.load(gj), f32x4.add(f32x4.mul(a, x), f32x4.mul(c, z))));
  v128.store(gk, f32x4.add(v128.load(gk), f32x4.add(f32x4.mul(b, x), f32x4.mul(c, y))));
}

// @ts-ignore: decorator
@inline
function gradientsOf(
  records: usize,
  recordBytes: usize,
  count: u32,
  block: Block,
  tail: v128,
  coefficients: usize,
  vectors: i32,
): void {
  const weights = block.weights;
  const toGradient = block.gradients - weights;
  const rowBytes = <usize>block.width << 2;
  let record = records;
  const end = coefficients + (<usize>count << 4);
  for (let at = coefficients; at < end; at += 16) {
    const i = weights + <usize>load<u32>(record) * rowBytes;
    const j = weights + <usize>load<u32>(record, 4) * rowBytes;
    const k = weights + <usize>load<u32>(record, 8) * rowBytes;
    record += recordBytes;
    const a = v128.load_splat<f32>(at);
    const b = v128.load_splat<f32>(at, 4);
    const c = v128.load_splat<f32>(at, 8);
    addGradient(i, j, k, toGradient, a, b, c, tail, vectors == 1, 0);
    if (vectors > 1) addGradient(i, j, k, toGradient, a, b, c, tail, vectors == 2, 16);
    if (vectors > 2) addGradient(i, j, k, toGradient, a, b, c, tail, vectors == 3, 32);
    if (vectors > 3) addGradient(i, j, k, toGradient, a, b, c, tail, true, 48);
  }
}

/** Adds the gradient of `count` records, given the coefficients of their pairs, to one block. */
export function gradients(run: Run, block: Block, records: usize, count: u32, coefficients: usize): void {
  const recordBytes = <usize>run.words << 2;
  const tail = tailMask(block.width);
  const vectors = (block.width + 3) >> 2;
  if (vectors == 4) gradientsOf(records, recordBytes, count, block, tail, coefficients, 4);
  else if (vectors == 3) gradientsOf(records, recordBytes, count, block, tail, coefficients, 3);
  else if (vectors == 2) gradientsOf(records, recordBytes, count, block, tail, coefficients, 2);
  else gradientsOf(records, recordBytes, count, block, tail, coefficients, 1);
}
