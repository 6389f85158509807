import * as z from 'zod';

const validationOptions = z.strictObject({
  from: z.string().min(1).describe('Name of the ratings whose categories give the prototypes.'),
  perCategory: z
    .int()
    .min(1)
    .default(2)
    .describe('Highest-rated stimuli taken per category; duplicates are merged.'),
  thirdsPerDyad: z.int().min(1).default(100).describe('Different thirds for each dyad of prototypes.'),
});

const noiseCeilingOptions = z.strictObject({
  trials: z.int().min(1).default(2000).describe('Different triplets that are asked repeatedly.'),
  repeats: z.int().min(2).default(20).describe('Answers to each of them.'),
});

/** Which triplets are asked; the `trials:` section of study.yaml. */
export const trialsOptions = z
  .strictObject({
    design: z
      .enum(['dyads', 'random', 'all', 'file'])
      .default('dyads')
      .describe(
        'dyads: every dyad with thirdsPerDyad random thirds (P1); random: nTrials random triplets; all: every triplet once; file: the triplets of a file.',
      ),
    thirdsPerDyad: z.int().min(1).default(3).describe('Different thirds for each dyad, for design: dyads.'),
    nTrials: z.int().min(1).optional().describe('Number of triplets, for design: random.'),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('Triplets as text or .npy, one a row, indices from 0, for design: file.'),
    seed: z.int().min(0).default(1).describe('Seed of the triplets, their order and their shown orders.'),
    validation: validationOptions
      .nullable()
      .default(null)
      .describe('Trials between prototypes, never trained on; null: none.'),
    noiseCeiling: noiseCeilingOptions
      .nullable()
      .default(null)
      .describe('Triplets asked repeatedly, for the noise ceiling; null: none.'),
  })
  .superRefine((options, context) => {
    const needed = ({ random: 'nTrials', file: 'file' } as const)[options.design as 'random' | 'file'];
    for (const field of ['nTrials', 'file'] as const) {
      const isGiven = options[field] !== undefined;
      if (isGiven === (field === needed)) continue;
      const message = isGiven
        ? `${field} has no meaning with design: ${options.design}.`
        : `design: ${options.design} needs ${field}.`;
      context.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .prefault({});

export type TrialsOptions = z.infer<typeof trialsOptions>;
