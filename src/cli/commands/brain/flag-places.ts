import { AffectomeError, type Where } from '../../../numerics/errors.js';
import type { BrainOverrides } from '../../../pipeline/brain/settings.js';
import { isRecord } from '../../../study/expected.js';
import type { Study } from '../../../study/study.js';

/** Flags whose names are not those of the options. */
const otherNames: Readonly<Record<string, string>> = {
  'brain.subjects': '--subject',
  'brain.compare.tests': '--test',
  'brain.responses.repetitionTime': '--tr',
  'brain.encoding.weights': '--no-weights',
  'brain.searchlight.precision': '--exact',
  'brain.regions': '--labels',
};

/** Options of study.yaml that no flag sets. */
const withoutFlag =
  /^brain\.(responses\.(confounds|drift|despike|coverage|zScore|duration)|compare\.(seed|bootstrap)|[^.]+)$/;

function flagOf(field: string): string | undefined {
  const other = otherNames[field];
  if (other !== undefined) return other;
  if (/^brain\.regions\.[^.]+$/.test(field)) return '--name';
  if (field !== 'brain.features' && withoutFlag.test(field)) return undefined;
  return `--${field
    .split('.')
    .at(-1)!
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * An error about an option that the command line gave, or that nobody gave, names the flag instead of a line of study.yaml.
 * Other errors pass through.
 */
export function atFlag(study: Study, overrides: BrainOverrides, error: unknown): unknown {
  if (!(error instanceof AffectomeError)) return error;
  const { field } = error.where;
  if (field !== 'brain' && !field?.startsWith('brain.')) return error;
  const isIn = (section: unknown) => valueAt(section, field.split('.')) !== undefined;
  if (isIn(study.written) && !isIn({ brain: overrides }) && field !== 'brain') return error;
  const flag = field === 'brain.subjects' && !isIn({ brain: overrides }) ? undefined : flagOf(field);
  const where: Where = flag === undefined ? {} : { field: flag };
  const { code, problem, remedy, cause } = error;
  return new AffectomeError(code, { problem, where, cause, ...(remedy !== undefined && { remedy }) });
}

const valueAt = (section: unknown, path: readonly string[]): unknown =>
  path.reduce((value, key) => (isRecord(value) ? value[key] : undefined), section);
