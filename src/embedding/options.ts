import * as z from 'zod';

/** How SPoSE is fitted and examined; the `embedding:` section of study.yaml. */
export const embeddingOptions = z
  .strictObject({
    components: z
      .int()
      .min(1)
      .max(1000)
      .default(30)
      .describe('Components at the start; unused ones are pruned.'),
    lambda: z
      .union([z.number().min(0), z.literal('auto')])
      .default(0.004)
      .describe('Weight of the L1 penalty, or auto: chosen by cross-validation.'),
    objective: z
      .enum(['reference', 'equation'])
      .default('reference')
      .describe(
        'reference: mean cross-entropy + (lambda / nStimuli) L1, as the published code; equation: summed log-likelihood - lambda L1, as P1 Eq. 3 with its sign corrected.',
      ),
    nonNegativity: z
      .enum(['projection', 'penalty'])
      .default('projection')
      .describe(
        'projection: W = max(W, 0) after each step; penalty: 0.01 sum(relu(-W)) as the published code.',
      ),
    learningRate: z
      .union([z.number().positive(), z.literal('auto')])
      .default('auto')
      .describe(
        'auto: .024 sqrt(batchSize / 4096) under projection, .004 sqrt(batchSize / 4096) under the penalty.',
      ),
    batchSize: z
      .union([z.int().min(1), z.literal('auto')])
      .default('auto')
      .describe('auto: the power of two that makes about 1,500 steps an epoch, between 64 and 4,096.'),
    epochs: z.int().min(1).default(40).describe('Passes over the training trials.'),
    schedule: z
      .enum(['settle', 'constant'])
      .default('settle')
      .describe(
        'settle: full learning rate for half of the epochs, then linearly towards 0; constant: as published.',
      ),
    earlyStopping: z
      .strictObject({ window: z.int().min(3).default(50) })
      .nullable()
      .default(null)
      .describe(
        'Stop when the training loss of the last `window` epochs no longer falls (slope > 0 or p > .1).',
      ),
    pruneBelow: z
      .number()
      .min(0)
      .default(0.1)
      .describe('Components whose largest weight is at most this are dropped.'),
    heldOut: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.1)
      .describe('Share of the training trials held out for evaluation.'),
    seed: z
      .int()
      .min(0)
      .default(1)
      .describe('Seed of the hold-out split and of the first run; further runs count up from it.'),
    runs: z
      .int()
      .min(1)
      .default(10)
      .describe(
        'Independent runs for reproducibility; the one with the lowest training loss is the embedding.',
      ),
    soft: z.boolean().default(false).describe("Train on the judge's probabilities instead of its choices."),
    selectComponents: z
      .array(z.int().min(1))
      .default([])
      .describe('Numbers of components to compare by cross-validation (P1 Ext. Data Fig. 1a); empty: none.'),
    lambdas: z
      .array(z.number().min(0))
      .default([0.001, 0.0025, 0.004, 0.006, 0.01])
      .describe('Candidates when lambda is auto.'),
    folds: z.int().min(2).max(256).default(5).describe('Folds of the cross-validated choices.'),
  })
  .prefault({});

export type EmbeddingOptions = z.infer<typeof embeddingOptions>;
