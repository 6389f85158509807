import {
  componentsNeeded,
  type Embedding,
  type EmbeddingOptions,
  evaluate,
  type RsmGeneralisation,
  reproducibility,
  rsmGeneralisation,
  type TrainingSet,
} from '../embedding/index.js';
import { throwIfCancelled } from '../numerics/errors.js';
import { keyOf, split } from '../numerics/random.js';
import type { Estimate } from '../numerics/statistics.js';
import type { Artifacts } from '../study/artifacts.js';
import { seedsOf } from './embed.js';
import { type FitRecord, readStudyEmbedding } from './embedding-files.js';
import { readJudgments } from './judgment-files.js';
import { paths, withSidecars } from './paths.js';
import type { JudgeQuality } from './quality.js';
import type { Step, StepContext } from './step.js';
import type { StudyInputs } from './study-inputs.js';
import { readSplit } from './training-files.js';
import { readTrials } from './trial-files.js';

/** `generalisation.json`; the two matrices are beside it as .npy. */
export type GeneralisationRecord = Pick<RsmGeneralisation, 'r' | 'nPairs'> & {
  readonly stimuli: readonly number[];
};

/** The step that examines an embedding on trials it has not seen. */
export function evaluateStep(inputs: StudyInputs, judge: string, options: EmbeddingOptions): Step {
  const { validation } = inputs.options.trials;
  const seeds = seedsOf(options);
  const { heldOut, runs, soft, seed } = options;
  return {
    id: `evaluate/${judge}`,
    version: 4,
    stage: 'embed',
    judge,
    title: `Evaluation ${judge}`,
    inputs: [
      ...judgedFiles(judge, 'training'),
      paths.quality(judge),
      paths.weights(judge),
      paths.fit(judge),
      ...seeds.map((run) => paths.run(judge, run)),
      ...(validation ? [paths.prototypes, ...judgedFiles(judge, 'validation')] : []),
    ],
    options: { heldOut, runs, soft },
    seeds: { embedding: seed },
    outputs: [
      paths.evaluation(judge),
      paths.componentsNeeded(judge),
      ...(runs > 1 ? [paths.reproducibility(judge)] : []),
      ...(validation
        ? [...withSidecars(paths.rsmPredicted(judge), paths.rsmMeasured(judge)), paths.generalisation(judge)]
        : []),
    ],
    estimate: { work: 'accuracy, reproducibility, components needed' },
    run: (context) => runEvaluate(inputs, judge, options, context),
  };
}

function judgedFiles(judge: string, set: 'training' | 'validation'): string[] {
  return [
    paths.triplets(set),
    paths.shownOrder(set),
    paths.choice(judge, set),
    paths.outcome(judge, set),
    paths.judgmentSummary(judge, set),
  ];
}

async function runEvaluate(
  inputs: StudyInputs,
  judge: string,
  options: EmbeddingOptions,
  { artifacts, signal }: StepContext,
): Promise<void> {
  const nStimuli = inputs.stimuli.ids.length;
  const embedding = await readStudyEmbedding(artifacts, paths.weights(judge), nStimuli);
  const { heldOut } = await readSplit(artifacts, judge, nStimuli, {
    ...options,
    hasValidation: inputs.options.trials.validation !== null,
  });
  const { ceiling } = await artifacts.readJson<JudgeQuality>(paths.quality(judge));
  throwIfCancelled(signal);
  await artifacts.writeJson(
    paths.evaluation(judge),
    evaluate(embedding, heldOut, { ceiling: ceiling as Estimate | null }),
  );
  await artifacts.writeJson(
    paths.componentsNeeded(judge),
    componentsNeeded(embedding, heldOut, { ties: 'expected' }),
  );
  throwIfCancelled(signal);
  const { seeds } = await artifacts.readJson<FitRecord>(paths.fit(judge));
  if (seeds.length > 1) await writeReproducibility(artifacts, judge, nStimuli, seeds, heldOut);
  throwIfCancelled(signal);
  if (inputs.options.trials.validation) await writeGeneralisation(inputs, judge, embedding, artifacts);
}

async function writeReproducibility(
  artifacts: Artifacts,
  judge: string,
  nStimuli: number,
  seeds: readonly number[],
  heldOut: TrainingSet,
): Promise<void> {
  const runs: Embedding[] = [];
  for (const seed of seeds) runs.push(await readStudyEmbedding(artifacts, paths.run(judge, seed), nStimuli));
  const heldOutAccuracy = runs.map((run) => evaluate(run, heldOut).accuracy.value);
  await artifacts.writeJson(paths.reproducibility(judge), reproducibility(runs, { seeds, heldOutAccuracy }));
}

async function writeGeneralisation(
  { options, stimuli }: StudyInputs,
  judge: string,
  embedding: Embedding,
  artifacts: Artifacts,
): Promise<void> {
  const prototypes = await artifacts.readArray(paths.prototypes, Uint32Array, [null]);
  const trials = await readTrials(artifacts, 'validation', stimuli.ids.length);
  const judgments = await readJudgments(artifacts, judge, 'validation', { nTrials: trials.nTrials });
  const key = split(keyOf(options.trials.seed), 'generalisation', judge);
  const { r, nPairs, predicted, measured } = rsmGeneralisation(embedding, trials, judgments, prototypes, key);
  const labels = Array.from(prototypes, (index) => stimuli.ids[index]);
  const axes = [
    { axis: 'stimulus', labels },
    { axis: 'stimulus', labels },
  ];
  const shape = [prototypes.length, prototypes.length];
  await artifacts.writeNpy(paths.rsmPredicted(judge), predicted.data, shape, {
    description:
      'Similarity of the prototypes predicted by the embedding: probability that a pair is kept, over all thirds.',
    axes,
  });
  await artifacts.writeNpy(paths.rsmMeasured(judge), measured.data, shape, {
    description: 'Share of validation trials in which the pair was kept; NaN where it was never asked.',
    axes,
  });
  const record: GeneralisationRecord = { stimuli: Array.from(prototypes), r, nPairs };
  await artifacts.writeJson(paths.generalisation(judge), record);
}
