import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBrainDemo } from '#dist/pipeline/brain/demo/study.js';
import { affectome } from './affectome.js';

interface Told {
  readonly steps: readonly { readonly id: string; readonly state: string }[];
  readonly results: {
    readonly regions: readonly { readonly name: string; readonly planted: string; readonly winner: string }[];
    readonly quiet: { readonly share: number };
    readonly planted: { readonly share: number };
    readonly report: string;
  };
}

describe('affectome brain demo', () => {
  let folder = '';
  const run = async (words: readonly string[]): Promise<Told> => {
    const { code, stdout, stderr } = await affectome([...words, '--json', '--quiet']);
    expect([code, stderr.includes('Error')]).toEqual([0, false]);
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'affectome-brain-demo-'));
    await writeBrainDemo(folder, { nSubjects: 3, nStimuli: 45, nRuns: 3, epochs: 30 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('finds what was planted, and nothing where nothing was', { timeout: 120_000 }, async () => {
    const { steps, results } = await run(['brain', 'demo', '--dir', folder, '--no-open']);
    expect(steps.map(({ id }) => id)).toContain('brain/maps');
    for (const { planted, winner, name } of results.regions) {
      const right = planted === 'feelings' || planted === 'looks' ? planted : 'neither';
      expect([name, winner]).toEqual([name, right]);
    }
    expect(results.planted.share).toBeGreaterThan(0.5);
    expect(results.quiet.share).toBeLessThan(0.1);
    const page = await readFile(results.report, 'utf8');
    const wanted = [
      '<section id="brain">',
      'brain-regions-encoding-areas',
      'With 3 subjects t-tests have little power',
    ];
    expect(wanted.filter((text) => !page.includes(text))).toEqual([]);
    expect(/>\s*NaN/.test(page)).toBe(false);
    const methods = await readFile(join(folder, 'report/methods.md'), 'utf8');
    const said = [
      'two-tailed one-sample and paired t-tests and by sign flips',
      'q < 0.05 by t-tests, with the false discovery rate of Benjamini and Hochberg (1995) over regions',
      'Regions (areas): 5 maps of each subject averaged',
      'by inclusion and exclusion of held-out R2',
      'The reliability of each of 45 stimuli',
      'Weights of features are those of a fit to all stimuli',
      'The same tests were made in each of',
    ];
    expect(said.filter((text) => !methods.includes(text))).toEqual([]);
  });

  it('leaves nothing to do', { timeout: 60_000 }, async () => {
    const { steps } = await run(['run', '--study', folder]);
    expect(steps.filter(({ state }) => state !== 'up to date')).toEqual([]);
    const { stdout } = await affectome(['run', '--study', folder, '--dry-run']);
    const lines = stdout.split('\n').filter((line) => /^\S .*: /.test(line));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => !line.endsWith('up to date'))).toEqual([]);
  });
});
