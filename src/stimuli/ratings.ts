/** One rated scale: an emotion category (share of raters who chose it) or an affective dimension (1..9). Scales are data. */
export interface Scale {
  readonly name: string;
  readonly kind: 'category' | 'dimension';
  /** Smallest and largest possible rating. */
  readonly min: number;
  readonly max: number;
}

/** A table of ratings, rows in stimulus order. */
export interface Ratings {
  readonly name: string;
  readonly scales: readonly Scale[];
  readonly nStimuli: number;
  /** nStimuli x nScales, row after row; NaN where a cell is missing. */
  readonly values: Float64Array;
}
