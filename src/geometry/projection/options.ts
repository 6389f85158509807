import * as z from 'zod';

const tsneOptions = z
  .strictObject({
    perplexity: z
      .number()
      .min(1)
      .default(30)
      .describe(
        'Effective number of neighbours of a stimulus; lowered to (nStimuli - 1) / 3 where that is less.',
      ),
    exaggeration: z
      .number()
      .min(1)
      .default(12)
      .describe('Factor of the attraction during the first `exaggeratedIterations`.'),
    exaggeratedIterations: z.int().min(0).default(250).describe('Iterations with exaggeration.'),
    iterations: z.int().min(1).default(1000).describe('Iterations in all.'),
    learningRate: z
      .union([z.literal('auto'), z.number().positive()])
      .default('auto')
      .describe('`auto`: nStimuli / exaggeration, at least 10.'),
    start: z
      .enum(['pca', 'random'])
      .default('pca')
      .describe('First positions: two principal components, or noise. Further runs start from noise.'),
    runs: z
      .int()
      .min(1)
      .default(1)
      .describe('Runs; the one with the lowest Kullback-Leibler divergence is kept.'),
    gradient: z
      .enum(['auto', 'exact', 'barnes-hut'])
      .default('auto')
      .describe('Repulsion over all pairs, or by cells of a quadtree; `auto` takes the faster one.'),
    theta: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Barnes-Hut: a cell counts as one point when its width is below theta times its distance.'),
  })
  .prefault({});

const umapOptions = z
  .strictObject({
    neighbours: z
      .int()
      .min(2)
      .default(15)
      .describe('Nearest stimuli that make up the graph; fewer than nStimuli.'),
    minDist: z.number().min(0).default(0.1).describe('How close points may lie.'),
    spread: z.number().positive().default(1).describe('Scale of the map.'),
    epochs: z
      .union([z.literal('auto'), z.int().min(1)])
      .default('auto')
      .describe('`auto`: 350 up to 5,000 stimuli, fewer above.'),
  })
  .prefault({});

/** How stimuli are laid out on a map; the `projection:` section of study.yaml. */
export const projectionOptions = z
  .strictObject({
    method: z.enum(['tsne', 'umap']).default('tsne').describe('How the map is made.'),
    metric: z
      .enum(['euclidean', 'cosine'])
      .default('euclidean')
      .describe('Distance between stimuli; `cosine`: Euclidean between rows of length one.'),
    seed: z.int().min(0).default(1).describe('Seed of the first positions and of UMAP.'),
    tsne: tsneOptions,
    umap: umapOptions,
  })
  .prefault({});

export type ProjectionOptions = z.infer<typeof projectionOptions>;
export type Metric = ProjectionOptions['metric'];
