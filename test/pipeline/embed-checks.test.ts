import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type EmbeddingOptions, embeddingOptions, sampleRandom, trainingSet } from '#dist/index.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { planStudy, runSteps } from '#dist/pipeline/index.js';
import { selectLambda } from '#dist/pipeline/select.js';
import { Artifacts } from '#dist/study/artifacts.js';
import { openStudy } from '#dist/study/study.js';
import { makeTinyStudy } from './tiny-study.js';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function tinyStudy(nStimuli: number, edits: readonly [string, string][]): Promise<string> {
  const folder = await makeTinyStudy({ nStimuli });
  folders.push(folder);
  const path = join(folder, 'study.yaml');
  let text = await readFile(path, 'utf8');
  for (const [from, to] of edits) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  await writeFile(path, text);
  return folder;
}

/** Runs everything; the ids of the steps that made progress. */
async function run(folder: string, worked: string[] = []): Promise<void> {
  const study = await openStudy(folder);
  for await (const { kind, step } of runSteps(study, await planStudy(study)))
    if (kind === 'progress') worked.push(step.id);
}

const small: [string, string][] = [
  ['  design: dyads\n  thirdsPerDyad: 4\n', '  design: all\n'],
  ['  validation: { from: emotions, perCategory: 2, thirdsPerDyad: 10 }\n', ''],
  ['  noiseCeiling: { trials: 30, repeats: 4 }\n', ''],
];

describe('too few trials to hold any out', () => {
  it.each([
    [3, /Of 1 training trial with a choice, a share of 0\.1 leaves none to evaluate.* Ask more trials/],
    [4, /Of 4 training trials .* Set embedding\.heldOut to at least 0\.25, or ask more trials/],
  ])('%i stimuli: said before any fit, at the line of the option', async (nStimuli, says) => {
    const folder = await tinyStudy(nStimuli, [...small, ['lambda: 0.002', 'lambda: 0.002, heldOut: 0.1']]);
    const worked: string[] = [];
    await expect(run(folder, worked)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(says),
      where: { field: 'embedding.heldOut', line: 11 },
    });
    expect(worked.filter((id) => id.startsWith('embed'))).toEqual([]);
  });

  it('four stimuli are enough with the share that it names', async () => {
    await run(await tinyStudy(4, [...small, ['lambda: 0.002', 'lambda: 0.002, heldOut: 0.25']]));
  });
});

describe('too many folds', () => {
  it('are an error of their line', async () => {
    const folder = await tinyStudy(4, [...small, ['lambda: 0.002', 'lambda: auto, heldOut: 0.25, folds: 9']]);
    await expect(run(folder)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(/2 to 3 folds for 3 trials, got 9/),
      where: { field: 'embedding.folds', line: 11 },
    });
  });

  it("are found among a judge's own options", async () => {
    const folder = await tinyStudy(4, [
      ...small,
      ['from: emotions }\n  words', 'from: emotions, embedding: { folds: 9 } }\n  words'],
      ['lambda: 0.002', 'lambda: auto, heldOut: 0.25'],
    ]);
    await expect(run(folder)).rejects.toMatchObject({
      code: 'config',
      where: { field: 'judges.people.embedding.folds', line: 9, column: 64 },
    });
  });
});

describe('lambda by cross-validation', () => {
  it('is tuned under the automatic batch size and learning rate of the fit of all trials', async () => {
    const random = new Random(keyOf(5));
    const trials = sampleRandom({ nStimuli: 12, nTrials: 90, key: keyOf(1) });
    const choice = Uint8Array.from({ length: 90 }, () => random.below(3));
    const training = trainingSet(trials, {
      nTrials: 90,
      choice,
      outcome: new Uint8Array(90),
      nTies: 0,
    });
    const select = async (settings: Partial<EmbeddingOptions>) => {
      const folder = await mkdtemp(join(tmpdir(), 'affectome-select-'));
      folders.push(folder);
      const options = embeddingOptions.parse({ components: 4, epochs: 6, folds: 2, lambdas: [0.001, 0.01] });
      return selectLambda('x', { ...options, ...settings }, training, {
        artifacts: new Artifacts(folder),
        nWorkers: 1,
        onProgress: () => undefined,
      } as unknown as Parameters<typeof selectLambda>[3]);
    };
    const automatic = await select({});
    // 90 trials: batches of 64, .024 sqrt(64 / 4096); a fold learns from 45.
    expect(automatic).toEqual(await select({ batchSize: 64, learningRate: 0.003 }));
    expect(automatic).not.toEqual(await select({ learningRate: 0.024 * Math.sqrt(45 / 4096) }));
  });
});

describe('a file outside the study folder', () => {
  it('is read, watched, and recorded as study.yaml names it', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'affectome-outside-'));
    folders.push(outside);
    const rows = Array.from(
      { length: 24 },
      (_, i) => `s${String(i + 1).padStart(3, '0')}\t${i % 4}\t${(i % 5) + 1}`,
    );
    await writeFile(join(outside, 'vectors.tsv'), `stimulus_id\ta\tb\n${rows.join('\n')}\n`);
    const from = `../${outside.split('/').at(-1)}/vectors.tsv`;
    const folder = await tinyStudy(24, [
      ['words: { kind: captions, method: tfidf }', `words: { kind: features, from: ${from} }`],
    ]);
    await run(folder);
    const { inputs } = JSON.parse(await readFile(join(folder, 'provenance/judge/words.json'), 'utf8'));
    expect(Object.keys(inputs)).toContain(from);
    expect(inputs[from].sha256).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(join(outside, 'vectors.tsv'), `stimulus_id\ta\tb\n${rows.reverse().join('\n')}\n`);
    const ran: string[] = [];
    const study = await openStudy(folder);
    for await (const { kind, step } of runSteps(study, await planStudy(study)))
      if (kind === 'finished') ran.push(step.id);
    expect(ran).toEqual(['judge/words']);
  });
});
