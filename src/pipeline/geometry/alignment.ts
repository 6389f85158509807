import type { Alignment } from '../../geometry/gromov-wasserstein/align.js';
import { alignOnWorkers } from '../../geometry/gromov-wasserstein/align.node.js';
import { optimiserGap } from '../../geometry/gromov-wasserstein/diagnosis.js';
import {
  categoryMatching,
  itemMatching,
  type MatchingRate,
} from '../../geometry/gromov-wasserstein/matching.js';
import { type AlignmentProblem, alignmentProblem } from '../../geometry/gromov-wasserstein/problem.js';
import { nullOf, type ShuffledNull, shuffledNull } from '../../geometry/gromov-wasserstein/shuffled-null.js';
import { alignSubsets, type SubsetAlignment } from '../../geometry/gromov-wasserstein/subsets.js';
import type { AlignSettings } from '../../geometry/options.js';
import type { Progress } from '../../numerics/progress.js';
import { type Key, keyOf, split } from '../../numerics/random.js';
import { mean } from '../../numerics/statistics.js';
import type { AlignmentRecord, ShuffledRate, ShuffledRecord, SubsetRecord } from '../../report/geometry.js';
import { agreementOf, type SharedSides, take } from './sides.js';

export interface AlignRun {
  readonly nWorkers: number;
  readonly signal?: AbortSignal;
  onProgress(state: Progress): void;
  note(text: string): void;
}

/** Per stimulus the categories it belongs to; null without any. */
export type Categories = readonly (readonly number[])[] | null;

/**
 * Aligns two sides of the same stimuli and examines the plan: matching of items and categories, the optimiser's gap, the shuffled
 * null, and the subsets on which both agree best.
 * @throws AffectomeError as `alignmentProblem` and `alignOnWorkers`.
 */
export async function alignSides(
  sides: SharedSides,
  categories: Categories,
  settings: AlignSettings,
  run: AlignRun,
): Promise<{ record: AlignmentRecord; plan: Float64Array }> {
  const { a, b, ids } = sides;
  const task = `Alignment of ${a.name} and ${b.name}`;
  const problem = alignmentProblem(a.structure, b.structure);
  const found = await alignOnWorkers(problem, settings, watchOf(run, task));
  const { item, category } = ratesOf(settings, categories)(found);
  const record: AlignmentRecord = {
    a: a.name,
    b: b.name,
    nStimuli: ids.length,
    stimulusIds: ids,
    distance: [a, b].some(({ structure }) => structure.kind === 'rdm') ? 'RDMs as given' : settings.distance,
    best: found.best,
    loss: found.loss,
    marginalError: found.marginalError,
    gap: optimiserGap(problem, found, settings),
    trials: found.trials.map(({ seconds: _, ...trial }) => trial),
    item,
    category,
    shuffled:
      settings.shuffles > 0 ? await shuffledRecord(sides, categories, settings, { run, found }) : null,
    subsets: await subsetsOf(sides, categories, settings, run),
    agreementOf: agreementOf(sides).description,
  };
  return { record, plan: found.plan };
}

function watchOf({ nWorkers, signal, onProgress }: AlignRun, task: string) {
  return {
    nWorkers,
    ...(signal && { signal }),
    onProgress: (state: Progress) => onProgress({ ...state, task }),
  };
}

interface Rates {
  readonly item: MatchingRate[];
  readonly category: MatchingRate[] | null;
}

/** Matching rates of an alignment of sides in one order. */
function ratesOf({ ks: asked }: Pick<AlignSettings, 'ks'>, categories: Categories) {
  return ({ nSource, nTarget, plan }: Alignment): Rates => {
    const scores = { nSource, nTarget, values: plan };
    const possible = asked.filter((k) => k <= nTarget);
    const ks = possible.length > 0 ? possible : [1];
    const sides = categories && { source: categories, target: categories };
    const hasAny = categories?.some((list) => list.length > 0) ?? false;
    return {
      item: itemMatching(scores, { ks }),
      category: sides && hasAny ? categoryMatching(scores, sides, { ks }) : null,
    };
  };
}

