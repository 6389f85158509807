// Compiles every src/<stage>/assembly/index.ts (AssemblyScript) to WebAssembly and writes it as an ES module
// dist/<stage>/kernel-bytes.js, so that the same bytes load in Node, in workers and in a browser without any file access.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const flags = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
];

async function compile(stage) {
  const entry = `src/${stage}/assembly/index.ts`;
  let binary;
  const { error, stderr } = await asc.main([entry, '--outFile', 'kernel.wasm', ...flags], {
    readFile: undefined,
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = contents;
    },
    listFiles: undefined,
  });
  if (error) throw new Error(`${entry}: ${error.message}\n${stderr.toString()}`);
  const base64 = Buffer.from(binary).toString('base64');
  mkdirSync(join(root, 'dist', stage), { recursive: true });
  writeFileSync(join(root, 'dist', stage, 'kernel-bytes.js'), `export const kernelBytes = "${base64}";\n`);
  console.log(`${entry} -> dist/${stage}/kernel-bytes.js (${binary.length} bytes of WebAssembly)`);
}

process.chdir(root);
const wanted = process.argv.slice(2);
for (const stage of readdirSync('src')) {
  if (existsSync(`src/${stage}/assembly/index.ts`) && (wanted.length === 0 || wanted.includes(stage)))
    await compile(stage);
}
