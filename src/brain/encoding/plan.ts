import { Arena } from '../../embedding/arena.js';
import { throwIfCancelled } from '../../numerics/errors.js';
import type { Watch } from '../../numerics/progress.js';
import { kernelMemory } from '../../numerics/wasm.js';
import { type FeatureMoments, type FeatureSet, featureMoments, joinMoments } from './feature-moments.js';
import type { OuterFold } from './folds.js';
import { type EncodingLayout, layOutEncoding, type SetLayout } from './layout.js';
import type { EncodingOptions } from './options.js';
import { type PlacedFold, placeNumbers, placeSplit } from './placed-fold.js';
import { requireMemory } from './plan-memory.js';
import { rowSpace } from './row-space.js';
import { skeletonOf } from './skeleton.js';
import { splitOf } from './split.js';

/**
 * Everything about an encoding that does not depend on the responses, the same for every block of voxels. Its large arrays lie
 * in one shared memory, so that threads that are given the plan do not copy them.
 */
export interface EncodingPlan extends Omit<EncodingLayout, 'sets'> {
  readonly memory: WebAssembly.Memory;
  readonly sets: readonly FeatureSetPlan[];
}

export interface FeatureSetPlan extends SetLayout {
  readonly transposed: Float64Array;
  readonly folds: readonly PlacedFold[];
}

/**
 * Prepares nested cross-validated ridge regression of `sets` on any number of voxels: folds, eigendecompositions, alphas.
 * Give the plan to a `VoxelEncoder`, block after block, to `encodePlanned`, or use `encode`.
 *
 * @throws AffectomeError `config` for folds or alphas that cannot be, `input` for features that are not finite, `environment`
 *   when the plan does not fit in memory, `cancelled` when the signal fires.
 */
export function planEncoding(sets: readonly FeatureSet[], options: EncodingOptions & Watch): EncodingPlan {
  const steps = planSteps(sets, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** `planEncoding` that lets other work (and a signal) in between two eigendecompositions. */
export async function planEncodingInTurns(
  sets: readonly FeatureSet[],
  options: EncodingOptions & Watch,
): Promise<EncodingPlan> {
  const steps = planSteps(sets, options);
  let lastTurn = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() - lastTurn < 50) continue;
    await new Promise((resolve) => setTimeout(resolve));
    lastTurn = performance.now();
  }
}

function* planSteps(
  sets: readonly FeatureSet[],
  { signal, onProgress, ...options }: EncodingOptions & Watch,
): Generator<undefined, EncodingPlan> {
  throwIfCancelled(signal);
  const layout = layOutEncoding(sets, options);
  requireMemory(layout);
  const arena = new Arena(kernelMemory(0));
  const { folds } = layout.folds;
  const total = layout.sets.length * folds.reduce((sum, { inner }) => sum + inner.length + 1, 0);
  const task = `preparing ${layout.sets.map(({ name }) => name).join(', ')}`;
  let done = 0;
  const onSplit = () => {
    onProgress?.({ task, done: ++done, total, unit: 'splits' });
    throwIfCancelled(signal);
  };
  const plans: FeatureSetPlan[] = [];
  for (const [s, set] of layout.sets.entries()) {
    const moments = momentsOf(sets[s], set, layout);
    const placed: PlacedFold[] = [];
    for (const fold of folds) placed.push(yield* foldSteps(arena, { moments, fold, layout, onSplit }));
    const transposed = placeNumbers(arena, moments.transposed);
    plans.push({ ...set, size: moments.size, transposed, folds: placed });
  }
  return { ...layout, memory: arena.memory, sets: plans };
}

function momentsOf({ features }: FeatureSet, { form }: SetLayout, { folds }: EncodingLayout): FeatureMoments {
  return featureMoments(form === 'kernel' ? rowSpace(features).features : features, folds);
}

interface FoldRequest {
  readonly moments: FeatureMoments;
  readonly fold: OuterFold;
  readonly layout: EncodingLayout;
  onSplit(): void;
}

/** Yields after every split. */
function* foldSteps(
  arena: Arena,
  { moments, fold, layout, onSplit }: FoldRequest,
): Generator<undefined, PlacedFold> {
  const { standardiseFeatures: standardise, innerScore } = layout.options;
  const join = (atoms: readonly number[]) => joinMoments(moments.atoms, atoms);
  const around = innerScore === 'pearson' ? ('validation' as const) : ('training' as const);
  const inner = [];
  for (const validAtoms of fold.inner) {
    const training = fold.trainAtoms.filter((atom) => !validAtoms.includes(atom));
    const split = splitOf(moments, [join(training), join(validAtoms)], { standardise, around });
    inner.push(placeSplit(arena, split));
    onSplit();
    yield;
  }
  const whole = [join(fold.trainAtoms), join(fold.testAtoms)] as const;
  const outer = placeSplit(arena, splitOf(moments, whole, { standardise, around: 'validation' }));
  onSplit();
  yield;
  const spectra = inner.map(({ eigenvalues }) => eigenvalues);
  const skeleton = skeletonOf(layout.alphas, spectra, innerScore === 'pearson');
  const chosen = Array.from(skeleton.chosen, (a) => layout.alphas[a]);
  const factors = spectra.map((values) =>
    placeNumbers(
      arena,
      Float64Array.from(chosen.flatMap((alpha) => Array.from(values, (d) => 1 / (d + alpha)))),
    ),
  );
  return {
    ...{ inner, outer, factors },
    skeleton: {
      ...skeleton,
      linear: placeNumbers(arena, skeleton.linear),
      quadratic: placeNumbers(arena, skeleton.quadratic),
    },
  };
}
