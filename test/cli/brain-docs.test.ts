import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBrainDemo } from '#dist/pipeline/brain/demo/study.js';
import { affectome } from './affectome.js';

const page = fileURLToPath(new URL('../../docs/brain.md', import.meta.url));

/** The commands of the page, with the rating tables of the made-up study for its judges. */
async function commandsOfPage(): Promise<string[]> {
  const text = await readFile(page, 'utf8');
  const code = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, lines]) => lines);
  return code
    .join('')
    .trim()
    .split('\n')
    .map((line) =>
      line
        .replaceAll('people', 'feelings')
        .replaceAll('words', 'looks')
        .replace('--radius 3', '--radius 1.5'),
    )
    .map((line) => line.replace('1e-3:1e3:100', '1e-1:1e3:5').replace('5x6', '3x3'));
}

describe('the way that docs/brain.md walks', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'affectome-brain-docs-'));
    await writeBrainDemo(folder, { nSubjects: 2, nStimuli: 36, nRuns: 2 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('works, line by line', { timeout: 300_000 }, async () => {
    const commands = await commandsOfPage();
    expect(commands.length).toBeGreaterThan(8);
    for (const command of commands) {
      const { code, stderr } = await affectome(
        [...command.replaceAll("'", '').split(/\s+/).slice(1), '--quiet'],
        {
          cwd: folder,
        },
      );
      expect([command, stderr, code]).toEqual([command, '', 0]);
    }
    const { pairs } = JSON.parse(await readFile(join(folder, 'brain/compare/areas.json'), 'utf8'));
    expect(pairs.length).toBeGreaterThan(2);
  });
});
