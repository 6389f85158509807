import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChaosOptions } from './options.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface SpawnedChaos {
  readonly url: string;
  readonly process: ChildProcess;
  stats(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

/** Runs the server as its own process, so that its work is not the client's. */
export async function spawnChaosServer(options: ChaosOptions): Promise<SpawnedChaos> {
  const child = spawn(process.execPath, [mainScript(), JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const line = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The chaos server ended with code ${code} before it listened.`);
  });
  const [url] = await Promise.race([line, ended]);
  ended.catch(() => {});
  return {
    url,
    process: child,
    stats: async () => (await (await fetch(`${url}/chaos/stats`)).json()) as Record<string, number>,
    close: async () => {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.stdin.end();
      await exit;
    },
  };
}

/** The compiled entry: beside this file when it is compiled itself, else compiled once for these sources. */
function mainScript(): string {
  if (import.meta.url.endsWith('.js')) return fileURLToPath(new URL('main.js', import.meta.url));
  const folder = join(root, '.cache', `chaos-${sourceHash()}`);
  if (!existsSync(folder)) compileInto(folder);
  return join(folder, 'main.js');
}

function sourceHash(): string {
  const sources = join(root, 'test/chaos');
  const hash = createHash('sha256');
  for (const name of readdirSync(sources).sort()) hash.update(readFileSync(join(sources, name)));
  return hash.digest('hex').slice(0, 16);
}

/** Several test processes may compile at once: each into its own folder, and the first to be ready is kept. */
function compileInto(folder: string): void {
  const own = `${folder}.${process.pid}`;
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '-p', join(root, 'test/chaos/tsconfig.json'), '--outDir', own];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The chaos server does not compile:\n${stdout}`);
  try {
    renameSync(own, folder);
  } catch {
    rmSync(own, { recursive: true });
  }
}
