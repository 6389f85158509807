import { cpus, loadavg } from 'node:os';

/** One measured line of the bench. */
export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit:
    | 'M triplets/s'
    | 'answers/s'
    | 'requests/trial'
    | 'trials'
    | 'kills'
    | 'x'
    | 's'
    | 'ms'
    | 'MB'
    | '%';
  /** How many times faster than `baseline`. */
  readonly ratio?: number;
  /** What `ratio` compares with, or why there is none. */
  readonly baseline?: string;
  /** SPoSE rows: how many times faster than PyTorch with one-hot vectors, as published. */
  readonly ratioPublished?: number;
  /** Share of what this machine allows; the model is in docs/benchmarks.md. */
  readonly limitShare?: number;
  /** Largest resident memory of this row's process, without its baseline's. */
  readonly peakMb: number;
  /** What to know before trusting the value. */
  readonly note?: string;
  /** Facts worth keeping: checks passed, seconds by part, measured limits. */
  readonly detail?: Record<string, unknown>;
}

/** A row that cannot be measured here. */
export interface SkippedRow {
  readonly name: string;
  readonly skipped: string;
}

export interface Bench {
  readonly name: string;
  readonly what: string;
  readonly run: () => BenchRow | SkippedRow | Promise<BenchRow | SkippedRow>;
}

/** Largest resident memory of this process so far, in MB. */
export function peakMb(): number {
  return process.resourceUsage().maxRSS / 1024;
}

/** A note when a process that wanted `nWorkers` cores got clearly less: others had the machine too. */
export function crowdedNote(coresUsed: number, nWorkers: number): { note?: string } {
  if (coresUsed > 0.9 * nWorkers) return {};
  return {
    note: `only ${coresUsed.toFixed(2)} of ${nWorkers} cores were free: measure again when it is quiet`,
  };
}

/** The load average when it is above the number of cores, for rows that a server in another process takes part in. */
export function loadNote(): { note?: string } {
  const [load] = loadavg();
  return load > cpus().length ? { note: `load ${load.toFixed(1)} on ${cpus().length} cores` } : {};
}

export function secondsOf<Result>(work: () => Result): { seconds: number; result: Result } {
  const start = performance.now();
  const result = work();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** The shortest of `times` runs, in seconds: the first one also warms up. */
export function fastestOf(times: number, work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < times; turn++) best = Math.min(best, secondsOf(work).seconds);
  return best;
}
