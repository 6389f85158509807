import type { RsaTable } from '../../geometry/rsa/rsa.js';
import { matchRsms } from '../../geometry/rsm/match.js';
import { type Rsm, upperTriangle } from '../../geometry/rsm/rsm.js';
import { type Matrix, takeRows } from '../../numerics/matrix.js';
import { keyOf, split } from '../../numerics/random.js';
import type { FeatureComparison, RsaRecord } from '../../report/geometry.js';
import type { Artifacts } from '../../study/artifacts.js';
import { paths, withSidecars } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { rsaColumns, rsaRows } from './rsa-table.js';
import { featuresOf, filesOf, makeRsm, measureOf, readStoredRsm, recipeOf, type System } from './systems.js';

/** The step that writes one system's RSM. */
export function rsmStep(inputs: StudyInputs, system: System): Step {
  const nStimuli = inputs.stimuli.ids.length;
  return {
    id: `rsm/${system.name}`,
    version: 1,
    stage: 'compare',
    judge: system.kind === 'judge' ? system.of : null,
    title: `RSM ${system.name}`,
    inputs: filesOf(inputs, system),
    options: recipeOf(inputs, system),
    seeds: {},
    outputs: withSidecars(paths.rsm(system.name)),
    estimate: {
      work: measureOf(inputs, system),
      ...(system.kind !== 'file' && { bytes: 8 * nStimuli ** 2 }),
    },
    run: async ({ artifacts, signal, onProgress }) => {
      const watch = {
        ...(signal && { signal }),
        onProgress: (state: Parameters<typeof onProgress>[0]) =>
          onProgress({ ...state, task: `RSM ${system.name}` }),
      };
      await writeRsm(artifacts, await makeRsm(inputs, artifacts, system, watch), measureOf(inputs, system));
    },
  };
}

async function writeRsm(artifacts: Artifacts, rsm: Rsm, measure: string): Promise<void> {
  const { name, kind, nStimuli, values, stimulusIds } = rsm;
  const axis = { axis: 'stimulus', ...(stimulusIds && { labels: stimulusIds }) };
  const sense = kind === 'similarity' ? 'Similarity' : 'Dissimilarity';
  await artifacts.writeNpy(paths.rsm(name), values, [nStimuli, nStimuli], {
    description: `${sense} of every two stimuli by ${name}: ${measure}; NaN where it is not known.`,
    axes: [axis, axis],
    kind,
  });
}

/** The step that compares every two systems. */
export function compareStep(inputs: StudyInputs, systems: readonly System[]): Step {
  const { seed, rsms: _, ratings: _r, rsm: _e, ratingRsm: _f, ...options } = inputs.options.compare;
  const nPairs = (systems.length * (systems.length - 1)) / 2;
  const featured = systems.filter(({ kind }) => kind !== 'file');
  return {
    id: 'rsa',
    version: 3,
    stage: 'compare',
    judge: null,
    judges: systems.filter(({ kind }) => kind === 'judge').map(({ of }) => of),
    title: 'RSA',
    inputs: [
      ...new Set([
        ...systems.flatMap(({ name }) => withSidecars(paths.rsm(name))),
        ...featured.flatMap((system) => filesOf(inputs, system)),
      ]),
    ],
    options: { ...options, systems: systems.map(({ name }) => name) },
    seeds: { compare: seed },
    outputs: [paths.rsa, paths.rsaTable],
    estimate: {
      work: `${nPairs} pair${nPairs === 1 ? '' : 's'} of ${systems.length} systems, ${options.samples} bootstrap samples, ${options.permutations} permutations`,
    },
    run: (context) => runCompare(inputs, systems, context),
  };
}

