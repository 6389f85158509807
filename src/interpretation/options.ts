import * as z from 'zod';

/** How components are named and examined; the `interpretation:` section of study.yaml. */
export const interpretationOptions = z
  .strictObject({
    ratings: z.array(z.string()).default([]).describe('Rating tables whose scales name the components.'),
    categories: z
      .string()
      .nullable()
      .default(null)
      .describe(
        "Rating table of categories: each stimulus's top category is what the nearest centroid predicts.",
      ),
    margin: z
      .number()
      .min(0)
      .default(0.1)
      .describe(
        'A label ends before the first term whose |r| is at least this much below the one before it.',
      ),
    threshold: z.number().min(0).max(1).default(0.1).describe('A component is interpretable above this |r|.'),
    topStimuli: z.int().min(0).default(8).describe('Stimuli listed per component, largest weights first.'),
    minPerCategory: z
      .int()
      .min(2)
      .default(10)
      .describe('Smaller categories are left out of the nearest centroid.'),
    permutations: z.int().min(1).default(1000).describe('Label shuffles for the chance level.'),
    seed: z.int().min(0).default(1).describe('Seed of the label shuffles.'),
  })
  .prefault({});

export type InterpretationOptions = z.infer<typeof interpretationOptions>;
