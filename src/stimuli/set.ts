/** What is judged, in a fixed order: everywhere else a stimulus is its 0-based index into these columns. */
export interface StimulusSet {
  /** Unique, non-empty. */
  readonly ids: readonly string[];
  /** A human-readable name per stimulus (the id where the table gives none). */
  readonly names: readonly string[];
  /** Path of each stimulus's picture, clip or sound relative to the study folder; null where there is none. */
  readonly media: readonly (string | null)[];
  /** Further columns of the table, kept as text. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
}
