import type { GroupTests, ShareWon, VoxelScatter } from '../brain/statistics/index.js';
import type { Matrix } from '../numerics/matrix.js';

/** What a report says about brains. Parts that were not made are empty or null. */
export interface BrainReport {
  readonly subjects: readonly BrainSubject[];
  readonly encodings: readonly SubjectEncoding[];
  readonly searchlights: readonly SubjectSearchlight[];
  readonly comparisons: readonly BrainComparison[];
  /** By atlas. */
  readonly regions: readonly BrainRegions[];
  readonly maps: readonly DrawnMap[];
  /** How results were made, in sentences. */
  readonly methods: readonly string[];
}

export interface BrainSubject {
  readonly name: string;
  readonly nStimuli: number;
  readonly nVoxels: number;
  /** Voxels without a result: the same response to every stimulus, or responses that are no numbers. */
  readonly nConstant: number;
  readonly nNotFinite: number;
}

export interface SubjectEncoding {
  readonly subject: string;
  readonly set: string;
  readonly nFeatures: number;
  readonly medianR: number;
  /** r that one voxel in a hundred exceeds. */
  readonly topR: number;
  readonly bestR: number;
  readonly medianR2: number;
}

export interface SubjectSearchlight {
  readonly subject: string;
  readonly model: string;
  readonly nStimuli: number;
  readonly nCompared: number;
  readonly nCentres: number;
  readonly median: number;
  readonly best: number;
}

/** A picture that is there already. */
export interface DrawnMap {
  readonly name: string;
  readonly title: string;
  readonly caption: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  /** A whole SVG file. */
  readonly svg: string;
}

export type MeasureKind = 'encoding' | 'searchlight';

/** One test in one region: of one feature set against 0, or of b - a. */
export interface RegionTest {
  readonly region: string;
  readonly n: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly t: number;
  readonly p: number;
  /** Benjamini and Hochberg's q over regions. */
  readonly q: number;
  /** By sign flips; NaN where they were not made. */
  readonly pFlips: number;
  readonly qFlips: number;
  /** Corrected for all regions by the maximum of |t| over sign flips; NaN where they were not made. */
  readonly pMaximum: number;
  /** Percentile bootstrap over subjects; NaN where it was not asked for. */
  readonly bootstrapLow: number;
  readonly bootstrapHigh: number;
  /** Whether q of the first test asked for is below the level. */
  readonly isSignificant: boolean;
}

export interface SetTests {
  readonly kind: MeasureKind;
  readonly set: string;
  /** nSubjects x nRegions. */
  readonly scores: Matrix;
  readonly tests: readonly RegionTest[];
}

export interface PairTests {
  readonly kind: MeasureKind;
  readonly a: string;
  readonly b: string;
  /** Of b - a. */
  readonly group: GroupTests;
  readonly tests: readonly RegionTest[];
}

export interface PairVoxels {
  readonly kind: MeasureKind;
  readonly a: string;
  readonly b: string;
  readonly subjects: readonly { readonly name: string; readonly scatter: VoxelScatter }[];
  /** Share of voxels in which b is ahead. */
  readonly won: ShareWon;
}

/** Means of maps over the regions of an atlas. */
export interface BrainRegions {
  readonly atlas: string;
  readonly subjects: readonly string[];
  readonly regions: readonly string[];
  readonly sets: readonly {
    readonly kind: MeasureKind;
    readonly set: string;
    /** nSubjects x nRegions; NaN where a subject's region has no voxel. */
    readonly scores: Matrix;
  }[];
}

/** Feature sets and models compared across subjects; `brain/compare/<atlas>.json`. */
export interface BrainComparison {
  readonly atlas: string;
  readonly subjects: readonly string[];
  /** q below it is called significant. */
  readonly fdr: number;
  /** The first decides what is significant. */
  readonly asked: readonly ('t' | 'signflip')[];
  readonly regions: readonly string[];
  readonly sets: readonly SetTests[];
  readonly pairs: readonly PairTests[];
  readonly voxels: readonly PairVoxels[];
  /** What a reader must know: few subjects, the smallest p there can be. */
  readonly notes: readonly string[];
  readonly smallestFlipP: number | null;
}
