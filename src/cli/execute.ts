import { AffectomeError, artifactError, configError } from '../numerics/errors.js';
import type { PlanFlags } from '../pipeline/flags.js';
import { planStudy } from '../pipeline/plan.js';
import { ratingTask } from '../pipeline/rate/task.js';
import { type RunEvent, runSteps } from '../pipeline/run-steps.js';
import { describePlan, type PlannedStep, planSteps } from '../pipeline/status.js';
import { type Stage, type Step, stages } from '../pipeline/step.js';
import { laterMakers, type WaitingStep, waitingSteps } from '../pipeline/waiting-steps.js';
import { Artifacts } from '../study/artifacts.js';
import { hintFor } from '../study/expected.js';
import { findStudy, openStudy, type Study, shownPath } from '../study/study.js';
import { cancelOnSignals } from './cancellation.js';
import type { StudyFlags } from './flags.js';
import { type Terminal, terminal } from './terminal.js';
import { duration } from './wording.js';

/** What became of one step, for --json. */
export interface StepReport {
  readonly id: string;
  readonly title: string;
  readonly state: 'done' | 'up to date';
  readonly seconds: number;
  readonly outputs: readonly string[];
  readonly notes: readonly string[];
}

export interface Execution {
  readonly study: Study;
  readonly steps: readonly StepReport[];
}

/** A command over steps: which stages (all of them for `run`), and the line that continues it after Ctrl-C. */
export interface ExecuteOptions {
  readonly command: string;
  readonly stage?: Stage;
  /** The command that continues after Ctrl-C, where it is not this one with its study and judges. */
  readonly resume?: string;
  /** What is asked at the command line beyond study.yaml. */
  readonly plan?: PlanFlags;
  /** Steps of its own, instead of those of a stage. */
  steps?(study: Study): Promise<Step[]>;
}

export async function openStudyFor(flags: Pick<StudyFlags, 'study'>): Promise<Study> {
  return openStudy(flags.study ?? findStudy(process.cwd()));
}

/** Runs the steps that a command asks for; undefined after --dry-run, which prints the plan instead. */
export async function execute(flags: StudyFlags, options: ExecuteOptions): Promise<Execution | undefined> {
  const study = await openStudyFor(flags);
  const all = await (options.steps?.(study) ?? planStudy(study, options.plan));
  const chosen = chooseSteps(study, all, flags, options.stage);
  if (chosen.length === 0) requireWork(study, options.stage);
  const out = terminal(flags);
  const waiting = options.stage || flags.judge ? await waitingSteps(study, chosen, all) : [];
  tellWaiting(out, waiting, options.plan);
  const steps = chosen.filter((step) => waiting.every((one) => one.step !== step));
  if (flags.dryRun) {
    await printPlan(out, study, await planSteps(study, steps, flags));
    return undefined;
  }
  await requireRatings(study, steps, all);
  if (options.stage && options.stage !== 'rate')
    await warnAboutEarlier(out, study, all, { stage: options.stage, steps });
  return { study, steps: await runAll(study, steps, flags, options, out) };
}

function chooseSteps(
  study: Study,
  all: readonly Step[],
  flags: StudyFlags,
  stage: Stage | undefined,
): Step[] {
  const judges = Object.keys(study.options.judges);
  for (const name of flags.judge ?? []) {
    if (judges.includes(name)) continue;
    throw configError({
      problem: `There is no judge "${name}" in ${study.file}.`,
      where: { field: '--judge' },
      remedy: judges.length > 0 ? hintFor(name, judges) : 'The judges section is empty.',
    });
  }
  for (const name of flags.task ?? []) ratingTask(study, name);
  const isChosen = ({ id, judge, judges: several, task }: Step) => {
    if (flags.task) return task !== undefined && flags.task.includes(task);
    if (!flags.judge || id === 'sample') return true;
    if (task !== undefined) return flags.judge.some((name) => comparesRatingsOf(study, name) === task);
    if (several) return several.every((name) => flags.judge!.includes(name));
    return judge !== null && flags.judge.includes(judge);
  };
  // Trials that nobody is asked are no part of a study of brains.
  const isAsked = ({ id }: Step) => id !== 'sample' || stage || judges.length > 0 || !isOfBrains(all);
  return all.filter((step) => (!stage || step.stage === stage) && isChosen(step) && isAsked(step));
}

