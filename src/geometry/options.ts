import * as z from 'zod';
import { graphOptions } from './graph/options.js';
import { alignmentOptions } from './gromov-wasserstein/options.js';
import { projectionOptions } from './projection/options.js';
import { rsaMeasures } from './rsa/measures.js';
import { featureMeasures } from './rsm/from-features.js';

const systemName = z
  .string()
  .regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/, 'letters (a to z), digits, "-", "_" and "."');

const seed = z.int().min(0).default(1);

const rsmFile = z.strictObject({
  file: z.string().min(1).describe('`.npy`, `.mat`, CSV or TSV with a square matrix.'),
  ids: z
    .string()
    .min(1)
    .optional()
    .describe('A list of the ids of its rows; without it those in the file, else the stimuli of the study.'),
  kind: z
    .enum(['similarity', 'dissimilarity'])
    .optional()
    .describe('What the cells are; without it a diagonal of zeros (up to rounding) means dissimilarities.'),
  variable: z.string().min(1).optional().describe('The variable of a `.mat` file that holds several.'),
});

/** Which systems are compared, and how; the `compare:` section of study.yaml. */
export const compareOptions = z
  .strictObject({
    rsm: z
      .enum(['choice', 'dot', 'cosine', 'correlation'])
      .default('choice')
      .describe('RSM of an embedding; `choice`: probability that the pair is kept.'),
    ratings: z
      .union([z.literal('all'), z.array(z.string())])
      .default('all')
      .describe('Rating tables that are systems too, as `<table>-ratings`; [] for none.'),
    ratingRsm: z.enum(featureMeasures).default('cosine').describe('RSM of a rating table.'),
    rsms: z
      .record(systemName, rsmFile)
      .default({})
      .describe('RSMs or RDMs in files that are systems too, by name: { file, ids, kind, variable }.'),
    measure: z.enum(rsaMeasures).default('spearman').describe('How two RSMs are compared.'),
    samples: z.int().min(0).default(1000).describe('Bootstrap samples over stimuli; 0: no intervals.'),
    interval: z.enum(['percentile', 'bca']).default('percentile').describe('Kind of bootstrap interval.'),
    level: z.number().gt(0).lt(1).default(0.95).describe('Of the intervals.'),
    permutations: z
      .int()
      .min(0)
      .default(1000)
      .describe('Permutations of stimuli for the Mantel test; 0: none.'),
    alternative: z
      .enum(['greater', 'two-sided'])
      .default('greater')
      .describe('`greater`: more alike than by chance.'),
    seed: seed.describe('Seed of samples and permutations.'),
  })
  .prefault({});

/** The maps of a study; the `projection:` section of study.yaml. */
export const mapOptions = projectionOptions
  .unwrap()
  .extend({
    neighbours: z
      .int()
      .min(1)
      .default(15)
      .describe('Neighbours per stimulus over which the quality of a map is told.'),
  })
  .prefault({});

/** The graphs of a study; the `graph:` section of study.yaml. */
export const graphsOptions = graphOptions
  .unwrap()
  .extend({
    sharedAbove: z
      .number()
      .min(0)
      .max(1)
      .default(0.7)
      .describe('Communities of several judges are one where their profiles correlate at least this much.'),
  })
  .prefault({});

/** Consistency of judges on the validation trials; the `consistency:` section of study.yaml. */
export const consistencyOptions = z
  .strictObject({
    reference: z
      .string()
      .nullable()
      .default(null)
      .describe('The judge that stands for people: others are drawn against it; null: the first judge.'),
    families: z
      .record(z.string(), z.array(z.string()).min(1))
      .default({})
      .describe('Judges by family of models, e.g. { Qwen: [qwen-7b, qwen-72b] }: bars are grouped so.'),
    show: z
      .enum(['corrected', 'raw'])
      .default('corrected')
      .describe('What the figure shows: r divided by the root of both reliabilities, or r.'),
    splits: z.int().min(1).default(100).describe('Random splits of the trials into halves.'),
    spearmanBrown: z
      .boolean()
      .default(true)
      .describe('Step reliabilities up from half to all trials; P1 as printed: false.'),
    samples: z.int().min(0).default(1000).describe('Bootstrap samples over stimuli; 0: no intervals.'),
    seed: seed.describe('Seed of splits and samples.'),
  })
  .prefault({});

/** Gromov-Wasserstein alignment of judges; the `align:` section of study.yaml. */
export const alignSection = alignmentOptions.unwrap().extend({
  pairs: z
    .array(z.array(z.string()).length(2))
    .default([])
    .describe('Which systems are aligned, e.g. [[words, looks]]; [] for every two judges.'),
  distance: z
    .enum(['cosine', 'correlation', 'squared-euclidean'])
    .default('cosine')
    .describe('Distance between weights or ratings; RSMs in files are taken as they are.'),
  ks: z.array(z.int().min(1)).min(1).default([1, 3, 5]).describe('Matching among the k best.'),
  shuffles: z
    .int()
    .min(0)
    .default(0)
    .describe(
      'Searches with shuffled stimuli, for p of item and category matching, of subsets too; 0: none.',
    ),
  top: z
    .array(z.int().min(3))
    .default([])
    .describe('Also align the n stimuli on which both agree best, e.g. [100, 250].'),
});

export const alignOptions = alignSection.nullable().default(null);

export type CompareOptions = z.infer<typeof compareOptions>;
export type MapOptions = z.infer<typeof mapOptions>;
export type GraphsOptions = z.infer<typeof graphsOptions>;
export type ConsistencySettings = z.infer<typeof consistencyOptions>;
export type AlignSettings = z.infer<typeof alignSection>;

/** The alignment of a study that says nothing about it. */
export const defaultAlign = (): AlignSettings => alignSection.parse({});
