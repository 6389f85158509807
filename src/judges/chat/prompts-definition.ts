import * as z from 'zod';

const message = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  text: z.string().min(1),
});

/**
 * A prompt as data. `{media_1}` `{media_2}` `{media_3}` stand for the clips or pictures in shown order, `{caption_1}` ... for one
 * caption each; other placeholders are filled from `fill`. `{{` and `}}` are braces.
 */
export const promptDefinition = z.strictObject({
  name: z.string().min(1).optional().describe('Without it the name of the file.'),
  description: z.string().default('').describe('One sentence for lists and reports.'),
  source: z.string().optional().describe('Where the wording comes from.'),
  answer: z
    .enum(['text', 'choice'])
    .default('text')
    .describe('What `messages` ask for: text that is read afterwards, or 1, 2 or 3 and nothing else.'),
  fill: z
    .record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.string())
    .default({})
    .describe('Values of placeholders of your own; the judge may change them.'),
  messages: z.array(message).min(1).describe('What is sent.'),
  // biome-ignore lint/suspicious/noThenProperty: the word that reads best in a file; never awaited
  then: z
    .array(message)
    .min(1)
    .optional()
    .describe("Sent after the model's reply to `messages`, to be answered with 1, 2 or 3."),
});

/** As read, with defaults filled in. */
export type PromptDefinition = z.infer<typeof promptDefinition>;
/** As written. */
export type WrittenPrompt = z.input<typeof promptDefinition> & { readonly name: string };
