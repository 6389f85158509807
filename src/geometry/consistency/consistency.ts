import type { Judgments } from '../../judgments/judgments.js';
import { percentileLimits } from '../../numerics/bootstrap-interval.js';
import { inputError, throwIfCancelled } from '../../numerics/errors.js';
import type { Watch } from '../../numerics/progress.js';
import { type Key, Random, split } from '../../numerics/random.js';
import { type Estimate, mean } from '../../numerics/statistics.js';
import type { Trials } from '../../trials/trials.js';
import { choiceShares, pairAnswers, splitHalves } from './pair-answers.js';
import { pairWeights, weightedPearson } from './weighted-pearson.js';

/** One judge's answers to validation trials. Judges need not have answered the same trials. */
export interface JudgedTrials {
  readonly name: string;
  readonly trials: Trials;
  readonly judgments: Judgments;
}

export interface ConsistencyOptions {
  /** Indices of the validation stimuli (prototypes) in all trials; they become rows and columns. */
  readonly stimuli: ArrayLike<number>;
  /** Random splits of the trials of each pair into halves. Default 100. */
  readonly splits?: number;
  /** Whether reliabilities are stepped up from half to all trials. Default true; P1's Eq. 4 as printed is false. */
  readonly spearmanBrown?: boolean;
  /** Bootstrap samples over stimuli; without any (0), or with more than 5 % undefined ones, limits are NaN. Default 1,000. */
  readonly samples?: number;
  readonly level?: number;
  readonly key: Key;
}

export interface JudgeReliability {
  readonly name: string;
  /** Mean over splits of the correlation of the halves, stepped up where asked for. */
  readonly reliability: Estimate | null;
  readonly nSplits: number;
  readonly spearmanBrown: boolean;
  /** Answered trials that hold a pair of the stimuli. */
  readonly nTrials: number;
  /** Pairs without an answer. */
  readonly nUnknownPairs: number;
}

/** Correlation divided by the root of the product of the reliabilities; there is none where a reliability is not positive. */
export type CorrectedConsistency =
  | { readonly kind: 'corrected'; readonly estimate: Estimate }
  | { readonly kind: 'undefined'; readonly reason: string };

export interface PairConsistency {
  readonly a: string;
  readonly b: string;
  /** Pearson r of the measured RSMs; null where they do not vary or share fewer than three pairs. */
  readonly raw: Estimate | null;
  readonly corrected: CorrectedConsistency;
  /** Pairs that both judges know. */
  readonly nPairs: number;
}

export interface Consistency {
  readonly nStimuli: number;
  readonly judges: readonly JudgeReliability[];
  /** Every two judges: (0, 1), (0, 2), (1, 2), (0, 3), ... */
  readonly comparisons: readonly PairConsistency[];
}

interface MeasuredJudge {
  readonly name: string;
  readonly nTrials: number;
  readonly all: Float64Array;
  readonly halves: readonly (readonly [Float64Array, Float64Array])[];
}

/**
 * Behavioural consistency of judges (P1 Eq. 4; Rajalingham et al. 2018, doi:10.1523/JNEUROSCI.0388-18.2018): Pearson r between the
 * RSMs measured on validation trials, divided by sqrt(reliability of one x reliability of the other). Intervals: percentile
 * bootstrap over stimuli; every sample recomputes r and both reliabilities; pairs of a stimulus with itself are left out. Samples
 * without a defined value are left out and counted in `method` up to 5 %; with more there is no interval (limits NaN).
 * A corrected value can exceed 1. Pairs that one of the two was never asked are left out and counted.
 * @throws AffectomeError `input` for fewer than three stimuli and judges of the same name; as `measuredRsm` otherwise.
 */
export function behaviouralConsistency(
  judges: readonly JudgedTrials[],
  options: ConsistencyOptions,
  watch: Watch = {},
): Consistency {
  const { stimuli, splits = 100, spearmanBrown = true, samples = 1000, level = 0.95, key } = options;
  checkInput(judges, stimuli.length);
  const measured = judges.map((judge) => measureJudge(judge, stimuli, splits, key));
  const once = new Float64Array((stimuli.length * (stimuli.length - 1)) / 2).fill(1);
  const value = valuesOf(measured, once, spearmanBrown);
  const draws: Values[] = [];
  const random = new Random(split(key, 'bootstrap'));
  for (let s = 0; s < samples; s++) {
    throwIfCancelled(watch.signal);
    watch.onProgress?.({ task: 'Consistency', done: s, total: samples, unit: 'samples' });
    const counts = new Float64Array(stimuli.length);
    for (let i = 0; i < counts.length; i++) counts[random.below(counts.length)]++;
    draws.push(valuesOf(measured, pairWeights(counts), spearmanBrown));
  }
  const estimate = (of: (values: Values) => number) =>
    bootstrapped(of(value), draws.map(of), { level, n: stimuli.length });
  return {
    nStimuli: stimuli.length,
    judges: measured.map(({ name, nTrials, all }, j) => ({
      name,
      reliability: estimate(({ reliabilities }) => reliabilities[j]),
      nSplits: splits,
      spearmanBrown,
      nTrials,
      nUnknownPairs: all.filter(Number.isNaN).length,
    })),
    comparisons: pairsOf(measured.length).map(([a, b], c) => ({
      a: measured[a].name,
      b: measured[b].name,
      raw: estimate(({ raw }) => raw[c]),
      corrected: correctedOf(
        measured,
        [a, b],
        value,
        estimate((values) => correct(values, a, b, c)),
      ),
      nPairs: sharedPairs(measured[a].all, measured[b].all),
    })),
  };
}

