import { readdir } from 'node:fs/promises';
import type { BrainComparison, BrainRegions, BrainReport, DrawnMap } from '../../report/brain-data.js';
import type { Artifacts } from '../../study/artifacts.js';
import { meansOf } from './compare.js';
import type { EncodingRecord } from './encode-results.js';
import type { GroupRecord } from './group-maps.js';
import type { MapsRecord } from './maps.js';
import { brainMethods } from './methods.js';
import { brainPaths } from './paths.js';
import type { RegionsRecord } from './regions.js';
import type { ReliabilityRecord } from './reliability.js';
import { presentSubjects, readResponsesSidecar } from './responses-files.js';
import type { SearchlightRecord } from './searchlight-results.js';

/** What earlier steps found out about brains; null in a study without any. */
export async function readBrainReport(artifacts: Artifacts): Promise<BrainReport | null> {
  const names = await presentSubjects(artifacts.folder);
  if (names.length === 0) return null;
  const sidecars = await Promise.all(names.map((name) => readResponsesSidecar(artifacts, name)));
  const encodings = await present<EncodingRecord>(artifacts, names.map(brainPaths.encodingSummary));
  const searchlights = await present<SearchlightRecord>(artifacts, names.map(brainPaths.searchlightSummary));
  const comparisons = await present<BrainComparison>(artifacts, await jsonFiles(artifacts, 'brain/compare'));
  const regions = await present<RegionsRecord>(artifacts, await jsonFiles(artifacts, 'brain/regions'));
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
    comparisons,
    regions: regions.map(regionsOf),
    maps: await readMaps(artifacts),
    methods: brainMethods({
      ...{ sidecars, encodings, searchlights, comparisons, regions },
      reliabilities: await present<ReliabilityRecord>(artifacts, names.map(brainPaths.reliabilitySummary)),
      group: (await present<GroupRecord>(artifacts, [brainPaths.groupSummary]))[0] ?? null,
    }),
  };
}

function regionsOf(record: RegionsRecord): BrainRegions {
  const { atlas, subjects, regions, measures } = record;
  const sets = measures.map((measure) => ({
    ...{ kind: measure.kind, set: measure.name },
    scores: meansOf(record, measure, subjects),
  }));
  return { atlas, subjects, regions, sets };
}

async function present<T>(artifacts: Artifacts, files: readonly string[]): Promise<T[]> {
  const found: T[] = [];
  for (const file of files) if (await artifacts.exists(file)) found.push(await artifacts.readJson<T>(file));
  return found;
}

async function jsonFiles(artifacts: Artifacts, folder: string): Promise<string[]> {
  const names: string[] = await readdir(artifacts.path(folder)).catch(() => []);
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => `${folder}/${name}`);
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
