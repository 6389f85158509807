import { type FitOptions, type FitResult, fit, type TrainingSet } from '#dist/embedding/index.js';
import { type BaselineAnswer, runBaseline } from './baseline.js';
import { measureLimits } from './limits.js';
import { nothingHeldOut, plantedTrials } from './planted-trials.js';
import { type BenchRow, peakMb } from './row.js';
import { nStimuli } from './sparse-ratings.js';
import { sposeFloor } from './spose-floor.js';

export interface SposeCase {
  readonly name: string;
  readonly nonNegativity: 'penalty' | 'projection';
  readonly batchSize: 256 | 4096;
  readonly nComponents: 30 | 100;
}

/** The first epoch warms up: the compiler finishes, pages are touched. */
const nEpochs = 5;
/** Small enough for every component to live: a fit whose components die gets faster, and would flatter us. */
const lambda = 0.0005;
const baselineSeconds = 3;
const nBaselineTrials = 400_000;

/** Million triplets/s in the best epoch after the first; the shuffle is inside, as is all else an epoch does. */
export async function sposeSpeed(spose: SposeCase): Promise<BenchRow> {
  const training = plantedTrials(spose.nComponents);
  const speed = await bestEpoch(training, spose);
  const memory = peakMb();
  const limits = measureLimits(nStimuli, spose.nComponents);
  const floor = sposeFloor(limits, { ...spose, nStimuli });
  return {
    name: spose.name,
    value: speed / 1e6,
    unit: 'M triplets/s',
    ...ratios(speed, training, spose),
    limitShare: (speed * floor.total) / 1e9,
    peakMb: memory,
    detail: { limitsInNanoseconds: limits, floorInNanoseconds: floor },
  };
}

async function bestEpoch(training: TrainingSet, spose: SposeCase): Promise<number> {
  const run = fit({ training, heldOut: nothingHeldOut() }, optionsOf(spose), 1);
  let [best, last] = [Number.POSITIVE_INFINITY, 0];
  for (;;) {
    const next = await run.next();
    if (next.done) {
      checkAlive(next.value, spose);
      return training.nTrials / best;
    }
    const { epoch, secondsElapsed } = next.value;
    if (epoch > 1) best = Math.min(best, secondsElapsed - last);
    last = secondsElapsed;
  }
}

function optionsOf({ nonNegativity, batchSize, nComponents }: SposeCase): FitOptions {
  return {
    components: nComponents,
    lambda,
    objective: 'reference',
    nonNegativity,
    learningRate: learningRateOf(batchSize),
    batchSize,
    epochs: nEpochs,
    schedule: 'constant',
    earlyStopping: null,
    pruneBelow: 0.1,
  };
}

function learningRateOf(batchSize: number): number {
  return 0.001 * Math.sqrt(batchSize / 256);
}

function checkAlive({ embedding }: FitResult, { nComponents }: SposeCase): void {
  if (embedding.nComponents === nComponents) return;
  throw new Error(`Only ${embedding.nComponents} of ${nComponents} components lived: the rate is too high.`);
}

/** Ratios to PyTorch on the same trials, batch, components and objective; its shuffle is left out, in its favour. */
function ratios(speed: number, { oddLast }: TrainingSet, spose: SposeCase) {
  const bytes = new Uint8Array(oddLast.buffer, oddLast.byteOffset, 12 * nBaselineTrials);
  const { batchSize, nComponents, nonNegativity } = spose;
  const shape = [nStimuli, nComponents, batchSize, learningRateOf(batchSize), lambda, nonNegativity];
  const measure = (
    form: 'gather' | 'one-hot',
  ): BaselineAnswer<{ tripletsPerSecond: number; torch: string }> =>
    runBaseline('spose.py', bytes, [form, ...shape, baselineSeconds]);
  const gather = measure('gather');
  if ('absent' in gather) return { baseline: gather.absent };
  const ratio = speed / gather.facts.tripletsPerSecond;
  const baseline = `PyTorch ${gather.facts.torch} index gather, one thread`;
  const published = measure('one-hot');
  if ('absent' in published) return { ratio, baseline };
  return { ratio, baseline, ratioPublished: speed / published.facts.tripletsPerSecond };
}