interface Values {
  readonly reliabilities: readonly number[];
  readonly raw: readonly number[];
}

function checkInput(judges: readonly JudgedTrials[], nStimuli: number): void {
  const names = judges.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (repeated !== undefined) {
    throw inputError({
      problem: `Two judges are named ${JSON.stringify(repeated)}.`,
      remedy: 'Name them apart.',
    });
  }
  if (nStimuli < 3) {
    throw inputError({
      problem: `Consistency needs at least 3 validation stimuli, got ${nStimuli}.`,
      remedy: 'Sample validation trials between more prototypes.',
    });
  }
}

function measureJudge(
  { name, trials, judgments }: JudgedTrials,
  stimuli: ArrayLike<number>,
  splits: number,
  key: Key,
): MeasuredJudge {
  const answers = pairAnswers(trials, judgments, stimuli);
  const halves = Array.from({ length: splits }, (_, index) => {
    const half = splitHalves(answers, new Random(split(key, 'split', name, index)));
    return [choiceShares(answers, half, 0), choiceShares(answers, half, 1)] as const;
  });
  return { name, nTrials: answers.nTrials, all: choiceShares(answers), halves };
}

const pairsOf = (nJudges: number): [number, number][] =>
  Array.from({ length: nJudges }, (_, b) =>
    Array.from({ length: b }, (_, a) => [a, b] as [number, number]),
  ).flat();

function valuesOf(judges: readonly MeasuredJudge[], weights: Float64Array, spearmanBrown: boolean): Values {
  return {
    reliabilities: judges.map(({ halves }) => reliabilityOf(halves, weights, spearmanBrown)),
    raw: pairsOf(judges.length).map(([a, b]) => weightedPearson(judges[a].all, judges[b].all, weights)),
  };
}

/** Spearman (1910) and Brown (1910): 2 r / (1 + r) for twice as many trials. Splits without a defined r do not count. */
function reliabilityOf(
  halves: MeasuredJudge['halves'],
  weights: Float64Array,
  spearmanBrown: boolean,
): number {
  const r = halves.map(([x, y]) => weightedPearson(x, y, weights)).filter(Number.isFinite);
  if (r.length === 0) return Number.NaN;
  const half = mean(r);
  return spearmanBrown ? (2 * half) / (1 + half) : half;
}

function correct({ raw, reliabilities }: Values, a: number, b: number, c: number): number {
  const isPositive = reliabilities[a] > 0 && reliabilities[b] > 0;
  return isPositive ? raw[c] / Math.sqrt(reliabilities[a] * reliabilities[b]) : Number.NaN;
}

function correctedOf(
  judges: readonly MeasuredJudge[],
  [a, b]: readonly [number, number],
  { reliabilities }: Values,
  estimate: Estimate | null,
): CorrectedConsistency {
  if (estimate) return { kind: 'corrected', estimate };
  const weak = [a, b].find((judge) => !(reliabilities[judge] > 0));
  if (weak === undefined) return { kind: 'undefined', reason: 'the two measured RSMs have no correlation' };
  const { name } = judges[weak];
  const found = Number.isNaN(reliabilities[weak]) ? 'has no reliability' : 'has a reliability of 0 or less';
  return { kind: 'undefined', reason: `${name} ${found}` };
}

/** How `method` of an estimate without limits begins. */
export const noInterval = 'no interval';

/** Samples without a defined value may be this share; more would leave an interval of the samples that went well. */
const mostUndefined = 0.05;

function bootstrapped(
  value: number,
  draws: readonly number[],
  { level, n }: { level: number; n: number },
): Estimate | null {
  if (!Number.isFinite(value)) return null;
  const defined = draws.filter(Number.isFinite);
  const nUndefined = draws.length - defined.length;
  const estimate = { value, level, n };
  const nothing = { low: Number.NaN, high: Number.NaN };
  if (draws.length === 0) return { ...estimate, ...nothing, method: `${noInterval}: no bootstrap samples` };
  if (nUndefined > mostUndefined * draws.length) {
    const method = `${noInterval}: ${nUndefined} of ${draws.length} bootstrap samples are undefined`;
    return { ...estimate, ...nothing, method };
  }
  const left = nUndefined > 0 ? `, ${nUndefined} undefined ones left out` : '';
  const method = `percentile bootstrap over stimuli, ${draws.length} samples${left}`;
  return { ...estimate, ...percentileLimits(defined, level), method };
}

/** Pairs known on both sides. */
function sharedPairs(x: Float64Array, y: Float64Array): number {
  let nKnown = 0;
  for (let i = 0; i < x.length; i++) if (!Number.isNaN(x[i] + y[i])) nKnown++;
  return nKnown;
}
