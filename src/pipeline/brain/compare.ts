import type { BrainOptions } from '../../brain/options.js';
import {
  type GroupTests,
  groupDifferences,
  groupTests,
  shareWonAcross,
  voxelScatter,
} from '../../brain/statistics/index.js';
import { artifactError, configError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { keyOf, split } from '../../numerics/random.js';
import type { BrainComparison, PairVoxels, RegionTest } from '../../report/brain-data.js';
import { Artifacts } from '../../study/artifacts.js';
import { hintFor } from '../../study/expected.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { bootstrapIntervals, type Intervals } from './bootstrap-intervals.js';
import { type Measure, measureInputs, measuresOf, readMeasure, type SubjectMaps } from './measures.js';
import { brainPaths } from './paths.js';
import { cell, type RegionsRecord } from './regions.js';

/** The step that tests feature sets against each other across subjects, region by region and voxel by voxel. */
export async function compareStep(
  inputs: StudyInputs,
  settings: BrainOptions,
  { subjects, coming }: SubjectMaps,
): Promise<Step> {
  const artifacts = new Artifacts(inputs.study.folder);
  const atlas = await atlasOf(artifacts, settings);
  const measures = await measuresOf(inputs, settings, { subjects, artifacts, coming });
  const { by: _, ...options } = settings.compare;
  return {
    id: `brain/compare/${atlas}`,
    version: 2,
    stage: 'brain',
    judge: null,
    title: `Comparison by ${atlas}`,
    inputs: [
      brainPaths.regionsSummary(atlas),
      ...new Set(
        subjects.flatMap((subject) => measures.flatMap((measure) => measureInputs(measure, subject))),
      ),
    ],
    options: { ...options, measures, subjects },
    seeds: { compare: settings.compare.seed },
    outputs: [
      brainPaths.comparison(atlas),
      brainPaths.regionMeans(atlas),
      brainPaths.regionDifferences(atlas),
      brainPaths.voxels,
    ],
    estimate: { work: `${measures.length} feature sets and models in ${subjects.length} subjects` },
    run: (context) => runCompare({ atlas, subjects, measures, settings }, context),
  };
}

/** @throws AffectomeError `config` for fewer than two subjects. */
export function requireGroup(subjects: readonly string[]): void {
  if (subjects.length > 1) return;
  throw configError({
    problem: `A comparison across subjects needs two of them; there ${subjects.length === 1 ? 'is one' : 'are none'}.`,
    where: { field: 'brain.subjects' },
    remedy:
      'Of one subject there are its maps, regions and the report: affectome brain regions, brain map, report.',
  });
}

/** Atlases of the configuration, and those whose regions were made. */
async function knownAtlases(artifacts: Artifacts, { regions }: BrainOptions): Promise<string[]> {
  const { readdir } = await import('node:fs/promises');
  const files = await readdir(artifacts.path('brain/regions')).catch(() => []);
  const made = files.flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []);
  return [...new Set([...Object.keys(regions), ...made])];
}

/** Whether there are regions to compare in, or some were asked for. */
export async function comparesRegions(artifacts: Artifacts, settings: BrainOptions): Promise<boolean> {
  return settings.compare.by !== undefined || (await knownAtlases(artifacts, settings)).length > 0;
}

/** The atlas asked for, the only one, or the first of the configuration. */
async function atlasOf(artifacts: Artifacts, settings: BrainOptions): Promise<string> {
  const { compare } = settings;
  const known = await knownAtlases(artifacts, settings);
  const name = compare.by ?? known[0];
  if (name !== undefined && known.includes(name)) return name;
  throw artifactError({
    problem:
      name === undefined ? 'There are no regions to compare in yet.' : `There are no regions "${name}".`,
    where: { field: 'brain.compare.by' },
    remedy:
      known.length > 0 && name !== undefined
        ? hintFor(name, known)
        : 'Make them with: affectome brain regions --labels FILE.',
  });
}

