import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatNpy, parseNpy } from '#dist/formats/index.js';
import {
  affectGraph,
  alignMap,
  alignmentProblem,
  behaviouralConsistency,
  graphOptions,
  linearCka,
  matchRsms,
  procrustes,
  project,
  projectionOptions,
  type Rsm,
  rsa,
  rsmOfEmbedding,
  rsmOfFeatures,
} from '#dist/geometry/index.js';
import { keyOf, split } from '#dist/numerics/index.js';
import {
  readCategoryFile,
  readFileSystems,
  rsmsOfFiles,
  sideOfFile,
} from '#dist/pipeline/geometry/outside.js';
import { sharedSides } from '#dist/pipeline/geometry/sides.js';
import { planSteps, planStudy, runSteps, type Stage } from '#dist/pipeline/index.js';
import { openStudy } from '#dist/study/index.js';
import { makeTinyStudy } from '../pipeline/tiny-study.js';
import { affectome } from './affectome.js';

const more = `compare:
  samples: 40
  permutations: 60
  seed: 4
  rsms: { lab: { file: lab.csv } }
projection: { tsne: { iterations: 60, exaggeratedIterations: 20, perplexity: 5 }, neighbours: 4 }
graph: { runs: 7, threshold: 0.1 }
consistency: { reference: words, samples: 30, splits: 5, seed: 3, families: { Lexical: [people] } }
`;

/** An RDM of 20 of the 24 stimuli, in another order and with an id that the study lacks. */
const labIds = [...Array.from({ length: 20 }, (_, i) => `s${String(20 - i).padStart(3, '0')}`), 'stranger'];
const labValue = (i: number, j: number) => (i === j ? 0 : 1 + ((i * 7 + j * 7 + i * j) % 11) / 10);
const csv = (ids: readonly string[], value: (i: number, j: number) => number | string) =>
  [['id', ...ids], ...ids.map((id, i) => [id, ...ids.map((_, j) => value(i, j))])]
    .map((row) => row.join(','))
    .join('\n');

async function study(extra = more): Promise<string> {
  const folder = await makeTinyStudy({ more: extra });
  await writeFile(join(folder, 'lab.csv'), csv(labIds, labValue));
  return folder;
}

/** Runs one stage anew in this process; the notes of its steps. */
async function runStage(folder: string, stage: Stage): Promise<string[]> {
  const opened = await openStudy(folder);
  const steps = (await planStudy(opened)).filter((step) => step.stage === stage);
  const notes: string[] = [];
  for await (const event of runSteps(opened, steps, { force: true }))
    if (event.kind === 'note') notes.push(event.text);
  return notes;
}

