import * as z from 'zod';
import { searchlightOptions } from './searchlight/options.js';

const subjectName = z
  .string()
  .regex(/^(sub-)?[A-Za-z0-9]+$/, 'letters and digits, as in 01 or sub-01')
  .transform((name) => name.replace(/^sub-/, ''));

/** `sub-01` of `01` and of `sub-01`. */
export const subjectFolder = (name: string): string => `sub-${name.replace(/^sub-/, '')}`;

const responses = z
  .strictObject({
    bids: z.string().min(1).describe('The output folder of fMRIPrep, from the study folder or absolute.'),
    raw: z
      .string()
      .min(1)
      .optional()
      .describe('The raw BIDS data set, where the events are, when they are not in bids.'),
    task: z.string().min(1).describe('The task of the recordings, as in task-clips.'),
    kind: z
      .enum(['volume', 'surface', 'cifti'])
      .default('volume')
      .describe('Which of the recordings that fMRIPrep wrote.'),
    space: z
      .string()
      .min(1)
      .optional()
      .describe('As in MNI152NLin2009cAsym or fsaverage5; needed when there are several of that kind.'),
    resolution: z
      .string()
      .min(1)
      .optional()
      .describe(
        'As in res-2 of volumes (2) or den-91k of CIFTI files (91k), native for that without; needed when a space has several.',
      ),
    mask: z
      .string()
      .min(1)
      .optional()
      .describe('A mask for volumes; the voxels in the brain masks of all runs without it.'),
    column: z
      .string()
      .min(1)
      .default('trial_type')
      .describe('Column of the events that names the stimulus; rows with n/a there are passed over.'),
    leaveOut: z.array(z.string()).default([]).describe('What that column calls no stimulus, as in [rest].'),
    duration: z
      .number()
      .positive()
      .optional()
      .describe('Seconds of every event, instead of what the tables say.'),
    repetitionTime: z
      .number()
      .positive()
      .optional()
      .describe('Seconds between frames, instead of what the files say.'),
    delay: z
      .number()
      .min(0)
      .max(30)
      .default(4)
      .describe('Seconds by which a response follows its stimulus (P1: 4).'),
    drift: z
      .union([z.literal('none'), z.literal(0), z.literal(1), z.literal(2), z.literal(3)])
      .default(1)
      .describe(
        'Order of the polynomial that is regressed out of each run; 1: baseline and linear trend (P1).',
      ),
    confounds: z
      .union([z.literal('motion'), z.array(z.string())])
      .default('motion')
      .describe('motion: the six motion parameters (P1), or columns of the confounds table.'),
    despike: z
      .number()
      .positive()
      .nullable()
      .default(3)
      .describe('Frames beyond this many standard deviations are clipped to it (P1: 3); null: none are.'),
    coverage: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe("Share of an event's response that must lie within the run; less is an error."),
    zScore: z
      .enum(['run', 'session', 'all', 'none'])
      .default('run')
      .describe('Over which events a voxel gets mean 0 and standard deviation 1.'),
  })
  .nullable()
  .default(null);

const encoding = z
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

const reliability = z
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

const searchlight = z
  .strictObject({
    models: z
      .array(z.string())
      .default([])
      .describe('Judges, rating tables or square .npy files; those of features without it.'),
    radius: z
      .union([z.number().positive(), z.string().regex(/^\d+(\.\d+)?(mm)?$/, 'voxels, or mm as in 9mm')])
      .default(3)
      .describe('Voxels (on a surface edges), or millimetres as in 9mm.'),
    surfaces: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Where responses lie on vertices: surfaces (.surf.gii) on which distances are measured, left then right; best the midthickness. {subject} stands for sub-01.',
      ),
    stimuli: z
      .string()
      .regex(/^(auto|all|reliable:[1-9]\d*)$/, 'auto, all, or reliable:N')
      .default('auto')
      .describe(
        'all; reliable:N: the N most reliable by brain reliability; auto: the 1,000 most reliable (P1) where every subject has a reliability, else all.',
      ),
    correlation: searchlightOptions.unwrap().shape.correlation,
    precision: searchlightOptions.unwrap().shape.precision,
    minimumVoxels: searchlightOptions.unwrap().shape.minimumVoxels,
    partial: z
      .boolean()
      .default(false)
      .describe('Also the correlation with each model with all other models taken out of both.'),
  })
  .prefault({});

