import { rm } from 'node:fs/promises';
import { chooseRun } from '../embedding/choose-run.js';
import type { FitResult } from '../embedding/fit.js';
import { type FitJob, fitRuns } from '../embedding/fit-runs.node.js';
import { fitWarning } from '../embedding/fit-warning.js';
import { type EmbeddingOptions, type EpochState, evaluate, type TrainingSet } from '../embedding/index.js';
import { type FitOptions, resolveFit } from '../embedding/resolve.js';
import { type FitRecord, writeCurve, writeEmbedding } from './embedding-files.js';
import { paths, withSidecars } from './paths.js';
import { fingerprint, RunStore } from './run-store.js';
import { saver } from './saver.js';
import { selectComponents, selectLambda } from './select.js';
import type { Step, StepContext } from './step.js';
import type { StudyInputs } from './study-inputs.js';
import { readSplit } from './training-files.js';

/** The embedding section with a judge's own changes laid over it. */
export function embeddingFor(
  study: EmbeddingOptions,
  overrides: Partial<EmbeddingOptions> | undefined,
): EmbeddingOptions {
  return { ...study, ...overrides };
}

/** Seeds of the independent runs. */
export function seedsOf({ seed, runs }: EmbeddingOptions): number[] {
  return Array.from({ length: runs }, (_, run) => seed + run);
}

/** The step that learns one judge's embedding, in several independent runs. */
export function embedStep(
  inputs: StudyInputs,
  judge: string,
  options: EmbeddingOptions,
  nTrials: number,
): Step {
  const { seed, ...fitting } = options;
  const seeds = seedsOf(options);
  const selections: ('lambda' | 'components')[] = [];
  if (options.lambda === 'auto') selections.push('lambda');
  if (options.selectComponents.length > 0) selections.push('components');
  const nFits =
    options.runs +
    options.folds *
      ((options.lambda === 'auto' ? options.lambdas.length : 0) + options.selectComponents.length);
  return {
    id: `embed/${judge}`,
    version: 5,
    stage: 'embed',
    judge,
    title: `SPoSE ${judge}`,
    inputs: [
      inputs.files.stimuli,
      paths.triplets('training'),
      paths.shownOrder('training'),
      paths.choice(judge, 'training'),
      paths.outcome(judge, 'training'),
      paths.judgmentSummary(judge, 'training'),
      ...(options.soft ? [paths.probabilities(judge, 'training')] : []),
      ...(inputs.options.trials.validation ? [paths.triplets('validation')] : []),
    ],
    options: fitting,
    seeds: { embedding: seed },
    outputs: [
      ...withSidecars(paths.weights(judge), ...seeds.map((run) => paths.run(judge, run))),
      paths.curve(judge),
      paths.fit(judge),
      ...selections.map((over) => paths.selection(judge, over)),
    ],
    estimate: { work: `${nFits} fit${nFits === 1 ? '' : 's'} of ${options.epochs} epochs`, nTrials },
    run: (context) => runEmbed(inputs, judge, options, context),
  };
}

async function runEmbed(
  inputs: StudyInputs,
  judge: string,
  options: EmbeddingOptions,
  context: StepContext,
): Promise<void> {
  const { artifacts } = context;
  const { ids } = inputs.stimuli;
  if (context.isFresh) await rm(artifacts.path(paths.checkpoints(judge)), { recursive: true, force: true });
  const data = await readSplit(artifacts, judge, ids.length, {
    ...options,
    hasValidation: inputs.options.trials.validation !== null,
  });
  const fitOptions = await chooseOptions(judge, options, data.training, context);
  const fit = resolveFit(fitOptions, ids.length, data.training.nTrials);
  const store = new RunStore(artifacts, judge, ids, fit, fingerprint(data.training, data.heldOut));
  const results = reportedFirst(
    await runSeeds(judge, seedsOf(options), fitOptions, { data, store, context }),
  );
  const [first] = results;
  const { accuracy } = evaluate(first.embedding, data.heldOut);
  const warning = fitWarning(first.embedding, accuracy, fit);
  if (warning) context.note(warning);
  await writeEmbedding(artifacts, paths.weights(judge), first.embedding, {
    ids,
    description: `SPoSE embedding of judge ${judge}.`,
  });
  await writeCurve(artifacts, judge, first.curve);
  const record: FitRecord = {
    fit,
    seeds: results.map(({ seed }) => seed),
    soft: options.soft,
    heldOutShare: options.heldOut,
    nTraining: data.training.nTrials,
    nHeldOut: data.heldOut.nTrials,
    nLeftOut: data.nLeftOut,
    nComponents: results.map(({ embedding }) => embedding.nComponents),
    stoppedEarly: results.map(({ stoppedEarly }) => stoppedEarly),
  };
  await artifacts.writeJson(paths.fit(judge), record);
}