interface CompareRequest {
  readonly atlas: string;
  readonly subjects: readonly string[];
  readonly measures: readonly Measure[];
  readonly settings: BrainOptions;
}

async function runCompare(
  request: CompareRequest,
  { artifacts, note, onProgress }: StepContext,
): Promise<void> {
  const { atlas, subjects, measures, settings } = request;
  const record = await artifacts.readJson<RegionsRecord>(brainPaths.regionsSummary(atlas));
  requireSame(artifacts, request, record);
  const results: { tests: GroupTests }[] = [];
  const test = (tests: GroupTests, intervals: Intervals) => {
    results.push({ tests });
    return rowsOfTests({ tests, intervals }, record.regions, settings.compare);
  };
  const { bootstrap } = settings.compare;
  const flips = { mostFlips: settings.compare.tests.includes('signflip') ? 2 ** 13 : 0 };
  const key = split(keyOf(settings.compare.seed), 'compare', atlas);
  const tables = measures.map((measure) => meansOf(record, measure, subjects));
  const sets = measures.map(({ kind, name }, m) => {
    const own = split(key, kind, name);
    const tests = groupTests(tables[m], flips, own);
    return {
      ...{ kind, set: name, scores: tables[m] },
      tests: test(tests, bootstrapIntervals([tables[m]], bootstrap, own)),
    };
  });
  const pairs = pairsOf(measures).map(([a, b]) => {
    const own = split(key, measures[a].slug, measures[b].slug);
    const scores = [tables[a], tables[b]] as const;
    const group = groupDifferences(scores, flips, own);
    const tests = test(group, bootstrapIntervals(scores, bootstrap, own));
    return { kind: measures[a].kind, a: measures[a].name, b: measures[b].name, group, tests };
  });
  const voxels = await voxelsOf(artifacts, request, onProgress);
  const notes = [...new Set(results.flatMap(({ tests }) => tests.notes))];
  for (const text of notes) note(text);
  const comparison: BrainComparison = {
    ...{ atlas, subjects, fdr: settings.compare.fdr, asked: settings.compare.tests, regions: record.regions },
    ...{ sets, pairs, voxels, notes },
    smallestFlipP: results[0].tests.signFlips?.smallestP ?? null,
  };
  await writeTables(artifacts, comparison);
  await artifacts.writeJson(brainPaths.comparison(atlas), comparison);
}

function requireSame(
  artifacts: Artifacts,
  { atlas, subjects, measures }: CompareRequest,
  record: RegionsRecord,
): void {
  const lacks = subjects.find((subject) => !record.subjects.includes(subject));
  const other = measures.find(
    ({ kind, slug }) => !record.measures.some((m) => m.kind === kind && m.slug === slug),
  );
  if (!lacks && !other) return;
  throw artifactError({
    problem: `has no ${lacks ?? `${other!.kind} of ${other!.name}`}.`,
    where: { file: artifacts.path(brainPaths.regionsSummary(atlas)) },
    remedy: 'Make the regions again: affectome brain regions.',
  });
}

/** Means of one map: nSubjects x nRegions. */
export function meansOf(
  { values, regions }: RegionsRecord,
  { kind, name }: Measure,
  subjects: readonly string[],
): Matrix {
  const own = new Map(
    values
      .filter((one) => one.kind === kind && one.set === name)
      .map((one) => [`${one.subject}\t${one.region}`, one.mean]),
  );
  const data = Float64Array.from(
    subjects.flatMap((subject) => regions.map((region) => own.get(`${subject}\t${region}`) ?? Number.NaN)),
  );
  return { nRows: subjects.length, nColumns: regions.length, data };
}

/** Pairs of the same kind: first against second. */
function pairsOf(measures: readonly Measure[]): [number, number][] {
  return measures.flatMap((a, i) =>
    measures.flatMap((b, j): [number, number][] => (j > i && a.kind === b.kind ? [[i, j]] : [])),
  );
}

