import { basename } from 'node:path';
import { configError } from '../../../numerics/errors.js';
import { choiceOption } from '../../flags.js';
import { type BrainFlags, brainPartCommand } from './brain-command.js';
import { regionsShown } from './shown.js';

interface RegionsFlags extends BrainFlags {
  readonly labels?: string;
  readonly name?: string;
  readonly names?: string;
  readonly groups?: string;
}

export const brainRegionsCommand = () =>
  brainPartCommand<RegionsFlags>({
    part: 'regions',
    description: 'Average every map over the regions of an atlas.',
    examples: [
      'affectome brain regions --labels atlas.nii.gz --names atlas.tsv',
      "affectome brain regions --labels 'masks/{subject}_HCP-MMP1.nii.gz' --name HCP-MMP1 --names hcp-mmp1 --groups p1-cortical",
    ],
    add(command) {
      command
        .option(
          '--labels <file>',
          'NIfTI, .dlabel.nii, or left,right .label.gii or .annot; {subject}: sub-01',
        )
        .option('--name <name>', 'what the atlas is called (default: the name of the file)')
        .option('--names <table>', 'columns index and name; hcp-mmp1: the HCP areas by number')
        .addOption(
          choiceOption('--groups <which>', 'join areas to regions', [
            'p1-cortical',
            'p1-subcortical',
            'yeo-17',
          ]),
        );
    },
    overrides: ({ labels, name, names, groups }) => {
      if (labels === undefined) {
        requireNothing({ name, names, groups });
        return {};
      }
      return { regions: { [name ?? atlasName(labels)]: { labels, names, groups } } };
    },
    show: regionsShown,
  });

/** What is said of an atlas without its labels would be passed over. */
function requireNothing(given: Readonly<Record<string, string | undefined>>): void {
  const flag = Object.keys(given).find((key) => given[key] !== undefined);
  if (flag === undefined) return;
  throw configError({
    problem: `--${flag} says something of the atlas of --labels, which is missing.`,
    where: { field: '--labels' },
    remedy: `Add --labels FILE. Without --${flag}, every atlas under brain.regions in study.yaml is used.`,
  });
}

/** `masks/{subject}_HCP-MMP1.nii.gz` -> `HCP-MMP1` */
function atlasName(labels: string): string {
  const stem = basename(labels.split(',')[0])
    .replace(/\{subject\}[_-]?/, '')
    .replace(/\..*$/, '');
  return stem.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9._-]+/g, '') || 'atlas';
}
