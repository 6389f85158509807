import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '#dist/cli/program.js';
import { openStudy, parseConfiguration, planStudy } from '#dist/node.js';
import { anchors, commandLines, fences, readPages, relativeLinks, root } from './markdown.js';
import { publicNames } from './public-names.js';

const pages = readPages();
const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

/** What is wrong with an affectome command line; undefined when nothing is. */
function problemOf(line: string): string | undefined {
  const words = line
    .replace(/^(npx )?affectome ?/, '')
    .split(/\s+/)
    .filter(Boolean);
  let command: Command = buildProgram();
  const flags: string[] = [];
  for (const word of words) {
    if (word.startsWith('-')) flags.push(word.split('=')[0]);
    const inner = flags.length === 0 && command.commands.find((candidate) => candidate.name() === word);
    if (inner) command = inner;
    else if (command.commands.length > 0 && flags.length === 0 && word !== 'COMMAND')
      return `no command ${word}`;
  }
  const known = new Set([...command.options.flatMap(({ long, short }) => [long, short]), '--help', '-h']);
  const unknown = flags.filter((flag) => !known.has(flag));
  return unknown.length > 0 ? `${command.name()} has no ${unknown.join(', ')}` : undefined;
}

describe('the pages', () => {
  it('cover every noun', () => {
    const nouns = [
      'stimuli',
      'trials',
      'judges',
      'judgments',
      'embedding',
      'interpretation',
      'report',
      'study',
    ];
    expect(nouns.filter((noun) => !existsSync(join(root, 'docs', `${noun}.md`)))).toEqual([]);
    const index = relativeLinks(pages.find(({ path }) => path === 'docs/index.md')!.text).map(
      ({ path }) => path,
    );
    const unlisted = pages
      .map(({ path }) => path)
      .filter((path) => path.startsWith('docs/') && path !== 'docs/index.md');
    expect(unlisted.filter((path) => !index.includes(path.replace('docs/', '')))).toEqual([]);
  });

  for (const { path, text } of pages) {
    it(`${path}: affectome commands and flags exist`, () => {
      const lines = commandLines(text).filter((line) => /^(npx )?affectome/.test(line));
      expect(
        lines.map((line) => [line, problemOf(line)]).filter(([, problem]) => problem !== undefined),
      ).toEqual([]);
    });

    it(`${path}: npm scripts and tools exist`, () => {
      const lines = commandLines(text);
      const named = lines.flatMap((line) => [...line.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name));
      if (lines.some((line) => line.startsWith('npm test'))) named.push('test');
      expect(named.filter((name) => !(name in scripts))).toEqual([]);
      const tools = lines.flatMap((line) =>
        [...line.matchAll(/node (tools\/[\w.-]+)/g)].map(([, name]) => name),
      );
      expect(tools.filter((name) => !existsSync(join(root, name)))).toEqual([]);
    });

    it(`${path}: links lead somewhere`, () => {
      const broken = relativeLinks(text).filter(({ path: target, anchor }) => {
        const file = target === '' ? path : normalize(join(dirname(path), target));
        if (!existsSync(join(root, file))) return true;
        return anchor !== undefined && !anchors(readFileSync(join(root, file), 'utf8')).includes(anchor);
      });
      expect(broken).toEqual([]);
    });
  }

  it('name only what is exported under "From code"', () => {
    const known = new Set(Object.values(publicNames).join(' ').split(/\s+/));
    for (const { path, text } of pages) {
      const section = /^## From code\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(text)?.[1];
      if (section === undefined || !path.startsWith('docs/')) continue;
      const names = [...section.matchAll(/`([a-z][A-Za-z]+)(?:\(|`)/g)].map(([, name]) => name);
      expect(names.length, path).toBeGreaterThan(0);
      expect(
        names.filter((name) => !known.has(name) && name !== 'answer'),
        path,
      ).toEqual([]);
    }
  });

  it('have option tables that are current (else run: node tools/write-option-tables.mjs)', () => {
    const output = execFileSync(process.execPath, ['tools/write-option-tables.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(output).toBe('');
  });

  it('show a study.yaml that is valid', () => {
    const whole = pages
      .flatMap(({ text }) => fences(text, 'yaml'))
      .filter((text) => text.startsWith('name:'));
    expect(whole.length).toBeGreaterThan(0);
    for (const text of whole) expect(() => parseConfiguration(text, 'study.yaml')).not.toThrow();
  });

  it('give the numbers of the built-in study as they are', async () => {
    const steps = await planStudy(await openStudy(join(root, 'examples/emoji')));
    const sample = steps.find(({ id }) => id === 'sample')!;
    const nTrials = sample.estimate.nTrials!.toLocaleString('en-US');
    const nStimuli =
      readFileSync(join(root, 'examples/emoji/stimuli.tsv'), 'utf8').trim().split('\n').length - 1;
    const readme = pages[0].text.replaceAll('\n', ' ');
    expect(readme).toContain(`answer ${nTrials} trials each about ${nStimuli} emoji`);
  });

  it('are set off against what is not said: the checks can fail', () => {
    expect(problemOf('affectome judge --judge words')).toBeUndefined();
    expect(problemOf('npx affectome import ratings FILE --study X --name Y')).toBeUndefined();
    expect(problemOf('affectome jugde')).toBe('no command jugde');
    expect(problemOf('affectome import pictures FILE')).toBe('no command pictures');
    expect(problemOf('affectome run --fast')).toBe('run has no --fast');
    expect(
      commandLines('Use `affectome run --json`, `npm test`\n```sh\nnpx affectome run # all\n```\n'),
    ).toEqual(['npx affectome run', 'affectome run --json', 'npm test']);
    expect(relativeLinks('[a](b.md#c-d) [e](https://f.org)')).toEqual([{ path: 'b.md', anchor: 'c-d' }]);
    expect(anchors('## What is `minimised`?\n')).toEqual(['what-is-minimised']);
  });
});
