import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a script of bench/baselines printed, or why it could not run here. */
export type BaselineAnswer<Facts> = { readonly facts: Facts } | { readonly absent: string };

/** Debian's Python first: it is the one whose python3-numpy and python3-torch the numbers in docs/ belong to. */
const interpreters = ['/usr/bin/python3', 'python3'];

/** This file runs from .cache/bench; the scripts stay where they are written. */
const folder = fileURLToPath(new URL('../../bench/baselines/', import.meta.url));

/**
 * Runs `bench/baselines/<script>` on one thread with `input` in a file (its path is the first argument), then `words`.
 * The script prints one line of JSON.
 */
export function runBaseline<Facts>(
  script: string,
  input: Uint8Array,
  words: readonly (string | number)[],
): BaselineAnswer<Facts> {
  const scratch = mkdtempSync(join(tmpdir(), 'affectome-bench-'));
  try {
    const file = join(scratch, 'input');
    writeFileSync(file, input);
    return runScript(script, [file, ...words.map(String)]);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function runScript<Facts>(script: string, words: readonly string[]): BaselineAnswer<Facts> {
  const env = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };
  for (const python of interpreters) {
    const { error, status, stdout, stderr } = spawnSync(python, [join(folder, script), ...words], {
      env,
      encoding: 'utf8',
    });
    if (error) continue;
    if (status === 0) return { facts: JSON.parse(stdout) as Facts };
    return { absent: `baseline absent: ${stderr.trim().split('\n').at(-1)}` };
  }
  return { absent: 'baseline absent: there is no python3' };
}