/** Of a study without judges: whether it is about brains, which need none. Its report, if it has one, is then of brains alone. */
export const isOfBrains = (steps: readonly Pick<Step, 'id'>[]): boolean =>
  steps.some(({ id }) => id === 'report' || id.startsWith('brain/'));

/** The line that a study without judges needs. */
export const addJudges =
  'Add one under judges: in study.yaml, e.g. people: { kind: ratings, from: emotions }, or with: affectome import embedding FILE --name NAME, affectome import triplets FILE --name NAME. docs/judges.md has all kinds.';

/** The table that a judge compares, where it is one. */
function comparesRatingsOf({ options }: Study, judge: string): string | undefined {
  const asked = options.judges[judge];
  return asked.kind === 'ratings' ? asked.from : undefined;
}

/** Nothing but sampling and rating can be done without a judge. */
function requireWork(study: Study, stage: Stage | undefined): void {
  if (stage === 'rate') {
    throw configError({
      problem: 'The study has no rating task, so there is nothing to rate.',
      where: study.placeOf(['rate']),
      remedy:
        'Add one under rate: in study.yaml, e.g. gemini: { endpoint: http://gpu1:8000/v1, model: NAME, scales: cowen-keltner-34 }. docs/rating.md has all options.',
    });
  }
  if (Object.keys(study.options.judges).length > 0) return;
  throw configError({
    problem: 'The study has no judges yet, so there is nothing to do.',
    where: study.placeOf(['judges']),
    remedy: addJudges,
  });
}

async function printPlan(out: Terminal, study: Study, planned: readonly PlannedStep[]): Promise<void> {
  out.line(`Study "${study.options.name}" in ${shownPath(study.folder)}`);
  const artifacts = new Artifacts(study.folder);
  const steps = [];
  for (const plan of planned) {
    for (const line of describePlan(plan)) out.line(line);
    const preview = plan.state === 'current' ? [] : ((await plan.step.preview?.(artifacts)) ?? []);
    for (const line of preview) out.line(`    ${line}`);
    steps.push({ ...planJson(plan), ...(preview.length > 0 && { preview }) });
  }
  const asked = planned.map(({ step }) => step);
  if (Object.keys(study.options.judges).length === 0 && !isOfBrains(asked))
    out.line(`There are no judges yet. ${addJudges}`);
  out.result({ study: study.folder, dryRun: true, steps });
}

function planJson({ step, state, reasons }: PlannedStep) {
  const { id, stage, title, inputs, outputs, options, estimate } = step;
  return { id, stage, title, state, reasons, estimate, inputs, outputs, options };
}

/** What a stage command leaves out until a later stage has run, unless it was asked for by name. */
function tellWaiting(out: Terminal, waiting: readonly WaitingStep[], plan: PlanFlags = {}): void {
  if (waiting.length === 0) return;
  const names = waiting.map(({ step }) => step.id).join(', ');
  const [{ needs }] = waiting;
  const command = `affectome ${needs.stage}${needs.judge === null ? '' : ` --judge ${needs.judge}`}`;
  if (plan.saturation) {
    throw artifactError({
      problem: `${names} ${waiting.length === 1 ? 'needs' : 'need'} what ${needs.id} makes, which is not there yet.`,
      remedy: `Run first: ${command}.`,
    });
  }
  out.warn(`Note: ${names} left out until ${needs.id} has run (${command}).`);
}

/** Judges and comparisons of ratings that a task of the study has yet to make. */
async function requireRatings(study: Study, steps: readonly Step[], all: readonly Step[]): Promise<void> {
  const artifacts = new Artifacts(study.folder);
  const makers = all.filter((maker) => maker.task !== undefined && !steps.includes(maker));
  for (const step of steps)
    for (const { id, task, outputs } of makers)
      for (const path of step.inputs.filter((input) => outputs.includes(input))) {
        if (await artifacts.exists(path)) continue;
        throw artifactError({
          problem: `${step.id} needs what ${id} makes, which is not there yet: ${path}.`,
          remedy: `Run first: affectome rate --task ${task}.`,
        });
      }
}

