import { bcaLimits, percentileLimits } from '../../numerics/bootstrap-interval.js';
import { inputError } from '../../numerics/errors.js';
import { type Alternative, falseDiscoveryRates, permutationP } from '../../numerics/multiple-tests.js';
import type { Watch } from '../../numerics/progress.js';
import type { Key } from '../../numerics/random.js';
import { type Estimate, mean } from '../../numerics/statistics.js';
import { type DroppedStimuli, matchRsms } from '../rsm/match.js';
import { nPairsOf, type Rsm } from '../rsm/rsm.js';
import { isZeroByChance, type RsaMeasure } from './measures.js';
import { type PreparedRsms, prepareRsms } from './prepare.js';
import { comparisonsOf, measureOfDrawn, type Resampled, type ResampleShare } from './resample.js';
import { resampleFast } from './resample-fast.js';

export interface RsaOptions {
  /** Default `spearman`. */
  readonly measure?: RsaMeasure;
  /** Bootstrap samples over stimuli for intervals; 0 for none. Default 1,000. */
  readonly samples?: number;
  /** `percentile` (default), or `bca`: bias-corrected and accelerated, which takes nStimuli more resamples. */
  readonly interval?: 'percentile' | 'bca';
  /** Default .95. */
  readonly level?: number;
  /** Permutations of the stimuli of one system for the Mantel test; 0 for none. Default 1,000. */
  readonly permutations?: number;
  /**
   * `greater` (default): more alike than by chance. `two-sided`: farther from what permutations give on average, which is 0 for
   * correlations; for `cosine` and `cka`, which are not, it is their mean.
   */
  readonly alternative?: Alternative;
  readonly key: Key;
}

/** Mantel's test (1967): the stimuli of one system are permuted. */
export interface MantelTest {
  /** (1 + permutations at least as extreme) / (1 + nPermutations). */
  readonly p: number;
  /** Benjamini and Hochberg's q over the comparisons of the table. */
  readonly q: number;
  readonly alternative: Alternative;
  readonly nPermutations: number;
  readonly nStimuli: number;
  readonly method: string;
}

export interface RsaComparison {
  readonly a: string;
  readonly b: string;
  readonly value: number;
  /** null without bootstrap samples, or when no sample had a defined value. `n` is the number of stimuli. */
  readonly estimate: Estimate | null;
  readonly mantel: MantelTest | null;
}

/** Every two of some systems, compared on the stimuli that all of them have. */
export interface RsaTable {
  readonly measure: RsaMeasure;
  readonly systems: readonly string[];
  readonly nStimuli: number;
  /** Pairs of stimuli that every system knows. */
  readonly nPairs: number;
  /** Pairs that some system does not know; they are left out of all. */
  readonly nUnknownPairs: number;
  readonly dropped: readonly DroppedStimuli[];
  readonly comparisons: readonly RsaComparison[];
}

/**
 * Representational similarity analysis (Kriegeskorte et al. 2008, doi:10.3389/neuro.06.004.2008) of any number of systems, with bootstrap
 * intervals over stimuli and Mantel tests. Ranks are taken once, over all pairs; resamples take pairs with their ranks. Takes
 * seconds for 2,180 stimuli; Kendall's coefficients (a second per resample there) are for fewer.
 * @throws AffectomeError `input` for fewer than two systems, systems of the same name, and as `matchRsms` and `prepareRsms` do.
 */
export function rsa(systems: readonly Rsm[], options: RsaOptions, watch: Watch = {}): RsaTable {
  const plan = planRsa(systems, options);
  return finishRsa(plan, resampleFast(plan.rsms, plan.resamples, options.key, watch));
}

export interface RsaPlan {
  readonly rsms: PreparedRsms;
  readonly dropped: readonly DroppedStimuli[];
  readonly options: Required<RsaOptions>;
  readonly resamples: ResampleShare;
}

/** What is to be done, before any resampling: `rsa` and `rsaOnWorkers` differ only in who resamples. */
export function planRsa(systems: readonly Rsm[], options: RsaOptions): RsaPlan {
  checkNames(systems.map(({ name }) => name));
  const { rsms, dropped } = matchRsms(systems);
  const complete: Required<RsaOptions> = {
    measure: 'spearman',
    samples: 1000,
    interval: 'percentile',
    level: 0.95,
    permutations: 1000,
    alternative: 'greater',
    ...options,
  };
  const { samples, permutations, interval, measure } = complete;
  const nLeftOut = interval === 'bca' && samples > 0 ? rsms[0].nStimuli : 0;
  const resamples: ResampleShare = {
    bootstrap: [0, samples],
    jackknife: [0, nLeftOut],
    permutation: [0, permutations],
  };
  return { rsms: prepareRsms(rsms, measure), dropped, options: complete, resamples };
}

