import { configError } from '../../numerics/errors.js';
import { type Key, keyOf, Random, split } from '../../numerics/random.js';
import { meanDistance, squaredDistances } from './loss.js';
import type { AlignmentOptions } from './options.js';
import type { AlignmentProblem } from './problem.js';
import type { Solution, Solver, SolveState } from './solver.js';
import { distanceProfileStart, givenStart, randomStart, uniformStart } from './starts.js';
import type { Distances } from './structure.js';

export type TrialStart = 'uniform' | 'random' | 'distance-profile' | 'given';

/** One solve of a search, as planned. */
export interface AlignmentTrial {
  readonly start: TrialStart;
  readonly epsilon: number;
  /** Epsilons before the last, highest first; empty: not annealed. */
  readonly annealed: readonly number[];
  /** Which random stream of the search's seed a random start draws from. */
  readonly stream: number;
}

/** One solve of a search, as it went. */
export interface AlignmentTrialResult extends AlignmentTrial, Omit<Solution, 'plan' | 'epsilon'> {
  readonly seconds: number;
}

/** A start of the user's own: nSource x nTarget masses. */
export type GivenStart = ArrayLike<number>;

const nAnnealingSteps = 5;
const annealFromShare = 1;

/** The trials of a search, in the order of their indices: plain data, no work done. */
export function planAlignment(
  problem: AlignmentProblem,
  options: AlignmentOptions,
  given: readonly GivenStart[] = [],
): AlignmentTrial[] {
  const scale = Math.sqrt(
    distanceVariance(problem.source, problem.p) * distanceVariance(problem.target, problem.q),
  );
  const epsilons = options.epsilons === 'auto' ? automatic(scale) : options.epsilons;
  const list = (count: number, make: (index: number) => Omit<AlignmentTrial, 'epsilon'>): AlignmentTrial[] =>
    Array.from({ length: count }, (_, index) => ({
      ...make(index),
      epsilon: epsilons[index % epsilons.length],
    }));
  const plain = { annealed: [], stream: 0 };
  const trials = [
    ...list(options.distanceProfiles, () => ({ ...plain, start: 'distance-profile' })),
    ...list(options.annealed, (index) => ({
      start: index === 0 ? 'uniform' : 'random',
      annealed: annealing(annealFromShare * scale, epsilons[index % epsilons.length]),
      stream: index,
    })),
    ...list(options.randomRestarts, (index) => ({
      ...plain,
      start: 'random',
      stream: options.annealed + index,
    })),
    ...list(given.length, (index) => ({ ...plain, start: 'given', stream: index })),
  ];
  if (trials.length === 0)
    throw configError({ problem: 'The search has no trials.', remedy: 'Ask for at least one start.' });
  return trials;
}

/** Smallest first: small epsilons give the smallest losses, and may be the only ones that are tried. */
function automatic(scale: number): number[] {
  const unit = scale > 0 ? scale : 1;
  return [0.043, 0.02, 0.093, 0.2].map((share) => share * unit);
}

function annealing(from: number, to: number): number[] {
  if (from <= to) return [];
  const ratio = (to / from) ** (1 / nAnnealingSteps);
  return Array.from({ length: nAnnealingSteps }, (_, step) => from * ratio ** step);
}

/** Weighted variance of the distances between two stimuli drawn independently. */
function distanceVariance(distances: Distances, weights: Float64Array): number {
  return Math.max(0, squaredDistances(distances, weights) - meanDistance(distances, weights) ** 2);
}

export interface TrialContext {
  readonly options: AlignmentOptions;
  readonly given?: readonly GivenStart[];
  /** The stream of the search; that of `options.seed` unless given. */
  readonly key?: Key;
}

/** Solves one trial; yields after every step. */
export function* runTrial(
  solver: Solver,
  trial: AlignmentTrial,
  context: TrialContext,
): Generator<SolveState, { result: AlignmentTrialResult; plan: Float64Array }> {
  const began = performance.now();
  const { maxIterations } = context.options;
  const start = startOf(solver.problem, trial, context);
  const solved = yield* solver.anneal(start, [...trial.annealed, trial.epsilon], { maxIterations });
  const { plan, ...facts } = solved;
  return { plan, result: { ...trial, ...facts, seconds: (performance.now() - began) / 1000 } };
}

function startOf(problem: AlignmentProblem, trial: AlignmentTrial, context: TrialContext): Float64Array {
  const key = context.key ?? keyOf(context.options.seed);
  switch (trial.start) {
    case 'uniform':
      return uniformStart(problem);
    case 'random':
      return randomStart(problem, new Random(split(key, 'alignment start', trial.stream)));
    case 'distance-profile':
      return distanceProfileStart(problem);
    case 'given':
      return givenStart(problem, context.given?.[trial.stream] ?? []);
  }
}

/** Whether a trial may be the result: its plan's marginals hold. */
export function isSound(trial: AlignmentTrialResult, { marginalTolerance }: AlignmentOptions): boolean {
  return Number.isFinite(trial.loss) && trial.marginalError <= marginalTolerance;
}
