import { configError } from '../numerics/errors.js';
import { type Estimate, fisherZ, inverseFisherZ, mean, meanCorrelation } from '../numerics/statistics.js';
import type { Embedding } from './embedding.js';
import type { Reproducibility } from './results.js';

/**
 * P1, Methods, "Reproducibility of embedding dimensions": for each component of the reported run (the first given), the highest Pearson r
 * with a component of each other run (one component may be matched repeatedly), averaged over runs as Fisher z.
 * Intervals are t intervals over the other runs, on Fisher z. `overall` averages components (as Fisher z) within each
 * run and takes its interval over runs too, because runs, not components, are independent. They are
 * conditional on the reported run: every r has it on one side.
 * P1 speaks of each of the ten runs; the run itself, where every r is 1, is left out here.
 * A constant component, and a run without components, come back with r = 0.
 * @param runs at least two embeddings of the same stimuli; the first is the one that is reported on.
 * @throws AffectomeError `config` for fewer than two runs.
 */
export function reproducibility(
  runs: readonly Embedding[],
  { seeds, heldOutAccuracy }: { seeds: readonly number[]; heldOutAccuracy: readonly number[] },
): Reproducibility {
  if (runs.length < 2) {
    throw configError({
      problem: `Reproducibility needs at least 2 independent runs, got ${runs.length}.`,
      where: { field: 'embedding.runs' },
      remedy: 'Raise embedding.runs in study.yaml.',
    });
  }
  if (runs.some((run) => run.nStimuli !== runs[0].nStimuli)) {
    throw new RangeError('The runs are embeddings of different numbers of stimuli.');
  }
  const [first, ...others] = runs.map(standardisedComponents);
  const best = first.map((component) => others.map((other) => highestCorrelation(component, other)));
  return {
    seeds,
    components: best.map((correlations) => meanCorrelation(correlations)),
    overall: overallEstimate(best, others.length),
    nComponents: runs.map((run) => run.nComponents),
    heldOutAccuracy,
  };
}

function overallEstimate(best: readonly number[][], nOthers: number): Estimate {
  const ofRun = Array.from({ length: nOthers }, (_, run) =>
    inverseFisherZ(mean(best.map((correlations) => fisherZ(correlations[run])))),
  );
  return meanCorrelation(ofRun);
}

function highestCorrelation(component: Float64Array, others: readonly Float64Array[]): number {
  let highest = others.length === 0 ? 0 : -1;
  for (const other of others) {
    let r = 0;
    for (let s = 0; s < component.length; s++) r += component[s] * other[s];
    if (r > highest) highest = r;
  }
  return Math.min(1, highest);
}

/** Each component centred and scaled to unit length, so that dot products are Pearson r; zeros when constant. */
function standardisedComponents(embedding: Embedding): Float64Array[] {
  const { nStimuli, nComponents, weights } = embedding;
  return Array.from({ length: nComponents }, (_, c) => {
    const component = Float64Array.from({ length: nStimuli }, (_, s) => weights[s * nComponents + c]);
    const centre = mean(component);
    const isConstant = component.every((weight) => weight === component[0]);
    let square = 0;
    for (let s = 0; s < nStimuli; s++) square += (component[s] - centre) ** 2;
    return component.map((weight) => (isConstant ? 0 : (weight - centre) / Math.sqrt(square)));
  });
}
