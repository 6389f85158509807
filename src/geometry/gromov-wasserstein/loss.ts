import type { AlignmentProblem } from './problem.js';
import { type Distances, distanceRow } from './structure.js';

/** What a plan is worth. `loss` is the square-loss Gromov-Wasserstein objective of the plan with its own marginals. */
export interface PlanLoss {
  /** sum over i, j, k, l of (C1(i, k) - C2(j, l))^2 T(i, j) T(k, l); never below 0. */
  readonly loss: number;
  /** loss + epsilon sum T log T. */
  readonly regularisedLoss: number;
  /** Mass that lies in the wrong row or column: L1 distance of both marginals from p and q. */
  readonly marginalError: number;
}

/** The loss of `plan`, given its cross term <C1 T C2, T>; O(n^2 + n d^2), or O(n^2) for dense distances. */
export function planLoss(
  problem: AlignmentProblem,
  plan: Float64Array,
  { crossTerm, epsilon }: { crossTerm: number; epsilon: number },
): PlanLoss {
  const { nSource, nTarget, p, q } = problem;
  const [rows, columns] = [new Float64Array(nSource), new Float64Array(nTarget)];
  let negativeEntropy = 0;
  for (let i = 0; i < nSource; i++) {
    for (let j = 0; j < nTarget; j++) {
      const mass = plan[i * nTarget + j];
      rows[i] += mass;
      columns[j] += mass;
      if (mass > negligible) negativeEntropy += mass * Math.log(mass);
    }
  }
  const squares = squaredDistances(problem.source, rows) + squaredDistances(problem.target, columns);
  const loss = Math.max(0, squares - 2 * crossTerm);
  const marginalError = difference(rows, p) + difference(columns, q);
  return { loss, regularisedLoss: loss + epsilon * negativeEntropy, marginalError };
}

/** The loss of the plan p q', which says nothing: both sides' variances of distances plus the squared difference of their means. */
export function productLoss({ source, target, p, q }: AlignmentProblem): number {
  const squares = squaredDistances(source, p) + squaredDistances(target, q);
  return Math.max(0, squares - 2 * meanDistance(source, p) * meanDistance(target, q));
}

/** Mean distance of two stimuli drawn independently by their weights. */
export function meanDistance(distances: Distances, weights: Float64Array): number {
  let total = 0;
  for (let i = 0; i < distances.n; i++) {
    const row = distanceRow(distances, i);
    let sum = 0;
    for (let k = 0; k < distances.n; k++) sum += weights[k] * row[k];
    total += weights[i] * sum;
  }
  return total;
}

/** Less than this adds nothing to the entropy that float64 could hold. */
const negligible = 1e-30;

function difference(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0);
}

/** sum over i, k of C(i, k)^2 w(i) w(k). */
export function squaredDistances(distances: Distances, weights: Float64Array): number {
  if (distances.kind === 'factored') return squaredByFactors(distances, weights);
  const { n, values } = distances;
  let total = 0;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += values[i * n + k] ** 2 * weights[k];
    total += weights[i] * sum;
  }
  return total;
}

/** The same from h_i + h_k - x_i . x_k, by the d x d matrix of second moments. */
function squaredByFactors(
  { n, d, coordinates, heights }: Extract<Distances, { kind: 'factored' }>,
  weights: Float64Array,
): number {
  const moments = new Float64Array(d * d);
  const [centre, tilted] = [new Float64Array(d), new Float64Array(d)];
  let [mass, height, height2] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [w, h] = [weights[i], heights[i]];
    mass += w;
    height += w * h;
    height2 += w * h * h;
    for (let a = 0; a < d; a++) {
      const x = w * coordinates[i * d + a];
      centre[a] += x;
      tilted[a] += x * h;
      for (let b = 0; b <= a; b++) moments[a * d + b] += x * coordinates[i * d + b];
    }
  }
  let [squares, mixed] = [0, 0];
  for (let a = 0; a < d; a++) {
    mixed += centre[a] * tilted[a];
    squares += moments[a * d + a] ** 2;
    for (let b = 0; b < a; b++) squares += 2 * moments[a * d + b] ** 2;
  }
  return 2 * (height2 * mass + height ** 2) - 4 * mixed + squares;
}
