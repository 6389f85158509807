import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Arena } from '#dist/embedding/arena.js';
import { fit } from '#dist/embedding/fit.js';
import { sposeKernel } from '#dist/embedding/kernel.js';
import { seedWords, takeRunMemory } from '#dist/embedding/memory-layout.js';
import { writeProblem } from '#dist/embedding/records.js';
import { crossEntropyAndGradient, referenceStep } from '#dist/embedding/reference.js';
import { type FitOptions, resolveFit } from '#dist/embedding/resolve.js';
import { Trainer } from '#dist/embedding/trainer.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { kernelMemory } from '#dist/numerics/wasm.js';
import { plantedData } from './planted.js';

const base: FitOptions = {
  components: 30,
  lambda: 0.004,
  objective: 'reference',
  nonNegativity: 'projection',
  learningRate: 0.01,
  batchSize: 64,
  epochs: 2,
  schedule: 'constant',
  earlyStopping: null,
  pruneBelow: 0.1,
};

/** A trainer over its own memory, with its records in their given order. */
function trainerFor(options: FitOptions, nStimuli: number, oddLast: Uint32Array, targets?: Float32Array) {
  const training = { nStimuli, nTrials: oddLast.length / 3, oddLast, ...(targets && { targets }) };
  const fitted = resolveFit(options, nStimuli, training.nTrials);
  const memory = kernelMemory(0);
  const arena = new Arena(memory);
  const problem = writeProblem(arena, { training, heldOut: training });
  const place = takeRunMemory(arena, nStimuli, problem.training, [fitted]);
  const trainer = new Trainer(sposeKernel(memory), memory, place, problem, fitted, 3);
  const words = training.nTrials * problem.training.words;
  new Uint32Array(memory.buffer, place.shuffled, words).set(
    new Uint32Array(memory.buffer, problem.training.at, words),
  );
  return { trainer, fitted, training };
}