const regions = z
  .record(
    z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'letters, digits, "-", "_" and "."'),
    z.strictObject({
      labels: z
        .string()
        .min(1)
        .describe(
          'NIfTI on the grid of the responses, GIFTI, .annot (left and right joined by a comma), or .dlabel.nii; {subject} stands for sub-01.',
        ),
      names: z
        .string()
        .min(1)
        .optional()
        .describe(
          'Table with columns index and name (BIDS *_dseg.tsv); hcp-mmp1 for the HCP areas by number.',
        ),
      groups: z
        .enum(['p1-cortical', 'p1-subcortical', 'yeo-17'])
        .optional()
        .describe(
          'Join areas to the regions of P1 or the 17 networks of Yeo; every label is a region without it.',
        ),
    }),
  )
  .default({});

const compare = z
  .strictObject({
    by: z.string().optional().describe('The atlas, one of regions; the first without it.'),
    tests: z
      .array(z.enum(['t', 'signflip']))
      .min(1)
      .default(['t', 'signflip'])
      .describe(
        'Across subjects: t: paired, two-sided; signflip: all sign flips up to 2^13, else random ones.',
      ),
    fdr: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.05)
      .describe('Level of the false discovery rate (Benjamini-Hochberg).'),
    bootstrap: z
      .int()
      .min(0)
      .max(100_000)
      .default(1000)
      .describe('Samples of subjects for the bootstrap intervals of regions; 0: none.'),
    seed: z.int().min(0).default(1).describe('Of random sign flips and bootstrap samples.'),
  })
  .prefault({});

const maps = z
  .strictObject({
    surfaces: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Surfaces (.surf.gii) to draw on, left then right; slices without them. {subject} stands for sub-01.',
      ),
    sample: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Surfaces of the same vertices where volumes are read (midthickness); those drawn on without it.',
      ),
    flat: z
      .array(z.string().min(1))
      .default([])
      .describe('Flat surfaces of the same vertices, left then right.'),
    curvature: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Curvature of the same vertices (.shape.gii, lh.curv), left then right, drawn in grey below the map.',
      ),
    measure: z
      .enum(['r', 'searchlight', 'all'])
      .default('all')
      .describe('r: of encoding; searchlight: of models; all: both, as far as they are there.'),
    rows: z
      .enum(['all', 'subjects', 'group'])
      .default('all')
      .describe('subjects: each of them; group: the mean over subjects (after brain compare); all: both.'),
    threshold: z
      .union([
        z.number().min(0),
        z.string().regex(/^q<0?\.\d*[1-9]\d*$/, 'a number, or q below a level as in q<.05'),
      ])
      .optional()
      .describe(
        'Values nearer to 0 are not drawn; q<.05: of the group only places with q below it, by the first test of compare.',
      ),
  })
  .prefault({});

/** What is measured in brains and compared with the geometry; the `brain:` section of study.yaml. */
export const brainOptions = z
  .strictObject({
    subjects: z.array(subjectName).default([]).describe('Only these, as in ["01", "02"]; all without it.'),
    responses: responses.describe(
      'Where recordings lie that fMRIPrep has prepared, and how responses are taken.',
    ),
    features: z
      .array(z.string().min(1))
      .default([])
      .describe('Feature sets: judges, rating tables, .npy files, and sums of them as in people+words.'),
    encoding: encoding.describe('How features predict each voxel.'),
    reliability: reliability.describe('How well each stimulus is predicted when it is left out.'),
    searchlight: searchlight.describe('Where the geometry of neighbouring voxels is like that of a model.'),
    regions: regions.describe('Atlases by name.'),
    compare: compare.describe('How feature sets are compared across subjects.'),
    maps: maps.describe('How maps are drawn.'),
  })
  .nullable()
  .default(null);

export type BrainOptions = NonNullable<z.output<typeof brainOptions>>;

/** The brain options of a study that gives none. */
export const defaultBrain = (): BrainOptions => brainOptions.unwrap().unwrap().parse({});
