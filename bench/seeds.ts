import { fitRuns } from '#dist/embedding/fit-runs.node.js';
import type { FitOptions, FitResult, TrainingSet } from '#dist/embedding/index.js';
import { nothingHeldOut, plantedTrials } from './planted-trials.js';
import { type BenchRow, crowdedNote, peakMb } from './row.js';

const nSeeds = 10;
const nRounds = 5;
const nWorkersLimit = 2;

/** Ten short fits, each round on one worker and then on two; each number of workers counts with its fastest round. */
export async function seedsOnTwoWorkers(name: string): Promise<BenchRow> {
  const training = plantedTrials(30);
  const one: Round[] = [];
  const two: Round[] = [];
  for (let round = 0; round < nRounds; round++) {
    one.push(await timed(training, 1));
    two.push(await timed(training, 2));
    checkSame(one[round].results, two[round].results);
  }
  const value = fastest(one).seconds / fastest(two).seconds;
  return {
    name,
    value,
    unit: 'x',
    ratio: value,
    baseline: 'the same ten seeds on one worker',
    limitShare: value / nWorkersLimit,
    peakMb: peakMb(),
    ...crowdedNote(fastest(two).coresUsed, 2),
    detail: { one: factsOf(fastest(one)), two: factsOf(fastest(two)) },
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

interface Round {
  readonly seconds: number;
  /** CPU seconds per second: below the number of workers, others had the machine too. */
  readonly coresUsed: number;
  readonly results: readonly FitResult[];
}

async function timed(training: TrainingSet, nWorkers: number): Promise<Round> {
  const jobs = Array.from({ length: nSeeds }, (_, seed) => ({ seed, options }));
  const cpu = process.cpuUsage();
  const start = performance.now();
  const results = await fitRuns({ training, heldOut: nothingHeldOut() }, jobs, { nWorkers });
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, coresUsed: (user + system) / 1e6 / seconds, results };
}

function fastest(rounds: readonly Round[]): Round {
  return rounds.reduce((best, round) => (round.seconds < best.seconds ? round : best));
}

function factsOf({ seconds, coresUsed }: Round) {
  return { seconds, coresUsed };
}

/** A faster answer counts only if it is the same answer. */
function checkSame(one: readonly FitResult[], two: readonly FitResult[]): void {
  for (let seed = 0; seed < nSeeds; seed++) {
    const [a, b] = [one[seed].embedding.weights, two[seed].embedding.weights];
    if (a.length !== b.length || a.some((weight, w) => weight !== b[w]))
      throw new Error(`Seed ${seed} gave other weights on two workers than on one.`);
  }
}
