import { parseNpy } from '../formats/npy.js';
import { throwIfCancelled } from '../numerics/errors.js';
import { keyOf, split } from '../numerics/random.js';
import type { Artifacts } from '../study/artifacts.js';
import {
  choosePrototypes,
  countTripletLines,
  readTripletArray,
  readTripletText,
  sampleAll,
  sampleCeiling,
  sampleDyads,
  samplePrototypes,
  sampleRandom,
  type TrialSet,
  type Trials,
  type TrialsPlan,
} from '../trials/index.js';
import { paths, withSidecars } from './paths.js';
import type { Step, StepContext } from './step.js';
import { type StudyInputs, shownName } from './study-inputs.js';
import { setsOf, writeTrials } from './trial-files.js';

/** `trials/plan.json`: what was sampled. */
export interface TrialsRecord {
  readonly nStimuli: number;
  readonly seed: number;
  readonly sets: readonly { readonly set: TrialSet; readonly design: string; readonly nTrials: number }[];
}

/** The step that decides which triplets are asked, in which shown order. */
export function sampleStep(inputs: StudyInputs, plan: TrialsPlan): Step {
  const { options } = inputs;
  const { seed, ...design } = options.trials;
  const nTrials = plan.sets.reduce((sum, set) => sum + set.nTrials, 0);
  const outputs = setsOf(options).flatMap((set) => withSidecars(paths.triplets(set), paths.shownOrder(set)));
  if (options.trials.validation) outputs.push(...withSidecars(paths.prototypes));
  return {
    id: 'sample',
    version: 2,
    stage: 'sample',
    judge: null,
    title: 'Trials',
    inputs: inputFiles(inputs),
    options: { nStimuli: inputs.stimuli.ids.length, ...design },
    seeds: { trials: seed },
    outputs: [...outputs, paths.trialsPlan],
    estimate: {
      work: `${nTrials.toLocaleString('en-US')} trials`,
      nTrials,
      bytes: plan.bytes,
    },
    run: (context) => runSample(inputs, plan, context),
  };
}

function inputFiles({ options, files }: StudyInputs): string[] {
  const { validation, design, file } = options.trials;
  return [
    files.stimuli,
    ...(validation ? files.ratings(validation.from) : []),
    ...(design === 'file' ? [file!] : []),
  ];
}

async function runSample(
  inputs: StudyInputs,
  plan: TrialsPlan,
  { artifacts, signal, onProgress }: StepContext,
): Promise<void> {
  const { options, stimuli } = inputs;
  const nStimuli = stimuli.ids.length;
  const { seed, validation, noiseCeiling } = options.trials;
  const sets = setsOf(options);
  const key = keyOf(seed);
  let done = 0;
  const finish = async (set: (typeof sets)[number], trials: Trials) => {
    await writeTrials(artifacts, set, trials);
    onProgress({ task: 'sampling', done: ++done, total: sets.length, unit: 'sets' });
    throwIfCancelled(signal);
    return trials.nTrials;
  };
  const nTrials: Record<string, number> = {};
  nTrials.training = await finish('training', await trainingTrials(inputs, nStimuli, artifacts));
  if (validation) {
    const { stimuli: prototypes } = choosePrototypes(
      await inputs.readRatings(validation.from),
      validation.perCategory,
    );
    await writePrototypes(artifacts, prototypes, stimuli.ids);
    const { thirdsPerDyad } = validation;
    nTrials.validation = await finish(
      'validation',
      samplePrototypes({ nStimuli, prototypes, thirdsPerDyad, key: split(key, 'validation') }),
    );
  }
  if (noiseCeiling) {
    const { trials: nTriplets, repeats: nRepeats } = noiseCeiling;
    nTrials.ceiling = await finish(
      'ceiling',
      sampleCeiling({ nStimuli, nTriplets, nRepeats, key: split(key, 'ceiling') }),
    );
  }
  const designs = plan.sets.map(({ set, design }) => ({ set, design, nTrials: nTrials[set] }));
  const record: TrialsRecord = { nStimuli, seed, sets: designs };
  await artifacts.writeJson(paths.trialsPlan, record);
}

async function trainingTrials(inputs: StudyInputs, nStimuli: number, artifacts: Artifacts): Promise<Trials> {
  const { trials } = inputs.options;
  const key = split(keyOf(trials.seed), 'training');
  switch (trials.design) {
    case 'dyads':
      return sampleDyads({ nStimuli, thirdsPerDyad: trials.thirdsPerDyad, key });
    case 'all':
      return sampleAll({ nStimuli, key });
    case 'random':
      return sampleRandom({ nStimuli, nTrials: trials.nTrials!, key });
    case 'file':
      return fileTrials(await inputs.readTripletFile(), shownName(artifacts, trials.file!), nStimuli);
  }
}

function fileTrials(bytes: Uint8Array, file: string, nStimuli: number): Trials {
  const { trials } = isArray(file)
    ? readTripletArray(parseNpy(bytes, file), file, { nStimuli })
    : readTripletText(bytes, file, { nStimuli });
  return trials;
}

/** Number of trials in the file of `design: file`; only its lines, or its shape, are looked at. */
export async function countFileTrials(inputs: StudyInputs): Promise<number> {
  const bytes = await inputs.readTripletFile();
  const file = inputs.options.trials.file!;
  return isArray(file) ? (parseNpy(bytes, file).shape[0] ?? 0) : countTripletLines(bytes);
}

const isArray = (file: string): boolean => /\.npy$/i.test(file);

async function writePrototypes(
  artifacts: Artifacts,
  prototypes: Uint32Array,
  ids: readonly string[],
): Promise<void> {
  await artifacts.writeNpy(paths.prototypes, prototypes, [prototypes.length], {
    description:
      'Indices of the highest-rated stimuli of each rating category: the stimuli of the validation trials.',
    axes: [{ axis: 'prototype', labels: Array.from(prototypes, (index) => ids[index]) }],
  });
}
