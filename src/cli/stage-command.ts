import { Command } from 'commander';
import type { Stage } from '../pipeline/step.js';
import { type Execution, execute } from './execute.js';
import { addExample, addStudyFlags, type StudyFlags } from './flags.js';
import { terminal } from './terminal.js';

/** What a command shows when its steps are done: lines for people, and the same facts for --json. */
export interface Shown {
  readonly lines: readonly string[];
  readonly results: unknown;
}

export interface StageCommand {
  readonly stage: Stage;
  readonly description: string;
  readonly examples: readonly string[];
  /** Whether --judge means anything. */
  readonly perJudge: boolean;
  /** `judges` are those the command was about. */
  show(execution: Execution, judges: readonly string[]): Promise<Shown>;
}

/** The command that runs one stage. */
export function stageCommand({ stage, description, examples, perJudge, show }: StageCommand): Command {
  const command = addStudyFlags(new Command(stage), { judge: perJudge }).description(description);
  return addExample(command, ...examples).action(async (flags: StudyFlags) => {
    const execution = await execute(flags, { command: stage, stage });
    if (!execution) return;
    const judges = flags.judge ?? Object.keys(execution.study.options.judges);
    const { lines, results } = await show(execution, judges);
    const out = terminal(flags);
    for (const line of lines) out.line(line);
    out.result({ command: stage, study: execution.study.folder, steps: execution.steps, results });
  });
}
