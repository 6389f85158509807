/** Saves what running work hands over, one after another; the first failure stops the work. */
export interface Saver {
  /** Fires when the work should stop: on request, or because nothing can be saved. */
  readonly signal: AbortSignal;
  save(write: () => Promise<void>): void;
  /** The result of `work` once everything is saved; a failure to save comes before a failure of the work. */
  finish<T>(work: Promise<T>): Promise<T>;
}

export function saver(signal: AbortSignal | undefined): Saver {
  const failed = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  let saved = Promise.resolve();
  return {
    signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal,
    save(write) {
      saved = saved.then(write).catch((error: unknown) => {
        failure ??= { error };
        failed.abort();
      });
    },
    async finish(work) {
      const outcome = await work.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      await saved;
      if (failure) throw failure.error;
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    },
  };
}
