import { clearestComponents } from './components.js';
import type { JudgeReport, ReportData } from './data.js';
import { capitalised, correlation, counted, inWords, list, percent, quoted } from './wording.js';

/** What came out, in three plain sentences: what was done, what was found, how the judges differ. */
export function plainSummary(data: ReportData): string[] {
  return [whatWasDone(data), whatWasFound(data.judges), howJudgesDiffer(data)].filter(
    (sentence) => sentence !== '',
  );
}

function whatWasDone({ judges, stimuli, trials, brain }: ReportData): string {
  if (judges.length === 0 && brain) {
    const { length } = brain.subjects;
    const whose = length === 1 ? 'one brain was' : `${inWords(length)} brains were`;
    return `${capitalised(whose)} recorded while ${counted(brain.subjects[0].nStimuli, 'stimulus was', 'stimuli were')} shown.`;
  }
  const training = trials.find(({ set }) => set === 'training');
  const asked = training
    ? `, ${judges.length > 1 ? 'each ' : ''}in ${counted(training.nTrials, 'trial')}`
    : '';
  const who = judges.length === 1 ? 'One judge' : `${capitalised(inWords(judges.length))} judges`;
  const names = judges.length > 0 ? ` (${list(judges.map(({ name }) => quoted(name)))})` : '';
  return `${who}${names} said which of three stimuli is the odd one out, for ${counted(stimuli.ids.length, 'stimulus', 'stimuli')}${asked}.`;
}

function whatWasFound(judges: readonly JudgeReport[]): string {
  if (judges.length === 0) return '';
  const parts = judges.map((judge) => {
    const named = clearestComponents(judge, judges.length > 3 ? 1 : 2);
    const names = named.map(({ name, r }) => `${name} (r = ${correlation(r)})`);
    const clearest = names.length > 0 ? `, most clearly ${list(names)}` : '';
    return `${quoted(judge.name)} used ${counted(judge.embedding.nComponents, 'component')}${clearest}`;
  });
  return `${parts.join('; ')}.`;
}

function howJudgesDiffer({ judges, agreements }: ReportData): string {
  const sorted = [...agreements]
    .filter(({ share }) => Number.isFinite(share.value))
    .sort((a, b) => b.share.value - a.share.value);
  const [closest] = sorted;
  if (!closest) return accuracySentence(judges);
  const farthest = sorted[sorted.length - 1];
  const first = `${quoted(closest.a)} and ${quoted(closest.b)} name the same odd one out in ${percent(closest.share.value)} of trials`;
  if (farthest === closest) return `${first}, where chance is 33.3%.`;
  return `${first}, the closest pair; ${quoted(farthest.a)} and ${quoted(farthest.b)} do in ${percent(farthest.share.value)}, the farthest, where chance is 33.3%.`;
}

function accuracySentence(judges: readonly JudgeReport[]): string {
  if (judges.length === 0) return '';
  const parts = judges.map(
    ({ name, evaluation }) => `${percent(evaluation.accuracy.value)} (${quoted(name)})`,
  );
  return `The learned geometry predicts ${list(parts)} of choices it has never seen, where chance is 33.3%.`;
}
