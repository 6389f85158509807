// Makes sure that the packages are installed and dist/ is built, and does nothing when they are.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.built');

/** Runs a command with its output shown on stderr, and leaves with its status when it fails. */
function runOrLeave(program, args) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ['inherit', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error) console.error(`${program} could not be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? 1);
}

/** Whether node_modules holds what the lock file asks for. Optional packages of other platforms may be absent. */
function isInstalled() {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || installed[path]?.version === version || (optional && !installed[path]),
  );
}

/** Installs with npm ci when needed; says so. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.error('Installing packages (npm ci) ...');
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) runOrLeave(process.execPath, [npm, 'ci']);
  else runOrLeave('npm', ['ci']);
}

function newestChange(path) {
  const facts = statSync(path);
  if (!facts.isDirectory()) return facts.mtimeMs;
  return readdirSync(path).reduce(
    (newest, name) => Math.max(newest, newestChange(join(path, name))),
    facts.mtimeMs,
  );
}

function isBuilt() {
  if (!existsSync(stamp)) return false;
  const sources = [
    'src',
    'package.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'tools/build.mjs',
    'tools/build-kernels.mjs',
  ];
  const newest = Math.max(...sources.map((path) => newestChange(join(root, path))));
  return newest < statSync(stamp).mtimeMs;
}

/** Builds dist/ when a source is newer than it. */
export function ensureBuilt() {
  if (isBuilt()) return;
  console.error('Building ...');
  const started = new Date();
  runOrLeave(process.execPath, [join(root, 'tools', 'build.mjs')]);
  writeFileSync(stamp, `${started.toISOString()}\n`);
}
