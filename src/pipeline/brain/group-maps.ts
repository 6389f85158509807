import type { BrainOptions } from '../../brain/options.js';
import { type GroupTests, groupDifferences, groupTests } from '../../brain/statistics/index.js';
import { throwIfCancelled } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { keyOf, split } from '../../numerics/random.js';
import { Artifacts } from '../../study/artifacts.js';
import { sidecarOf, withSidecars } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { type CommonSpace, commonSpace, writeGroupMask } from './common-space.js';
import { type Measure, measureInputs, measuresOf, readMeasure, type SubjectMaps } from './measures.js';
import { brainPaths } from './paths.js';
import { type ResponseSpace, readResponsesSidecar, writeMap } from './responses-files.js';

/** Rows of `statistics.npy`; the test that gave each q and p is in its name. */
export const groupStatistics = ['mean', 't', 'p', 'q', 'p-signflip', 'q-signflip', 'p-maximum'] as const;
export type GroupStatistic = (typeof groupStatistics)[number];

/** Of these there are maps for viewers. */
const shownStatistics: readonly GroupStatistic[] = ['mean', 't', 'q', 'q-signflip', 'p-maximum'];

/** What is tested against 0: a measure, or the difference of two. */
export interface GroupTested {
  /** Part of file names. */
  readonly name: string;
  readonly measure: Measure;
  /** Set for a difference: what is taken away from `measure`. */
  readonly minus: Measure | null;
}

/** `brain/group/group.json`. */
export interface GroupRecord {
  readonly subjects: readonly string[];
  readonly fdr: number;
  /** The first decides what is significant. */
  readonly asked: BrainOptions['compare']['tests'];
  /** Null when subjects share no places: then nothing is tested, and `skipped` says why. */
  readonly space: ResponseSpace | null;
  readonly skipped: string | null;
  readonly nPlaces: number;
  readonly maps: readonly (GroupTested & {
    /** Places that were tested. */
    readonly nTested: number;
    /** Places with q below the level, above and below 0. */
    readonly nAbove: number;
    readonly nBelow: number;
    /** Corrected for all places by the maximum of |t| over sign flips; null without them. */
    readonly smallestFamilywiseP: number | null;
  })[];
  readonly notes: readonly string[];
}

/** Measures, then differences of every two of a kind: second minus first, as in the comparison by region. */
export function groupTested(measures: readonly Measure[]): GroupTested[] {
  const nameOf = ({ kind, slug }: Measure) => `${kind}-${slug}`;
  return [
    ...measures.map((measure) => ({ name: nameOf(measure), measure, minus: null })),
    ...measures.flatMap((minus, i) =>
      measures
        .slice(i + 1)
        .filter(({ kind }) => kind === minus.kind)
        .map((measure) => ({ name: `${nameOf(measure)}-minus-${minus.slug}`, measure, minus })),
    ),
  ];
}

export const groupMapsId = 'brain/group';

/** The step that tests every map, and every difference of two, across subjects in every place that they share. */
export async function groupMapsStep(
  inputs: StudyInputs,
  settings: BrainOptions,
  { subjects, coming }: SubjectMaps,
): Promise<Step> {
  const artifacts = new Artifacts(inputs.study.folder);
  const measures = await measuresOf(inputs, settings, { subjects, artifacts, coming });
  const { by: _, ...options } = settings.compare;
  return {
    id: groupMapsId,
    version: 1,
    stage: 'brain',
    judge: null,
    title: 'Group maps',
    inputs: [
      ...new Set([
        // Masks come with the responses that the maps were made from.
        ...subjects.map((subject) => sidecarOf(brainPaths.responses(subject))),
        ...subjects.flatMap((subject) => measures.flatMap((measure) => measureInputs(measure, subject))),
      ]),
    ],
    options: { ...options, measures, subjects },
    seeds: { compare: settings.compare.seed },
    outputs: [
      ...groupTested(measures).flatMap(({ name }) => withSidecars(brainPaths.groupStatistics(name))),
      brainPaths.groupSummary,
    ],
    estimate: { work: `${groupTested(measures).length} maps of ${subjects.length} subjects` },
    run: (context) => runGroupMaps({ subjects, measures, settings }, context),
  };
}

interface GroupRequest {
  readonly subjects: readonly string[];
  readonly measures: readonly Measure[];
  readonly settings: BrainOptions;
}