describe('the kernel against the reference', () => {
  const shapes = fc.record({
    nComponents: fc.integer({ min: 1, max: 37 }),
    batchSize: fc.integer({ min: 1, max: 23 }),
    nonNegativity: fc.constantFrom('projection' as const, 'penalty' as const),
    isSoft: fc.boolean(),
    scale: fc.constantFrom(0.1, 1, 6),
    seed: fc.nat(1000),
  });

  it('makes the same step for any shape, variant, target and scale', () => {
    fc.assert(
      fc.property(shapes, ({ nComponents, batchSize, nonNegativity, isSoft, scale, seed }) => {
        const nStimuli = 9;
        const random = new Random(keyOf(seed));
        const oddLast = new Uint32Array(3 * batchSize);
        for (let t = 0; t < batchSize; t++) oddLast.set(random.sample(nStimuli, 3), 3 * t);
        const targets = isSoft ? softTargets(batchSize, random) : undefined;
        const options = { ...base, components: nComponents, batchSize, nonNegativity };
        const { trainer, fitted } = trainerFor(options, nStimuli, oddLast, targets);
        const weights = Float32Array.from({ length: nStimuli * nComponents }, () => {
          const weight = scale * (random.uniform() - (nonNegativity === 'penalty' ? 0.3 : 0));
          return random.uniform() < 0.2 ? 0 : weight;
        });
        const zeros = () => new Float32Array(weights.length);
        trainer.restore({
          epoch: 0,
          stepsDone: 0,
          nComponents,
          weights,
          firstMoments: zeros(),
          secondMoments: zeros(),
        });
        const crossEntropy = trainer.steps(0, 1, 0, 1, [0, trainer.nBlocks]) / batchSize;

        const state = {
          weights: Float64Array.from(weights),
          firstMoments: new Float64Array(weights.length),
          secondMoments: new Float64Array(weights.length),
          time: 0,
        };
        const batch = { oddLast, ...(targets && { targets }) };
        const expected = crossEntropyAndGradient(state.weights, nComponents, batch).crossEntropy;
        referenceStep(state, nComponents, batch, fitted);
        const { weights: found, firstMoments } = trainer.snapshot(0);
        expect(Math.abs(crossEntropy - expected)).toBeLessThan(2e-6 * (1 + expected));
        for (let i = 0; i < found.length; i++) {
          expect(Math.abs(firstMoments[i] - state.firstMoments[i])).toBeLessThan(3e-6 * Math.max(1, scale));
          // Adam's first step is lr * sign(g): where g is rounding noise the sign is not defined.
          if (Math.abs(state.firstMoments[i]) > 1e-5)
            expect(Math.abs(found[i] - state.weights[i])).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });

  it('keeps its numbers finite when similarities are huge', () => {
    const { trainer } = trainerFor({ ...base, components: 2, batchSize: 1 }, 3, Uint32Array.from([0, 1, 2]));
    const weights = Float32Array.from([30, 0, 0, 1, 30, 0]);
    const zeros = () => new Float32Array(6);
    trainer.restore({
      epoch: 0,
      stepsDone: 0,
      nComponents: 2,
      weights,
      firstMoments: zeros(),
      secondMoments: zeros(),
    });
    const crossEntropy = trainer.steps(0, 1, 0, 1, [0, 1]);
    expect(crossEntropy).toBeCloseTo(900, 3);
    expect(trainer.snapshot(0).weights.every(Number.isFinite)).toBe(true);
  });
});

describe('the shuffle', () => {
  const memory = kernelMemory(0);
  const arena = new Arena(memory);
  const kernel = sposeKernel(memory);

  it('is a permutation of the records, the same for the same key', () => {
    const source = arena.take(6 * 4 * 5000);
    const [one, two] = [arena.take(6 * 4 * 5000), arena.take(6 * 4 * 5000)];
    const scratch = arena.take(1024);
    const words = new Uint32Array(memory.buffer, source, 6 * 5000);
    for (let i = 0; i < words.length; i++) words[i] = i;
    kernel.shuffle(source, one, 5000, 6, scratch, ...seedWords(keyOf(1)));
    kernel.shuffle(source, two, 5000, 6, scratch, ...seedWords(keyOf(1)));
    const [a, b] = [one, two].map((at) => new Uint32Array(memory.buffer, at, words.length));
    expect(a).toEqual(b);
    const firsts = a.filter((_, i) => i % 6 === 0);
    for (let r = 0; r < 5000; r++) {
      for (let word = 1; word < 6; word++)
        if (a[6 * r + word] !== firsts[r] + word) throw new Error(`record ${r} is torn`);
    }
    expect(Uint32Array.from(firsts).sort()).toEqual(Uint32Array.from({ length: 5000 }, (_, r) => 6 * r));
  });

  it('makes every order of four records equally often (chi-square, 23 df)', () => {
    const source = arena.take(48);
    const target = arena.take(48);
    const scratch = arena.take(1024);
    const words = new Uint32Array(memory.buffer, source, 12);
    for (let i = 0; i < 12; i++) words[i] = Math.floor(i / 3);
    const counts = new Map<string, number>();
    const n = 24_000;
    for (let seed = 0; seed < n; seed++) {
      kernel.shuffle(source, target, 4, 3, scratch, ...seedWords(keyOf(seed)));
      const order = Array.from(new Uint32Array(memory.buffer, target, 12).filter((_, i) => i % 3 === 0)).join(
        '',
      );
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - n / 24) ** 2 / (n / 24), 0);
    expect(chiSquare).toBeLessThan(49.7); // p = .001
  });
});

describe('fit', () => {
  it('finds a planted sparse embedding of 30 components again, from 45', async () => {
    const { truth, nStimuli, nPlanted, training, heldOut } = plantedData({
      nStimuli: 400,
      nComponents: 30,
      nTrials: 1_500_000,
      seed: 5,
    });
    const options = {
      ...base,
      components: 45,
      lambda: 0.015,
      learningRate: 'auto' as const,
      batchSize: 'auto' as const,
      epochs: 40,
    };
    const states = [];
    const run = fit({ training, heldOut }, options, 1);
    let next = await run.next();
    for (; !next.done; next = await run.next()) states.push(next.value);
    const { embedding } = next.value;
    expect(embedding.nComponents).toBe(nPlanted);
    for (let planted = 0; planted < nPlanted; planted++) {
      const column = (values: ArrayLike<number>, width: number, c: number) =>
        Array.from({ length: nStimuli }, (_, i) => values[i * width + c]);
      const best = Math.max(
        ...Array.from({ length: embedding.nComponents }, (_, c) =>
          correlation(column(truth, nPlanted, planted), column(embedding.weights, embedding.nComponents, c)),
        ),
      );
      expect(best).toBeGreaterThan(0.98);
    }
    expect(states.length).toBe(40);
    expect(states.at(-1)!.crossEntropy).toBeLessThan(states[0].crossEntropy);
  });

  it('refuses trials that point outside the stimuli or repeat one', async () => {
    const empty = { nStimuli: 3, nTrials: 0, oddLast: new Uint32Array(0) };
    for (const oddLast of [
      [0, 1, 3],
      [0, 0, 2],
    ]) {
      const training = { nStimuli: 3, nTrials: 1, oddLast: Uint32Array.from(oddLast) };
      await expect(fit({ training, heldOut: empty }, base, 1).next()).rejects.toThrow(
        /three different stimuli below 3/,
      );
    }
    await expect(fit({ training: empty, heldOut: empty }, base, 1).next()).rejects.toThrow(
      /no trial with a choice/,
    );
  });

  it('says so when the learning rate makes it diverge', async () => {
    const { training, heldOut } = plantedData({ nStimuli: 30, nComponents: 3, nTrials: 2000, seed: 2 });
    const options = { ...base, nonNegativity: 'penalty' as const, learningRate: 1e30, epochs: 5 };
    const run = fit({ training, heldOut }, options, 1);
    await expect(
      (async () => {
        for await (const _ of run);
      })(),
    ).rejects.toThrow(/diverged/);
  });

  it.each(['projection', 'penalty'] as const)(
    'sees weights that are no numbers under %s',
    (nonNegativity) => {
      const oddLast = Uint32Array.from([0, 1, 2, 1, 2, 0]);
      const { trainer } = trainerFor({ ...base, nonNegativity, components: 2, batchSize: 2 }, 4, oddLast);
      const start = trainer.initialSnapshot();
      // Stimulus 3 is in no trial: its weights never reach the loss, and projection turns NaN into 0.
      start.firstMoments[6] = Number.NaN;
      trainer.restore(start);
      const crossEntropy = trainer.steps(0, 1, 0, 1, [0, trainer.nBlocks]);
      expect(crossEntropy).toBeGreaterThan(0);
      expect(() => trainer.finishEpoch(1, crossEntropy, 0)).toThrow(/diverged in epoch 1.*weights/);
    },
  );
});

function softTargets(nTrials: number, random: Random): Float32Array {
  const targets = new Float32Array(3 * nTrials);
  for (let t = 0; t < nTrials; t++) {
    const draws = [random.uniform(), random.uniform(), random.uniform()];
    const sum = draws[0] + draws[1] + draws[2];
    targets.set(
      draws.map((draw) => draw / sum),
      3 * t,
    );
  }
  return targets;
}

function correlation(a: number[], b: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  const [ca, cb] = [a.map((value) => value - ma), b.map((value) => value - mb)];
  return dot(ca, cb) / Math.sqrt(dot(ca, ca) * dot(cb, cb));
}
