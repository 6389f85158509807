import { alignmentOptions, alignmentProblem, Solver, uniformStart } from '#dist/geometry/index.js';
import { alignOnWorkers } from '#dist/node.js';
import { keyOf, matrix, Random, split } from '#dist/numerics/index.js';
import { runBaseline } from './baseline.js';
import { type BenchRow, crowdedNote, peakMb, secondsOf } from './row.js';

export interface AlignCase {
  readonly name: string;
  readonly nStimuli: number;
  readonly epsilon: number;
}

const nComponents = 30;
const noise = 0.1;
/** Small solves are measured this often; the first ones also warm up. */
const nSmallTurns = 5;
/** How long the baseline may take before it is stopped. */
const patience = 400;

/**
 * Planted: component c of the source is max(0, normal) / sqrt(c), of the target the same plus normal noise of a tenth
 * of that size, cut at 0. Cosine distances.
 */
function planted(nStimuli: number): readonly [Float64Array, Float64Array] {
  const random = new Random(split(keyOf(1), 'planted alignment'));
  const [source, target] = [0, 0].map(() => new Float64Array(nStimuli * nComponents));
  for (let at = 0; at < source.length; at++) {
    const size = 1 / Math.sqrt(1 + (at % nComponents));
    source[at] = size * Math.max(0, random.normal());
    target[at] = Math.max(0, source[at] + size * noise * random.normal());
  }
  return [source, target];
}

function problemOf(nStimuli: number, sides: readonly [Float64Array, Float64Array]) {
  const [source, target] = sides.map((data) => ({
    kind: 'vectors' as const,
    vectors: matrix(nStimuli, nComponents, data),
    distance: 'cosine' as const,
  }));
  return alignmentProblem(source, target);
}

interface BaselineFacts {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly done: boolean;
  readonly loss: number;
  /** Of the plan with the marginals it has, as ours is. */
  readonly ownLoss: number;
  readonly steps: number;
  readonly sinkhornIterations: number;
  readonly marginalError: number;
  readonly matches: readonly number[];
  readonly numpy: string;
}

function solveOnce(nStimuli: number, sides: readonly [Float64Array, Float64Array], epsilon: number) {
  const problem = problemOf(nStimuli, sides);
  const steps = new Solver(problem).solve(uniformStart(problem), { epsilon });
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Seconds of one solve, engine and exact loss included, beside NumPy in float64 on one thread in the same call. */
export function alignSpeed({ name, nStimuli, epsilon }: AlignCase): BenchRow {
  const sides = planted(nStimuli);
  const turns = Array.from({ length: nStimuli < 1000 ? nSmallTurns : 1 }, () => {
    const cpu = process.cpuUsage();
    const timed = secondsOf(() => solveOnce(nStimuli, sides, epsilon));
    return { ...timed, cpuSeconds: process.cpuUsage(cpu).user / 1e6 };
  });
  const { seconds, cpuSeconds, result } = turns.reduce((best, turn) =>
    turn.seconds < best.seconds ? turn : best,
  );
  const { plan, ...facts } = result;
  const row = {
    name,
    value: seconds,
    unit: 's' as const,
    peakMb: peakMb(),
    ...crowdedNote(cpuSeconds / seconds, 1),
  };
  const bytes = Buffer.concat(sides.map((side) => Buffer.from(side.buffer)));
  const answer = runBaseline<BaselineFacts>('gromov_wasserstein.py', bytes, [
    nStimuli,
    nComponents,
    epsilon,
    patience,
  ]);
  if ('absent' in answer) return { ...row, baseline: answer.absent, detail: { ...facts, cpuSeconds } };
  const { matches, ...baseline } = answer.facts;
  const same = bestTargets(plan, nStimuli).filter((best, i) => best === matches[i]).length / nStimuli;
  return {
    ...row,
    ratio: baseline.seconds / seconds,
    baseline: baseline.done
      ? `POT's algorithm in NumPy ${baseline.numpy}, float64, one thread`
      : `at least: NumPy ${baseline.numpy} was stopped after ${Math.round(baseline.seconds)} s and ${baseline.steps} steps`,
    detail: {
      ...facts,
      cpuSeconds,
      baseline,
      cpuRatio: baseline.cpuSeconds / cpuSeconds,
      lossDifference: facts.loss - baseline.ownLoss,
      sameBestTarget: same,
    },
  };
}

function bestTargets(plan: Float64Array, n: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    const row = plan.subarray(i * n, (i + 1) * n);
    return row.reduce((best, mass, j) => (mass > row[best] ? j : best), 0);
  });
}

/** Seconds of a search with the defaults on two workers. */
export async function searchSpeed(name: string): Promise<BenchRow> {
  const nStimuli = 2180;
  const problem = problemOf(nStimuli, planted(nStimuli));
  const cpu = process.cpuUsage();
  const began = performance.now();
  const found = await alignOnWorkers(problem, alignmentOptions.parse({}), { nWorkers: 2 });
  const seconds = (performance.now() - began) / 1000;
  const cpuSeconds = process.cpuUsage(cpu).user / 1e6;
  const trials = found.trials.map(({ start, annealed, epsilon, loss, seconds: spent }) => ({
    start: annealed.length > 0 ? `annealed from ${start}` : start,
    epsilon,
    loss,
    spent,
  }));
  return {
    name,
    value: seconds,
    unit: 's',
    baseline: 'none: target 120 s on two cores',
    peakMb: peakMb(),
    ...crowdedNote(cpuSeconds / seconds, 2),
    detail: { cpuSeconds, loss: found.loss, best: found.best, trials },
  };
}
