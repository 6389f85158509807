/** Texts that describe each stimulus, in stimulus order; a stimulus may have none. */
export interface Captions {
  readonly texts: readonly (readonly string[])[];
}
