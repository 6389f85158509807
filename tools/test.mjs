// npm test [-- vitest arguments]: installs and builds what is missing, runs the tests, and closes with one line that
// counts them: "12 passed, 0 failed".
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs';

ensureInstalled();
ensureBuilt();

const results = join(root, '.vitest', 'results.json');
rmSync(results, { force: true });
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});

const counts = existsSync(results)
  ? countTests(JSON.parse(readFileSync(results, 'utf8')))
  : { passed: 0, failed: 0, skipped: 0 };
// A run that fails outside any test (a file that cannot be loaded, an error nobody caught) has failed too.
if (status !== 0 && counts.failed === 0) counts.failed = 1;
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exit(counts.failed > 0 ? status || 1 : 0);

function countTests({ testResults }) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { assertionResults, status } of testResults) {
    for (const test of assertionResults) counts[test.status in counts ? test.status : 'skipped']++;
    const isLoadFailure = status === 'failed' && assertionResults.every((test) => test.status !== 'failed');
    if (isLoadFailure) counts.failed++;
  }
  return counts;
}
