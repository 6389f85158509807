import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { align, alignmentOptions, alignSubsets, vectorAgreement } from '#dist/geometry/index.js';
import { keyOf, pearson, split } from '#dist/numerics/index.js';
import { makeTinyStudy } from '../pipeline/tiny-study.js';
import { affectome } from './affectome.js';

const search = 'distanceProfiles: 1, annealed: 0, randomRestarts: 1, maxIterations: 60, seed: 6';
const systems = `compare:
  samples: 20
  permutations: 20
  rsms: { lab: { file: lab.csv } }
projection: { tsne: { iterations: 30, exaggeratedIterations: 10, perplexity: 5 }, neighbours: 4 }
graph: { runs: 3 }
consistency: { samples: 20, splits: 3 }
`;
const section = (more: string) =>
  `align: { pairs: [[emotions-ratings, others-ratings], [people, lab]], ${search}, ks: [1, 3], ${more} }\n`;

const labIds = Array.from({ length: 21 }, (_, i) =>
  i < 20 ? `s${String(20 - i).padStart(3, '0')}` : 'stranger',
);
const labValue = (i: number, j: number) => (i === j ? 0 : 1 + ((i * 7 + j * 7 + i * j) % 11) / 10);

type Rows = readonly (readonly string[])[];

describe('rating tables and RSM files, aligned with the subsets on which they agree', () => {
  let folder = '';
  let aligned = { code: null as number | null, stdout: '', stderr: '' };
  const table = async (path: string): Promise<Rows> =>
    (await readFile(join(folder, path), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
  const values = (rows: Rows) => rows.slice(1).map((row) => row.slice(1).map(Number));
  const inStudy = (...words: string[]) => affectome([...words, '--study', folder]);
  const setSection = async (more: string) => {
    const file = join(folder, 'study.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/^align: .*\n/m, '') + section(more));
  };

  beforeAll(async () => {
    folder = await makeTinyStudy({ more: systems });
    const rated = await table('ratings/emotions.tsv');
    const other = rated.map((row, r) =>
      r === 0
        ? row
        : [
            row[0],
            ...row.slice(1).map((cell, c) => String(Math.abs(Number(cell) - ((r * (c + 3)) % 7) / 20))),
          ],
    );
    await writeFile(join(folder, 'ratings/others.tsv'), other.map((row) => row.join('\t')).join('\n'));
    await writeFile(
      join(folder, 'lab.csv'),
      [
        ['id', ...labIds],
        ...labIds.map((id, i) => [id, ...labIds.map((_, j) => (i + j === 1 ? 'n/a' : labValue(i, j)))]),
      ]
        .map((row) => row.join(','))
        .join('\n'),
    );
    const file = join(folder, 'study.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replace(
        'trials:',
        '  others: { table: ratings/others.tsv, kind: category, min: 0, max: 1 }\ntrials:',
      ),
    );
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('compare says how many pairs a system does not know', async () => {
    const { stdout, stderr, code } = await inStudy('run');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain(
      'left out 1 of the 190 pairs of stimuli, which some system does not know; 189 are compared',
    );
    expect((await inStudy('compare')).stdout).toMatch(
      /people and words: rho .* \(20 stimuli, 1 pair unknown\)/,
    );
    const [header, first] = await table('geometry/rsa.tsv');
    expect([first[header.indexOf('n_pairs')], first[header.indexOf('n_unknown_pairs')]]).toEqual([
      '189',
      '1',
    ]);
    expect(await readFile(join(folder, 'report/methods.md'), 'utf8')).toContain(
      '1 pair that a system does not know',
    );
  });

  it('give the numbers of the library, with a null that chooses the subset anew', async () => {
    await writeFile(
      join(folder, 'lab.csv'),
      [['id', ...labIds], ...labIds.map((id, i) => [id, ...labIds.map((_, j) => labValue(i, j))])]
        .map((row) => row.join(','))
        .join('\n'),
    );
    await setSection('shuffles: 3, top: [8, 99]');
    await inStudy('compare', '--quiet');
    aligned = await inStudy('align');
    expect(aligned.code, aligned.stderr).toBe(0);
    expect(aligned.stdout).toContain('no subset of the 99 stimuli on which both agree best: there are 24');
    const [a, b] = [values(await table('ratings/emotions.tsv')), values(await table('ratings/others.tsv'))];
    const side = (rows: number[][]) => ({
      kind: 'vectors' as const,
      vectors: { nRows: 24, nColumns: 4, data: Float64Array.from(rows.flat()) },
      distance: 'cosine' as const,
    });
    const options = alignmentOptions.parse({
      distanceProfiles: 1,
      annealed: 0,
      randomRestarts: 1,
      maxIterations: 60,
      seed: 6,
    });
    const [expected] = await alignSubsets(side(a), side(b), {
      sizes: [8],
      agreement: vectorAgreement(side(a), side(b)),
      ks: [1],
      key: split(keyOf(6), 'subsets'),
      search: (problem, key) => align(problem, options, { key }),
      nShuffles: 3,
    });
    const record = JSON.parse(
      await readFile(join(folder, 'geometry/align/emotions-ratings~others-ratings/alignment.json'), 'utf8'),
    );
    expect(record.agreementOf).toBe('Pearson r over 4 scales between both ratings of a stimulus');
    const [subset] = record.subsets;
    expect(subset.item).toEqual(JSON.parse(JSON.stringify(expected.item[0])));
    expect(subset.shuffled.item.p).toBe(expected.shuffled!.item.p);
    expect(subset.shuffled.item.largest).toBe(Math.max(...expected.shuffled!.item.values));
    const best = a.map((row, i) => pearson(row, b[i])).sort((r, s) => s - r);
    const mean = best.slice(0, 8).reduce((sum, r) => sum + r, 0) / 8;
    expect(subset.meanAgreement).toBeCloseTo(mean, 10);
    expect(subset.gap.isComparable).toBe(true);
  });

  it('stand in the tables, the text and the report beside chance and their null', async () => {
    const [header, ...rows] = await table('geometry/align/emotions-ratings~others-ratings/matching.tsv');
    expect(rows.map((row) => row.slice(0, 3).join(' '))).toEqual([
      ...['all item 1', 'all item 3', 'all category 1', 'all category 3', 'top 8 item 1', 'top 8 category 1'],
    ]);
    const top = rows[4];
    const cell = (name: string) => Number(top[header.indexOf(name)]);
    expect(cell('chance')).toBeCloseTo(1 / 8, 12);
    expect([cell('n_shuffles'), cell('n')]).toEqual([3, 8]);
    expect([0.25, 0.5, 0.75, 1]).toContain(cell('null_p'));
    const [trialHeader, ...trials] = await table('geometry/align/people~lab/trials.tsv');
    for (const row of trials) expect(['yes', 'no']).toContain(row[trialHeader.indexOf('converged')]);
    expect(aligned.stdout).toMatch(
      / {2}top 8 by agreement: the same stimulus [\d.]+ % .*\(chance 12\.5 %; chosen from shuffled stimuli [\d.]+ %, p = \.?\d+\), the same category/,
    );
    expect(aligned.stdout).toMatch(/optimiser gap \S+, -?[\d.]+ % of the loss of a plan that says nothing/);
    expect((await inStudy('report', '--quiet')).code).toBe(0);
    const methods = await readFile(join(folder, 'report/methods.md'), 'utf8');
    expect(methods).toMatch(/top 8 the same stimulus for [^;]*\(chance 12\.5%; null /);
    expect(methods).toContain('The null shuffles the stimuli, chooses those that then agree best');
    const tables = await table('report/tables/alignment.tsv');
    const row = tables.find((one) => one[2] === 'top 8')!;
    for (const name of ['null_mean', 'null_p', 'relative_gap'])
      expect(Number.isFinite(Number(row[tables[0].indexOf(name)]))).toBe(true);
  });

  it('take an RSM in a file as it is, on the stimuli that both have', async () => {
    const record = JSON.parse(
      await readFile(join(folder, 'geometry/align/people~lab/alignment.json'), 'utf8'),
    );
    expect(record).toMatchObject({ nStimuli: 20, distance: 'RDMs as given' });
    expect(record.stimulusIds).toEqual(
      Array.from({ length: 20 }, (_, i) => `s${String(i + 1).padStart(3, '0')}`),
    );
    expect(record.agreementOf).toBe('Pearson r between the rows of both RDMs that belong to a stimulus');
    expect(record.subsets).toHaveLength(1);
    expect(aligned.stdout).toContain('left out 4 stimuli of people, which the other lacks; 20 are aligned');
  });

  it('without a null say that a choice by agreement alone gives more than chance', async () => {
    await setSection('top: [8]');
    const { stdout } = await inStudy('align');
    expect(stdout).toMatch(/top 8 by agreement: the same stimulus [\d.]+ % \[.*\] \(chance 12\.5 %\)/);
    expect(stdout).toContain(
      '(these stimuli were chosen because both agree on them, which alone gives more than chance',
    );
    await inStudy('report', '--quiet');
    expect(await readFile(join(folder, 'report/methods.md'), 'utf8')).toContain('no null was computed');
  });
});

it('import ratings without the range of its scales names the flags', async () => {
  const folder = await makeTinyStudy();
  const file = join(folder, 'new.tsv');
  await writeFile(file, await readFile(join(folder, 'ratings/emotions.tsv')));
  const { code, stderr } = await affectome(['import', 'ratings', file, '--name', 'new', '--study', folder]);
  expect(code).toBe(1);
  expect(stderr).toContain('(at import: --kind, --min and --max)');
  await rm(folder, { recursive: true, force: true });
});
