import type { ResolvedFit } from './resolve.js';

/**
 * SPoSE in plain float64, one trial after another: what the kernel in assembly/ computes, written to be read.
 * Weights are nStimuli x nComponents, row after row; trials are `oddLast` triples with optional targets.
 */
export interface ReferenceState {
  readonly weights: Float64Array;
  readonly firstMoments: Float64Array;
  readonly secondMoments: Float64Array;
  time: number;
}

export interface ReferenceBatch {
  readonly oddLast: ArrayLike<number>;
  readonly targets?: ArrayLike<number>;
}

const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** Mean cross-entropy of a batch in nats, and its gradient. */
export function crossEntropyAndGradient(
  weights: ArrayLike<number>,
  nComponents: number,
  { oddLast, targets }: ReferenceBatch,
): { crossEntropy: number; gradient: Float64Array } {
  const nTrials = oddLast.length / 3;
  const gradient = new Float64Array(weights.length);
  let crossEntropy = 0;
  for (let t = 0; t < nTrials; t++) {
    const similarity = pairs.map(([a, b]) => {
      let sum = 0;
      for (let c = 0; c < nComponents; c++) {
        sum += weights[oddLast[3 * t + a] * nComponents + c] * weights[oddLast[3 * t + b] * nComponents + c];
      }
      return sum;
    });
    const top = Math.max(...similarity);
    const logSum = top + Math.log(similarity.reduce((sum, s) => sum + Math.exp(s - top), 0));
    pairs.forEach(([a, b], pair) => {
      const target = targets ? targets[3 * t + pair] : Number(pair === 0);
      crossEntropy += (target * (logSum - similarity[pair])) / nTrials;
      const coefficient = (Math.exp(similarity[pair] - logSum) - target) / nTrials;
      for (let c = 0; c < nComponents; c++) {
        const one = oddLast[3 * t + a] * nComponents + c;
        const other = oddLast[3 * t + b] * nComponents + c;
        gradient[one] += coefficient * weights[other];
        gradient[other] += coefficient * weights[one];
      }
    });
  }
  return { crossEntropy, gradient };
}

/** Cross-entropy plus penalties: what a fit minimises. */
export function objective(
  weights: ArrayLike<number>,
  nComponents: number,
  batch: ReferenceBatch,
  fit: ResolvedFit,
): number {
  let loss = crossEntropyAndGradient(weights, nComponents, batch).crossEntropy;
  for (let i = 0; i < weights.length; i++) {
    loss += fit.sparsity * Math.abs(weights[i]);
    if (fit.nonNegativity === 'penalty') loss += fit.positivity * Math.max(0, -weights[i]);
  }
  return loss;
}

/** One Adam step on one batch, in place. */
export function referenceStep(
  state: ReferenceState,
  nComponents: number,
  batch: ReferenceBatch,
  fit: ResolvedFit,
): void {
  const { gradient } = crossEntropyAndGradient(state.weights, nComponents, batch);
  state.time++;
  const correction1 = 1 - fit.beta1 ** state.time;
  const correction2 = 1 - fit.beta2 ** state.time;
  for (let i = 0; i < gradient.length; i++) {
    const weight = state.weights[i];
    const g = gradient[i] + penaltyGradient(weight, fit);
    state.firstMoments[i] = fit.beta1 * state.firstMoments[i] + (1 - fit.beta1) * g;
    state.secondMoments[i] = fit.beta2 * state.secondMoments[i] + (1 - fit.beta2) * g * g;
    const spread = Math.sqrt(state.secondMoments[i] / correction2) + fit.epsilon;
    const next = weight - (fit.learningRate * (state.firstMoments[i] / correction1)) / spread;
    state.weights[i] = fit.nonNegativity === 'projection' ? Math.max(0, next) : next;
  }
}

/** Under projection weights are never negative and the L1 penalty pulls at 0 too, which projection then undoes. */
function penaltyGradient(weight: number, fit: ResolvedFit): number {
  if (fit.nonNegativity === 'projection') return fit.sparsity;
  return fit.sparsity * Math.sign(weight) - (weight < 0 ? fit.positivity : 0);
}