describe('geometry of a study', () => {
  let folder = '';
  let run: { code: number | null; stdout: string; stderr: string };
  beforeAll(async () => {
    folder = await study();
    run = await affectome(['run', '--study', folder, '--quiet']);
  }, 60_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const json = async (...words: string[]) => {
    const { code, stdout, stderr } = await affectome([...words, '--study', folder, '--json', '--quiet']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    return JSON.parse(stdout);
  };
  const bytes = (path: string) => readFile(join(folder, path));
  const array = async (path: string) => parseNpy(await bytes(path), path);
  const embedding = async (judge: string) => {
    const { shape, data } = await array(`embeddings/${judge}/weights.npy`);
    return { nStimuli: shape[0], nComponents: shape[1], weights: data as Float32Array };
  };
  const matrix = ({ nStimuli, nComponents, weights }: Awaited<ReturnType<typeof embedding>>) => ({
    nRows: nStimuli,
    nColumns: nComponents,
    data: weights,
  });
  const table = async (path: string) =>
    (await readFile(join(folder, path), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));

  it('run tells in words how alike geometries are, and makes no alignment unasked', async () => {
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(
      /people and words (hardly )?agree[a-z ]* on what is alike: RSA rho = -?\.\d\d/,
    );
    expect(run.stdout).toMatch(/consistency with words on new trials, corrected for noise: people /);
    expect(await readdir(join(folder, 'geometry'))).not.toContain('align');
    const page = await readFile(join(folder, 'report/index.html'), 'utf8');
    expect(page).toContain('Comparing geometries');
    expect(page).toContain('Lexical: people');
    expect(await readFile(join(folder, 'report/methods.md'), 'utf8')).toMatch(
      /## Comparing geometries\n\nRepresentational similarity analysis compared “people” \(choice probabilities\)/,
    );
  });

  it('compare gives the numbers of the library', async () => {
    const { results } = await json('compare');
    const { comparison } = results;
    expect(comparison.systems).toEqual(['people', 'words', 'emotions-ratings', 'lab']);
    expect(comparison.nStimuli).toBe(20);
    const ids = (await table('stimuli.tsv')).slice(1).map(([id]) => id);
    const about = (name: string) => ({ name, stimulusIds: ids });
    const people = await embedding('people');
    const words = await embedding('words');
    const rows = (await table('ratings/emotions.tsv')).slice(1);
    const ratings = {
      nRows: 24,
      nColumns: 4,
      data: Float64Array.from(rows.flatMap((r) => r.slice(1).map(Number))),
    };
    const lab: Rsm = {
      name: 'lab',
      kind: 'dissimilarity',
      stimulusIds: labIds,
      nStimuli: 21,
      values: Float64Array.from({ length: 441 }, (_, at) => labValue(Math.floor(at / 21), at % 21)),
    };
    const systems = [
      rsmOfEmbedding(people, { ...about('people'), measure: 'choice' }),
      rsmOfEmbedding(words, { ...about('words'), measure: 'choice' }),
      rsmOfFeatures(ratings, { ...about('emotions-ratings'), measure: 'cosine' }),
      lab,
    ];
    const expected = rsa(systems, { samples: 40, permutations: 60, key: split(keyOf(4), 'compare') });
    expect(comparison.comparisons).toEqual(JSON.parse(JSON.stringify(expected.comparisons)));
    const take = (data: ReturnType<typeof matrix>) => ({
      ...data,
      nRows: 20,
      data: data.data.slice(0, 20 * data.nColumns),
    });
    const pair = comparison.features.find(
      ({ a, b }: { a: string; b: string }) => a === 'people' && b === 'words',
    );
    expect(pair.cka).toBeCloseTo(linearCka(take(matrix(people)), take(matrix(words))), 12);
    expect(pair.procrustes).toBeCloseTo(procrustes(take(matrix(people)), take(matrix(words))).disparity, 12);
    const rsm = await array('geometry/rsm/people.npy');
    expect(rsm.data).toEqual(systems[0].values);
    const sidecar = JSON.parse((await bytes('geometry/rsm/lab.json')).toString());
    expect(sidecar).toMatchObject({ kind: 'dissimilarity', shape: [21, 21] });
    expect(sidecar.axes[0].labels).toEqual(labIds);
    const [header, first] = await table('geometry/rsa.tsv');
    expect(header).toContain('cka');
    expect(Number(first[header.indexOf('value')])).toBe(expected.comparisons[0].value);
  });

  it('compare says what was left out, and why', async () => {
    const notes = (await runStage(folder, 'compare')).join('\n');
    expect(notes).toContain(
      'left out 4 of the stimuli of people, which another system lacks (s021, s022, s023, ...)',
    );
    expect(notes).toContain('left out 1 of the stimuli of lab, which another system lacks (stranger)');
  });

  it('project gives the maps of the library, the second turned onto the first', async () => {
    const { results } = await json('project');
    expect(results.map(({ judge }: { judge: string }) => judge)).toEqual(['people', 'words']);
    const options = projectionOptions.parse({
      tsne: { iterations: 60, exaggeratedIterations: 20, perplexity: 5 },
    });
    const mapOf = async (judge: string) => {
      const steps = project(matrix(await embedding(judge)), options);
      for (;;) {
        const { done, value } = steps.next();
        if (done) return value;
      }
    };
    const [first, second] = [await mapOf('people'), await mapOf('words')];
    const positions = async (judge: string) =>
      (await table(`geometry/projection/${judge}.tsv`))
        .slice(1)
        .flatMap(([, x, y]) => [Number(x), Number(y)]);
    expect(await positions('people')).toEqual(Array.from(first.positions));
    expect(await positions('words')).toEqual(Array.from(alignMap(second, first).positions));
    expect(results[1].alignedTo.judge).toBe('people');
    expect(results[0].quality.k).toBe(4);
  });

  it('graph gives the graph of the library', async () => {
    const { results } = await json('graph');
    const [{ edges, partition, pageRank }] = results.graphs;
    const { components } = JSON.parse((await bytes('interpretation/people/interpretation.json')).toString());
    const options = graphOptions.parse({ runs: 7, threshold: 0.1 });
    const expected = affectGraph(await embedding('people'), components, options);
    expect(edges).toEqual(expected.graph.edges);
    expect(partition.communityOf).toEqual(Array.from(expected.partition.communityOf));
    expect(pageRank).toEqual(Array.from(expected.pageRank));
    expect(await table('geometry/graph/people.edges.tsv')).toHaveLength(1 + edges.length);
    const [header, ...nodes] = await table('geometry/graph/people.nodes.tsv');
    expect(header.slice(0, 3)).toEqual(['component', 'label', 'community']);
    expect(nodes.map((row) => Number(row[4]))).toEqual(Array.from(expected.pageRank));
    expect(results.overlap.terms.sets.map(({ name }: { name: string }) => name)).toEqual(['people', 'words']);
  });

  it('consistency gives the numbers of the library', async () => {
    const { results } = await json('consistency');
    const nStimuli = 24;
    const triplets = (await array('trials/validation.triplets.npy')).data as Uint32Array;
    const shownOrder = (await array('trials/validation.order.npy')).data as Uint8Array;
    const trials = { nStimuli, nTrials: shownOrder.length, triplets, shownOrder };
    const judged = await Promise.all(
      ['people', 'words'].map(async (name) => ({
        name,
        trials,
        judgments: {
          nTrials: trials.nTrials,
          choice: (await array(`judgments/${name}/validation.choice.npy`)).data as Uint8Array,
          outcome: (await array(`judgments/${name}/validation.outcome.npy`)).data as Uint8Array,
          nTies: 0,
        },
      })),
    );
    const expected = behaviouralConsistency(
      judged as unknown as Parameters<typeof behaviouralConsistency>[0],
      {
        stimuli: (await array('trials/prototypes.npy')).data as Uint32Array,
        splits: 5,
        samples: 30,
        key: split(keyOf(3), 'consistency'),
      },
    );
    expect(results.reference).toBe('words');
    expect(results.comparisons).toEqual(JSON.parse(JSON.stringify(expected.comparisons)));
  });

  it('align works without a section in study.yaml, writes plan and tables, and --judge restricts', async () => {
    const planned = await planStudy(await openStudy(folder), { align: true });
    expect(planned.find(({ stage }) => stage === 'align')?.estimate.work).toBe('14 trials');
    const { results } = await json('align', '--judge', 'people', 'words');
    expect(results).toHaveLength(1);
    const [{ item, category, gap, trials, best, loss }] = results;
    expect(trials).toHaveLength(14);
    expect(loss).toBe(trials[best].loss);
    expect(gap).toMatchObject({ lossFound: loss, isComparable: true });
    const plan = await array('geometry/align/people~words/plan.npy');
    expect(plan.shape).toEqual([24, 24]);
    const data = plan.data as Float64Array;
    const right = Array.from({ length: 24 }, (_, i) => {
      const row = Array.from(data.subarray(24 * i, 24 * i + 24));
      return row[i] === Math.max(...row) && row.filter((mass) => mass === row[i]).length === 1 ? 1 : 0;
    });
    expect(item[0].rate.value).toBeCloseTo(right.reduce((a: number, b) => a + b, 0) / 24, 12);
    expect(category[0].chance).toBeGreaterThan(0.15);
    const rows = await table('geometry/align/people~words/matching.tsv');
    expect(rows.slice(1).map((row) => row.slice(0, 3).join(' '))).toEqual([
      'all item 1',
      'all item 3',
      'all item 5',
      'all category 1',
      'all category 3',
      'all category 5',
    ]);
  });

  it('run tells about the alignments that align made, as the report does', async () => {
    const { stdout, code } = await affectome(['run', '--study', folder]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /without names, the geometry of people finds the same stimulus in words for [\d.]+ %/,
    );
    expect((await json('run')).results.geometry.alignments).toHaveLength(1);
  });

  it('the report shows an alignment that is there, and says why it leaves one out', async () => {
    const figure = join(folder, 'report/figures/alignment-plans.svg');
    expect(await runStage(folder, 'report')).toEqual([]);
    await expect(readFile(figure, 'utf8')).resolves.toContain('<svg');
    expect(await readFile(join(folder, 'report/methods.md'), 'utf8')).toMatch(/Gromov/);
    const plan = join(folder, 'geometry/align/people~words/plan.npy');
    const bytes = await readFile(plan);
    await writeFile(plan, new Uint8Array(bytes.length));
    const [note] = await runStage(folder, 'report');
    expect(note).toMatch(/^left out the alignment of people and words: .*plan\.npy is not what was written/);
    expect(await readFile(join(folder, 'report/methods.md'), 'utf8')).not.toMatch(/Gromov/);
    await writeFile(plan, bytes);
  });

  it('--judge makes the parts of that judge, and what needs all waits', async () => {
    const { steps } = await json('compare', '--judge', 'words');
    expect(steps.map(({ id }: { id: string }) => id)).toEqual(['rsm/words']);
    const graph = await json('graph', '--judge', 'words');
    expect(graph.steps.map(({ id }: { id: string }) => id)).toEqual(['graph/words']);
    expect(graph.results.overlap).toBeNull();
    const { code, stderr } = await affectome(['align', '--study', folder, '--judge', 'words']);
    expect(code).toBe(1);
    expect(stderr).toContain('There is one judge, words; an alignment needs two.');
  });

  it('runs again only what changed', async () => {
    const file = join(folder, 'study.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('permutations: 60', 'permutations: 61'));
    const opened = await openStudy(folder);
    const planned = await planSteps(opened, await planStudy(opened), { force: false });
    const stale = planned.filter(({ state }) => state !== 'current');
    expect(stale.map(({ step }) => step.id)).toEqual(['rsa', 'report']);
    await writeFile(file, text);
  });

  it.each([
    [
      'align: { pairs: [[people, nobody]] }',
      /study\.yaml:\d+:\d+ "align\.pairs\.0": There is no system "nobody"\./,
    ],
    ['align: { pairs: [[people, people]] }', /"people" cannot be aligned with itself/],
  ])('%s is an error with its line', async (section, message) => {
    const file = join(folder, 'study.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, `${text}${section}\n`);
    await expect(openStudy(folder).then((opened) => planStudy(opened))).rejects.toThrow(message);
    await writeFile(file, text);
  });

  it.each([
    ['a file that is not symmetric', csv(labIds, (i, j) => i * 3 + j), /not symmetric/],
    [
      'ids of other stimuli',
      csv(
        labIds.map((id) => `x-${id}`),
        labValue,
      ),
      /0 shared stimuli; at least 3 are needed/,
    ],
    ['fewer than three shared stimuli', csv(['s001', 's002', 'a', 'b'], labValue), /2 shared stimuli/],
    ['rows that are not known', csv(labIds, (i, j) => (i > 1 && j > 1 ? 'n/a' : labValue(i, j))), null],
  ])('compare with %s', async (_, text, message) => {
    await writeFile(join(folder, 'lab.csv'), text);
    const compared = runStage(folder, 'compare');
    if (message) await expect(compared).rejects.toThrow(message);
    else await compared;
    await writeFile(join(folder, 'lab.csv'), csv(labIds, labValue));
  });
});

describe('a study with one judge, or without validation', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await makeTinyStudy({ more: 'compare: { ratings: [] }\n' });
    const file = join(folder, 'study.yaml');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/ {2}words: .*\n/, '').replace(/ {2}validation: .*\n/, ''));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['compare', /The study has one system, people; a comparison needs two\./],
    ['align', /There is one judge, people; an alignment needs two\./],
    ['consistency', /The study has no validation trials/],
  ])('%s says what it needs', async (command, message) => {
    const { code, stderr } = await affectome([command, '--study', folder]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('plans what one judge has', async () => {
    const ids = (await planStudy(await openStudy(folder))).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['rsm/people', 'projection/people', 'graph/people']));
    for (const id of ['rsa', 'graph-overlap', 'consistency']) expect(ids).not.toContain(id);
  });
});

