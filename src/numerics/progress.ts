/** One state of long work. Progress bars, logs and pages all read the same stream of these. */
export interface Progress {
  /** What is being done, in the user's words: "SPoSE words, seed 3". */
  readonly task: string;
  readonly done: number;
  readonly total: number;
  /** What `done` counts: "trials", "epochs", "rows". */
  readonly unit: string;
  /** Numbers worth watching while it runs, e.g. { accuracy: 0.81, components: 19 }. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** What every long function takes besides its data and options. */
export interface Watch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (state: Progress) => void;
}
