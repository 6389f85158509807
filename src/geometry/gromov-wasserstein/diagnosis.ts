import { inputError } from '../../numerics/errors.js';
import type { Alignment } from './align.js';
import { productLoss } from './loss.js';
import { checkCounterparts } from './matching.js';
import type { AlignmentOptions } from './options.js';
import type { AlignmentProblem } from './problem.js';
import { Solver } from './solver.js';

/**
 * How far a search is from what is reached from the answer itself. A diagnosis only: it uses the answer, so that it holds
 * no plan and can stand for no result.
 */
export interface OptimiserGap {
  readonly kind: 'diagnosis';
  readonly lossFound: number;
  /** Loss reached from the start that puts every stimulus on its own counterpart. */
  readonly lossFromAnswer: number;
  /** lossFound - lossFromAnswer: clearly above 0 means that the search failed, whatever its matching rates say. */
  readonly gap: number;
  /** The gap as a share of the loss of the plan p q', which says nothing; 0 where that loss is 0. */
  readonly relativeGap: number;
  readonly epsilon: number;
  /** Mass that the plan reached from the answer misplaces. */
  readonly marginalError: number;
  /** Whether that is at most what the search allows. Where not, its loss is that of another problem and the gap says nothing. */
  readonly isComparable: boolean;
}

export interface OptimiserGapOptions extends Pick<AlignmentOptions, 'maxIterations' | 'marginalTolerance'> {
  /** For every source stimulus its counterpart; the stimulus of the same index unless given. */
  readonly targetOf?: ArrayLike<number>;
}

/**
 * Solves from the diagonal start at the best trial's epsilon, under the limits of the search.
 * @param options those of the search: as many steps, and marginals held to the same tolerance.
 * @throws AffectomeError `input` when the sides differ in size and no counterparts are given.
 */
export function optimiserGap(
  problem: AlignmentProblem,
  alignment: Alignment,
  { maxIterations, marginalTolerance, targetOf }: OptimiserGapOptions,
): OptimiserGap {
  const { nSource, nTarget, p } = problem;
  if (!targetOf && nSource !== nTarget)
    throw inputError({
      problem: `Counterparts are needed: the source has ${nSource} stimuli, the target ${nTarget}.`,
    });
  if (targetOf) checkCounterparts(targetOf, problem);
  const start = new Float64Array(nSource * nTarget);
  for (let i = 0; i < nSource; i++) start[i * nTarget + (targetOf?.[i] ?? i)] = p[i];
  const { epsilon } = alignment.trials[alignment.best];
  const steps = new Solver(problem).solve(start, { epsilon, maxIterations });
  let step = steps.next();
  while (!step.done) step = steps.next();
  const { loss: lossFromAnswer, marginalError } = step.value;
  const { loss: lossFound } = alignment;
  const gap = lossFound - lossFromAnswer;
  const scale = productLoss(problem);
  return {
    kind: 'diagnosis',
    lossFound,
    lossFromAnswer,
    gap,
    relativeGap: scale > 0 ? gap / scale : 0,
    epsilon,
    marginalError,
    isComparable: marginalError <= marginalTolerance,
  };
}
