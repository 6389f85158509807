import { fitRuns } from '#dist/embedding/fit-runs.node.js';
import type { FitOptions, FitResult, TrainingSet } from '#dist/embedding/index.js';
import { nothingHeldOut, plantedTrials } from './planted-trials.js';
import { type BenchRow, peakMb } from './row.js';

const nSeeds = 10;
const nRounds = 3;
const nWorkersLimit = 2;

/** Ten short fits, each round on one worker and then on two; the median of the rounds' ratios. */
export async function seedsOnTwoWorkers(name: string): Promise<BenchRow> {
  const training = plantedTrials(30);
  const rounds: { one: number; two: number; ratio: number }[] = [];
  for (let round = 0; round < nRounds; round++) {
    const one = await secondsWith(training, 1);
    const two = await secondsWith(training, 2);
    rounds.push({ one: one.seconds, two: two.seconds, ratio: one.seconds / two.seconds });
    checkSame(one.results, two.results);
  }
  const value = rounds.map(({ ratio }) => ratio).sort((a, b) => a - b)[nRounds >> 1];
  return {
    name,
    value,
    unit: 'x',
    ratio: value,
    baseline: 'the same ten seeds on one worker',
    limitShare: value / nWorkersLimit,
    peakMb: peakMb(),
    detail: { secondsByRound: rounds },
  };
}

const options: FitOptions = {
  components: 30,
  lambda: 0.0005,
  objective: 'reference',
  nonNegativity: 'projection',
  learningRate: 0.004,
  batchSize: 4096,
  epochs: 3,
  schedule: 'constant',
  earlyStopping: null,
  pruneBelow: 0,
};

async function secondsWith(training: TrainingSet, nWorkers: number) {
  const jobs = Array.from({ length: nSeeds }, (_, seed) => ({ seed, options }));
  const start = performance.now();
  const results = await fitRuns({ training, heldOut: nothingHeldOut() }, jobs, { nWorkers });
  return { seconds: (performance.now() - start) / 1000, results };
}

/** A faster answer counts only if it is the same answer. */
function checkSame(one: readonly FitResult[], two: readonly FitResult[]): void {
  for (let seed = 0; seed < nSeeds; seed++) {
    const [a, b] = [one[seed].embedding.weights, two[seed].embedding.weights];
    if (a.length !== b.length || a.some((weight, w) => weight !== b[w]))
      throw new Error(`Seed ${seed} gave other weights on two workers than on one.`);
  }
}
