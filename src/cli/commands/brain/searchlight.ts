import { choiceOption, wholeNumber } from '../../flags.js';
import { type BrainFlags, brainPartCommand, listOf } from './brain-command.js';
import { searchlightShown } from './shown.js';

interface SearchlightFlags extends BrainFlags {
  readonly models?: readonly string[];
  readonly radius?: string;
  readonly surfaces?: readonly string[];
  readonly stimuli?: string;
  readonly correlation?: string;
  readonly minimumVoxels?: number;
  readonly exact?: boolean;
  readonly partial?: boolean;
}

export const brainSearchlightCommand = () =>
  brainPartCommand<SearchlightFlags>({
    part: 'searchlight',
    long: 'searchlight',
    description: 'Compare the geometry of the patterns around every voxel or vertex with that of models.',
    examples: [
      'affectome brain searchlight --models people,words --radius 3 --stimuli reliable:1000',
      'affectome brain searchlight --models people --surfaces lh.midthickness.surf.gii rh.midthickness.surf.gii --radius 10mm',
      'affectome brain searchlight --models people --shard 1/8',
    ],
    add(command) {
      command
        .option('--models <names>', 'judges, rating tables, square .npy files', listOf)
        .option('--radius <length>', 'in voxels, on surfaces in edges, or as in 9mm (3)')
        .option('--surfaces <file...>', 'left and right .surf.gii of responses on vertices')
        .option(
          '--stimuli <which>',
          'all, or reliable:N: the most reliable ones (1,000 where there is a reliability, else all)',
        )
        .addOption(
          choiceOption('--correlation <name>', 'over pairs of stimuli (spearman)', [
            'spearman',
            'pearson',
            'kendall',
          ]),
        )
        .option('--minimum-voxels <n>', 'centres with fewer are skipped (10)', wholeNumber)
        .option('--exact', 'double precision throughout')
        .option('--partial', 'also with the other models taken out of both');
    },
    overrides: ({ models, radius, surfaces, stimuli, correlation, minimumVoxels, exact, partial }) => ({
      searchlight: {
        ...{ models, surfaces, stimuli, correlation, minimumVoxels, partial },
        radius: radius !== undefined && Number.isFinite(Number(radius)) ? Number(radius) : radius,
        precision: exact ? 'exact' : undefined,
      },
    }),
    show: searchlightShown,
  });
