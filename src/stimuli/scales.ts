import * as z from 'zod';
import { inputError } from '../numerics/errors.js';
import type { Ratings, Scale } from './ratings.js';

const sidecarEntry = z
  .looseObject({
    kind: z.enum(['category', 'dimension']),
    min: z.number(),
    max: z.number(),
  })
  .refine(({ min, max }) => min < max, 'min must be less than max');

/**
 * The JSON file beside a table of ratings, as BIDS describes columns: by column name, what the scale measures (`kind`) and its smallest and
 * largest possible rating. BIDS keys such as Description may stand beside them.
 */
export function scalesSidecar({ scales }: Pick<Ratings, 'scales'>): Record<string, Omit<Scale, 'name'>> {
  return Object.fromEntries(scales.map(({ name, kind, min, max }) => [name, { kind, min, max }]));
}

/**
 * The scales that a sidecar describes. Columns described without a kind (the ids, say) are no scales.
 * @throws AffectomeError `input` naming the column whose description is wrong
 */
export function readScales(json: unknown, file = 'ratings.json'): Scale[] {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw notSidecar(file);
  const described = Object.entries(json).filter(
    ([, entry]) => entry !== null && Object.hasOwn(Object(entry), 'kind'),
  );
  return described.map(([name, entry]) => {
    const { data, error } = sidecarEntry.safeParse(entry);
    if (data) return { name, kind: data.kind, min: data.min, max: data.max };
    throw inputError({
      problem: error.issues.map((issue) => [...issue.path, issue.message].join(': ')).join('; '),
      where: { file, field: name },
      remedy: 'Describe a scale as {"kind": "category" or "dimension", "min": 0, "max": 1}.',
    });
  });
}

const notSidecar = (file: string) =>
  inputError({
    problem: 'is not an object with one entry per scale.',
    where: { file },
    remedy: 'Write {"Joy": {"kind": "category", "min": 0, "max": 1}, ...}.',
  });
