import * as z from 'zod';

const path = z.string().min(1);
const id = z.union([z.string().min(1), z.number().transform(String)]);

/** What is judged; the `stimuli:` section of study.yaml. Paths are relative to the study folder. */
export const stimuliOptions = z.strictObject({
  table: path
    .default('stimuli.tsv')
    .describe('CSV or TSV with one row per stimulus: an id, optionally name and media.'),
  idColumn: z
    .string()
    .min(1)
    .optional()
    .describe('Column with the ids; without it stimulus_id, id, video_id or filename.'),
  media: path.optional().describe('Folder with pictures, videos or sounds, named after the ids.'),
  captions: path.optional().describe('CSV or TSV with one row per caption: stimulus_id, caption.'),
  subset: z
    .union([path, z.array(id).min(3)])
    .optional()
    .describe('The stimuli to study: a file with a list of ids, or the ids themselves.'),
  hidden: path
    .optional()
    .describe('A file with a list of ids whose pictures are never shown, in reports or anywhere else.'),
});

const ratingsEntry = z
  .strictObject({
    table: path.describe('CSV or TSV with one row per stimulus and one column per scale.'),
    idColumn: z.string().min(1).optional().describe('Column with the ids.'),
    kind: z
      .enum(['category', 'dimension'])
      .optional()
      .describe('What the scales are; without it, as the .json file beside the table says.'),
    min: z.number().optional().describe('Smallest possible rating.'),
    max: z.number().optional().describe('Largest possible rating.'),
    missing: z.enum(['error', 'allow']).default('error').describe('Whether cells may be empty.'),
  })
  .refine(({ min, max }) => min === undefined || max === undefined || min < max, {
    message: 'min must be less than max',
    path: ['max'],
  });

/** Tables of ratings by name; the `ratings:` section of study.yaml. A path alone means a table whose scales its .json file describes. */
export const ratingsOptions = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'letters (a to z), digits, "-" and "_", with a letter first'),
    z.union([path.transform((table) => ratingsEntry.parse({ table })), ratingsEntry]),
  )
  .describe('Tables of ratings by name.');

export type StimuliOptions = z.infer<typeof stimuliOptions>;
export type RatingsTableOptions = z.infer<typeof ratingsEntry>;
