import { Command } from 'commander';
import type { ResponsesImport } from '../../../pipeline/brain/import.js';
import { readStudyInputs } from '../../../pipeline/study-inputs.js';
import { execute } from '../../execute.js';
import { addExample, addStudyFlags, type StudyFlags } from '../../flags.js';
import { terminal } from '../../terminal.js';
import { sameCommand } from './brain-command.js';
import { responsesShown } from './shown.js';

type ImportFlags = StudyFlags & Omit<ResponsesImport, 'file'>;

/** `affectome brain import FILE`: takes ready responses into the study. */
export function brainImportCommand(): Command {
  const command = new Command('import')
    .description(
      'Take ready responses of one subject: .npy, .mat (also v7.3), bdata (.h5), a 4-D NIfTI, CIFTI, or a file per hemisphere.',
    )
    .argument('<file>', 'stimuli x voxels')
    .requiredOption('--subject <name>', 'of whom, as in 01')
    .option('--stimuli <table>', 'table with one row per sample; the order of the study without it')
    .option('--column <name>', 'its column with the stimulus ids (default: stimulus_id, or the first)')
    .option(
      '--mask <file>',
      'NIfTI that says where the voxels lie; needed for searchlights, maps and regions',
    )
    .option('--right <file>', 'right hemisphere, where FILE is the left one: .gii or .npy')
    .option('--variable <name>', 'variable of a .mat file')
    .option('--key <name>', 'bdata: which columns are voxels')
    .option('--stimulus-key <name>', 'bdata: which column names the stimulus')
    .option('--transpose', 'the file holds voxels x stimuli');
  addStudyFlags(command);
  return addExample(
    command,
    'affectome brain import sub-01.npy --subject 01 --mask mask.nii.gz --stimuli order.tsv',
    'affectome brain import lh.betas.func.gii --right rh.betas.func.gii --subject 01',
    'affectome brain import Subject1.h5 --subject 01 --key VoxelData --stimulus-key stimulus_name',
  ).action(runImport);
}

async function runImport(file: string, flags: ImportFlags): Promise<void> {
  const execution = await execute(flags, {
    command: 'brain import',
    resume: sameCommand(),
    steps: async (study) => {
      const { importStep } = await import('../../../pipeline/brain/import.js');
      return [importStep(await readStudyInputs(study), { ...flags, file })];
    },
  });
  if (!execution) return;
  const out = terminal(flags);
  const { lines, results } = await responsesShown(execution);
  for (const line of lines) out.line(line);
  out.result({ command: 'brain import', study: execution.study.folder, steps: execution.steps, results });
}
