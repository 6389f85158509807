import { Command } from 'commander';
import type { BrainOptions } from '../../../brain/options.js';
import type { LongKind } from '../../../pipeline/brain/long-work.js';
import type { BrainPart } from '../../../pipeline/brain/plan.js';
import { type BrainOverrides, brainSettings } from '../../../pipeline/brain/settings.js';
import { readStudyInputs } from '../../../pipeline/study-inputs.js';
import { atLineOf, type Study } from '../../../study/study.js';
import { type Execution, execute, openStudyFor } from '../../execute.js';
import { addExample, addStudyFlags, type StudyFlags } from '../../flags.js';
import { terminal } from '../../terminal.js';
import { atFlag } from './flag-places.js';

export interface BrainFlags extends Omit<StudyFlags, 'task'> {
  /** The task of the recordings: of `brain responses`, not a rating task. */
  readonly task?: string;
  readonly subject?: readonly string[];
  readonly shard?: string;
}

/** What a part shows when it is done: lines for people, and the same facts for --json. */
export interface BrainShown {
  readonly lines: readonly string[];
  readonly results: unknown;
}

export interface BrainCommand<Flags extends BrainFlags> {
  readonly part: BrainPart;
  readonly description: string;
  readonly examples: readonly string[];
  /** Set where the work can be divided over tasks. */
  readonly long?: LongKind;
  add?(command: Command): void;
  /** What the flags say, in the words of the `brain:` section. */
  overrides(flags: Flags): BrainOverrides;
  show(execution: Execution, settings: BrainOptions): Promise<BrainShown>;
}

/** A subcommand that runs one part of the work on brains. */
export function brainPartCommand<Flags extends BrainFlags>(part: BrainCommand<Flags>): Command {
  const command = new Command(part.part).description(part.description);
  part.add?.(command);
  addStudyFlags(command).option('--subject <name...>', 'only these subjects, as in 01');
  if (part.long) {
    command.option(
      '--shard <i/n>',
      'compute only share i of n, e.g. in a job array; then: affectome brain merge',
    );
  }
  return addExample(command, ...part.examples).action((flags: Flags) => runPart(part, flags));
}

async function runPart<Flags extends BrainFlags>(part: BrainCommand<Flags>, flags: Flags): Promise<void> {
  try {
    await runWithFlags(part, flags);
  } catch (error) {
    throw atFlag(await openStudyFor(flags), withSubjects(part.overrides(flags), flags), error);
  }
}

async function runWithFlags<Flags extends BrainFlags>(
  part: BrainCommand<Flags>,
  flags: Flags,
): Promise<void> {
  const { task: _, ...general } = flags;
  const overrides = withSubjects(part.overrides(flags), flags);
  const settingsOf = (study: Study) => brainSettings(study, overrides);
  if (flags.shard !== undefined && part.long) {
    const study = await openStudyFor(general);
    const request = { kind: part.long, settings: settingsOf(study), shard: flags.shard };
    const { runShardCommand } = await import('./shard.js');
    await runShardCommand(study, request, general);
    return;
  }
  const execution = await execute(general, {
    command: `brain ${part.part}`,
    resume: sameCommand(),
    steps: (study) => plannedSteps(study, settingsOf(study), part.part, flags),
  });
  if (!execution) return;
  const { study, steps } = execution;
  const { lines, results } = await part.show(execution, settingsOf(study));
  const out = terminal(general);
  for (const line of lines) out.line(line);
  out.result({ command: `brain ${part.part}`, study: study.folder, steps, results });
}

async function plannedSteps(study: Study, settings: BrainOptions, part: BrainPart, { workers }: BrainFlags) {
  const { brainSteps } = await import('../../../pipeline/brain/plan.js');
  try {
    return await brainSteps(await readStudyInputs(study), settings, [part], workers);
  } catch (error) {
    throw atLineOf(study, error);
  }
}

const withSubjects = (overrides: BrainOverrides, { subject }: BrainFlags): BrainOverrides =>
  subject ? { ...overrides, subjects: subject } : overrides;

/** The command as it was typed: work goes on where it stopped. */
export function sameCommand(): string {
  const words = process.argv.slice(2).map((word) => (/^[\w.,:/+=-]+$/.test(word) ? word : `'${word}'`));
  return `affectome ${words.join(' ')}`;
}

/** `a,b,c` */
export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

/** The subjects that a run was about. */
export const subjectsOf = ({ steps }: Execution): string[] => [
  ...new Set(steps.flatMap(({ id }) => /\/(sub-[^/]+)$/.exec(id)?.[1] ?? [])),
];
