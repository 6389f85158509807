import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The tests' model server in a process of its own, so that its work is not the client's. */
export async function spawnChaosServer(options: object): Promise<{ url: string; close(): Promise<void> }> {
  const compiler = `${root}node_modules/typescript/bin/tsc`;
  spawnSync(process.execPath, [compiler, '-p', `${root}test/chaos/tsconfig.json`], {
    stdio: ['ignore', 2, 2],
  });
  const child = spawn(process.execPath, [`${root}.cache/chaos/main.js`, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const close = async () => {
    const exit = once(child, 'exit');
    child.stdin.end();
    await exit;
  };
  return { url, close };
}
