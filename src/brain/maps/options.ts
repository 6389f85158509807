import * as z from 'zod';

/** How maps are drawn; the `maps:` section of `brain:`. */
export const maps = z
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
    outlines: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Labels of the same vertices (.label.gii, .annot), left then right, or one volume of labels: regions are outlined.',
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
    limits: z
      .number()
      .positive()
      .optional()
      .describe(
        'Colours run from minus this number to it; without it to the largest value in any map of its kind.',
      ),
  })
  .prefault({});
