import { makeJudge } from '../judges/make.node.js';
import type { OfflineJudgeOptions } from '../judges/options.js';
import { summariseJudgments } from '../judgments/index.js';
import { throwIfCancelled } from '../numerics/errors.js';
import { keyOf, split } from '../numerics/random.js';
import { type TrialSet, withUnknownOrders } from '../trials/index.js';
import { type JudgmentRecord, writeJudgments } from './judgment-files.js';
import { paths, withSidecars } from './paths.js';
import type { Step, StepContext } from './step.js';
import { type StudyInputs, shownName } from './study-inputs.js';
import { readTrials, setsOf } from './trial-files.js';

/** The step in which one judge answers every trial. */
export function judgeStep(
  inputs: StudyInputs,
  name: string,
  options: OfflineJudgeOptions,
  nTrials: number,
): Step {
  const sets = setsOf(inputs.options);
  const { embedding: _, ...judging } = options;
  const trialFiles = sets.flatMap((set) => [paths.triplets(set), paths.shownOrder(set)]);
  return {
    id: `judge/${name}`,
    version: 2,
    stage: 'judge',
    judge: name,
    title: `Judge ${name}`,
    inputs: [...sourceFiles(inputs, options), ...trialFiles],
    options: judging,
    seeds: { judgments: inputs.options.trials.seed },
    outputs: sets.flatMap((set) => [
      ...withSidecars(paths.choice(name, set), paths.outcome(name, set)),
      ...(options.kind === 'simulated' ? withSidecars(paths.probabilities(name, set)) : []),
      paths.judgmentSummary(name, set),
    ]),
    estimate: { work: `${words(nTrials)} judgments`, nTrials },
    run: (context) => runJudge(inputs, name, options, sets, context),
  };
}

const words = (count: number): string => count.toLocaleString('en-US');

/** The files that a kind of judge reads. */
function sourceFiles({ files, stimuli }: StudyInputs, options: OfflineJudgeOptions): string[] {
  switch (options.kind) {
    case 'ratings':
      return [files.stimuli, ...files.ratings(options.from)];
    case 'captions':
      return [files.stimuli, ...files.captions];
    case 'pictures':
      return [files.stimuli, ...new Set(stimuli.media.filter((path) => path !== null))];
    default:
      return [files.stimuli, options.from];
  }
}

async function runJudge(
  inputs: StudyInputs,
  name: string,
  options: OfflineJudgeOptions,
  sets: readonly TrialSet[],
  { artifacts, signal, onProgress, note }: StepContext,
): Promise<void> {
  const ratings =
    options.kind === 'ratings' ? await inputs.readRatings(options.from, { missing: 'allow' }) : undefined;
  const captions = options.kind === 'captions' ? await inputs.readCaptions() : undefined;
  const judge = await makeJudge(name, options, {
    stimuli: inputs.stimuli,
    ratings: () => ratings!,
    captions: () => captions!,
    readFile: (path) => artifacts.readBytes(path),
    studyFile: (path) => shownName(artifacts, path),
  });
  for (const warning of judge.warnings) note(warning);
  const key = split(keyOf(inputs.options.trials.seed), 'judge', name);
  for (const set of sets) {
    throwIfCancelled(signal);
    const trials = await readTrials(artifacts, set, inputs.stimuli.ids.length);
    const judgments = judge.answer(trials, split(key, set), {
      ...(signal && { signal }),
      onProgress: (state) => onProgress({ ...state, task: `${name} judges ${set} trials` }),
    });
    await writeJudgments(artifacts, name, set, judgments);
    const { kind, description, warnings } = judge;
    const summary = summariseJudgments(judge.hasUnknownOrder ? withUnknownOrders(trials) : trials, judgments);
    const { failed } = summary.outcomes;
    if (failed > 0)
      note(`no answer to ${words(failed)} of ${words(trials.nTrials)} ${set} trials: they count as failed`);
    const record: JudgmentRecord = {
      judge: name,
      kind,
      description,
      warnings,
      ...summary,
    };
    await artifacts.writeJson(paths.judgmentSummary(name, set), record);
  }
}
