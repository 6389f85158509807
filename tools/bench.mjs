// npm run bench -- [--only NAME,NAME] [--json FILE] [--list]
// Measures rows, each in a process of its own, beside baselines in Debian's Python where it has them. See docs/benchmarks.md.
import { fork, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt, ensureInstalled, root } from './prepare.mjs';

const usage = `npm run bench -- [--only NAME,NAME] [--json FILE] [--list]

  --only NAME,NAME   measure these rows (default: all)
  --json FILE        write the rows and the facts of this machine there
  --list             show the names and what they measure

Example: npm run bench -- --only spose/project-b256-d30,trials/sample-7m --json bench.json`;

const compiled = join(root, '.cache', 'bench');
const flags = readFlags();
ensureInstalled();
ensureBuilt();
await buildBench();
const { benches } = await import(join(compiled, 'rows.js'));
if (flags.list) {
  for (const { name, what } of benches) console.log(`${name.padEnd(30)} ${what}`);
  process.exit(0);
}

const names = wantedNames();
const machine = machineFacts();
console.log(`${machine.cores} cores of ${machine.processor}, Node ${machine.node}`);
if (machine.load > machine.cores / 2)
  console.log(`Others are at work here (load ${machine.load.toFixed(1)}): numbers may come out too slow.`);
console.log(line(['', 'value', 'ratio', 'as published', 'of limit', 'peak MB']));
const rows = [];
for (const name of names) {
  const row = await measure(name);
  rows.push(row);
  show(row);
}
if (flags.json) writeFileSync(resolve(flags.json), `${JSON.stringify({ machine, rows }, null, 2)}\n`);
process.exit(rows.some((row) => row.error) ? 1 : 0);

function readFlags() {
  try {
    const options = {
      only: { type: 'string' },
      json: { type: 'string' },
      list: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    };
    const { values } = parseArgs({ options });
    if (values.help) leave(usage, 0);
    return values;
  } catch (error) {
    return leave(`${error.message}\n\n${usage}`);
  }
}

function leave(text, status = 2) {
  (status === 0 ? console.log : console.error)(text);
  process.exit(status);
}

/** Compiles bench/ and its kernel to .cache/bench. */
async function buildBench() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.bench.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) leave('bench/ does not compile.', 1);
  mkdirSync(compiled, { recursive: true });
  const { default: asc } = await import('assemblyscript/asc');
  const words = [
    join(root, 'bench/assembly/limits.ts'),
    '--baseDir',
    root,
    '--outFile',
    join(compiled, 'limits.wasm'),
  ];
  const { error, stderr } = await asc.main([
    ...words,
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--importMemory',
  ]);
  if (error) leave(`bench/assembly/limits.ts: ${error.message}\n${stderr}`, 1);
}

function wantedNames() {
  const known = benches.map(({ name }) => name);
  if (flags.only === undefined) return known;
  const wanted = flags.only
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0 || wanted.length === 0) {
    const problem =
      unknown.length > 0
        ? `There is no row ${unknown.map((name) => `"${name}"`).join(', ')}.`
        : '--only names no row.';
    leave(`${problem} The rows are:\n${known.map((name) => `  ${name}`).join('\n')}`);
  }
  return known.filter((name) => wanted.includes(name));
}

function machineFacts() {
  return {
    processor: cpus()[0]?.model.trim() ?? process.arch,
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    load: loadavg()[0],
  };
}

/** The row that the child measured, or `{ name, error }`. The child's words for an error are in its last lines. */
function measure(name) {
  return new Promise((resolve) => {
    const child = fork(join(compiled, 'run-row.js'), [name], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    });
    let row;
    let said = '';
    child.on('message', (message) => {
      row = message;
    });
    child.stderr.on('data', (data) => {
      said += data;
    });
    child.on('close', (status, signal) => {
      if (status === 0 && row) resolve(row);
      else
        resolve({
          name,
          error: reasonIn(said) ?? (signal ? `stopped by ${signal}` : `left with status ${status}`),
        });
    });
  });
}

function reasonIn(said) {
  return said.match(/^\w*Error:? .*$/m)?.[0] ?? said.trim().split('\n').at(-1)?.slice(0, 500) ?? undefined;
}

function show(row) {
  if (row.error) return console.log(`${row.name.padEnd(30)} failed: ${row.error}`);
  if (row.skipped) return console.log(`${row.name.padEnd(30)} skipped: ${row.skipped}`);
  const times = (ratio) => (ratio === undefined ? '' : `${ratio.toPrecision(3)}x`);
  const share = row.limitShare === undefined ? '' : `${Math.round(100 * row.limitShare)}%`;
  const value = `${row.value.toPrecision(3)} ${row.unit}`;
  console.log(
    line([
      row.name,
      value,
      times(row.ratio),
      times(row.ratioPublished),
      share,
      String(Math.round(row.peakMb)),
    ]),
  );
  if (row.baseline) console.log(`${' '.repeat(30)} ratio: ${row.baseline}`);
  if (row.note) console.log(`${' '.repeat(30)} note: ${row.note}`);
  return undefined;
}

function line([name, ...cells]) {
  const widths = [20, 9, 13, 9, 8];
  return [name.padEnd(30), ...cells.map((cell, c) => cell.padStart(widths[c]))].join(' ').trimEnd();
}
