import { choiceOption } from '../../flags.js';
import { type BrainFlags, brainPartCommand, listOf } from './brain-command.js';
import { encodingShown } from './shown.js';

interface EncodeFlags extends BrainFlags {
  readonly features?: readonly string[];
  readonly preset?: string;
  readonly cv?: string;
  readonly alphas?: string;
  readonly alphaFor?: string;
  readonly foldsBy?: string;
  readonly runs?: string;
  readonly innerScore?: string;
  readonly standardise?: string;
  readonly summary?: string;
  readonly partition?: readonly string[];
  readonly weights: boolean;
}

const encodingFlags = ({
  preset,
  cv,
  alphas,
  alphaFor,
  foldsBy,
  runs,
  innerScore,
  standardise,
  summary,
}: Omit<EncodeFlags, 'features' | 'partition' | 'weights'>) => ({
  ...{ preset, cv, alphas, alphaFor, foldsBy, runs, innerScore, standardise, summary },
});

export const brainEncodeCommand = () =>
  brainPartCommand<EncodeFlags>({
    part: 'encode',
    long: 'encode',
    description: 'Predict every voxel from feature sets: ridge regression, nested cross-validation.',
    examples: [
      'affectome brain encode --features people,words,people+words --cv 5x6 --alphas 1e-3:1e3:100',
      'affectome brain encode --features people,words --partition people,words --dry-run',
      'affectome brain encode --features people,words --shard $SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT',
    ],
    add(command) {
      command
        .option('--features <names>', 'judges, rating tables, .npy files; a+b joins them', listOf)
        .addOption(choiceOption('--preset <name>', 'whose method (p1)', ['p1', 'himalaya', 'horikawa2020']))
        .option('--cv <outer x inner>', 'folds, as in 5x6')
        .option('--alphas <low:high:n>', 'penalties, as in 1e-3:1e3:100')
        .addOption(choiceOption('--alpha-for <what>', 'one alpha for each', ['voxel', 'fold']))
        .addOption(choiceOption('--folds-by <what>', 'what folds are made of', ['stimuli', 'run']))
        .option('--runs <table>', 'columns stimulus_id and run, where the responses do not say them')
        .addOption(
          choiceOption('--inner-score <name>', 'what alphas are chosen by', [
            'negative-loss',
            'r2',
            'pearson',
          ]),
        )
        .addOption(
          choiceOption('--standardise <what>', 'in every fold', ['none', 'features', 'responses', 'both']),
        )
        .addOption(choiceOption('--summary <how>', 'r over outer folds', ['fold-mean', 'pooled']))
        .option('--partition <names>', 'tell apart what these two or three sets explain', listOf)
        .option('--no-weights', 'do not write the weight of every feature in every voxel');
    },
    overrides: ({ features, partition, weights, ...flags }) => ({
      features,
      encoding: {
        ...encodingFlags(flags),
        // Those of study.yaml are about its own feature sets.
        partition: partition ? [partition] : features && [],
        weights: weights ? undefined : false,
      },
    }),
    show: encodingShown,
  });