/** Searches one after the other, told as one task of `nSearches`. */
function searchesOf(
  settings: AlignSettings,
  run: AlignRun,
  { task, nSearches }: { task: string; nSearches: number },
) {
  let nDone = 0;
  return async (problem: AlignmentProblem, key: Key): Promise<Alignment> => {
    const found = await alignOnWorkers(problem, settings, {
      ...watchOf(run, task),
      key,
      onProgress: ({ done, total }) =>
        run.onProgress({
          task,
          done: nDone * total + done,
          total: nSearches * total,
          unit: 'trials',
        }),
    });
    nDone++;
    return found;
  };
}

async function shuffledRecord(
  { a, b }: SharedSides,
  categories: Categories,
  settings: AlignSettings,
  { run, found: kept }: { run: AlignRun; found: Alignment },
): Promise<ShuffledRecord> {
  const nShuffles = settings.shuffles;
  const task = `Shuffled null of ${a.name} and ${b.name}`;
  const searched = searchesOf(settings, run, { task, nSearches: nShuffles });
  const rates = ratesOf({ ks: [1] }, categories);
  const byCategory: number[] = [];
  const best = rates(kept);
  const item = await shuffledNull(b.structure, best.item[0].rate.value, {
    nShuffles,
    key: split(keyOf(settings.seed), 'null'),
    search: (target, _, key) => searched(alignmentProblem(a.structure, target), key),
    statistic: (found) => {
      const { item: items, category: shared } = rates(found);
      if (shared) byCategory.push(shared[0].rate.value);
      return items[0].rate.value;
    },
  });
  const category = best.category && nullOf(Float64Array.from(byCategory), best.category[0].rate.value);
  return shuffledOf(item, category);
}

function shuffledOf(item: ShuffledNull, category: ShuffledNull | null): ShuffledRecord {
  return { nShuffles: item.values.length, item: summary(item)!, category: category && summary(category) };
}

/** Over the shuffles with a defined rate; null without any. */
function summary({ values, p }: ShuffledNull): ShuffledRate | null {
  const known = values.filter(Number.isFinite);
  return known.length > 0 ? { mean: mean(known), largest: Math.max(...known), p } : null;
}

async function subsetsOf(
  sides: SharedSides,
  categories: Categories,
  settings: AlignSettings,
  run: AlignRun,
): Promise<SubsetRecord[]> {
  const { a, b, ids } = sides;
  const sizes = settings.top.filter((n) => n < ids.length);
  for (const n of settings.top)
    if (n >= ids.length)
      run.note(`no subset of the ${n} stimuli on which both agree best: there are ${ids.length}`);
  if (sizes.length === 0) return [];
  const task = `Subsets of ${a.name} and ${b.name}`;
  const found = await alignSubsets(a.structure, b.structure, {
    sizes,
    agreement: agreementOf(sides).agreement,
    ...(categories && { categories }),
    ks: [1],
    key: split(keyOf(settings.seed), 'subsets'),
    search: searchesOf(settings, run, { task, nSearches: sizes.length * (1 + settings.shuffles) }),
    nShuffles: settings.shuffles,
  });
  return found.map((subset) => subsetRecord(sides, subset, settings));
}

function subsetRecord(
  sides: SharedSides,
  { nStimuli, stimuli, meanAgreement, alignment, item, category, shuffled }: SubsetAlignment,
  settings: AlignSettings,
): SubsetRecord {
  const [a, b] = [take(sides.a, stimuli), take(sides.b, stimuli)];
  return {
    n: nStimuli,
    meanAgreement,
    loss: alignment.loss,
    gap: optimiserGap(alignmentProblem(a.structure, b.structure), alignment, settings),
    item: item[0],
    category: category?.[0] ?? null,
    shuffled: shuffled && shuffledOf(shuffled.item, shuffled.category),
  };
}
