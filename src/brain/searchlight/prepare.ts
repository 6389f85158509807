import { Arena, slackBytes } from '../../embedding/arena.js';
import { inputError, throwIfCancelled } from '../../numerics/errors.js';
import type { Watch } from '../../numerics/progress.js';
import { kernelMemory } from '../../numerics/wasm.js';
import { type DroppedByModel, type ModelRsm, matchStimuli } from './model-rsm.js';
import { type ModelVectors, modelVectors, writeChunks } from './model-table.js';
import { type Neighbourhoods, nCentresOf } from './neighbourhoods.js';
import { type ResolvedSearchlightOptions, type SearchlightOptions, searchlightOptions } from './options.js';
import type { Patterns } from './patterns.js';
import { chunkSize, nPairsOf, tileSize } from './tile-order.js';
import { type UsableVoxels, usableVoxels } from './usable-voxels.js';

export interface SearchlightData {
  readonly patterns: Patterns;
  /** The same stimuli and voxels from independent runs: RSMs are then taken across the halves, so that noise shared within a run does not enter. */
  readonly secondHalf?: Patterns;
  readonly neighbourhoods: Neighbourhoods;
  readonly models: readonly ModelRsm[];
  /** Rows of the patterns to compare, in this order; all without it. */
  readonly stimuli?: ArrayLike<number>;
}

/** A searchlight ready to run: patterns and models in memory that threads share, and where they lie. Plain data. */
export interface SearchlightProblem {
  readonly memory: WebAssembly.Memory;
  /** First byte of the memory that is free. */
  readonly end: number;
  readonly patterns: number;
  /** Same as `patterns` without a second half. */
  readonly secondHalf: number;
  readonly isCrossed: boolean;
  readonly strideBytes: number;
  readonly models: number;
  readonly modelNorms: Float64Array;
  readonly nModels: number;
  readonly nStimuli: number;
  readonly nPairs: number;
  readonly correlation: ResolvedSearchlightOptions['correlation'];
  /** `fast` keeps patterns and models in float32, `exact` in float64. */
  readonly precision: 'fast' | 'exact';
  readonly minimumVoxels: number;
  readonly neighbourhoods: Neighbourhoods;
  readonly isUsable: Uint8Array;
}

/** What was compared with what, for the reader of the results. */
export interface SearchlightFacts {
  readonly modelNames: readonly string[];
  /** nModels x nModels, how the models correlate with each other over the same pairs; NaN for Kendall's tau. */
  readonly modelCorrelations: Float64Array;
  readonly correlation: ResolvedSearchlightOptions['correlation'];
  readonly precision: 'fast' | 'exact';
  readonly minimumVoxels: number;
  /** Rows of the patterns that were compared. */
  readonly stimuli: Uint32Array;
  readonly dropped: readonly DroppedByModel[];
  readonly nCentres: number;
  readonly voxels: Pick<UsableVoxels, 'nUsable' | 'nNotFinite' | 'nConstant'>;
}

export interface PreparedSearchlight {
  readonly problem: SearchlightProblem;
  readonly facts: SearchlightFacts;
}

/**
 * Rounding to float32 can swap ranks of neighbours, which moves rho by about .004 / nPairs (root mean square): from this many
 * pairs on (694 stimuli) that is below 1.5e-8, and sharing bins adds as much. Fewer pairs are always compared exactly.
 */
export const fewestPairsForFast = 240_000;

/**
 * Matches stimuli, sorts out unusable voxels and lays patterns and models out for the kernel.
 * @throws AffectomeError `input` for patterns that do not fit the neighbourhoods or each other, for models that cannot be
 * compared, and when no voxel is usable; `environment` beyond 4 GB; `cancelled`.
 */
export function prepareSearchlight(
  data: SearchlightData,
  options: SearchlightOptions = {},
  watch: Watch = {},
): PreparedSearchlight {
  const resolved = searchlightOptions.parse(options);
  checkShapes(data);
  const { places, rows, dropped } = matchStimuli(data.patterns, data.models, data.stimuli);
  const vectors = modelVectors(data.models, rows, resolved.correlation);
  const usable = usableOf(data, places, watch);
  const precision = precisionOf(data, resolved, nPairsOf(places.length));
  const problem = layOut(data, { places, vectors, usable, precision, resolved }, watch);
  const { nUsable, nNotFinite, nConstant } = usable;
  const facts: SearchlightFacts = {
    modelNames: data.models.map(({ name }) => name),
    modelCorrelations: vectors.correlations,
    correlation: resolved.correlation,
    precision,
    minimumVoxels: resolved.minimumVoxels,
    stimuli: places,
    dropped,
    nCentres: nCentresOf(data.neighbourhoods),
    voxels: { nUsable, nNotFinite, nConstant },
  };
  return { problem, facts };
}

function precisionOf(
  { secondHalf }: SearchlightData,
  { precision, correlation }: ResolvedSearchlightOptions,
  nPairs: number,
): 'fast' | 'exact' {
  const canBeFast = nPairs >= fewestPairsForFast && !secondHalf && correlation !== 'kendall';
  return precision === 'fast' && canBeFast ? 'fast' : 'exact';
}

