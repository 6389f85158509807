import type { JudgeOptions } from '../judges/options.js';
import { defaultSaturation } from '../judgments/options.js';
import { Artifacts } from '../study/artifacts.js';
import { atLineOf, type Study } from '../study/study.js';
import { choosePrototypes, planTrials, type TrialsPlan } from '../trials/index.js';
import { brainReportInputs } from './brain/report-inputs.js';
import type { CollectFlags } from './collect/flags.js';
import { comparedJudges } from './compared-judges.js';
import { differencesStep } from './differences.js';
import { embeddingFor, embedStep } from './embed.js';
import { evaluateStep } from './evaluate.js';
import type { PlanFlags } from './flags.js';
import { presentAlignments } from './geometry/present-alignments.js';
import { geometrySteps } from './geometry/steps.js';
import { interpretStep } from './interpret.js';
import { judgeStep } from './judge.js';
import { paths } from './paths.js';
import { agreementStep, qualityStep } from './quality.js';
import { reportStep } from './report.js';
import { countFileTrials, sampleStep } from './sample.js';
import { saturationStep } from './saturation.js';
import type { Step } from './step.js';
import { readStudyInputs, type StudyInputs } from './study-inputs.js';

/**
 * Everything that a study asks for, as steps in the order they run. Reads the inputs, writes nothing.
 * @throws AffectomeError when the configuration or an input table is wrong.
 */
export function planStudy(study: Study, flags: PlanFlags = {}): Promise<Step[]> {
  return stepsOf(study, flags).catch((error: unknown) => Promise.reject(atLineOf(study, error)));
}

async function stepsOf(study: Study, flags: PlanFlags): Promise<Step[]> {
  const inputs = await readStudyInputs(study);
  const plan = await planOf(inputs);
  const judges = Object.entries(study.options.judges);
  const names = judges.map(([name]) => name);
  const nTrials = plan.sets.reduce((sum, set) => sum + set.nTrials, 0);
  const embeddings = judges.map(
    ([name, judge]) => [name, embeddingFor(study.options.embedding, judge.embedding)] as const,
  );
  const steps = [sampleStep(inputs, plan)];
  steps.push(...(await rateSteps(inputs, flags)));
  for (const [name, judge] of judges) steps.push(await stepOfJudge(inputs, name, judge, { nTrials, flags }));
  steps.push(...names.map((name) => qualityStep(inputs, name)));
  if (names.length > 1) steps.push(agreementStep(names));
  const compared = comparedJudges(study.options);
  if (compared.pairs.length > 0) steps.push(differencesStep(inputs, compared));
  for (const [name, options] of embeddings) {
    steps.push(embedStep(inputs, name, options, plan.nTrials), evaluateStep(inputs, name, options));
  }
  const settings = study.options.quality.saturation ?? (flags.saturation ? defaultSaturation() : null);
  if (settings)
    steps.push(...embeddings.map(([name, options]) => saturationStep(inputs, name, options, settings)));
  if (Object.keys(study.options.ratings).length > 0)
    steps.push(...names.map((name) => interpretStep(inputs, name)));
  steps.push(...geometrySteps(inputs, names, flags));
  if (study.options.brain) steps.push(...(await (await import('./brain/plan.js')).brainStepsOfStudy(inputs)));
  const brain = await brainReportInputs(study.folder, steps);
  if (names.length > 0 || brain.length > 0) {
    const present = settings ? [] : await presentSaturations(study, names);
    const aligned = (await presentAlignments(inputs)).flatMap(({ step }) => step.outputs);
    steps.push(reportStep(inputs, names, { earlier: steps, present: [...present, ...aligned, ...brain] }));
  }
  return steps;
}

/** Saturations that were once asked for at the command line; the report shows them as long as they fit the embeddings. */
async function presentSaturations(study: Study, judges: readonly string[]): Promise<string[]> {
  const artifacts = new Artifacts(study.folder);
  const present: string[] = [];
  for (const path of judges.map(paths.saturation)) if (await artifacts.exists(path)) present.push(path);
  return present;
}

async function stepOfJudge(
  inputs: StudyInputs,
  name: string,
  options: JudgeOptions,
  { nTrials, flags }: { nTrials: number; flags: CollectFlags },
): Promise<Step> {
  if (options.kind !== 'chat') return judgeStep(inputs, name, options, nTrials);
  const [{ promptOf }, { chatJudgeStep }] = await Promise.all([
    import('./collect/prompt.js'),
    import('./collect/step.js'),
  ]);
  const template = await promptOf(options, new Artifacts(inputs.study.folder));
  return chatJudgeStep(name, options, { inputs, template, nTrials, flags });
}

/** The rating tasks, each with the comparison that it asks for. */
async function rateSteps(inputs: StudyInputs, flags: CollectFlags): Promise<Step[]> {
  const tasks = Object.entries(inputs.options.rate);
  if (tasks.length === 0) return [];
  const { stepsOfTask } = await import('./rate/steps.js');
  return (
    await Promise.all(tasks.map(([task, options]) => stepsOfTask(inputs, task, { options, flags })))
  ).flat();
}

async function planOf(inputs: StudyInputs): Promise<TrialsPlan> {
  const { trials } = inputs.options;
  const prototypes = trials.validation
    ? choosePrototypes(await inputs.readRatings(trials.validation.from), trials.validation.perCategory)
        .stimuli
    : undefined;
  return planTrials(trials, inputs.stimuli.ids.length, {
    ...(prototypes && { nPrototypes: prototypes.length }),
    ...(trials.design === 'file' && { nFileTrials: await countFileTrials(inputs) }),
  });
}
