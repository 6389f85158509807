import { inputError } from '../../numerics/errors.js';
import { type Estimate, mean, proportionEstimate } from '../../numerics/statistics.js';

/** Scores of every target for every source stimulus, row after row: a plan, or similarities; larger is closer. */
export interface Scores {
  readonly nSource: number;
  readonly nTarget: number;
  readonly values: ArrayLike<number>;
}

/** Share of source stimuli whose k best targets hold a right one. */
export interface MatchingRate {
  readonly k: number;
  /** Wilson's interval over source stimuli, which has a width at rates of 0 and 1 too. A tie counts as its chance to be right. */
  readonly rate: Estimate;
  /** The expected rate when targets are ranked at random. */
  readonly chance: number;
}

export interface MatchingOptions {
  /** 1, 3 and 5 unless given. */
  readonly ks?: readonly number[];
}

/** Right targets of a source stimulus, as indices. */
type RightTargets = (source: number) => readonly number[];

/**
 * Item level: the right target is a source stimulus's own counterpart (same index unless `targetOf` says otherwise).
 * @throws AffectomeError `input`
 */
export function itemMatching(
  scores: Scores,
  options: MatchingOptions & { readonly targetOf?: ArrayLike<number> } = {},
): MatchingRate[] {
  const { targetOf } = options;
  if (!targetOf && scores.nSource !== scores.nTarget)
    throw inputError({
      problem: `Counterparts are needed: ${scores.nSource} source stimuli, ${scores.nTarget} targets.`,
    });
  if (targetOf) checkCounterparts(targetOf, scores);
  return matching(scores, (i) => [targetOf?.[i] ?? i], options);
}

/** @throws AffectomeError `input` unless there is one target, counted from 0, for every source stimulus. */
export function checkCounterparts(
  targetOf: ArrayLike<number>,
  { nSource, nTarget }: Pick<Scores, 'nSource' | 'nTarget'>,
): void {
  const isTarget = (j: number) => Number.isInteger(j) && j >= 0 && j < nTarget;
  const wrong = Array.from({ length: nSource }, (_, i) => i).find((i) => !isTarget(targetOf[i]));
  if (wrong === undefined && targetOf.length === nSource) return;
  throw inputError({
    problem:
      wrong === undefined
        ? `${targetOf.length} counterparts are given for ${nSource} source stimuli.`
        : `The counterpart of source stimulus ${wrong + 1} is ${targetOf[wrong]}; there are ${nTarget} targets, counted from 0.`,
  });
}

/** Categories of each stimulus of both sides; a stimulus may have several, or none. */
export interface SideCategories {
  readonly source: readonly (readonly number[])[];
  readonly target: readonly (readonly number[])[];
}

/** Category level: a target is right when it shares any category with the source stimulus. Those without one are left out. */
export function categoryMatching(
  scores: Scores,
  categories: SideCategories,
  options: MatchingOptions = {},
): MatchingRate[] {
  if (categories.source.length !== scores.nSource || categories.target.length !== scores.nTarget)
    throw inputError({
      problem: `Categories are given for ${categories.source.length} source and ${categories.target.length} target stimuli; there are ${scores.nSource} and ${scores.nTarget}.`,
    });
  const members = new Map<number, number[]>();
  for (const [j, list] of categories.target.entries())
    for (const category of list) members.set(category, [...(members.get(category) ?? []), j]);
  const right: RightTargets = (i) => [...new Set(categories.source[i].flatMap((c) => members.get(c) ?? []))];
  const used = [...categories.source.keys()].filter((i) => categories.source[i].length > 0);
  if (used.length === 0) throw inputError({ problem: 'No source stimulus has a category.' });
  return matching(scores, right, options, used);
}

function matching(
  scores: Scores,
  right: RightTargets,
  { ks = [1, 3, 5] }: MatchingOptions,
  used: readonly number[] = Array.from({ length: scores.nSource }, (_, i) => i),
): MatchingRate[] {
  const { nTarget, values } = scores;
  for (const k of ks)
    if (!(Number.isInteger(k) && k >= 1 && k <= nTarget))
      throw inputError({
        problem: `Top ${k} of ${nTarget} targets is asked; k is a whole number from 1 to ${nTarget}.`,
      });
  const hits = ks.map(() => new Float64Array(used.length));
  const chances = ks.map(() => new Float64Array(used.length));
  for (const [place, i] of used.entries()) {
    const row = Float64Array.from({ length: nTarget }, (_, j) => values[i * nTarget + j]);
    const good = right(i);
    for (const [c, k] of ks.entries()) {
      hits[c][place] = hitProbability(row, good, k);
      chances[c][place] = drawProbability(nTarget, good.length, k);
    }
  }
  return ks.map((k, c) => ({
    k,
    rate: proportionEstimate(sum(hits[c]), used.length),
    chance: mean(chances[c]),
  }));
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** Probability that the k best hold a right target when ties are broken at random: 0 or 1 without ties. */
function hitProbability(row: Float64Array, right: readonly number[], k: number): number {
  if (right.length === 0) return 0;
  let best = Number.NEGATIVE_INFINITY;
  for (const j of right) best = Math.max(best, row[j]);
  let [above, level] = [0, 0];
  for (const score of row) {
    if (score > best) above++;
    else if (score === best) level++;
  }
  if (above >= k) return 0;
  const nRight = right.reduce((count, j) => count + (row[j] === best ? 1 : 0), 0);
  return drawProbability(level, nRight, Math.min(level, k - above));
}

/** Probability that `nDrawn` of `n`, drawn without replacement, hold one of `nRight`. */
export function drawProbability(n: number, nRight: number, nDrawn: number): number {
  let miss = 1;
  for (let drawn = 0; drawn < nDrawn; drawn++) miss *= Math.max(0, n - nRight - drawn) / (n - drawn);
  return 1 - miss;
}
