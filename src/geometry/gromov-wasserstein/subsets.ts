import { inputError } from '../../numerics/errors.js';
import { type Key, split } from '../../numerics/random.js';
import { pearson } from '../../numerics/statistics.js';
import type { StimulusAgreement } from './agreement.js';
import type { Alignment } from './align.js';
import { categoryMatching, itemMatching, type MatchingRate } from './matching.js';
import { type AlignmentProblem, alignmentProblem } from './problem.js';
import { mostAgreed, nullOf, type ShuffledNull, shuffledOrder, takeStructure } from './shuffled-null.js';
import { type Distances, distanceRow, distancesOf, type Structure, sizeOf } from './structure.js';

export interface SubsetOptions {
  /** How many of the stimuli on which both sides agree best; for example [100, 250, 550]. */
  readonly sizes: readonly number[];
  /** `rdmAgreement`, `vectorAgreement` or your own: it is asked again for every shuffle, and the subset chosen anew. */
  readonly agreement: StimulusAgreement;
  /** Categories of every stimulus; without them only items are matched. */
  readonly categories?: readonly (readonly number[])[];
  readonly ks?: readonly number[];
  /** Stream of the searches and the shuffles; each size draws from one of its own. */
  readonly key: Key;
  /** One whole search: `align` or `alignOnWorkers`, drawing from `key`. */
  readonly search: (problem: AlignmentProblem, key: Key) => Promise<Alignment>;
  /** Shuffles per size, for p; 0 unless given: no null. */
  readonly nShuffles?: number;
}

/** A row of P2's Table 2. */
export interface SubsetAlignment {
  readonly nStimuli: number;
  /** The subset, best agreed on first. */
  readonly stimuli: Uint32Array;
  /** Mean agreement on the subset. */
  readonly meanAgreement: number;
  /** Pearson r of both RDMs over the pairs of the subset; null where it is undefined. */
  readonly rdmCorrelation: number | null;
  readonly alignment: Alignment;
  readonly item: readonly MatchingRate[];
  /** Null without categories in the subset. */
  readonly category: readonly MatchingRate[] | null;
  /**
   * For the first of `ks`: the target is shuffled, the best agreed on stimuli are chosen anew, and they are searched. A category
   * value is NaN where no stimulus of that choice has a category, and counts as at least as high.
   */
  readonly shuffled: { readonly item: ShuffledNull; readonly category: ShuffledNull | null } | null;
}

/**
 * Aligns the stimuli on which both sides agree best, for several numbers of them (P2, Table 2: "Top 100", "Top 250",
 * "All"). Both sides have the same stimuli in the same order. The subset is chosen by name, which makes a small one match
 * better than chance whatever the sides hold: read its rates beside the null, which chooses too. The search is never told the names.
 *
 * @throws AffectomeError `input`; whatever the search throws.
 */
export async function alignSubsets(
  source: Structure,
  target: Structure,
  options: SubsetOptions,
): Promise<SubsetAlignment[]> {
  const [n, nTarget] = [sizeOf(source), sizeOf(target)];
  const inOrder = Uint32Array.from({ length: n }, (_, i) => i);
  requireOnePerStimulus(n, nTarget, 'target stimuli');
  requireOnePerStimulus(n, options.categories?.length ?? n, 'lists of categories');
  requireOnePerStimulus(n, options.agreement(inOrder).length, 'numbers of agreement');
  const rows: SubsetAlignment[] = [];
  for (const size of options.sizes)
    rows.push(await alignSubset({ sides: [source, target], size, ...options }, inOrder));
  return rows;
}

function requireOnePerStimulus(n: number, count: number, what: string): void {
  if (count === n) return;
  throw inputError({
    problem: `The source has ${n} stimuli, but there are ${count} ${what}; subsets need one for each.`,
  });
}

interface SubsetTask extends SubsetOptions {
  readonly sides: readonly [Structure, Structure];
  readonly size: number;
}

async function alignSubset(task: SubsetTask, inOrder: Uint32Array): Promise<SubsetAlignment> {
  const key = split(task.key, 'subset', task.size);
  const { agreement, stimuli, sides, alignment } = await searchSubset(task, inOrder, split(key, 'search'));
  const [item, category] = [itemRates(alignment, task), categoryRates(alignment, stimuli, task)];
  return {
    nStimuli: task.size,
    stimuli,
    meanAgreement: stimuli.reduce((sum, stimulus) => sum + agreement[stimulus], 0) / task.size,
    rdmCorrelation: rdmCorrelation(distancesOf(sides[0], 'source'), distancesOf(sides[1], 'target')),
    alignment,
    item,
    category,
    shuffled: task.nShuffles ? await shuffledRates(task, key, { item, category }) : null,
  };
}

/** Chooses the subset when `targetOf` are the counterparts, and searches it. */
async function searchSubset(
  { sides: [source, target], size, agreement: agreementOf, search }: SubsetTask,
  targetOf: Uint32Array,
  key: Key,
) {
  const agreement = agreementOf(targetOf);
  const stimuli = mostAgreed(agreement, size);
  const targets = stimuli.map((stimulus) => targetOf[stimulus]);
  const sides = [takeStructure(source, stimuli), takeStructure(target, targets)] as const;
  return { agreement, stimuli, sides, alignment: await search(alignmentProblem(...sides), key) };
}

const scoresOf = ({ nSource, nTarget, plan }: Alignment) => ({ nSource, nTarget, values: plan });

const itemRates = (found: Alignment, { ks }: SubsetTask): MatchingRate[] =>
  itemMatching(scoresOf(found), { ks });

function categoryRates(
  found: Alignment,
  stimuli: Uint32Array,
  { categories, ks }: SubsetTask,
): MatchingRate[] | null {
  const own = categories && Array.from(stimuli, (stimulus) => categories[stimulus]);
  const hasAny = own?.some((list) => list.length > 0);
  return own && hasAny ? categoryMatching(scoresOf(found), { source: own, target: own }, { ks }) : null;
}

/** Both rates of the same shuffled choices and searches. */
async function shuffledRates(
  task: SubsetTask,
  key: Key,
  observed: Pick<SubsetAlignment, 'item' | 'category'>,
): Promise<SubsetAlignment['shuffled']> {
  const { nShuffles = 0, sides } = task;
  const [item, category] = [new Float64Array(nShuffles), new Float64Array(nShuffles)];
  for (let shuffle = 0; shuffle < nShuffles; shuffle++) {
    const stream = split(key, 'shuffled null', shuffle);
    const order = shuffledOrder(sizeOf(sides[1]), stream);
    const { alignment, stimuli } = await searchSubset(task, order, split(stream, 'search'));
    item[shuffle] = itemRates(alignment, task)[0].rate.value;
    category[shuffle] = categoryRates(alignment, stimuli, task)?.[0].rate.value ?? Number.NaN;
  }
  return {
    item: nullOf(item, observed.item[0].rate.value),
    category: observed.category && nullOf(category, observed.category[0].rate.value),
  };
}

/** Over the pairs i < k. */
function rdmCorrelation(a: Distances, b: Distances): number | null {
  const r = pearson(upperPairs(a), upperPairs(b));
  return Number.isFinite(r) ? r : null;
}

function upperPairs(distances: Distances): Float64Array {
  const { n } = distances;
  const pairs = new Float64Array((n * (n - 1)) / 2);
  for (let i = 0, at = 0; i < n; at += n - 1 - i, i++)
    pairs.set(distanceRow(distances, i).subarray(i + 1), at);
  return pairs;
}
