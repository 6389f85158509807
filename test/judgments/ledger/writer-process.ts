import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { identity } from './answers.js';

const script = fileURLToPath(new URL('writer.mjs', import.meta.url));

export interface WriterEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly acknowledged: number[];
  readonly steps: string[];
  readonly errors: string;
}

export interface WriterOptions {
  readonly nQuestions: number;
  /** Milliseconds to stay at each step. */
  readonly dwell?: number;
  readonly hold?: boolean;
  /** Called with every line that the writer prints. */
  readonly onLine?: (line: string, child: ChildProcess) => void;
}

/** Runs a writer to its end, whatever that is. */
export function runWriter(folder: string, options: WriterOptions): Promise<WriterEnd> {
  const { nQuestions, dwell = 0, hold = false, onLine } = options;
  const child = spawn(process.execPath, [script, folder, String(nQuestions), String(dwell)], {
    env: {
      ...process.env,
      LEDGER_IDENTITY: JSON.stringify(identity),
      ...(hold && { LEDGER_HOLD: '1' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const acknowledged: number[] = [];
  const steps: string[] = [];
  let rest = '';
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (/^\d+$/.test(line)) acknowledged.push(Number(line));
      if (line.startsWith('step ')) steps.push(line.slice(5));
      onLine?.(line, child);
    }
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, acknowledged, steps, errors }));
  });
}