async function runGroupMaps(request: GroupRequest, context: StepContext): Promise<void> {
  const { subjects, settings } = request;
  const { artifacts, note } = context;
  const sidecars = await Promise.all(subjects.map((subject) => readResponsesSidecar(artifacts, subject)));
  const found = await commonSpace(artifacts, subjects, sidecars);
  const { fdr, tests: asked } = settings.compare;
  if (found.kind === 'none') {
    const skipped = `no maps across subjects: ${found.reason}`;
    note(skipped);
    const empty = { space: null, nPlaces: 0, maps: [], notes: [] };
    await artifacts.writeJson(brainPaths.groupSummary, {
      ...{ subjects, fdr, asked, skipped, ...empty },
    } satisfies GroupRecord);
    return;
  }
  await writeGroupMask(artifacts, found);
  const { maps, notes } = await testAll(request, found, context);
  for (const text of notes) note(text);
  await artifacts.writeJson(brainPaths.groupSummary, {
    ...{ subjects, fdr, asked, maps, notes },
    space: found.space,
    skipped: null,
    nPlaces: found.columns[0].length,
  } satisfies GroupRecord);
}

async function testAll(
  { subjects, measures, settings }: GroupRequest,
  common: CommonSpace,
  { artifacts, signal, onProgress }: StepContext,
): Promise<Pick<GroupRecord, 'maps' | 'notes'>> {
  const { compare } = settings;
  const flips = { mostFlips: compare.tests.includes('signflip') ? 2 ** 13 : 0 };
  const key = split(keyOf(compare.seed), 'group maps');
  const tested = groupTested(measures);
  const maps: GroupRecord['maps'][number][] = [];
  const notes = new Set<string>();
  for (const [done, one] of tested.entries()) {
    throwIfCancelled(signal);
    const values = await valuesOf(artifacts, one.measure, { subjects, common });
    const own = split(key, one.name);
    const tests = one.minus
      ? groupDifferences([await valuesOf(artifacts, one.minus, { subjects, common }), values], flips, own)
      : groupTests(values, flips, own);
    await writeTests(artifacts, one, { tests, common });
    maps.push({ ...one, ...summaryOf(tests, compare) });
    for (const text of tests.notes) notes.add(text);
    onProgress({ task: 'Group maps', done: done + 1, total: tested.length, unit: 'maps' });
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return { maps, notes: [...notes] };
}

/** nSubjects x nPlaces. */
async function valuesOf(
  artifacts: Artifacts,
  measure: Measure,
  { subjects, common }: { subjects: readonly string[]; common: CommonSpace },
): Promise<Matrix> {
  const nColumns = common.columns[0].length;
  const data = new Float64Array(subjects.length * nColumns);
  for (const [s, subject] of subjects.entries()) {
    const map = await readMeasure(artifacts, measure, subject);
    common.columns[s].forEach((column, place) => {
      data[s * nColumns + place] = map[column];
    });
  }
  return { nRows: subjects.length, nColumns, data };
}

function rowOf(tests: GroupTests, statistic: GroupStatistic): ArrayLike<number> {
  const none = () => new Float64Array(tests.nTests).fill(Number.NaN);
  switch (statistic) {
    case 'p-signflip':
      return tests.signFlips?.p ?? none();
    case 'q-signflip':
      return tests.signFlips?.q ?? none();
    case 'p-maximum':
      return tests.signFlips?.pMaximum ?? none();
    default:
      return tests[statistic];
  }
}

async function writeTests(
  artifacts: Artifacts,
  { name, measure, minus }: GroupTested,
  { tests, common }: { tests: GroupTests; common: CommonSpace },
): Promise<void> {
  const rows = groupStatistics.map((statistic) => rowOf(tests, statistic));
  const data = new Float64Array(rows.length * tests.nTests);
  rows.forEach((row, r) => {
    data.set(row, r * tests.nTests);
  });
  const what = `${measure.name}${minus ? ` minus ${minus.name}` : ''} (${measure.kind})`;
  await artifacts.writeNpy(brainPaths.groupStatistics(name), data, [rows.length, tests.nTests], {
    description: `Tests of ${what} against 0 across ${tests.nSubjects} subjects, two-tailed: ${tests.test}-test and sign flips; q by Benjamini and Hochberg over places, p-maximum by the maximum of |t| over sign flips.`,
    axes: [{ axis: 'statistic', labels: groupStatistics }, { axis: 'voxel' }],
  });
  for (const [r, statistic] of groupStatistics.entries())
    if (shownStatistics.includes(statistic) && !(statistic.includes('-') && !tests.signFlips))
      await writeMap(artifacts, brainPaths.groupMap(name, statistic), { about: common, values: rows[r] });
}

function summaryOf(tests: GroupTests, { tests: [first], fdr }: BrainOptions['compare']) {
  const q = first === 't' ? tests.q : tests.signFlips!.q;
  const passes = (sign: number) => q.filter((value, i) => value < fdr && sign * tests.mean[i] > 0).length;
  const familywise = Array.from(tests.signFlips?.pMaximum ?? []).filter(Number.isFinite);
  return {
    nTested: q.filter(Number.isFinite).length,
    nAbove: passes(1),
    nBelow: passes(-1),
    smallestFamilywiseP:
      familywise.length > 0 ? familywise.reduce((least, p) => Math.min(least, p), 1) : null,
  };
}
