import type { BrainOptions } from '../../brain/options.js';
import { artifactError } from '../../numerics/errors.js';
import type { Artifacts } from '../../study/artifacts.js';
import type { StudyInputs } from '../study-inputs.js';
import type { EncodingRecord } from './encode-results.js';
import { featureSource } from './features.js';
import { brainPaths } from './paths.js';
import { searchlightModels } from './searchlight.js';
import type { SearchlightRecord } from './searchlight-results.js';

/** One number per voxel that says how well a feature set, or a model, fits. */
export interface Measure {
  readonly kind: 'encoding' | 'searchlight';
  /** The feature set or model. */
  readonly name: string;
  readonly slug: string;
}

export const measureText = { encoding: 'encoding r', searchlight: 'searchlight rho' } as const;

/** Whose maps, and which kinds are made before. */
export interface SubjectMaps {
  readonly subjects: readonly string[];
  /** What is made by steps before, as the configuration says; else what earlier commands left counts first. */
  readonly coming: readonly Measure['kind'][];
}

export interface MeasuresOf extends SubjectMaps {
  readonly artifacts: Artifacts;
}

/** The maps that every subject has, or will have. */
export async function measuresOf(
  inputs: StudyInputs,
  settings: BrainOptions,
  { subjects, artifacts, coming }: MeasuresOf,
): Promise<Measure[]> {
  const { features, searchlight } = settings;
  const models = coming.includes('searchlight') ? searchlightModels(settings) : searchlight.models;
  const encoded = coming.includes('encoding') ? 'coming' : await presentSets(artifacts, subjects);
  const searched = coming.includes('searchlight') ? 'coming' : await presentModels(artifacts, subjects);
  const all = [
    ...(Array.isArray(encoded) ? encoded : await named(inputs, features, 'encoding')),
    ...(Array.isArray(searched) ? searched : await named(inputs, models, 'searchlight')),
  ];
  if (all.length > 0) return all;
  throw artifactError({
    problem: 'There are no results to compare yet.',
    remedy:
      'Make them with: affectome brain encode --features a,b or affectome brain searchlight --models a,b.',
  });
}

async function named(
  inputs: StudyInputs,
  names: readonly string[],
  kind: Measure['kind'],
): Promise<Measure[]> {
  const sources = await Promise.all(names.map((name) => featureSource(inputs, name)));
  return sources.map(({ name, slug }) => ({ kind, name, slug }));
}

/** What every subject has: none where no subject has any; `partly` where some have and some have not. */
type Present = Measure[] | 'partly';

function presentSets(artifacts: Artifacts, subjects: readonly string[]): Promise<Present> {
  return present(subjects, async (subject) => {
    const path = brainPaths.encodingSummary(subject);
    if (!(await artifacts.exists(path))) return null;
    const { sets } = await artifacts.readJson<EncodingRecord>(path);
    return sets.map(({ name, slug }) => ({ kind: 'encoding', name, slug }));
  });
}

function presentModels(artifacts: Artifacts, subjects: readonly string[]): Promise<Present> {
  return present(subjects, async (subject) => {
    const path = brainPaths.searchlightSummary(subject);
    if (!(await artifacts.exists(path))) return null;
    const { models } = await artifacts.readJson<SearchlightRecord>(path);
    return models.map(({ name, slug }) => ({ kind: 'searchlight', name, slug }));
  });
}

async function present(
  subjects: readonly string[],
  read: (subject: string) => Promise<Measure[] | null>,
): Promise<Present> {
  const lists = (await Promise.all(subjects.map(read))).filter((list) => list !== null);
  if (lists.length > 0 && lists.length < subjects.length) return 'partly';
  return inAll(lists);
}

const inAll = ([first = [], ...others]: readonly Measure[][]): Measure[] =>
  first.filter(({ slug }) => others.every((list) => list.some((other) => other.slug === slug)));

/** The files that `readMeasure` reads. */
export function measureInputs(measure: Measure, subject: string): string[] {
  if (measure.kind === 'encoding') return [brainPaths.encoding(subject, measure.slug, 'r')];
  return [brainPaths.searchlight(subject), brainPaths.searchlightSummary(subject)];
}

/** One number per voxel; NaN where there is none. */
export async function readMeasure(
  artifacts: Artifacts,
  measure: Measure,
  subject: string,
): Promise<Float32Array> {
  if (measure.kind === 'encoding')
    return artifacts.readArray(brainPaths.encoding(subject, measure.slug, 'r'), Float32Array, [null]);
  const { models } = await artifacts.readJson<SearchlightRecord>(brainPaths.searchlightSummary(subject));
  const index = models.findIndex(({ slug }) => slug === measure.slug);
  const all = await artifacts.readArray(brainPaths.searchlight(subject), Float32Array, [null, models.length]);
  return Float32Array.from({ length: all.length / models.length }, (_, v) => all[v * models.length + index]);
}