function rowsOfTests(
  { tests, intervals }: { tests: GroupTests; intervals: Intervals },
  regions: readonly string[],
  { tests: [first], fdr }: BrainOptions['compare'],
): RegionTest[] {
  return regions.map((region, r) => {
    const qFlips = tests.signFlips?.q[r] ?? Number.NaN;
    const q = first === 't' ? tests.q[r] : qFlips;
    return {
      ...{ region, n: tests.n[r], mean: tests.mean[r], low: tests.low[r], high: tests.high[r] },
      ...{ t: tests.t[r], p: tests.p[r], q: tests.q[r] },
      ...{ pFlips: tests.signFlips?.p[r] ?? Number.NaN, qFlips },
      pMaximum: tests.signFlips?.pMaximum[r] ?? Number.NaN,
      ...{ bootstrapLow: intervals.low[r], bootstrapHigh: intervals.high[r] },
      isSignificant: q < fdr,
    };
  });
}

async function voxelsOf(
  artifacts: Artifacts,
  { measures, subjects }: CompareRequest,
  onProgress: StepContext['onProgress'],
): Promise<PairVoxels[]> {
  const pairs = pairsOf(measures);
  const found: PairVoxels[] = [];
  for (const [done, [a, b]] of pairs.entries()) {
    const maps: [Float32Array, Float32Array][] = [];
    for (const subject of subjects)
      maps.push([
        await readMeasure(artifacts, measures[a], subject),
        await readMeasure(artifacts, measures[b], subject),
      ]);
    const range = rangeOf(maps.flat());
    const scatters = maps.map(([x, y], s) => ({
      name: subjects[s],
      scatter: voxelScatter(x, y, { nBins: 48, range }),
    }));
    const won = shareWonAcross(scatters.map(({ scatter }) => scatter));
    const { kind, name } = measures[a];
    found.push({ kind, a: name, b: measures[b].name, subjects: scatters, won });
    onProgress({ task: 'Voxel by voxel', done: done + 1, total: pairs.length, unit: 'pairs' });
  }
  return found;
}

/** One range for all subjects, so that their pictures can be compared. */
function rangeOf(maps: readonly Float32Array[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const map of maps) {
    for (const value of map) {
      if (!Number.isFinite(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low < high) return [low, high];
  return Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
}

const testColumns = [
  ...['n', 'mean', 'low', 'high', 't', 'p', 'q', 'p_signflip', 'q_signflip', 'significant'],
  ...['p_maximum', 'bootstrap_low', 'bootstrap_high'],
];
const testCells = (test: RegionTest): (string | number)[] => [
  test.n,
  ...[test.mean, test.low, test.high, test.t, test.p, test.q, test.pFlips, test.qFlips].map(cell),
  test.isSignificant ? 'yes' : 'no',
  ...[test.pMaximum, test.bootstrapLow, test.bootstrapHigh].map(cell),
];

async function writeTables(artifacts: Artifacts, { atlas, sets, pairs, voxels, subjects }: BrainComparison) {
  await artifacts.writeTsv(
    brainPaths.regionMeans(atlas),
    ['measure', 'features', 'region', ...testColumns],
    sets.flatMap(({ kind, set, tests }) => tests.map((test) => [kind, set, test.region, ...testCells(test)])),
  );
  await artifacts.writeTsv(
    brainPaths.regionDifferences(atlas),
    ['measure', 'minuend', 'subtrahend', 'region', ...testColumns],
    pairs.flatMap(({ kind, a, b, tests }) =>
      tests.map((test) => [kind, b, a, test.region, ...testCells(test)]),
    ),
  );
  await artifacts.writeTsv(
    brainPaths.voxels,
    ['measure', 'a', 'b', 'subject', 'share_won_by_b'],
    voxels.flatMap(({ kind, a, b, won }) =>
      subjects.map((subject, s) => [kind, a, b, subject, cell(won.shares[s])]),
    ),
  );
}
