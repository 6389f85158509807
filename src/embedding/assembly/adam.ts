// One dense Adam step over a block (Kingma & Ba 2015, arXiv:1412.6980), gradients cleared on the way.
// Two quotients share one division: a / b = a d / (b d), c / d = c b / (b d).

import { Run, Block } from './run';

// @ts-ignore: decorator
@inline
function penalised(weight: v128, gradient: v128, sparsity: v128, positivity: v128): v128 {
  const zero = f32x4.splat(0);
  const up = v128.and(f32x4.gt(weight, zero), sparsity);
  const down = v128.and(f32x4.lt(weight, zero), f32x4.add(sparsity, positivity));
  return f32x4.add(gradient, f32x4.sub(up, down));
}

// Steps eight weights from byte `at` on: the two quotients share one division.
// @ts-ignore: decorator
@inline
function stepEight(
  at: usize,
  toGradients: usize,
  toFirst: usize,
  toSecond: usize,
  b1: v128,
  c1: v128,
  b2: v128,
  c2: v128,
  epsilon: v128,
  minusRate: v128,
  sparsity: v128,
  positivity: v128,
  isPenalty: bool,
): void {
  const zero = f32x4.splat(0);
  const w0 = v128.load(at);
  const w1 = v128.load(at, 16);
  let g0 = v128.load(at + toGradients);
  let g1 = v128.load(at + toGradients, 16);
  if (isPenalty) {
    g0 = penalised(w0, g0, sparsity, positivity);
    g1 = penalised(w1, g1, sparsity, positivity);
  } else {
    g0 = f32x4.add(g0, sparsity);
    g1 = f32x4.add(g1, sparsity);
  }
  const m0 = f32x4.add(f32x4.mul(b1, v128.load(at + toFirst)), f32x4.mul(c1, g0));
  const m1 = f32x4.add(f32x4.mul(b1, v128.load(at + toFirst, 16)), f32x4.mul(c1, g1));
  const v0 = f32x4.add(f32x4.mul(b2, v128.load(at + toSecond)), f32x4.mul(c2, f32x4.mul(g0, g0)));
  const v1 = f32x4.add(f32x4.mul(b2, v128.load(at + toSecond, 16)), f32x4.mul(c2, f32x4.mul(g1, g1)));
  const d0 = f32x4.add(f32x4.sqrt(v0), epsilon);
  const d1 = f32x4.add(f32x4.sqrt(v1), epsilon);
  const inverse = f32x4.div(minusRate, f32x4.mul(d0, d1));
  const n0 = f32x4.add(w0, f32x4.mul(f32x4.mul(m0, d1), inverse));
  const n1 = f32x4.add(w1, f32x4.mul(f32x4.mul(m1, d0), inverse));
  v128.store(at + toFirst, m0);
  v128.store(at + toFirst, m1, 16);
  v128.store(at + toSecond, v0);
  v128.store(at + toSecond, v1, 16);
  v128.store(at + toGradients, zero);
  v128.store(at + toGradients, zero, 16);
  v128.store(at, isPenalty ? n0 : f32x4.pmax(zero, n0));
  v128.store(at, isPenalty ? n1 : f32x4.pmax(zero, n1), 16);
}

/**
 * `rate` is learningRate * sqrt(1 - beta2^t) / (1 - beta1^t), `epsilon` is epsilon * sqrt(1 - beta2^t):
 * the same step as with corrected moments. Under projection a weight never goes below 0.
 */
// @ts-ignore: decorator
@inline
function stepBlock(run: Run, block: Block, rate: f32, epsilon: f32, isPenalty: bool): void {
  const b1 = f32x4.splat(<f32>run.beta1);
  const b2 = f32x4.splat(<f32>run.beta2);
  const c1 = f32x4.splat(<f32>(1.0 - run.beta1));
  const c2 = f32x4.splat(<f32>(1.0 - run.beta2));
  const eps = f32x4.splat(epsilon);
  const minusRate = f32x4.splat(-rate);
  const sparsity = f32x4.splat(run.sparsity);
  const positivity = f32x4.splat(run.positivity);
  const weights = block.weights;
  const toGradients = block.gradients - weights;
  const toFirst = block.firstMoments - weights;
  const toSecond = block.secondMoments - weights;
  const end = weights + (((<usize>run.nStimuli * block.width + 15) >> 4) << 6);
  for (let at = weights; at < end; at += 64) {
    stepEight(at, toGradients, toFirst, toSecond, b1, c1, b2, c2, eps, minusRate, sparsity, positivity, isPenalty);
    stepEight(at + 32, toGradients, toFirst, toSecond, b1, c1, b2, c2, eps, minusRate, sparsity, positivity, isPenalty);
  }
}

/** One step of one block; `time` counts steps from 1. */
export function adam(run: Run, block: Block, time: u32): void {
  const correction = Math.sqrt(1 - Math.pow(run.beta2, time));
  const rate = <f32>((<f64>run.learningRate * correction) / (1 - Math.pow(run.beta1, time)));
  const epsilon = <f32>(<f64>run.epsilon * correction);
  if (run.isPenalty) stepBlock(run, block, rate, epsilon, true);
  else stepBlock(run, block, rate, epsilon, false);
}
