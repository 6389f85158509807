import { Command } from 'commander';
import { readStudyInputs } from '../../../pipeline/study-inputs.js';
import { execute, openStudyFor } from '../../execute.js';
import { addExample, addStudyFlags, type StudyFlags } from '../../flags.js';
import { terminal } from '../../terminal.js';
import { sameCommand } from './brain-command.js';

interface MergeFlags extends StudyFlags {
  readonly set?: string;
}

/** `affectome brain merge`: puts finished shards together. */
export function brainMergeCommand(): Command {
  const command = addStudyFlags(new Command('merge')).description(
    'Put the results of finished shards together, after checking that none is missing.',
  );
  command.option('--set <name>', 'which shards, where some were made with other options');
  return addExample(command, 'affectome brain merge').action(async (flags: MergeFlags) => {
    const out = terminal(flags);
    const study = await openStudyFor(flags);
    const { mergeSteps } = await import('../../../pipeline/brain/merge.js');
    const planned = await mergeSteps(await readStudyInputs(study), flags.set);
    if (planned.length === 0) {
      out.line('Nothing is left to merge: no shard waits, and the results are there.');
      out.result({ command: 'brain merge', study: study.folder, steps: [] });
      return;
    }
    const execution = await execute(
      { ...flags, force: true },
      {
        command: 'brain merge',
        resume: sameCommand(),
        steps: async () => planned,
      },
    );
    if (!execution) return;
    out.result({ command: 'brain merge', study: study.folder, steps: execution.steps });
  });
}
