import { configError } from '../numerics/errors.js';
import { type Key, Random, split } from '../numerics/random.js';
import { type Estimate, mean, pearson, tMeanEstimate } from '../numerics/statistics.js';
import type { Embedding } from './embedding.js';
import { type TrainingSet, takeTrials } from './training-set.js';

/** One refit: how much of the trials it gets, and in which random order they were taken. */
export interface SaturationStep {
  readonly share: number;
  readonly nTrials: number;
  readonly draw: number;
}

export interface SaturationOptions {
  /** Shares of the training trials, ascending. Default .01, .03, .1, .3 and all. */
  readonly shares?: readonly number[];
  /** Random orders of the trials; within one, a larger share holds the smaller ones. P1: 5. */
  readonly nDraws?: number;
}

/** P1, Supplementary Fig. 2e: what is refitted to see whether more trials would still change the components. */
export function saturationPlan(
  nTrials: number,
  { shares = [0.01, 0.03, 0.1, 0.3, 1], nDraws = 5 }: SaturationOptions = {},
): SaturationStep[] {
  const isAscending = shares.every((share, i) => share > (shares[i - 1] ?? 0) && share <= 1);
  if (!isAscending || shares.length === 0 || !(nDraws >= 1)) {
    throw configError({
      problem: `Saturation needs ascending shares above 0 and up to 1, and at least 1 draw; got ${shares.join(', ')} and ${nDraws}.`,
      where: { field: 'saturation' },
    });
  }
  return Array.from({ length: nDraws }, (_, draw) =>
    shares.map((share) => ({ share, nTrials: Math.round(share * nTrials), draw })),
  )
    .flat()
    .filter((step) => step.nTrials > 0);
}

/** The trials of one step: the first `nTrials` of a random order that `key` and the draw decide. */
export function saturationSubset(
  training: TrainingSet,
  { nTrials, draw }: SaturationStep,
  key: Key,
): TrainingSet {
  const random = new Random(split(key, 'saturation', draw));
  const order = Uint32Array.from({ length: training.nTrials }, (_, trial) => trial);
  const marks = new Uint8Array(training.nTrials);
  for (let i = 0; i < nTrials; i++) {
    const j = i + random.below(order.length - i);
    [order[i], order[j]] = [order[j], order[i]];
    marks[order[i]] = 1;
  }
  return takeTrials(training, marks, 1);
}

/** For each component of `full`, whether a component of `part` correlates with it above `above` (Pearson r over stimuli). */
export function recoveredComponents(full: Embedding, part: Embedding, above = 0.9): boolean[] {
  const others = columnsOf(part);
  return columnsOf(full).map((component) => others.some((other) => pearson(component, other) > above));
}

function columnsOf({ nStimuli, nComponents, weights }: Embedding): Float64Array[] {
  return Array.from({ length: nComponents }, (_, c) =>
    Float64Array.from({ length: nStimuli }, (_, s) => weights[s * nComponents + c]),
  );
}

/** The end of one refit. */
export interface SaturationFit extends SaturationStep {
  readonly embedding: Embedding;
  readonly heldOutAccuracy: number;
}

/** One point of the saturation curve, over draws. */
export interface SaturationPoint {
  readonly share: number;
  readonly nTrials: number;
  /** Components of the full fit that came back, mean over draws with a t interval. */
  readonly recovered: Estimate;
  /** The same for every draw, as box plots show it. */
  readonly recoveredByDraw: readonly number[];
  readonly nComponents: number;
  readonly heldOutAccuracy: Estimate;
}

export interface SaturationSummary {
  readonly points: readonly SaturationPoint[];
  /** Components of the full fit. */
  readonly nComponents: number;
  readonly above: number;
  /** Smallest share that recovers 95 % of what the largest does, on average; the sample is large enough when this is below 1. */
  readonly saturatedAt: number;
}

/**
 * The saturation curve: how many components of the fit to all trials come back (r > `above`) in fits to fewer.
 * The full fit must be another run than those at share 1, or these are only as reproducible as one seed is with itself.
 */
export function summariseSaturation(
  full: Embedding,
  fits: readonly SaturationFit[],
  { above = 0.9 }: { above?: number } = {},
): SaturationSummary {
  const shares = [...new Set(fits.map(({ share }) => share))].sort((a, b) => a - b);
  const points = shares.map((share): SaturationPoint => {
    const ofShare = fits.filter((fit) => fit.share === share);
    const counts = ofShare.map(
      ({ embedding }) => recoveredComponents(full, embedding, above).filter(Boolean).length,
    );
    return {
      share,
      nTrials: ofShare[0].nTrials,
      recovered: tMeanEstimate(counts),
      recoveredByDraw: counts,
      nComponents: mean(ofShare.map(({ embedding }) => embedding.nComponents)),
      heldOutAccuracy: tMeanEstimate(ofShare.map((fit) => fit.heldOutAccuracy)),
    };
  });
  const most = points.at(-1)?.recovered.value ?? 0;
  const saturatedAt = points.find(({ recovered }) => recovered.value >= 0.95 * most)?.share ?? 1;
  return { points, nComponents: full.nComponents, above, saturatedAt };
}