describe('files without a study', () => {
  let folder = '';
  const ids = Array.from({ length: 12 }, (_, i) => `c${i + 1}`);
  const point = (i: number) => [Math.cos(i * 1.7) + i / 9, Math.sin(i * 2.3) * (1 + i / 5), (i * i) % 7];
  const tsv = (rows: readonly (readonly (string | number)[])[]) =>
    rows.map((row) => row.join('\t')).join('\n');
  const features = (order: readonly number[], skew = 0) =>
    tsv([
      ['stimulus_id', 'x', 'y', 'z'],
      ...order.map((i) => [ids[i], ...point(i).map((value, c) => value + skew * Math.sin(i + c))]),
    ]);
  const order = ids.map((_, i) => (5 * i) % 12);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'affectome-files-'));
    await writeFile(join(folder, 'a.tsv'), features([...ids.keys()]));
    await writeFile(join(folder, 'b.tsv'), features(order, 0.01));
    await writeFile(join(folder, 'few.tsv'), features([0, 1]));
    await writeFile(join(folder, 'few.npy'), formatNpy(Float64Array.of(1, 2, 3), [3]));
    await writeFile(join(folder, 'several.npz'), Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0));
    await writeFile(
      join(folder, 'rdm.csv'),
      csv(ids, (i, j) => Math.abs(i - j)),
    );
    const r = (i: number, j: number) => 1 - Math.abs(i - j) / 8;
    const rounding = Float64Array.from({ length: 144 }, (_, at) =>
      at % 13 === 0 ? 2.2e-16 * ((at % 3) - 1) : 1 - r(Math.floor(at / 12), at % 12),
    );
    await writeFile(join(folder, 'one-minus-r.npy'), formatNpy(rounding, [12, 12]));
    await writeFile(join(folder, 'r.csv'), csv(ids, r));
    await writeFile(join(folder, 'line.tsv'), tsv([['stimulus_id', 'x'], ...ids.map((id, i) => [id, i])]));
    await writeFile(
      join(folder, 'skew.csv'),
      csv(ids, (i, j) => i - 2 * j),
    );
    await writeFile(join(folder, 'gap.tsv'), features([...ids.keys()]).replace(/^c3\t[^\t]+/m, 'c3\tNaN'));
    await writeFile(
      join(folder, 'categories.tsv'),
      tsv([['stimulus_id', 'category'], ...ids.map((id, i) => [id, i % 3 === 0 ? 'a; b' : 'b'])]),
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const inFolder = (...words: string[]) => affectome(words, { cwd: folder });
  const short = ['--samples', '20', '--permutations', '20'];

  it('compare matches features and RDMs by id', async () => {
    const { code, stdout } = await inFolder(
      'compare',
      'a.tsv',
      'b.tsv',
      'rdm.csv',
      '--json',
      '--out',
      'found',
    );
    expect(code).toBe(0);
    const { results } = JSON.parse(stdout);
    const matrixOf = (name: string, order: readonly number[], skew: number) =>
      rsmOfFeatures(
        {
          nRows: 12,
          nColumns: 3,
          data: Float64Array.from(
            order.flatMap((i) => point(i).map((value, c) => value + skew * Math.sin(i + c))),
          ),
        },
        { name, stimulusIds: order.map((i) => ids[i]), measure: 'cosine' },
      );
    const rdm: Rsm = {
      name: 'rdm',
      kind: 'dissimilarity',
      stimulusIds: ids,
      nStimuli: 12,
      values: Float64Array.from({ length: 144 }, (_, at) => Math.abs(Math.floor(at / 12) - (at % 12))),
    };
    const expected = rsa([matrixOf('a', [...ids.keys()], 0), matrixOf('b', order, 0.01), rdm], {
      key: split(keyOf(1), 'compare'),
    });
    results.comparisons.forEach(({ value, mantel }: { value: number; mantel: { p: number } }, c: number) => {
      expect(value).toBeCloseTo(expected.comparisons[c].value, 10);
      expect(mantel.p).toBe(expected.comparisons[c].mantel!.p);
    });
    expect(results.comparisons[0].value).toBeGreaterThan(0.95);
    const cloud = (skew: number) => ({
      nRows: 12,
      nColumns: 3,
      data: Float64Array.from(ids.flatMap((_, i) => point(i).map((v, c) => v + skew * Math.sin(i + c)))),
    });
    expect(results.features).toHaveLength(1);
    expect(results.features[0]).toMatchObject({ a: 'a', b: 'b' });
    expect(results.features[0].cka).toBeCloseTo(linearCka(cloud(0), cloud(0.01)), 10);
    expect(results.features[0].procrustes).toBeCloseTo(procrustes(cloud(0), cloud(0.01)).disparity, 10);
    expect(await readFile(join(folder, 'found/rsa.tsv'), 'utf8')).toMatch(/^system_a\tsystem_b\tmeasure/);
  });

  it.each([
    [
      'auto',
      'one-minus-r: taken for an RDM (larger is less alike)',
      'r: taken for an RSM (larger is more alike)',
      '1.00',
    ],
    [
      'rdm',
      'one-minus-r: taken for an RDM (larger is less alike)',
      'r: taken for an RDM (larger is less alike)',
      '-1.00',
    ],
    [
      'rsm',
      'one-minus-r: taken for an RSM (larger is more alike)',
      'r: taken for an RSM (larger is more alike)',
      '-1.00',
    ],
  ])('1 - r as NumPy leaves it is an RDM, unless --as says otherwise: %s', async (as, first, second, rho) => {
    const { code, stdout } = await inFolder('compare', 'one-minus-r.npy', 'r.csv', ...short, '--as', as);
    expect(code).toBe(0);
    expect(stdout).toContain(`  ${first}, 12 stimuli\n  ${second}, 12 stimuli\n`);
    expect(stdout).toContain(`one-minus-r and r: rho ${rho}`);
  });

  it('an RDM and features on a line agree, in compare and in align', async () => {
    const words = ['one-minus-r.npy', 'line.tsv'];
    const { stdout } = await inFolder('compare', ...words, ...short, '--features', 'euclidean', '--json');
    const { results, takenFor } = JSON.parse(stdout);
    expect(takenFor).toEqual(['rdm', 'features']);
    expect(results.comparisons[0].value).toBeCloseTo(1, 12);
    const aligned = await inFolder('align', ...words, '--distance', 'squared-euclidean', '--restarts', '0');
    expect(aligned.stdout).toMatch(
      /one-minus-r: taken for an RDM \(.*\), 12 stimuli\n {2}line: taken for features, 12 stimuli x 1 feature\n/,
    );
  });

  it('align finds the stimuli of one cloud in another order', async () => {
    const { code, stdout } = await inFolder(
      ...['align', 'a.tsv', 'b.tsv', '--distance', 'squared-euclidean', '--categories', 'categories.tsv'],
      ...['--shuffles', '2', '--restarts', '2', '--json', '--out', 'plan'],
    );
    expect(code).toBe(0);
    const { results } = JSON.parse(stdout);
    expect(results.item[0].rate.value).toBeGreaterThan(0.6);
    expect(results.category[0].rate.value).toBe(1);
    expect(results.shuffled.nShuffles).toBe(2);
    const plan = parseNpy(await readFile(join(folder, 'plan/plan.npy')), 'plan.npy');
    expect(plan.shape).toEqual([12, 12]);
    expect((plan.data as Float64Array).reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 6);
  });

  it.each([
    [['compare', 'a.tsv'], /RSA got 1 system; it compares at least two[\s\S]*Name two or more/],
    [['align', 'a.tsv'], /1 file is named; an alignment needs two/],
    [['compare', 'a.tsv', 'several.npz'], /several\.npz[\s\S]*\(\.npz\)[\s\S]*np\.save/],
    [['compare', 'one-minus-r.npy', 'few.npy'], /12 stimuli, few 3[\s\S]*same order.*\.npy holds none/],
  ])('%j is an error that helps', async (words, message) => {
    const { code, stderr } = await inFolder(...words);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  const read = (...names: string[]) =>
    readFileSystems(
      names.map((name) => join(folder, name)),
      'auto',
    );

  it('other mistakes name the file and what helps', async () => {
    await expect(read('a.tsv', 'skew.csv')).rejects.toThrow(/skew\.csv.*not symmetric[\s\S]*--as features/);
    await expect(read('absent.npy')).rejects.toThrow(/absent\.npy/);
    const [a, few, gap] = await read('a.tsv', 'few.tsv', 'gap.tsv');
    expect(() => matchRsms(rsmsOfFiles([a, few], 'cosine'))).toThrow(
      /2 shared stimuli; at least 3 are needed/,
    );
    const side = (system: typeof a) => sideOfFile(system, 'cosine');
    expect(() => sharedSides(side(a), side(few))).toThrow(/a and few share 2 stimuli; at least 3 are needed/);
    const { b } = sharedSides(side(a), side(gap));
    expect(() => alignmentProblem(side(a).structure, b.structure)).toThrow(
      /holds NaN in row 3, column 1; every value must be finite/,
    );
    await expect(readCategoryFile(join(folder, 'a.tsv'), ids)).rejects.toThrow(/expected one named category/);
  });

  it('compare leaves out stimuli with unknown features, and says so', async () => {
    const { code, stdout } = await inFolder('compare', 'a.tsv', 'gap.tsv');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /left out 1 of the stimuli of gap, which some system knows nothing about \(c3\); 11 are compared/,
    );
  });
});
