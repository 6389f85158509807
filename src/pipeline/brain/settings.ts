import type * as z from 'zod';
import { type BrainOptions, brainOptions } from '../../brain/options.js';
import { configError } from '../../numerics/errors.js';
import {
  describeExpected,
  describeFound,
  isRecord,
  type JsonSchema,
  schemasAt,
} from '../../study/expected.js';
import { studySchema } from '../../study/schema.js';
import type { Study } from '../../study/study.js';

/** Part of the `brain:` section, as written. */
export type BrainOverrides = Readonly<Record<string, unknown>>;

/**
 * The brain options of a study with what the command line asks for besides.
 * @throws AffectomeError `config` naming the option that cannot be.
 */
export function brainSettings(study: Study, overrides: BrainOverrides = {}): BrainOptions {
  const written = isRecord(study.written.brain) ? study.written.brain : {};
  const all = merged(written, overrides);
  const parsed = brainOptions.unwrap().unwrap().safeParse(all);
  if (parsed.success) return parsed.data;
  throw wrongSetting(parsed.error.issues[0], all);
}

/** Sections are merged key by key; everything else, and the list of atlases, is replaced. */
function merged(base: Record<string, unknown>, over: BrainOverrides): Record<string, unknown> {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const before = key === 'regions' ? {} : result[key];
    result[key] = isRecord(value) ? merged(isRecord(before) ? before : {}, value) : value;
  }
  return result;
}

function wrongSetting(issue: z.core.$ZodIssue, brain: Record<string, unknown>) {
  const path = ['brain', ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))];
  const found = path.slice(1).reduce<unknown>((value, key) => (value as never)?.[key], brain);
  const expected =
    issue.code === 'invalid_format'
      ? issue.message
      : describeExpected(schemasAt(studySchema as JsonSchema, path, { brain }));
  return configError({
    problem: `found ${describeFound(found)}; expected ${expected}.`,
    where: { field: path.filter((key) => typeof key === 'string').join('.') },
  });
}

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** `2/8`. @throws AffectomeError `config` for anything else. */
export function parseShard(text: string): Shard {
  const parts = /^(\d+)\/(\d+)$/.exec(text);
  const [index, of] = parts ? [Number(parts[1]), Number(parts[2])] : [0, 0];
  if (index >= 1 && index <= of) return { index, of };
  throw configError({
    problem: `found "${text}"; expected i/n with i from 1 to n, as in 2/8.`,
    where: { field: '--shard' },
    remedy: 'In a Slurm array job: --shard $SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT with --array=1-8.',
  });
}
