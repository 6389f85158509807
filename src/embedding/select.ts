import { configError } from '../numerics/errors.js';
import { type Key, Random } from '../numerics/random.js';
import { mean, meanEstimate, standardErrorOf } from '../numerics/statistics.js';
import type { Candidate, Evaluation, Selection } from './results.js';
import { type TrainingSet, takeTrials } from './training-set.js';
import { foldGroups, repeatedTriplets } from './triplet-groups.js';

/**
 * Fold (0 .. nFolds - 1) of each trial, at random; fold sizes differ by at most one. Trials that ask the same triplet
 * share a fold; where triplets repeat, sizes differ by at most the trials of one triplet.
 *
 * @throws AffectomeError `config` for fewer than 2 folds, or more than 256 or than there are different triplets.
 */
export function foldsOf(set: TrainingSet, nFolds: number, key: Key): Uint8Array {
  const groups = repeatedTriplets(set);
  checkFolds(nFolds, groups ? groups.sizes.length : set.nTrials, groups ? 'different triplets' : 'trials');
  const random = new Random(key);
  if (groups) return foldGroups(groups, nFolds, random);
  return random.shuffle(Uint8Array.from({ length: set.nTrials }, (_, trial) => trial % nFolds));
}

function checkFolds(nFolds: number, nUnits: number, units: string): void {
  const most = Math.min(256, nUnits);
  if (Number.isInteger(nFolds) && nFolds >= 2 && nFolds <= most) return;
  throw configError({
    problem:
      most < 2
        ? `Cross-validation needs at least 2 ${units}, got ${nUnits}.`
        : `Expected 2 to ${most} folds for ${nUnits} ${units}, got ${nFolds}.`,
    where: { field: 'embedding.folds' },
    remedy:
      most < 2
        ? 'Ask more trials, or set embedding.lambda to a number and leave embedding.selectComponents out.'
        : `Set embedding.folds to at most ${most}.`,
  });
}

/** The trials of one fold are held out, all others train. */
export function splitFold(
  set: TrainingSet,
  folds: Uint8Array,
  fold: number,
): { training: TrainingSet; heldOut: TrainingSet } {
  const isHeldOut = folds.map((foldOfTrial) => (foldOfTrial === fold ? 1 : 0));
  return { training: takeTrials(set, isHeldOut, 0), heldOut: takeTrials(set, isHeldOut, 1) };
}

/** Mean and normal interval over folds of one candidate's held-out accuracy and log-likelihood. */
export function summariseCandidate(
  { lambda, components }: Pick<Candidate, 'lambda' | 'components'>,
  folds: readonly { readonly evaluation: Evaluation; readonly nComponents: number }[],
): Candidate {
  const overFolds = (values: number[]) => ({
    ...meanEstimate(values),
    method: `normal, over ${values.length} folds`,
  });
  return {
    lambda,
    components,
    accuracy: overFolds(folds.map(({ evaluation }) => evaluation.accuracy.value)),
    logLikelihood: overFolds(folds.map(({ evaluation }) => evaluation.logLikelihood.value)),
    nComponents: mean(folds.map(({ nComponents }) => nComponents)),
  };
}

/**
 * The cross-validated choice.
 * - lambda: the highest mean held-out log-likelihood; with `oneStandardError`, the largest lambda within one standard
 *   error of it.
 * - components: the smallest number whose accuracy is within one standard error of the best (P1, Ext. Data Fig. 1a:
 *   "saturation").
 * The standard error is that of the best candidate over folds.
 */
export function chooseCandidate(
  over: Selection['over'],
  candidates: readonly Candidate[],
  { nFolds, oneStandardError = false }: { nFolds: number; oneStandardError?: boolean },
): Selection {
  if (candidates.length === 0) throw new RangeError('There is no candidate to choose from.');
  const select = over === 'components' ? saturation : oneStandardError ? sparsestWithinError : likeliest;
  const { chosen, rule } = select(candidates);
  return { over, candidates, chosen, rule: `${rule} (${nFolds}-fold cross-validation)`, nFolds };
}

type Choice = { chosen: number; rule: string };

function likeliest(candidates: readonly Candidate[]): Choice {
  return {
    chosen: indexOfBest(candidates, ({ logLikelihood }) => logLikelihood.value),
    rule: 'lambda with the highest mean held-out log-likelihood',
  };
}

function sparsestWithinError(candidates: readonly Candidate[]): Choice {
  const best = candidates[likeliest(candidates).chosen].logLikelihood;
  const threshold = best.value - standardErrorOf(best);
  return {
    chosen: indexOfBest(candidates, ({ lambda, logLikelihood }) =>
      logLikelihood.value >= threshold ? lambda : Number.NEGATIVE_INFINITY,
    ),
    rule: 'largest lambda whose mean held-out log-likelihood is within one standard error of the highest',
  };
}

function saturation(candidates: readonly Candidate[]): Choice {
  const best = candidates[indexOfBest(candidates, ({ accuracy }) => accuracy.value)].accuracy;
  const threshold = best.value - standardErrorOf(best);
  return {
    chosen: indexOfBest(candidates, ({ components, accuracy }) =>
      accuracy.value >= threshold ? -components : Number.NEGATIVE_INFINITY,
    ),
    rule: 'smallest number of components whose mean held-out accuracy is within one standard error of the highest',
  };
}

/** The first index with the largest score. */
function indexOfBest(candidates: readonly Candidate[], score: (candidate: Candidate) => number): number {
  let best = 0;
  for (let i = 1; i < candidates.length; i++) if (score(candidates[i]) > score(candidates[best])) best = i;
  return best;
}
