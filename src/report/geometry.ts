import type { Consistency } from '../geometry/consistency/consistency.js';
import type { AffectGraph } from '../geometry/graph/affect-graph.js';
import type { NamedSet, SetIntersection } from '../geometry/graph/set-intersections.js';
import type { SharedByChance } from '../geometry/graph/shared-by-chance.js';
import type { OptimiserGap } from '../geometry/gromov-wasserstein/diagnosis.js';
import type { MatchingRate } from '../geometry/gromov-wasserstein/matching.js';
import type { AlignmentTrialResult } from '../geometry/gromov-wasserstein/trials.js';
import type { AlignSettings, ConsistencySettings, GraphsOptions, MapOptions } from '../geometry/options.js';
import type { MapQuality } from '../geometry/projection/quality.js';
import type { RsaTable } from '../geometry/rsa/rsa.js';
import type { Rsm } from '../geometry/rsm/rsm.js';
import type { Matrix } from '../numerics/matrix.js';

/** Two systems by their vectors, on the stimuli of the RSA. */
export interface FeatureComparison {
  readonly a: string;
  readonly b: string;
  /** Linear CKA, 0 to 1. */
  readonly cka: number;
  /** Procrustes disparity: 0 for one configuration, at most 1. */
  readonly procrustes: number;
}

/** `geometry/rsa.json`. */
export interface RsaRecord extends RsaTable {
  readonly seed: number;
  /** What each system's RSM holds: "choice probabilities". */
  readonly rsmOf: Readonly<Record<string, string>>;
  readonly features: readonly FeatureComparison[];
}

/** `geometry/projection/<judge>.json`. */
export interface MapRecord {
  readonly judge: string;
  readonly method: 'tsne' | 'umap';
  /** Of t-SNE, as used; null for UMAP. */
  readonly perplexity: number | null;
  readonly divergence: number | null;
  readonly quality: MapQuality;
  /** How the map was turned onto that of the first judge; null for the first. */
  readonly alignedTo: { readonly judge: string; readonly disparity: number } | null;
}

export interface JudgeMap extends MapRecord {
  /** nStimuli x 2. */
  readonly positions: Float64Array;
}

export interface JudgeGraph {
  readonly judge: string;
  readonly graph: AffectGraph;
  /** Of each component: its label, or "component 3". */
  readonly labels: readonly string[];
}

/** `geometry/overlap.json`: what several judges' components and communities have in common. */
export interface OverlapRecord {
  readonly terms: Overlap;
  readonly communities: Overlap;
  /** How many communities judges would share if their components were put into them at random. */
  readonly byChance: SharedByChance;
}

export interface Overlap {
  readonly sets: readonly NamedSet[];
  readonly intersections: readonly SetIntersection[];
}

/** `geometry/align/<a>~<b>/alignment.json`. */
export interface AlignmentRecord {
  readonly a: string;
  readonly b: string;
  readonly nStimuli: number;
  /** Of the source's stimuli and the target's, in the order of the plan. */
  readonly stimulusIds: readonly string[];
  readonly distance: string;
  readonly best: number;
  readonly loss: number;
  readonly marginalError: number;
  readonly gap: OptimiserGap;
  readonly trials: readonly Omit<AlignmentTrialResult, 'seconds'>[];
  readonly item: readonly MatchingRate[];
  /** Null without categories. */
  readonly category: readonly MatchingRate[] | null;
  readonly shuffled: ShuffledRecord | null;
  /** The stimuli on which both agree best, aligned on their own. */
  readonly subsets: readonly SubsetRecord[];
  /** How the agreement on one stimulus is measured. */
  readonly agreementOf: string;
}

/** Whether a better plan exists that the search did not find: its gap is above 1 % of the loss of a plan that says nothing. */
export const searchFailed = ({ isComparable, relativeGap }: OptimiserGap): boolean =>
  isComparable && relativeGap > 0.01;

/** Whether plan and answer are as good as each other: below a millionth of that loss a gap is rounding. */
export const isNoGap = ({ relativeGap }: Pick<OptimiserGap, 'relativeGap'>): boolean =>
  Math.abs(relativeGap) < 1e-6;

export interface ShuffledRecord {
  readonly nShuffles: number;
  readonly item: ShuffledRate;
  readonly category: ShuffledRate | null;
}

/** Rate of the best match under shuffled stimuli; of a subset, chosen anew for every shuffle. */
export interface ShuffledRate {
  readonly mean: number;
  readonly largest: number;
  readonly p: number;
}

export interface SubsetRecord {
  readonly n: number;
  readonly meanAgreement: number;
  readonly loss: number;
  readonly gap: OptimiserGap;
  readonly item: MatchingRate;
  readonly category: MatchingRate | null;
  readonly shuffled: ShuffledRecord | null;
}

export interface AlignmentReport extends AlignmentRecord {
  readonly plan: Matrix;
}

/** How the geometries of a study compare. Parts a study did not ask for are null or empty. */
export interface GeometryReport {
  readonly comparison: { readonly record: RsaRecord; readonly rsms: readonly Rsm[] } | null;
  readonly maps: { readonly maps: readonly JudgeMap[]; readonly options: MapOptions } | null;
  readonly graphs: {
    readonly judges: readonly JudgeGraph[];
    readonly overlap: OverlapRecord | null;
    readonly options: GraphsOptions;
  } | null;
  readonly consistency: {
    readonly result: Consistency;
    readonly reference: string;
    readonly options: ConsistencySettings;
  } | null;
  readonly alignments: readonly AlignmentReport[];
  readonly alignOptions: AlignSettings | null;
}

/** The report of a study that compares no geometries. */
export const noGeometry: GeometryReport = {
  comparison: null,
  maps: null,
  graphs: null,
  consistency: null,
  alignments: [],
  alignOptions: null,
};
