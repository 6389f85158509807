// Builds dist/: kernels first, then TypeScript.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const run = (script, ...args) => {
  const { status } = spawnSync(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
};

run('tools/build-kernels.mjs');
run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json');
for (const stage of ['embedding', 'trials']) {
  const types = join(root, 'src', stage, 'kernel-bytes.d.ts');
  if (existsSync(types)) cpSync(types, join(root, 'dist', stage, 'kernel-bytes.d.ts'));
}
chmodSync(join(root, 'dist/cli/main.js'), 0o755);
