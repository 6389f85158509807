import type { ChatJudgeOptions } from '../../judges/options.js';
import { type AskingOrder, askingOrder } from '../../judgments/collect/order.js';
import { numberQuestions, type Questions } from '../../judgments/collect/questions.js';
import { keyOf, split } from '../../numerics/random.js';
import type { Artifacts } from '../../study/artifacts.js';
import type { StudyInputs } from '../study-inputs.js';
import { readTrials, setsOf } from '../trial-files.js';

/** All trials of the study as questions, and the order in which a judge is asked them. */
export async function questionsOf(
  inputs: StudyInputs,
  judge: string,
  { order }: Pick<ChatJudgeOptions, 'order'>,
  artifacts: Artifacts,
): Promise<{ questions: Questions; order: AskingOrder }> {
  const nStimuli = inputs.stimuli.ids.length;
  const sets = [];
  for (const set of setsOf(inputs.options))
    sets.push({ set, trials: await readTrials(artifacts, set, nStimuli) });
  const questions = numberQuestions(sets);
  const key = split(keyOf(inputs.options.trials.seed), 'judge', judge, 'order');
  return { questions, order: askingOrder(questions, { order, key }) };
}
