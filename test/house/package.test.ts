import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { importsOf } from './source-graph.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const manifest = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json'));

describe('what npm would publish', () => {
  let paths: string[] = [];
  let facts: { size: number; unpackedSize: number };

  beforeAll(() => {
    const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'];
    const output = execFileSync('npm', words, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [packed] = JSON.parse(output);
    paths = packed.files.map(({ path }: { path: string }) => path);
    facts = packed;
  });

  it('has what a user needs', () => {
    const wanted = [
      'LICENSE',
      'README.md',
      'CHANGELOG.md',
      'package.json',
      'schema/study.schema.json',
      'examples/emoji/study.yaml',
      'examples/emoji/stimuli.tsv',
      'examples/emoji/LICENSE-graphics',
      'docs/index.md',
      'dist/cli/main.js',
      'dist/embedding/kernel-bytes.js',
      'dist/embedding/fit-worker.node.js',
      'dist/trials/kernel-bytes.js',
    ];
    expect(wanted.filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('has nothing else', () => {
    const allowed =
      /^(dist|schema|docs|examples\/emoji)\/|^(LICENSE|README\.md|CHANGELOG\.md|package\.json)$/;
    expect(paths.filter((path) => !allowed.test(path))).toEqual([]);
    const made =
      /(^|\/)(test|trials-cache|\.checkpoint|provenance)\/|\.test\.|\.map$|\.tmp$|\.ts$(?<!\.d\.ts)|^examples\/emoji\/(report|judgments|embeddings)\//;
    expect(paths.filter((path) => made.test(path))).toEqual([]);
  });

  it('stays small', () => {
    expect(facts.size).toBeLessThan(2_100_000);
    expect(facts.unpackedSize).toBeLessThan(6_000_000);
  });

  it('has every file that its entry points name', () => {
    const entries = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry as Record<string, string>),
    );
    const named = [...entries, ...Object.values<string>(manifest.bin)].map((path) => path.replace('./', ''));
    expect(named.filter((path) => !paths.includes(path))).toEqual([]);
  });
});

describe('the repository', () => {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const isCheckout = existsSync(join(root, '.git'));

  it.skipIf(!isCheckout)(`holds no file above 1 MB${isCheckout ? '' : ' (skipped: no git checkout)'}`, () => {
    const files = execFileSync('git', words, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
    expect(files.length).toBeGreaterThan(100);
    const large = files.filter(
      (path) => existsSync(join(root, path)) && statSync(join(root, path)).size > 1_000_000,
    );
    expect(large).toEqual([]);
  });

  it('installs from any registry: the lock file names none', () => {
    const named = Object.entries<{ resolved?: string }>(lock.packages).filter(([, { resolved }]) => resolved);
    expect(named.map(([path]) => path)).toEqual([]);
    expect(read('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
  });

  it('is locked to the versions of package.json', () => {
    const { version, dependencies, devDependencies } = lock.packages[''];
    expect({ version, dependencies, devDependencies }).toEqual({
      version: manifest.version,
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });
});

describe('dependencies', () => {
  const packageOf = (specifier: string) =>
    specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
  const isPackage = (to: string) =>
    !/^(node:|#|\.|\/)/.test(to) && !to.endsWith('.ts') && !to.endsWith('.mjs');

  function packagesIn(...folders: string[]): Set<string> {
    const found = new Set<string>();
    for (const folder of folders.filter((name) => existsSync(join(root, name)))) {
      for (const path of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
        if (!/\.(ts|mjs)$/.test(path) || path.includes('assembly')) continue;
        const text = read(join(folder, path));
        // Tools resolve some packages instead of importing them.
        const required = [...text.matchAll(/require(?:\.resolve)?\(\s*[`']([^`'$]+)/g)].map(
          ([, name]) => name,
        );
        for (const name of [...importsOf(text, path).map(({ to }) => to), ...required])
          if (isPackage(name)) found.add(packageOf(name));
      }
    }
    return found;
  }

  const own = new Set([manifest.name]);
  const imported = [...packagesIn('src')].filter((name) => !own.has(name)).sort();

  it('are all imported by the library, and the library imports no others', () =>
    expect(Object.keys(manifest.dependencies).sort()).toEqual(imported));

  it('for development are all used', () => {
    const inCode = packagesIn('src', 'test', 'bench', 'tools');
    const inScripts = { '@biomejs/biome': 'biome', typescript: 'tsc', vitest: 'vitest' };
    const text =
      JSON.stringify(manifest.scripts) +
      read('tools/build.mjs') +
      read('tools/build-kernels.mjs') +
      read('tools/test.mjs');
    // Declarations of a dependency may need a package that npm leaves to its users: a peer of its types.
    const peers = new Set(
      Object.keys(manifest.dependencies).flatMap((name) => {
        const path = join('node_modules', name, 'package.json');
        return existsSync(join(root, path)) ? Object.keys(JSON.parse(read(path)).peerDependencies ?? {}) : [];
      }),
    );
    const isUsed = (name: string) => {
      if (name.endsWith('-types') && peers.has(name)) return true;
      if (inCode.has(name)) return true;
      if (name in inScripts) return text.includes(inScripts[name as keyof typeof inScripts]);
      const typed = /^@types\/(.+)$/.exec(name)?.[1];
      return typed !== undefined ? typed === 'node' || inCode.has(typed) : text.includes(name);
    };
    expect(Object.keys(manifest.devDependencies).filter((name) => !isUsed(name))).toEqual([]);
  });

  it('for development are declared when tests, benchmarks and tools import them', () => {
    const declared = new Set([
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.devDependencies),
      ...own,
    ]);
    const others = [...packagesIn('test', 'bench', 'tools')].filter((name) => !declared.has(name));
    expect(others).toEqual([]);
  });
});

describe('licences of what is installed with the package', () => {
  const permissive = new Set([
    'MIT',
    'ISC',
    '0BSD',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'Apache-2.0',
    'Unlicense',
    'CC0-1.0',
  ]);
  /** libvips draws the pictures: a dynamic library of its own under the LGPL, which sharp installs beside itself. */
  const isLibvips = (path: string) => /node_modules\/@img\/sharp-(libvips-|wasm32$|win32-)/.test(path);

  /** "(MIT OR WTFPL)" leaves the choice to us: one permissive licence is enough. "AND" is not a choice. */
  const isPermissive = (licence: string): boolean =>
    licence
      .replace(/^\((.*)\)$/, '$1')
      .split(' OR ')
      .some((one) => permissive.has(one));

  /**
   * h5wasm names no licence of the list, only its LICENSE.txt: NIST's statement ("use, copy, and distribute ... in any medium", modify,
   * keep the notice) and the BSD-style licence of the HDF5 library inside. Both are permissive; another text is read anew.
   */
  function isH5wasm(path: string, licence: string): boolean {
    if (path !== 'node_modules/h5wasm' || licence !== 'SEE LICENSE IN LICENSE.txt') return false;
    const text = read(`${path}/LICENSE.txt`).replace(/\s+/g, ' ');
    const grants = [
      'NIST-developed software is provided by NIST as a public service. You may use, copy, and distribute copies of the software in any medium',
      'You may improve, modify, and create derivative works of the software',
      'Redistribution and use in source and binary forms, with or without modification, are permitted for any purpose (including commercial purposes)',
    ];
    return grants.every((grant) => text.includes(grant)) && !/\bGPL\b|GNU|non-?commercial use/i.test(text);
  }

  const isRuntime = ([path, { dev }]: [string, { dev?: boolean }]) => path !== '' && !dev;
  const runtime = Object.entries<{ dev?: boolean; license?: string }>(lock.packages).filter(isRuntime);

  function licenceOf(path: string, locked: string | undefined): string {
    const file = join(root, path, 'package.json');
    if (!existsSync(file)) return locked ?? 'unstated';
    const { license, licenses } = JSON.parse(readFileSync(file, 'utf8'));
    return license?.type ?? license ?? licenses?.[0]?.type ?? locked ?? 'unstated';
  }

  it('are permissive', () => {
    expect(runtime.length).toBeGreaterThan(50);
    const others = runtime
      .map(([path, { license }]) => [path, licenceOf(path, license)] as const)
      .filter(([path, licence]) => !isPermissive(licence) && !isLibvips(path) && !isH5wasm(path, licence));
    expect(others).toEqual([]);
  });

  it('is MIT for this one', () => {
    expect(manifest.license).toBe('MIT');
    expect(read('LICENSE')).toMatch(/^MIT License\n\nCopyright \(c\) Affectome contributors\n/);
  });
});
