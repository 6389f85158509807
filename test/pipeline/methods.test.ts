import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storyLines } from '#dist/cli/findings-text.js';
import { parseNpy } from '#dist/formats/npy.js';
import { planSteps, planStudy, readFindings, runSteps } from '#dist/pipeline/index.js';
import { openStudy } from '#dist/study/study.js';
import { makeTinyStudy } from './tiny-study.js';

let folder = '';
beforeAll(async () => {
  folder = await makeTinyStudy({ runs: 3 });
  await edit('minPerCategory: 3', 'minPerCategory: 4, margin: 0.25, threshold: 0.05');
  await runAll();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function edit(from: string, to: string): Promise<void> {
  const path = join(folder, 'study.yaml');
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

async function runAll(): Promise<void> {
  const study = await openStudy(folder);
  for await (const _ of runSteps(study, await planStudy(study)));
}

const text = (name: string) => readFile(join(folder, name), 'utf8');

async function tripletsOf(set: string): Promise<string[]> {
  const { data } = parseNpy(await readFile(join(folder, `trials/${set}.triplets.npy`)));
  return Array.from({ length: data.length / 3 }, (_, t) =>
    Array.from(data.subarray(3 * t, 3 * t + 3) as Uint32Array)
      .sort((a, b) => a - b)
      .join(),
  );
}

describe('methods and captions of a study that was run', () => {
  it('count the training trials that are left out for the validation set', async () => {
    const validation = new Set(await tripletsOf('validation'));
    const training = await tripletsOf('training');
    const nLeftOut = training.filter((triplet) => validation.has(triplet)).length;
    expect(nLeftOut).toBeGreaterThan(0);
    const fit = JSON.parse(await text('embeddings/words/fit.json'));
    expect(fit.nLeftOut).toBe(nLeftOut);
    expect(fit.nTraining + fit.nHeldOut + nLeftOut).toBe(training.length);
    const nUsed = (training.length - nLeftOut).toLocaleString('en-US');
    const methods = await text('report/methods.md');
    expect(methods).toContain(
      `Of the 1,104 answered training trials, ${nLeftOut} that ask a validation triplet were left out; of the other ${nUsed}, 10.0% were held out (${fit.nTraining} for training, ${fit.nHeldOut} held out).`,
    );
    const asked = `${nLeftOut} answered training trials of each judge ask a triplet of the validation set, and were neither learned from nor held out.`;
    expect(methods).toContain(asked);
    expect(
      (await text('report/index.html')).split('What was asked</h2>')[1].split('</section>')[0],
    ).toContain(asked);
    const [header, row] = (await text('report/tables/evaluation.tsv'))
      .split('\n')
      .map((line) => line.split('\t'));
    expect(row[header.indexOf('n_left_out')]).toBe(String(nLeftOut));
  });

  it('state margin, threshold and the smallest category as set', async () => {
    const methods = await text('report/methods.md');
    expect(methods).toContain('led the next by at least .25, and likewise');
    expect(methods).toContain('uninterpretable when no |r| is above .05');
    expect(methods).toContain('categories with fewer than 4 stimuli left out');
    const page = await text('report/index.html');
    expect(page).toContain('no rating correlates beyond |r| = .05');
    expect(page).toContain('categories with fewer than 4 stimuli are left out');
    expect(methods + page).not.toMatch(/\|r\| = \.1\b|at least \.1\b/);
  });

  it('say what the interval of reproducibility is conditional on', async () => {
    expect(await text('report/methods.md')).toContain(
      'interval over 2 other runs, conditional on the reported run',
    );
    expect(await text('report/figures/reproducibility-words.svg')).toBeTruthy();
    expect(await text('report/index.html')).toContain('conditional on the reported run');
  });

  it('follow the options even when nothing else changes', async () => {
    await edit('margin: 0.25', 'margin: 0.26');
    const study = await openStudy(folder);
    const planned = await planSteps(study, await planStudy(study), { force: false });
    expect(planned.find(({ step }) => step.id === 'report')!.reasons.join()).toMatch(/margin changed/);
    await runAll();
    expect(await text('report/methods.md')).toContain('led the next by at least .26');
  });
});

describe('three categories', () => {
  it('have no top-3, in the methods, on the page and in the terminal', async () => {
    await edit('minPerCategory: 4', 'minPerCategory: 6');
    const ratings = (await text('ratings/emotions.tsv')).split('\n').map((line) => line.split('\t'));
    const three = ratings.map((row, i) => [
      row[0],
      ...(i % 4 === 0 && i > 0 ? row.slice(1, 4).reverse() : row.slice(1, 4)),
    ]);
    await writeFile(
      join(folder, 'ratings/emotions.tsv'),
      `${three
        .map((row) => row.filter((cell) => cell !== undefined).join('\t'))
        .join('\n')
        .trim()}\n`,
    );
    await runAll();
    const findings = await readFindings(await openStudy(folder));
    expect(findings.judges[0].nearestCentroid).toMatchObject({ top3: null });
    expect(findings.judges[0].nearestCentroid!.categories).toHaveLength(3);
    const told = storyLines(findings).join('\n');
    expect(told).toMatch(/the right one of 3 categories first for \d+\.\d % of stimuli/);
    const methods = await text('report/methods.md');
    const page = await text('report/index.html');
    expect(methods).toContain('named the category of a stimulus for people');
    expect(page).toContain('Top-1 category');
    expect(page).toContain('a stimulus counts when its category is the nearest;');
    for (const words of [told, methods, page])
      expect(words).not.toMatch(/three nearest|first three|Top-3|top-3/);
    expect(await text('report/tables/nearest-centroid.tsv')).toMatch(/\tn\/a\tn\/a\tn\/a\tn\/a\ttop1\t/);
  });
});
