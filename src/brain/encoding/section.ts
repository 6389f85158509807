import * as z from 'zod';

/** `brain.encoding` of study.yaml. */
export const encodingSection = z
  .strictObject({
    preset: z
      .enum(['p1', 'himalaya', 'horikawa2020'])
      .default('p1')
      .describe('p1: arXiv:2509.24298; himalaya: RidgeCV; horikawa2020: doi:10.1016/j.isci.2020.101060.'),
    cv: z
      .string()
      .regex(/^[1-9]\d*x[1-9]\d*$/, 'two whole numbers, as in 5x6')
      .optional()
      .describe('Outer x inner folds, as in 5x6; those of the preset without it.'),
    alphas: z
      .string()
      .regex(/^[^:\s]+:[^:\s]+:\d+$/, 'lowest:highest:number, as in 1e-3:1e3:100')
      .optional()
      .describe('lowest:highest:number, evenly spaced on the log scale, as in 1e-3:1e3:100.'),
    foldsBy: z
      .enum(['stimuli', 'run'])
      .optional()
      .describe('stimuli: runs of stimuli in the order of the responses; run: whole runs of the recordings.'),
    alphaFor: z
      .enum(['voxel', 'fold'])
      .optional()
      .describe('voxel: every voxel has its own alpha; fold: one for all voxels of a fold.'),
    innerScore: z
      .enum(['negative-loss', 'r2', 'pearson'])
      .optional()
      .describe('What alphas are chosen by, over inner folds: minus the mean squared error, R2 or r.'),
    standardise: z
      .enum(['none', 'features', 'responses', 'both'])
      .optional()
      .describe('What is divided by its standard deviation over the training stimuli of each fold.'),
    summary: z
      .enum(['fold-mean', 'pooled'])
      .optional()
      .describe('r and R2: the mean over outer folds, or one number over their predictions together.'),
    runs: z
      .string()
      .min(1)
      .optional()
      .describe('Table with columns stimulus_id and run, for foldsBy: run; else what the responses say.'),
    partition: z
      .array(z.array(z.string()).min(2).max(3))
      .default([])
      .describe('Two or three feature sets whose shares of the explained variance are told apart.'),
    weights: z
      .boolean()
      .default(true)
      .describe('Also fit all stimuli and write the weight of every feature in every voxel.'),
  })
  .prefault({});

/** `brain.reliability` of study.yaml. */
export const reliabilitySection = z
  .strictObject({
    features: z
      .string()
      .optional()
      .describe('The feature set that predicts each left-out stimulus; the first of features without it.'),
    alpha: z
      .union([z.literal('encoded'), z.number().positive()])
      .default('encoded')
      .describe(
        "Penalty: encoded: every voxel's own, as encode chose it for this feature set; or one number.",
      ),
  })
  .prefault({});