/** A stage command runs its own stage only: say when what it builds on is older than the configuration. */
async function warnAboutEarlier(
  out: Terminal,
  study: Study,
  all: readonly Step[],
  { stage, steps }: { stage: Stage; steps: readonly Step[] },
): Promise<void> {
  const needed = new Set(steps.flatMap((step) => laterMakers(step, all)));
  // Trials that nobody is asked are no ground for anything.
  const hasJudges = Object.keys(study.options.judges).length > 0;
  const earlier = all.filter(
    (step) =>
      (stages.indexOf(step.stage) < stages.indexOf(stage) && (hasJudges || step.stage !== 'sample')) ||
      needed.has(step),
  );
  const stale = (await planSteps(study, earlier, { force: false })).filter(({ state }) => state === 'stale');
  if (stale.length === 0) return;
  const names = stale.map(({ step }) => step.id).join(', ');
  out.warn(
    `Note: ${names} ${stale.length === 1 ? 'is' : 'are'} out of date (${stale[0].reasons[0]}); "affectome run" brings everything up to date.`,
  );
}

async function runAll(
  study: Study,
  steps: readonly Step[],
  flags: StudyFlags,
  options: ExecuteOptions,
  out: Terminal,
): Promise<StepReport[]> {
  const cancel = cancelOnSignals(() =>
    out.warn('Stopping at the next safe place (Ctrl-C again: at once) ...'),
  );
  const reports: StepReport[] = [];
  try {
    let notes: string[] = [];
    for await (const event of runSteps(study, steps, {
      signal: cancel.signal,
      nWorkers: flags.workers,
      force: flags.force,
    })) {
      if (event.kind === 'note') notes.push(event.text);
      showEvent(out, event);
      const report = reportOf(event, notes);
      if (!report) continue;
      reports.push(report);
      notes = [];
    }
    return reports;
  } catch (error) {
    throw isCancelled(error)
      ? stopped(study, reports, {
          what: error.problem,
          resume: options.resume ?? resumeLine(flags, options.command),
        })
      : error;
  } finally {
    out.progress.clear();
    cancel.dispose();
  }
}

function reportOf(event: RunEvent, notes: readonly string[]): StepReport | undefined {
  const { id, title, outputs } = event.step;
  if (event.kind === 'current') return { id, title, state: 'up to date', seconds: 0, outputs, notes };
  if (event.kind === 'finished')
    return { id, title, state: 'done', seconds: event.seconds, outputs: event.outputs, notes };
  return undefined;
}

function showEvent(out: Terminal, event: RunEvent): void {
  const { step } = event;
  if (event.kind === 'progress') out.progress.show(event.progress);
  if (event.kind === 'note') out.report(`  ${step.id}: ${event.text}`);
  if (event.kind === 'current') out.report(`· ${step.title}: up to date`);
  if (event.kind === 'finished')
    out.report(`✔ ${step.title}: ${step.estimate.work} · ${duration(event.seconds)}`);
}

function isCancelled(error: unknown): error is AffectomeError {
  return error instanceof AffectomeError && error.code === 'cancelled';
}

function stopped(
  study: Study,
  reports: readonly StepReport[],
  { what, resume }: { what: string; resume: string },
): AffectomeError {
  const done = reports.filter(({ state }) => state === 'done').map(({ id }) => id);
  const safe = done.length > 0 ? `Finished and safe: ${done.join(', ')}. ` : '';
  return new AffectomeError('cancelled', {
    problem: `${what} ${safe}Every file in ${shownPath(study.folder)} is whole.`,
    remedy: `Continue with: ${resume}`,
  });
}

function resumeLine({ study, judge, task }: StudyFlags, command: string): string {
  const words = ['affectome', command];
  if (study) words.push('--study', quoted(study));
  if (judge) words.push('--judge', ...judge);
  if (task) words.push('--task', ...task);
  return words.join(' ');
}

function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
