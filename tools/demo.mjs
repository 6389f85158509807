// npm run demo [-- --no-open]: installs and builds what is missing, then runs the built-in study in ./demo-study.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs';

const started = performance.now();
ensureInstalled();
ensureBuilt();
console.error(`✔ installed, built (${Math.round((performance.now() - started) / 1000)} s)`);

const words = process.argv.slice(2);
const place = words.some((word) => word === '--dir' || word.startsWith('--dir='))
  ? []
  : ['--dir', 'demo-study'];
const main = join(root, 'dist', 'cli', 'main.js');
// Ctrl-C reaches the study too, which stops at a safe place and says how to go on.
process.on('SIGINT', () => undefined);
const { status, signal } = spawnSync(process.execPath, [main, 'demo', ...place, ...words], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? (signal ? 130 : 1));
