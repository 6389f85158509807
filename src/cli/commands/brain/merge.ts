import { Command } from 'commander';
import { readStudyInputs } from '../../../pipeline/study-inputs.js';
import { execute } from '../../execute.js';
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
    const execution = await execute(
      { ...flags, force: true },
      {
        command: 'brain merge',
        resume: sameCommand(),
        steps: async (study) => {
          const { mergeSteps } = await import('../../../pipeline/brain/merge.js');
          return mergeSteps(await readStudyInputs(study), flags.set);
        },
      },
    );
    if (!execution) return;
    const out = terminal(flags);
    const { study, steps } = execution;
    out.result({ command: 'brain merge', study: study.folder, steps });
  });
}