interface Parts {
  readonly places: Uint32Array;
  readonly vectors: ModelVectors;
  readonly usable: UsableVoxels;
  readonly precision: 'fast' | 'exact';
  readonly resolved: ResolvedSearchlightOptions;
}

function layOut(data: SearchlightData, parts: Parts, watch: Watch): SearchlightProblem {
  const { places, vectors, usable, precision, resolved } = parts;
  const bytes = precision === 'fast' ? 4 : 8;
  const nPairs = nPairsOf(places.length);
  const strideBytes = strideOf(places.length, bytes);
  const arena = new Arena(kernelMemory(0));
  const models = arena.take(
    vectors.vectors.length * Math.ceil(nPairs / chunkSize) * chunkSize * bytes + slackBytes,
  );
  const nHalves = data.secondHalf ? 2 : 1;
  const [patterns, secondHalf = patterns] = Array.from({ length: nHalves }, () =>
    arena.take(usable.isUsable.length * strideBytes + slackBytes),
  );
  const { memory } = arena;
  const floats = (start: number, length: number) =>
    precision === 'fast'
      ? new Float32Array(memory.buffer, start, length)
      : new Float64Array(memory.buffer, start, length);
  writeChunks(vectors.vectors, floats(models, (patterns - models) / bytes));
  const write = (half: Patterns, start: number) => {
    const target = floats(start, (usable.isUsable.length * strideBytes) / bytes);
    writePatterns(
      half,
      { places, usable, isCentred: precision === 'fast', stride: strideBytes / bytes },
      target,
      watch,
    );
  };
  write(data.patterns, patterns);
  if (data.secondHalf) write(data.secondHalf, secondHalf);
  return {
    memory,
    end: arena.end,
    patterns,
    secondHalf,
    isCrossed: data.secondHalf !== undefined,
    strideBytes,
    models,
    modelNorms: vectors.norms,
    nModels: vectors.norms.length,
    nStimuli: places.length,
    nPairs,
    correlation: resolved.correlation,
    precision,
    minimumVoxels: resolved.minimumVoxels,
    neighbourhoods: data.neighbourhoods,
    isUsable: usable.isUsable,
  };
}

/** Whole tiles, and never a multiple of 4,096 bytes, at which all voxels would share one corner of the cache. */
function strideOf(nStimuli: number, bytes: number): number {
  const stride = Math.ceil(nStimuli / tileSize) * tileSize * bytes;
  return stride % 4096 === 0 ? stride + 64 : stride;
}

interface PatternLayout {
  readonly places: Uint32Array;
  readonly usable: UsableVoxels;
  /** Take each stimulus's mean over all usable voxels away: correlations within a neighbourhood stay, float32 loses less. */
  readonly isCentred: boolean;
  readonly stride: number;
}

function writePatterns(
  patterns: Patterns,
  { places, usable, isCentred, stride }: PatternLayout,
  target: Float32Array | Float64Array,
  watch: Watch,
): void {
  const values = new Float64Array(patterns.nStimuli);
  for (let voxel = 0; voxel < patterns.nVoxels; voxel++) {
    if (voxel % 1024 === 0) throwIfCancelled(watch.signal);
    if (!usable.isUsable[voxel]) continue;
    patterns.readVoxel(voxel, values);
    const start = voxel * stride;
    for (let s = 0; s < places.length; s++) {
      target[start + s] = values[places[s]] - (isCentred ? usable.means[s] : 0);
    }
  }
}

/** A voxel is usable when it is in both halves. */
function usableOf(
  { patterns, secondHalf }: SearchlightData,
  places: Uint32Array,
  watch: Watch,
): UsableVoxels {
  const first = usableVoxels(patterns, places, watch);
  const second = secondHalf ? usableVoxels(secondHalf, places, watch) : first;
  let [nUsable, nNotFinite] = [0, 0];
  for (let v = 0; v < first.isUsable.length; v++) {
    first.isUsable[v] &= second.isUsable[v];
    nUsable += first.isUsable[v];
    nNotFinite += first.isNotFinite[v] | second.isNotFinite[v];
  }
  if (nUsable > 0) {
    return { ...first, nUsable, nNotFinite, nConstant: first.isUsable.length - nUsable - nNotFinite };
  }
  throw inputError({
    problem: `None of the ${patterns.nVoxels} voxels is usable: ${first.nNotFinite} have values that are no numbers, ${first.nConstant} never change.`,
    remedy: 'Check that the mask lies where the data are.',
  });
}

function checkShapes({ patterns, secondHalf, neighbourhoods }: SearchlightData): void {
  if (patterns.nVoxels !== neighbourhoods.nVoxels) {
    throw inputError({
      problem: `The patterns have ${patterns.nVoxels} voxels, the neighbourhoods ${neighbourhoods.nVoxels}.`,
      remedy: 'Take the patterns from the voxels of the same mask, in its order.',
    });
  }
  if (!secondHalf) return;
  if (secondHalf.nVoxels === patterns.nVoxels && secondHalf.nStimuli === patterns.nStimuli) return;
  throw inputError({
    problem: `The halves have ${patterns.nStimuli} x ${patterns.nVoxels} and ${secondHalf.nStimuli} x ${secondHalf.nVoxels} stimuli x voxels; expected the same.`,
  });
}
