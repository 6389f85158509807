import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A page that people read, by its path in the repository. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

export function readPages(): Page[] {
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  const paths = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'examples/emoji/README.md',
    ...docs.map((name) => `docs/${name}`),
  ];
  return paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The contents of fenced blocks in one language. */
export function fences(text: string, language: string): string[] {
  return [...text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)]
    .filter(([, name]) => name === language)
    .map(([, , code]) => code);
}

const withoutFences = (text: string): string => text.replace(/^```[\s\S]*?^```$/gm, '');

/** Command lines: those of sh blocks, without comments, and inline code that begins like one. */
export function commandLines(text: string): string[] {
  const inBlocks = fences(text, 'sh').flatMap((code) => code.split('\n'));
  const inline = [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
  const isCommand = (line: string) =>
    /^(npx affectome|affectome|npm (run|test|ci)|node tools\/)(\s|$|[a-z-]*\.mjs)/.test(line);
  return [...inBlocks, ...inline].map((line) => line.replace(/\s+#.*$/, '').trim()).filter(isCommand);
}

/** Links and pictures that lead into the repository: path and anchor. */
export function relativeLinks(text: string): { path: string; anchor?: string }[] {
  const targets = [...withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => target.split('#'))
    .map(([path, anchor]) => ({ path, ...(anchor !== undefined && { anchor }) }));
}

/** Anchors of the headings, as GitHub makes them. */
export function anchors(text: string): string[] {
  return [...withoutFences(text).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
