import { inputError } from '../../numerics/errors.js';
import type { SearchlightMap } from './searchlight.js';

export interface ControlledCorrelations {
  /**
   * nCentres x nModels: the correlation of the neural RSM and each model with all other models taken out of both, -1 to 1. NaN
   * where the centre was not compared, and where the other models leave nothing of the neural RSM (less than 1e-12 of its
   * variance).
   */
  readonly partial: Float64Array;
  /**
   * nCentres x nModels: the other models taken out of the model alone. Its square is the share of the neural RSM's variance
   * that this model explains and no other does.
   */
  readonly semipartial: Float64Array;
  /** Per centre the variance that all models explain together: R squared. */
  readonly explained: Float64Array;
}

type Compared = Pick<
  SearchlightMap,
  'correlations' | 'modelCorrelations' | 'modelNames' | 'nCentres' | 'correlation'
>;

/**
 * Each model controlled for all others, from the correlations of a searchlight and those among its models (over midranks for
 * Spearman): nothing has to be compared again. With Q the inverse of the models' correlations and b = Q r, semipartial_k =
 * b_k / sqrt(Q_kk) and partial_k = semipartial_k / sqrt(1 - (R^2 - semipartial_k^2)) (Cohen et al. 2003, Applied Multiple
 * Regression, 3.3). One model alone keeps its correlation.
 * @throws AffectomeError `input` for Kendall's tau-a, which has no such decomposition, and for models that determine each other.
 */
export function controlledCorrelations(map: Compared): ControlledCorrelations {
  if (map.correlation === 'kendall') {
    throw inputError({
      problem: "Kendall's tau-a has no partial correlations.",
      remedy: 'Compare by spearman or pearson to control models for each other.',
    });
  }
  const nModels = map.modelNames.length;
  const inverse = inverseOf(map.modelCorrelations, map.modelNames);
  const partial = new Float64Array(map.nCentres * nModels);
  const semipartial = new Float64Array(map.nCentres * nModels);
  const explained = new Float64Array(map.nCentres);
  for (let centre = 0; centre < map.nCentres; centre++) {
    const start = centre * nModels;
    const r = map.correlations.subarray(start, start + nModels);
    const weights = r.map((_, k) => r.reduce((sum, value, l) => sum + inverse[k * nModels + l] * value, 0));
    explained[centre] = r.reduce((sum, value, k) => sum + value * weights[k], 0);
    for (let k = 0; k < nModels; k++) {
      const own = weights[k] / Math.sqrt(inverse[k * nModels + k]);
      semipartial[start + k] = own;
      partial[start + k] = partialOf(own, 1 - (explained[centre] - own ** 2));
    }
  }
  return { partial, semipartial, explained };
}

/** Less of the neural RSM's variance than this is what rounding leaves. */
const leastRest = 1e-12;

/** `rest` is the variance that the other models leave. */
const partialOf = (own: number, rest: number): number =>
  rest > leastRest ? Math.max(-1, Math.min(1, own / Math.sqrt(rest))) : Number.NaN;

/** Less of a model's variance than this is its own: the others determine it. */
const leastOwnVariance = 1e-9;

/** Gauss-Jordan on a correlation matrix, whose pivots are what each model keeps after those before it. */
function inverseOf(correlations: Float64Array, names: readonly string[]): Float64Array {
  const n = names.length;
  const left = correlations.slice();
  const inverse = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0));
  for (let k = 0; k < n; k++) {
    const pivot = left[k * n + k];
    if (!(pivot > leastOwnVariance)) {
      throw inputError({
        problem: `Model ${names[k]} follows from the models before it (${names.slice(0, k).join(', ')}); they cannot be controlled for each other.`,
        remedy: 'Leave one of them out.',
      });
    }
    for (let c = 0; c < n; c++) {
      left[k * n + c] /= pivot;
      inverse[k * n + c] /= pivot;
    }
    for (let row = 0; row < n; row++) {
      const factor = left[row * n + k];
      if (row === k || factor === 0) continue;
      for (let c = 0; c < n; c++) {
        left[row * n + c] -= factor * left[k * n + c];
        inverse[row * n + c] -= factor * inverse[k * n + c];
      }
    }
  }
  return inverse;
}
