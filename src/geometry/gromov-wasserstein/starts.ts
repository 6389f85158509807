import { inputError } from '../../numerics/errors.js';
import type { Random } from '../../numerics/random.js';
import { Blocks, newArena } from './blocks.js';
import type { AlignmentProblem } from './problem.js';
import { Scaling } from './scaling.js';
import { type Distances, distanceRow } from './structure.js';

/** Every source stimulus spread over all targets: p q'. */
export function uniformStart({ nSource, nTarget, p, q }: AlignmentProblem): Float64Array {
  const plan = new Float64Array(nSource * nTarget);
  for (let i = 0; i < nSource; i++) for (let j = 0; j < nTarget; j++) plan[i * nTarget + j] = p[i] * q[j];
  return plan;
}

/** Exponentially distributed entries, scaled in turn to q and p. */
export function randomStart(problem: AlignmentProblem, random: Random): Float64Array {
  const { nSource, nTarget, p, q } = problem;
  const plan = uniformStart(problem).map((mass) => -mass * Math.log(1 - random.uniform()));
  for (let turn = 0; turn < 4; turn++) {
    const columns = new Float64Array(nTarget);
    for (let at = 0; at < plan.length; at++) columns[at % nTarget] += plan[at];
    for (let i = 0; i < nSource; i++) {
      const row = plan.subarray(i * nTarget, (i + 1) * nTarget);
      let sum = 0;
      for (let j = 0; j < nTarget; j++) sum += row[j] *= q[j] / columns[j];
      for (let j = 0; j < nTarget; j++) row[j] *= p[i] / sum;
    }
  }
  return plan;
}

const mostQuantiles = 128;
/** Regularisation of the profile problem, as a share of the mean squared difference of two profiles. */
const profileSharpness = 0.01;

/**
 * Stimuli with alike distance profiles (their sorted distances to all others, as quantiles) matched by entropic
 * transport: a lower bound of the Gromov-Wasserstein problem (Memoli 2011, doi:10.1007/s10208-011-9093-5) that needs no start.
 * A stimulus counts in the profiles of the others with its weight.
 */
export function distanceProfileStart(problem: AlignmentProblem): Float64Array {
  const { nSource, nTarget, p, q } = problem;
  const nQuantiles = Math.min(mostQuantiles, nSource, nTarget);
  const from = profiles(problem.source, p, nQuantiles);
  const to = profiles(problem.target, q, nQuantiles);
  const centre = new Float64Array(nQuantiles);
  for (let at = 0; at < to.length; at++) centre[at % nQuantiles] += q[Math.floor(at / nQuantiles)] * to[at];
  for (let at = 0; at < to.length; at++) to[at] -= centre[at % nQuantiles];
  for (let at = 0; at < from.length; at++) from[at] -= centre[at % nQuantiles];
  const spread = (meanSquare(from, p) + meanSquare(to, q)) * profileSharpness;
  if (!(spread > 0)) return uniformStart(problem);
  const blocks = new Blocks(newArena(), 64, Math.max(nTarget, nSource, nQuantiles) + 64);
  const scaling = new Scaling(blocks, problem);
  const left = blocks.fill(blocks.take(nSource, nQuantiles + 1), (i, c) =>
    c < nQuantiles ? (2 * from[i * nQuantiles + c]) / spread : 1,
  );
  const squares = Float64Array.from({ length: nTarget }, (_, j) =>
    sumOfSquares(to.subarray(j * nQuantiles, (j + 1) * nQuantiles)),
  );
  const right = blocks.fill(blocks.take(nQuantiles + 1, nTarget), (c, j) =>
    c < nQuantiles ? to[j * nQuantiles + c] : -squares[j] / spread,
  );
  const panels = blocks.takePanels(nQuantiles + 1, nTarget);
  blocks.pack(right, panels);
  scaling.balance(left, panels, nQuantiles + 1, { maxIterations: 100, tolerance: 1e-6 / Math.sqrt(nTarget) });
  return scaling.plan();
}

/** Of every stimulus the quantiles at (c + 1/2) / nQuantiles of its distances: n x nQuantiles. */
function profiles(distances: Distances, weights: Float64Array, nQuantiles: number): Float64Array {
  const { n } = distances;
  const result = new Float64Array(n * nQuantiles);
  const isUniform = weights.every((weight) => weight === weights[0]);
  for (let i = 0; i < n; i++) {
    const row = distanceRow(distances, i);
    const own = result.subarray(i * nQuantiles, (i + 1) * nQuantiles);
    if (isUniform) setEvenQuantiles(own, Float64Array.from(row).sort());
    else setWeightedQuantiles(own, row, weights);
  }
  return result;
}

function setEvenQuantiles(own: Float64Array, sorted: Float64Array): void {
  const [n, nQuantiles] = [sorted.length, own.length];
  for (let c = 0; c < nQuantiles; c++) own[c] = sorted[Math.floor(((c + 0.5) * n) / nQuantiles)];
}

function setWeightedQuantiles(own: Float64Array, row: Float64Array, weights: Float64Array): void {
  const order = Uint32Array.from(row, (_, k) => k).sort((a, b) => row[a] - row[b]);
  let [at, below] = [0, weights[order[0]]];
  for (let c = 0; c < own.length; c++) {
    while (below <= (c + 0.5) / own.length && at < order.length - 1) below += weights[order[++at]];
    own[c] = row[order[at]];
  }
}

/** Mean over stimuli, by their weights, of the summed squares of their profiles. */
function meanSquare(values: Float64Array, weights: Float64Array): number {
  const perRow = values.length / weights.length;
  return weights.reduce(
    (sum, weight, i) => sum + weight * sumOfSquares(values.subarray(i * perRow, (i + 1) * perRow)),
    0,
  );
}

const sumOfSquares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

/** @throws AffectomeError `input` for a plan of the wrong size or with entries that are not finite and at least 0. */
export function givenStart({ nSource, nTarget }: AlignmentProblem, plan: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(plan);
  const wrong = values.findIndex((mass) => !(mass >= 0 && Number.isFinite(mass)));
  if (values.length === nSource * nTarget && wrong < 0 && values.some((mass) => mass > 0)) return values;
  const problem =
    values.length !== nSource * nTarget
      ? `The given start has ${values.length} entries; ${nSource} x ${nTarget} are expected.`
      : `Entry ${wrong + 1} of the given start is ${values[wrong]}; masses are finite, at least 0 and not all 0.`;
  throw inputError({ problem });
}
