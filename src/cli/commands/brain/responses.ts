import { choiceOption } from '../../flags.js';
import { type BrainFlags, brainPartCommand } from './brain-command.js';
import { responsesShown } from './shown.js';

interface ResponsesFlags extends BrainFlags {
  readonly bids?: string;
  readonly raw?: string;
  readonly kind?: string;
  readonly space?: string;
  readonly resolution?: string;
  readonly mask?: string;
  readonly column?: string;
  readonly delay?: number;
  readonly leaveOut?: readonly string[];
  readonly tr?: number;
}

export const brainResponsesCommand = () =>
  brainPartCommand<ResponsesFlags>({
    part: 'responses',
    description: 'Turn recordings that fMRIPrep has prepared into one response per stimulus and voxel.',
    examples: [
      'affectome brain responses --bids derivatives/fmriprep --task clips',
      'affectome brain responses --bids derivatives/fmriprep --raw bids --task clips --space MNI152NLin2009cAsym --column stim_file',
    ],
    add(command) {
      command
        .option('--bids <dir>', 'output folder of fMRIPrep')
        .option('--raw <dir>', 'raw BIDS data set, where the events are')
        .option('--task <name>', 'task of the recordings')
        .addOption(choiceOption('--kind <kind>', 'which recordings (volume)', ['volume', 'surface', 'cifti']))
        .option('--space <name>', 'as in MNI152NLin2009cAsym; needed when there are several')
        .option('--resolution <name>', 'as in 2 of res-2, 91k of den-91k; needed when a space has several')
        .option('--mask <file>', 'a mask for volumes (default: what is in the brain masks of all runs)')
        .option('--column <name>', 'column of the events with the stimulus (trial_type)')
        .option('--leave-out <names...>', 'what that column calls no stimulus, as in rest')
        .option('--tr <seconds>', 'between frames, instead of what the files say', Number)
        .option('--delay <seconds>', 'by which a response follows its stimulus (4)', Number);
    },
    overrides: ({ bids, raw, task, kind, space, resolution, mask, column, leaveOut, tr, delay }) => ({
      responses: definedOrNothing({
        ...{ bids, raw, task, kind, space, resolution, mask, column, leaveOut, delay },
        repetitionTime: tr,
      }),
    }),
    show: responsesShown,
  });

/** A section is only there when something is said. */
function definedOrNothing(values: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length > 0 ? Object.fromEntries(given) : undefined;
}
