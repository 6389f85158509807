import { readdir } from 'node:fs/promises';
import type { BrainComparison, BrainReport, DrawnMap } from '../../report/brain-data.js';
import type { Artifacts } from '../../study/artifacts.js';
import type { EncodingRecord } from './encode-results.js';
import type { MapsRecord } from './maps.js';
import { brainPaths } from './paths.js';
import { presentSubjects, type ResponsesSidecar, readResponsesSidecar } from './responses-files.js';
import type { SearchlightRecord } from './searchlight-results.js';

/** What earlier steps found out about brains; null in a study without any. */
export async function readBrainReport(artifacts: Artifacts): Promise<BrainReport | null> {
  const names = await presentSubjects(artifacts.folder);
  if (names.length === 0) return null;
  const sidecars = await Promise.all(names.map((name) => readResponsesSidecar(artifacts, name)));
  const encodings = await present<EncodingRecord>(artifacts, names.map(brainPaths.encodingSummary));
  const searchlights = await present<SearchlightRecord>(artifacts, names.map(brainPaths.searchlightSummary));
  return {
    subjects: sidecars.map(({ shape, counts }, s) => ({
      ...{ name: names[s], nStimuli: shape[0], nVoxels: shape[1] },
      ...counts,
    })),
    encodings: encodings.flatMap(({ subject, sets }) =>
      sets.map(({ name, slug: _, nConstantFeatures: __, ...set }) => ({ subject, set: name, ...set })),
    ),
    searchlights: searchlights.flatMap(({ subject, models, counts, nCentres, nStimuli }) =>
      models.map(({ name, median, best }) => ({
        ...{ subject, model: name, median, best, nCentres, nStimuli },
        nCompared: counts.compared,
      })),
    ),
    comparisons: await present<BrainComparison>(artifacts, await comparisonFiles(artifacts)),
    maps: await readMaps(artifacts),
    methods: methodsOf({ sidecars, encodings, searchlights }),
  };
}

async function present<T>(artifacts: Artifacts, files: readonly string[]): Promise<T[]> {
  const found: T[] = [];
  for (const file of files) if (await artifacts.exists(file)) found.push(await artifacts.readJson<T>(file));
  return found;
}

async function comparisonFiles(artifacts: Artifacts): Promise<string[]> {
  const names: string[] = await readdir(artifacts.path('brain/compare')).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => `brain/compare/${name}`);
}

async function readMaps(artifacts: Artifacts): Promise<DrawnMap[]> {
  const [record] = await present<MapsRecord>(artifacts, [brainPaths.maps]);
  const drawn: DrawnMap[] = [];
  for (const { name, title, caption, alt, width, height } of record?.maps ?? []) {
    const file = brainPaths.map(name, 'svg');
    if (await artifacts.exists(file))
      drawn.push({ name, title, caption, alt, width, height, svg: await artifacts.readText(file) });
  }
  return drawn;
}

interface Made {
  readonly sidecars: readonly ResponsesSidecar[];
  readonly encodings: readonly EncodingRecord[];
  readonly searchlights: readonly SearchlightRecord[];
}

/** What was done, from the records of the first subject. */
function methodsOf({ sidecars, encodings: [encoding], searchlights: [searchlight] }: Made): string[] {
  const { shape, source } = sidecars[0];
  const paragraphs = [
    `Responses of ${sidecars.length} ${sidecars.length === 1 ? 'subject' : 'subjects'} to ${shape[0]} stimuli: ${source}.`,
  ];
  if (encoding) {
    const { outer, inner, alphas, alphaFor } = encoding.options;
    paragraphs.push(
      `Each voxel was predicted from ${encoding.sets.map(({ name }) => name).join(', ')} by ridge regression with ${outer.nFolds} outer and ${inner.nFolds} inner folds (${outer.kind === 'groups' ? 'whole runs' : 'contiguous'}); one of ${alphas.n} penalties from ${alphas.low} to ${alphas.high} was chosen for each ${alphaFor === 'voxel' ? 'voxel and fold' : 'fold'}. Accuracy is Pearson r of held-out predictions with responses.`,
    );
  }
  if (searchlight) {
    const { radius, correlation, nStimuli, chosen, minimumVoxels } = searchlight;
    paragraphs.push(
      `Searchlights had a radius of ${radius.length} ${radius.unit}; correlations between the patterns of ${nStimuli} stimuli (${chosen}) were compared with each model over pairs (${correlation}). Centres with fewer than ${minimumVoxels} usable voxels were left out.`,
    );
  }
  return paragraphs;
}
