import type { OutputFlags } from './flags.js';
import { type ProgressSink, type ProgressView, progressView } from './progress-view.js';

/** Where a command prints. Results go to stdout, everything about the work itself to stderr. */
export interface Terminal {
  /** A line of the result for people; silent with --json. */
  line(text?: string): void;
  /** A line about the work: on stdout for people, on stderr with --json. */
  report(text: string): void;
  /** A warning, on stderr. */
  warn(text: string): void;
  /** The machine-readable result; silent without --json. */
  result(value: unknown): void;
  readonly progress: ProgressView;
}

const noProgress: ProgressView = { show: () => undefined, clear: () => undefined };

export function terminal({ json, quiet }: OutputFlags): Terminal {
  const progress = quiet ? noProgress : progressView(process.stderr as ProgressSink);
  const print = (stream: NodeJS.WriteStream, text: string) => {
    progress.clear();
    stream.write(`${text}\n`);
  };
  return {
    progress,
    line: (text = '') => (json ? undefined : print(process.stdout, text)),
    report: (text) => (quiet ? undefined : print(json ? process.stderr : process.stdout, text)),
    warn: (text) => print(process.stderr, text),
    result: (value) => (json ? print(process.stdout, resultJson(value)) : undefined),
  };
}

/** JSON without NaN: what is not known is null. */
export function resultJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, inner: unknown) => (ArrayBuffer.isView(inner) ? Array.from(inner as Float64Array) : inner),
    2,
  );
}
