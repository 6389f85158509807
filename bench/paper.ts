import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitRuns } from '#dist/embedding/fit-runs.node.js';
import { type FitResult, splitTrainingSet, trainingSet } from '#dist/embedding/index.js';
import { parseDelimited } from '#dist/formats/index.js';
import { centroidAccuracy, interpret, nearestCentroid } from '#dist/interpretation/index.js';
import { ratingsJudge } from '#dist/judges/index.js';
import { keyOf, split } from '#dist/numerics/index.js';
import { type CowenKeltnerStudy, importCowenKeltner, topCategory } from '#dist/stimuli/index.js';
import { sampleDyads } from '#dist/trials/index.js';
import { type BaselineAnswer, runBaseline } from './baseline.js';
import { type BenchRow, crowdedNote, peakMb, type SkippedRow } from './row.js';
import { nStimuli, thirdsPerDyad } from './sparse-ratings.js';

/** What P1 reports for Human-category and every counted run must reach. */
const enoughLabels = 28;
const clearLabel = 0.95;
const enoughTop3 = 0.984;

/** The defaults of study.yaml for Human-category. */
const options = {
  components: 30,
  lambda: 0.004,
  objective: 'reference',
  nonNegativity: 'projection',
  learningRate: 'auto',
  batchSize: 'auto',
  epochs: 40,
  schedule: 'settle',
  earlyStopping: null,
  pruneBelow: 0.1,
} as const;

/** P1's defaults for the reference code, projected from a slice. */
const published = { components: 90, batchSize: 100, epochs: 500, sliceSeconds: 5 };

/**
 * Seconds from the ratings file to a named and checked embedding: read, sample 7,125,330 trials, judge, hold out a tenth, fit,
 * label by 48 ratings, classify by nearest centroid. A run that misses a criterion is an error, not a time.
 */
export async function timeToPaper(name: string, nWorkers: number): Promise<BenchRow | SkippedRow> {
  const data = process.env.AFFECTOME_DATA ?? join('..', 'shared', 'data');
  const file = join(data, 'emotion', 'CowenKeltnerEmotionalVideos.csv');
  if (!existsSync(file))
    return { name, skipped: `${file} is not here; set AFFECTOME_DATA to the folder that holds emotion/` };
  const { lap, laps, total } = stopwatch();
  const study = importCowenKeltner(parseDelimited(readFileSync(file), file));
  lap('read');
  const data90 = judgedTrials(study, lap);
  const cpu = process.cpuUsage();
  const [result] = await fitRuns(data90, [{ seed: 1, options }], { nWorkers });
  lap('fit');
  const { user, system } = process.cpuUsage(cpu);
  const coresUsed = (user + system) / 1e6 / laps.fit;
  const found = criteria(result, study);
  lap('labels');
  const seconds = total();
  const memory = peakMb();
  check(found);
  return {
    name,
    value: seconds,
    unit: 's',
    ...projectedRatio(seconds, data90.training.oddLast, data90.training.nTrials),
    peakMb: memory,
    ...crowdedNote(coresUsed, nWorkers),
    detail: {
      ...found,
      heldOutAccuracy: result.curve.at(-1)?.heldOutAccuracy,
      seconds: laps,
      coresUsed,
    },
  };
}

function judgedTrials({ categories }: CowenKeltnerStudy, lap: (part: string) => void) {
  const trials = sampleDyads({ nStimuli, thirdsPerDyad, key: split(keyOf(1), 'training') });
  lap('sample');
  const judgments = ratingsJudge(categories).answer(trials, split(keyOf(1), 'judge'));
  lap('judge');
  const halves = splitTrainingSet(trainingSet(trials, judgments), 0.1, split(keyOf(1), 'hold-out'));
  lap('hold out');
  return halves;
}

function criteria({ embedding }: FitResult, { categories, dimensions }: CowenKeltnerStudy) {
  const naming = { margin: 0.1, threshold: 0.1, topStimuli: 8 };
  const { components } = interpret(embedding, [categories, dimensions], naming);
  const centroid = nearestCentroid(
    embedding,
    topCategory(categories),
    categories.scales.map((scale) => scale.name),
    { minPerCategory: 10, permutations: 1000, key: split(keyOf(1), 'nearest centroid') },
  );
  return {
    labelsAbove95: components.filter(({ terms }) => Math.abs(terms[0]?.r ?? 0) > clearLabel).length,
    nearestCentroidTop3: centroidAccuracy(centroid).accuracy.value,
  };
}

function check({ labelsAbove95, nearestCentroidTop3 }: ReturnType<typeof criteria>): void {
  if (labelsAbove95 >= enoughLabels && nearestCentroidTop3 >= enoughTop3) return;
  throw new Error(
    `Found ${labelsAbove95} labels above ${clearLabel} and top-3 ${nearestCentroidTop3.toFixed(4)}; ` +
      `expected ${enoughLabels} and ${enoughTop3}. The time does not count.`,
  );
}

function projectedRatio(seconds: number, oddLast: Uint32Array, nTrials: number) {
  const { components, batchSize, epochs, sliceSeconds } = published;
  const slice = new Uint8Array(oddLast.buffer, oddLast.byteOffset, 12 * 400_000);
  const shape = [nStimuli, components, batchSize, 0.001, options.lambda, 'penalty', sliceSeconds];
  const answer: BaselineAnswer<{ tripletsPerSecond: number; torch: string }> = runBaseline(
    'spose.py',
    slice,
    ['one-hot', ...shape],
  );
  if ('absent' in answer) return { baseline: answer.absent };
  const projected = (nTrials * epochs) / answer.facts.tripletsPerSecond;
  const hours = (projected / 3600).toFixed(0);
  const recipe = `${components} components, batch ${batchSize}, ${epochs} epochs`;
  return {
    ratio: projected / seconds,
    baseline: `PyTorch ${answer.facts.torch} as published (${recipe}), projected from a slice to ${hours} h`,
  };
}

function stopwatch() {
  const start = performance.now();
  let last = start;
  const laps: Record<string, number> = {};
  const lap = (part: string) => {
    const now = performance.now();
    laps[part] = (now - last) / 1000;
    last = now;
  };
  const total = () => (last - start) / 1000;
  return { lap, laps, total };
}
