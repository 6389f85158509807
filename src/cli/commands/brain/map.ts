import { choiceOption } from '../../flags.js';
import { type BrainFlags, brainPartCommand } from './brain-command.js';
import { mapsShown } from './shown.js';

interface MapFlags extends BrainFlags {
  readonly measure?: string;
  readonly surfaces?: readonly string[];
  readonly sample?: readonly string[];
  readonly flat?: readonly string[];
  readonly curvature?: readonly string[];
  readonly outlines?: readonly string[];
  readonly threshold?: string;
  readonly rows?: string;
  readonly limits?: string;
}

export const brainMapCommand = () =>
  brainPartCommand<MapFlags>({
    part: 'map',
    description: 'Draw maps as PNG and SVG: slices, or surfaces and flat maps of your own.',
    examples: [
      'affectome brain map',
      "affectome brain map --threshold 'q<.05'",
      'affectome brain map --surfaces lh.inflated.surf.gii rh.inflated.surf.gii --sample lh.midthickness.surf.gii rh.midthickness.surf.gii --threshold 0.1',
    ],
    add(command) {
      command
        .addOption(choiceOption('--measure <which>', 'what is drawn (all)', ['r', 'searchlight', 'all']))
        .option('--surfaces <file...>', 'left and right .surf.gii to draw on')
        .option('--sample <file...>', 'surfaces of the same vertices where volumes are read')
        .option('--flat <file...>', 'flat surfaces of the same vertices')
        .option('--curvature <file...>', 'curvature, drawn in grey below')
        .option(
          '--outlines <file...>',
          'labels of the same vertices, or a volume of labels: regions are outlined',
        )
        .addOption(
          choiceOption('--rows <which>', 'subjects, their mean (after compare), or both (all)', [
            'all',
            'subjects',
            'group',
          ]),
        )
        .option(
          '--threshold <limit>',
          'values nearer to 0 are not drawn; q<.05: of the group only what survives',
        )
        .option('--limits <size>', 'colours run from -size to size (to the largest value of any map)');
    },
    overrides: ({ measure, surfaces, sample, flat, curvature, outlines, rows, threshold, limits }) => ({
      maps: {
        ...{ measure, surfaces, sample, flat, curvature, outlines, rows },
        limits: limits === undefined ? undefined : Number(limits),
        threshold:
          threshold === undefined || Number.isNaN(Number(threshold))
            ? threshold?.replaceAll(' ', '')
            : Number(threshold),
      },
    }),
    show: mapsShown,
  });
