import * as z from 'zod';
import { encodingSection, reliabilitySection } from './encoding/section.js';
import { maps } from './maps/options.js';
import { searchlightOptions } from './searchlight/options.js';

const subjectName = z
  .string()
  .regex(/^(sub-)?[A-Za-z0-9]+$/, 'letters and digits, as in 01 or sub-01')
  .transform((name) => name.replace(/^sub-/, ''));

/** `sub-01` of `01` and of `sub-01`. */
export const subjectFolder = (name: string): string => `sub-${name.replace(/^sub-/, '')}`;

const responses = z
  .strictObject({
    bids: z
      .string()
      .min(1)
      .optional()
      .describe('The output folder of fMRIPrep, from the study folder or absolute; here or by --bids.'),
    raw: z
      .string()
      .min(1)
      .optional()
      .describe('The raw BIDS data set, where the events are, when they are not in bids.'),
    task: z
      .string()
      .min(1)
      .optional()
      .describe('The task of the recordings, as in task-clips; here or by --task.'),
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
    encoding: encodingSection.describe('How features predict each voxel.'),
    reliability: reliabilitySection.describe('How well each stimulus is predicted when it is left out.'),
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