function checkNames(names: readonly string[]): void {
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  if (names.length >= 2 && repeated === undefined) return;
  throw inputError({
    problem:
      repeated === undefined
        ? `RSA got ${names.length} system; it compares at least two.`
        : `Two systems are named ${JSON.stringify(repeated)}.`,
    remedy: repeated === undefined ? 'Name two or more to compare.' : 'Give every RSM a name of its own.',
  });
}

export function finishRsa({ rsms, dropped, options }: RsaPlan, resampled: Resampled): RsaTable {
  const { names, nStimuli, nPairs, measure } = rsms;
  const everyone = Uint32Array.from({ length: nStimuli }, (_, i) => i);
  const pairs = comparisonsOf(names.length);
  const results = pairs.map(([a, b], c) => {
    const value = measureOfDrawn(rsms, [a, b], everyone, everyone);
    const of = (values: Float64Array) => values.filter((_, at) => at % pairs.length === c);
    const samples = measure === 'cka' ? centredOn(value, of(resampled.bootstrap)) : of(resampled.bootstrap);
    const estimate = estimateOf(value, samples, of(resampled.jackknife), options, nStimuli);
    return { a: names[a], b: names[b], value, estimate, p: pOf(value, of(resampled.permutation), options) };
  });
  const tested = results.every(({ p }) => p !== null);
  const q = tested ? falseDiscoveryRates(results.map(({ p }) => p!)) : [];
  const comparisons = results.map(({ p, ...result }, c) => ({
    ...result,
    mantel: p === null ? null : mantelTest(p, q[c], options, nStimuli),
  }));
  const nUnknownPairs = nPairsOf(nStimuli) - nPairs;
  return { measure, systems: names, nStimuli, nPairs, nUnknownPairs, dropped, comparisons };
}

/**
 * A stimulus drawn twice is the same in both systems, which makes every sample of CKA too large, often beyond the value itself:
 * samples are moved so that their mean is the value, and kept to at most 1.
 */
function centredOn(value: number, samples: Float64Array): Float64Array {
  const excess = mean(samples.filter(Number.isFinite)) - value;
  return samples.map((sample) => Math.min(1, sample - excess));
}

function estimateOf(
  value: number,
  samples: Float64Array,
  jackknife: Float64Array,
  { interval, level, measure }: Required<RsaOptions>,
  n: number,
): Estimate | null {
  const defined = samples.filter(Number.isFinite);
  if (defined.length === 0) return null;
  const limits =
    interval === 'bca'
      ? bcaLimits(value, defined, jackknife.filter(Number.isFinite), level)
      : percentileLimits(defined, level);
  const nUndefined = samples.length - defined.length;
  const left = nUndefined > 0 ? `, ${nUndefined} undefined ones left out` : '';
  const kind = interval === 'bca' ? 'BCa' : 'percentile';
  const moved = measure === 'cka' ? ', centred on the value' : '';
  const method = `${kind} bootstrap over stimuli, ${samples.length} samples${moved}${left}`;
  return { value, ...limits, level, method, n };
}

/** Permuted values within 1e-6 of the observed one count as equal to it: more than the rounding of float32 kernels. */
function pOf(value: number, permuted: Float64Array, options: Required<RsaOptions>): number | null {
  if (permuted.length === 0) return null;
  const { alternative } = options;
  // The observed value is one of those that chance could have given: the centre treats it like the others.
  const centre = isCentred(options) ? mean([value, ...permuted].filter(Number.isFinite)) : 0;
  const moved = permuted.map((one) => one - centre);
  return permutationP(value - centre, moved, { alternative, tolerance: 1e-6 });
}

const isCentred = ({ alternative, measure }: Required<RsaOptions>): boolean =>
  alternative === 'two-sided' && !isZeroByChance(measure);

function mantelTest(p: number, q: number, options: Required<RsaOptions>, nStimuli: number): MantelTest {
  const { alternative, permutations } = options;
  const about = isCentred(options) ? ' about the mean of the permutations' : '';
  const side = alternative === 'greater' ? 'one-sided' : `two-sided${about}`;
  const method = `Mantel test, ${side}, ${permutations} permutations of stimuli`;
  return { p, q, alternative, nPermutations: permutations, nStimuli, method };
}