async function runCompare(
  inputs: StudyInputs,
  systems: readonly System[],
  { artifacts, nWorkers, signal, onProgress, note }: StepContext,
): Promise<void> {
  const rsms: Rsm[] = [];
  for (const { name } of systems) {
    const rsm = await readStoredRsm(artifacts, name);
    if (isVariedRsm(rsm)) rsms.push(rsm);
    else note(`left out ${name}: all pairs of stimuli that it knows are equally alike`);
  }
  const { seed, measure, samples, interval, level, permutations, alternative } = inputs.options.compare;
  const key = split(keyOf(seed), 'compare');
  const options = { measure, samples, interval, level, permutations, alternative, key };
  const { rsaOnWorkers } = await import('../../geometry/rsa/rsa.node.js');
  const watch = { nWorkers, onProgress, ...(signal && { signal }) };
  const table = rsms.length > 1 ? await rsaOnWorkers(rsms, options, watch) : nothingCompared(measure, rsms);
  for (const text of droppedNotes(table)) note(text);
  const ids = rsms.length > 1 ? matchRsms(rsms).rsms[0].stimulusIds : null;
  const record: RsaRecord = {
    ...table,
    seed,
    rsmOf: Object.fromEntries(systems.map((system) => [system.name, measureOf(inputs, system)])),
    features: await compareFeatures(inputs, artifacts, systems, ids ?? []),
  };
  await artifacts.writeJson(paths.rsa, record);
  await artifacts.writeTsv(paths.rsaTable, rsaColumns, rsaRows(record));
}

/** Up to rounding: a collapsed embedding, or ratings that say the same of all stimuli, correlate with nothing. */
function isVariedRsm(rsm: Rsm): boolean {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of upperTriangle(rsm)) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high));
}

const nothingCompared = (measure: RsaTable['measure'], rsms: readonly Rsm[]): RsaTable => ({
  measure,
  systems: rsms.map(({ name }) => name),
  nStimuli: 0,
  nPairs: 0,
  nUnknownPairs: 0,
  dropped: [],
  comparisons: [],
});

/** What a comparison had to leave out: "left out 12 of the stimuli of words, which another system lacks (a, b, c, ...)". */
export function droppedNotes({
  dropped,
  nStimuli,
  nPairs,
  nUnknownPairs,
}: Pick<RsaTable, 'dropped' | 'nStimuli' | 'nPairs' | 'nUnknownPairs'>): string[] {
  const lost = `left out ${nUnknownPairs} of the ${nPairs + nUnknownPairs} pairs of stimuli, which some system does not know; ${nPairs} are compared`;
  return [...droppedStimuli(dropped, nStimuli), ...(nUnknownPairs > 0 ? [lost] : [])];
}

function droppedStimuli(dropped: RsaTable['dropped'], nStimuli: number): string[] {
  return dropped.flatMap(({ system, absentElsewhere, unknown }) =>
    [
      { ids: absentElsewhere, why: 'another system lacks' },
      { ids: unknown, why: 'some system knows nothing about' },
    ].flatMap(({ ids, why }) =>
      ids.length === 0
        ? []
        : [
            `left out ${ids.length} of the stimuli of ${system}, which ${why} (${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', ...' : ''}); ${nStimuli} are compared`,
          ],
    ),
  );
}

async function compareFeatures(
  inputs: StudyInputs,
  artifacts: Artifacts,
  systems: readonly System[],
  ids: readonly string[],
): Promise<FeatureComparison[]> {
  const places = new Map(inputs.stimuli.ids.map((id, index) => [id, index]));
  const rows = ids.flatMap((id) => places.get(id) ?? []);
  const known: NamedFeatures[] = [];
  for (const system of systems) {
    const features = await featuresOf(inputs, artifacts, system);
    if (features) known.push({ name: system.name, features: takeRows(features, rows) });
  }
  return compareVectors(known);
}

export interface NamedFeatures {
  readonly name: string;
  /** The same stimuli in the same order for all. */
  readonly features: Matrix;
}

/** Linear CKA and Procrustes of every two; those with unknown cells, or without variance, are left out. */
export async function compareVectors(known: readonly NamedFeatures[]): Promise<FeatureComparison[]> {
  // A singular value decomposition comes with them: commands that compare nothing do without.
  const { linearCka, procrustes } = await import('../../geometry/rsa/features.js');
  const varied = known.filter(({ features }) => isVaried(features));
  return varied.flatMap((b, j) =>
    varied.slice(0, j).map((a) => ({
      a: a.name,
      b: b.name,
      cka: linearCka(a.features, b.features),
      procrustes: procrustes(a.features, b.features).disparity,
    })),
  );
}

/** Features without unknown cells, some of which vary: what CKA and Procrustes need. */
function isVaried({ nColumns, data }: Matrix): boolean {
  return data.every(Number.isFinite) && data.some((value, at) => value !== data[at % nColumns]);
}
