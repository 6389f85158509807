import { exitCodes } from './failure.js';

/**
 * The first Ctrl-C (or SIGTERM) asks the work to stop at the next safe place; the second leaves at once: files under
 * their own names are whole even then.
 */
export function cancelOnSignals(onFirst: () => void): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(exitCodes.cancelled);
    controller.abort();
    onFirst();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    dispose() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
