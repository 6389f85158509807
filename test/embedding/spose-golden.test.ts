import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Arena } from '#dist/embedding/arena.js';
import { sposeKernel } from '#dist/embedding/kernel.js';
import { takeRunMemory } from '#dist/embedding/memory-layout.js';
import { writeProblem } from '#dist/embedding/records.js';
import { crossEntropyAndGradient, objective, referenceStep } from '#dist/embedding/reference.js';
import { resolveFit } from '#dist/embedding/resolve.js';
import { Trainer } from '#dist/embedding/trainer.js';
import { parseNpy } from '#dist/formats/npy.js';
import { kernelMemory } from '#dist/numerics/wasm.js';

// PyTorch's numbers: tools/golden/spose.py.
const golden = (name: string) =>
  parseNpy(readFileSync(new URL(`../golden/spose/${name}.npy`, import.meta.url)), name).data;

const nStimuli = 60;
const nComponents = 8;
const batchSize = 128;
const oddLast = Uint32Array.from(golden('triplets_odd_last'));
const nTrials = oddLast.length / 3;
const options = {
  components: nComponents,
  lambda: 0.004,
  objective: 'reference',
  nonNegativity: 'penalty',
  learningRate: 0.001,
  batchSize,
  epochs: 3,
  schedule: 'constant',
  earlyStopping: null,
  pruneBelow: 0.1,
} as const;
const resolved = resolveFit(options, nStimuli, nTrials);
const batchOf = (step: number) => {
  const first = (step * batchSize) % nTrials;
  return { oddLast: oddLast.subarray(3 * first, 3 * (first + batchSize)) };
};
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);

describe('the float64 reference', () => {
  it('has the gradient of PyTorch in the first step', () => {
    const start = golden('W0');
    const { gradient } = crossEntropyAndGradient(start, nComponents, batchOf(0));
    const penalised = gradient.map(
      (g, i) => g + resolved.sparsity * Math.sign(start[i]) - (start[i] < 0 ? 0.01 : 0),
    );
    expect(largestDifference(penalised, golden('first_gradient_f64'))).toBeLessThan(1e-15);
  });

  it('has the gradient of its own objective (central differences)', () => {
    const start = Float64Array.from(golden('W0'));
    const { gradient } = crossEntropyAndGradient(start, nComponents, batchOf(0));
    const noPenalty = { ...resolved, sparsity: 0, positivity: 0 };
    for (const i of [0, 7, 100, 333, 479]) {
      const at = (shift: number) => {
        const moved = start.slice();
        moved[i] += shift;
        return objective(moved, nComponents, batchOf(0), noPenalty);
      };
      expect(gradient[i]).toBeCloseTo((at(1e-6) - at(-1e-6)) / 2e-6, 8);
    }
  });

  it('follows PyTorch for 300 steps', () => {
    const state = {
      weights: Float64Array.from(golden('W0')),
      firstMoments: new Float64Array(nStimuli * nComponents),
      secondMoments: new Float64Array(nStimuli * nComponents),
      time: 0,
    };
    const losses = golden('losses_f64');
    for (let step = 0; step < 300; step++) {
      expect(objective(state.weights, nComponents, batchOf(step), resolved)).toBeCloseTo(
        losses[2 * step],
        12,
      );
      referenceStep(state, nComponents, batchOf(step), resolved);
      if (step + 1 === 100)
        expect(largestDifference(state.weights, golden('W_after_100_f64'))).toBeLessThan(1e-12);
    }
    expect(largestDifference(state.weights, golden('W_after_300_f64'))).toBeLessThan(1e-12);
  });
});

describe('the kernel', () => {
  const memory = kernelMemory(0);
  const arena = new Arena(memory);
  const training = { nStimuli, nTrials, oddLast };
  const problem = writeProblem(arena, {
    training,
    heldOut: { nStimuli, nTrials: 0, oddLast: new Uint32Array(0) },
  });
  const place = takeRunMemory(arena, nStimuli, problem.training, [resolved]);
  const trainer = new Trainer(sposeKernel(memory), memory, place, problem, resolved, 1);

  it.each([1, 10, 100, 300])('has the weights of PyTorch after %i steps', (nSteps) => {
    new Uint32Array(memory.buffer, place.shuffled, 3 * nTrials).set(oddLast);
    const start = {
      epoch: 0,
      stepsDone: 0,
      nComponents,
      weights: Float32Array.from(golden('W0')),
      firstMoments: new Float32Array(nStimuli * nComponents),
      secondMoments: new Float32Array(nStimuli * nComponents),
    };
    trainer.restore(start);
    const losses = golden('losses_f64');
    let expected = 0;
    let found = 0;
    for (let step = 0; step < nSteps; step++) {
      found += trainer.steps(step % 100, 1, 0, 1, [0, trainer.nBlocks]) / batchSize;
      expected += losses[2 * step + 1];
    }
    expect(found / nSteps).toBeCloseTo(expected / nSteps, 6);
    const { weights } = trainer.snapshot(0);
    // As close to float64 PyTorch as float32 PyTorch is, give or take the order of sums.
    const ofTorch = largestDifference(golden(`W_after_${nSteps}_f32`), golden(`W_after_${nSteps}_f64`));
    expect(largestDifference(weights, golden(`W_after_${nSteps}_f64`))).toBeLessThan(
      Math.max(1e-6, 5 * ofTorch),
    );
    expect(largestDifference(weights, golden(`W_after_${nSteps}_f32`))).toBeLessThan(1e-5);
  });
});