/** The run that is reported, then the others in the order of their seeds. */
function reportedFirst(results: readonly FitResult[]): FitResult[] {
  const chosen = chooseRun(results);
  return [results[chosen], ...results.filter((_, run) => run !== chosen)];
}

/** Lambda and components: as configured, or chosen by cross-validation within the training trials. */
async function chooseOptions(
  judge: string,
  options: EmbeddingOptions,
  training: TrainingSet,
  context: StepContext,
): Promise<FitOptions> {
  const { artifacts, note } = context;
  let lambda = options.lambda === 'auto' ? Number.NaN : options.lambda;
  if (options.lambda === 'auto') {
    const selection = await selectLambda(judge, options, training, context);
    lambda = selection.candidates[selection.chosen].lambda;
    await artifacts.writeJson(paths.selection(judge, 'lambda'), selection);
    note(`lambda ${lambda}: ${selection.rule}`);
  }
  if (options.selectComponents.length > 0) {
    const selection = await selectComponents(judge, { ...options, lambda }, training, context);
    await artifacts.writeJson(paths.selection(judge, 'components'), selection);
    note(
      `${selection.candidates[selection.chosen].components} components: ${selection.rule}; the fit starts with ${options.components}`,
    );
  }
  return { ...options, lambda };
}

interface SeedRuns {
  readonly data: { training: TrainingSet; heldOut: TrainingSet };
  readonly store: RunStore;
  readonly context: StepContext;
}

/** One fit per seed. Finished seeds are taken from disk, stopped ones go on from their checkpoint. */
async function runSeeds(
  judge: string,
  seeds: readonly number[],
  options: FitOptions,
  { data, store, context }: SeedRuns,
): Promise<FitResult[]> {
  const results = new Map<number, FitResult>();
  const jobs: FitJob[] = [];
  for (const seed of seeds) {
    const finished = await store.finished(seed);
    if (finished) results.set(seed, finished);
    else jobs.push(withCheckpoint({ seed, options }, await store.checkpoint(seed)));
  }
  const nContinued = jobs.filter(({ checkpoint }) => checkpoint).length;
  if (jobs.length > 0 && results.size + nContinued > 0) {
    context.note(
      `continues: ${results.size} of ${seeds.length} runs were finished, ${nContinued} go on from a checkpoint`,
    );
  }
  const progress = epochProgress(judge, seeds.length, results.size, options.epochs, jobs, context);
  const saving = saver(context.signal);
  const fitted = fitRuns(data, jobs, {
    nWorkers: context.nWorkers,
    signal: saving.signal,
    checkpointSeconds: 20,
    onEpoch: (job, state) => progress(job, state),
    onCheckpoint: (job, checkpoint) => saving.save(() => store.saveCheckpoint(jobs[job].seed, checkpoint)),
    onResult: (_, result) => saving.save(() => store.saveFinished(result)),
  });
  for (const result of await saving.finish(fitted)) results.set(result.seed, result);
  return seeds.map((seed) => results.get(seed)!);
}

function withCheckpoint(job: FitJob, checkpoint: FitJob['checkpoint'] | undefined): FitJob {
  return checkpoint ? { ...job, checkpoint } : job;
}

function epochProgress(
  judge: string,
  nRuns: number,
  nFinished: number,
  epochs: number,
  jobs: readonly FitJob[],
  { onProgress }: StepContext,
) {
  const done = jobs.map(({ checkpoint }) => checkpoint?.snapshot.epoch ?? 0);
  return (job: number, { epoch, heldOutAccuracy, nComponents }: EpochState) => {
    done[job] = epoch;
    const task = nRuns > 1 ? `SPoSE ${judge}, ${nRuns} runs` : `SPoSE ${judge}`;
    const nEpochs = nFinished * epochs + done.reduce((sum, count) => sum + count, 0);
    onProgress({
      task,
      done: nEpochs,
      total: nRuns * epochs,
      unit: 'epochs',
      metrics: { accuracy: heldOutAccuracy, components: nComponents },
    });
  };
}
