import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { AffectomeError, configError, type Where } from '../numerics/errors.js';
import { parseConfiguration } from './configuration.js';
import type { ConfigPath } from './expected.js';
import { readFailure } from './failures.js';
import type { StudyOptions } from './options.js';

export const studyFile = 'study.yaml';

/** A study folder with its configuration read and checked. */
export interface Study {
  /** Absolute. */
  readonly folder: string;
  /** Path of study.yaml as shown in messages: relative to the working directory where that is shorter. */
  readonly file: string;
  readonly options: StudyOptions;
  /** The configuration as written, before defaults. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Line and column of a configuration path in study.yaml, for error messages. */
  placeOf(path: ConfigPath): Where;
}

/**
 * Opens the study in `folder`.
 * @throws AffectomeError `config` with line and column when study.yaml is wrong or missing.
 */
export async function openStudy(folder: string): Promise<Study> {
  const absolute = resolve(folder);
  const path = join(absolute, studyFile);
  const file = shownPath(path);
  if (!(await stat(path).catch(() => undefined))) throw noStudy(folder);
  const text = await readFile(path, 'utf8').catch((error: unknown) =>
    Promise.reject(readFailure(error, file)),
  );
  const { options, written, places } = parseConfiguration(text, file);
  return { folder: absolute, file, options, written, placeOf: (where) => places.of(where) };
}

function noStudy(folder: string) {
  return configError({
    problem: `There is no ${studyFile} in ${resolve(folder)}.`,
    remedy: 'Start a study with: affectome init, or name its folder with --study DIR.',
  });
}

/** The nearest folder from `start` upwards that holds a study.yaml. */
export function findStudy(start: string): string {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    if (existsSync(join(folder, studyFile))) return folder;
    if (dirname(folder) === folder) throw noStudyAbove(start);
  }
}

function noStudyAbove(start: string) {
  return configError({
    problem: `There is no ${studyFile} in ${resolve(start)} or any folder above it.`,
    remedy: 'Start a study with: affectome init, or name its folder with --study DIR.',
  });
}

/** The shorter of the absolute path and the path from the working directory. */
export function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere !== '' && fromHere.length < path.length ? fromHere : path;
}

/**
 * Stages name the option that is wrong; a study knows the line on which it stands: that of `judge`, where this judge sets
 * the option for itself. Other errors pass through.
 */
export function atLineOf(study: Study, error: unknown, judge: string | null = null): unknown {
  if (!(error instanceof AffectomeError) || error.where.file !== undefined) return error;
  const path = error.where.field?.split('.') ?? [];
  if (path.length === 0 || !(path[0] in study.options)) return error;
  const { code, problem, remedy, cause } = error;
  const full = setsItself(study, judge, path) ? ['judges', judge!, ...path] : path;
  const where = { ...study.placeOf(full), field: full.join('.') };
  return new AffectomeError(code, { problem, where, cause, ...(remedy !== undefined && { remedy }) });
}

function setsItself({ options }: Study, judge: string | null, [section, key]: readonly string[]): boolean {
  const own = judge === null ? undefined : options.judges[judge]?.embedding;
  return section === 'embedding' && own !== undefined && key in own;
}
