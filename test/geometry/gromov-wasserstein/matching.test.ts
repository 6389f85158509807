import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseNpy } from '#dist/formats/index.js';
import {
  align,
  alignmentOptions,
  alignmentProblem,
  categoryMatching,
  itemMatching,
  optimiserGap,
  procrustesScores,
} from '#dist/geometry/gromov-wasserstein/index.js';
import { type Matrix, matrix } from '#dist/numerics/index.js';
import { planted, vectors } from './problems.js';

const scores = (rows: number[][]) => ({ nSource: rows.length, nTarget: rows[0].length, values: rows.flat() });

describe('matching', () => {
  const table = scores([
    [0.9, 0.1, 0.0, 0.0],
    [0.5, 0.2, 0.1, 0.0],
    [0.4, 0.3, 0.1, 0.2],
    [0.1, 0.2, 0.3, 0.4],
  ]);

  it('counts items among the k best', () => {
    const rates = itemMatching(table, { ks: [1, 2, 4] });
    expect(rates.map(({ rate }) => rate.value)).toEqual([0.5, 0.75, 1]);
    expect(rates.map(({ chance }) => chance)).toEqual([0.25, 0.5, 1]);
    expect(rates[0].rate).toMatchObject({ n: 4, level: 0.95 });
    const turned = itemMatching(table, { ks: [1], targetOf: [0, 0, 0, 3] });
    expect(turned[0].rate.value).toBe(1);
  });

  it('breaks ties by chance: a plan that says nothing matches at the chance level', () => {
    const flat = scores(Array.from({ length: 8 }, () => Array(8).fill(1 / 64)));
    for (const { rate, chance } of itemMatching(flat)) expect(rate.value).toBeCloseTo(chance, 12);
    const categories = [[0], [0], [0, 1], [1], [1], [2], [2], [2]];
    const both = { source: categories, target: categories };
    for (const { rate, chance } of categoryMatching(flat, both)) expect(rate.value).toBeCloseTo(chance, 12);
  });

  it('gives rates of 0 and 1 an interval with a width, that of Wilson', () => {
    // n = 20, z = 1.959964: 1 - z^2 / (n + z^2) and its mirror.
    const n = 20;
    const right = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)));
    const wrong = right.map((row) => [...row.slice(1), row[0]]);
    const share = 1.959964 ** 2 / (n + 1.959964 ** 2);
    const [all] = itemMatching(scores(right), { ks: [1] });
    const [none] = itemMatching(scores(wrong), { ks: [1] });
    expect([all.rate.value, none.rate.value]).toEqual([1, 0]);
    expect(all.rate.high).toBeCloseTo(1, 12);
    expect(none.rate.low).toBeCloseTo(0, 12);
    expect(all.rate.low).toBeCloseTo(1 - share, 6);
    expect(none.rate.high).toBeCloseTo(share, 6);
    const categories = { source: right.map(() => [0]), target: right.map(() => [0]) };
    expect(categoryMatching(scores(wrong), categories, { ks: [1] })[0].rate.low).toBeCloseTo(1 - share, 6);
  });

  it('counts a category when any is shared, and leaves out stimuli without one', () => {
    const categories = { source: [[0, 1], [1, 2], [], [3]], target: [[0, 1], [1, 2], [2], [2, 3]] };
    const [first] = categoryMatching(table, categories, { ks: [1] });
    expect(first.rate).toMatchObject({ value: 1, n: 3 });
    // Of four targets share one: 2 with the first stimulus, 4 with the second, 1 with the fourth.
    expect(first.chance).toBeCloseTo((2 / 4 + 4 / 4 + 1 / 4) / 3, 12);
  });

  it('says what is wrong with its input', () => {
    expect(() => itemMatching(table, { ks: [5] })).toThrow(/Top 5 of 4/);
    expect(() => itemMatching(scores([[1, 2]]))).toThrow(/Counterparts are needed/);
    for (const [targetOf, wrong] of [
      [[1, 2, 3, 4], /source stimulus 4 is 4; there are 4 targets, counted from 0/],
      [[0, 1], /source stimulus 3 is undefined/],
      [[0, 1, 2, 3, 0], /5 counterparts are given for 4/],
    ] as const)
      expect(() => itemMatching(table, { ks: [1], targetOf })).toThrow(wrong);
    expect(() => categoryMatching(table, { source: [], target: [] })).toThrow(/Categories are given/);
  });
});

describe('after Procrustes', () => {
  it('finds every stimulus when the plan is right and the target is turned', () => {
    const [x] = planted(30, 3);
    const y = new Float64Array(90);
    for (let i = 0; i < 30; i++) y.set([x.data[3 * i + 2] + 5, -x.data[3 * i], x.data[3 * i + 1] - 1], 3 * i);
    const plan = Float64Array.from({ length: 900 }, (_, at) => (at % 31 === 0 ? 1 / 30 : 0));
    const found = procrustesScores(x, matrix(30, 3, y), plan);
    expect(itemMatching(found, { ks: [1] })[0].rate.value).toBe(1);
    for (let i = 0; i < 30; i++) expect(found.values[31 * i]).toBeCloseTo(0, 12);
  });

  it('does not mind the units of either side', () => {
    const [x] = planted(30, 3);
    const plan = Float64Array.from({ length: 900 }, (_, at) => (at % 31 === 0 ? 1 / 30 : 0));
    const apart = x.data.map((value, at) => value + 0.02 * Math.sin(at));
    const rates = [0.1, 1, 10].map((unit) => {
      const y = matrix(
        30,
        3,
        apart.map((value) => unit * value),
      );
      return itemMatching(procrustesScores(x, y, plan), { ks: [1] })[0].rate.value;
    });
    expect(rates[1]).toBeGreaterThan(0.8);
    expect(rates).toEqual([rates[1], rates[1], rates[1]]);
  });

  it('allows other numbers of components on both sides', () => {
    const [x] = planted(25, 4);
    const wide = new Float64Array(25 * 6);
    for (let i = 0; i < 25; i++) wide.set(x.data.subarray(4 * i, 4 * i + 4), 6 * i + 1);
    const plan = Float64Array.from({ length: 625 }, (_, at) => (at % 26 === 0 ? 1 / 25 : 0));
    const there = procrustesScores(x, matrix(25, 6, wide), plan);
    const back = procrustesScores(matrix(25, 6, wide), x, plan);
    for (const { values } of [there, back])
      for (let i = 0; i < 25; i++) expect(values[26 * i]).toBeCloseTo(0, 10);
  });
});

const folder = join(process.env.AFFECTOME_DATA ?? '../shared/data', 'gwot');
const isHere = existsSync(join(folder, 'THINGS_embedding_Group1.npy'));

describe('two groups of people who judged objects (THINGS)', () => {
  const nStimuli = 300;
  function group(number: 1 | 2): Matrix {
    const { shape, data } = parseNpy(readFileSync(join(folder, `THINGS_embedding_Group${number}.npy`)));
    const d = shape[2];
    return matrix(nStimuli, d, Float64Array.from(data as Float32Array).subarray(0, nStimuli * d));
  }

  it.skipIf(!isHere)(
    `are aligned without their names${isHere ? '' : ` (skipped: no ${folder})`}`,
    async () => {
      const [one, two] = [group(1), group(2)];
      const problem = alignmentProblem(vectors(one), vectors(two));
      const options = alignmentOptions.parse({ distanceProfiles: 1, annealed: 0, randomRestarts: 0 });
      const found = await align(problem, options);
      const [top1, , top5] = itemMatching({ ...found, values: found.plan });
      expect(top1.rate.low).toBeGreaterThan(0.85);
      expect(top5.rate.value).toBeGreaterThan(0.97);
      expect(Math.abs(optimiserGap(problem, found, options).gap)).toBeLessThan(1e-5);
      const turned = procrustesScores(one, two, found.plan);
      expect(itemMatching(turned, { ks: [1] })[0].rate.value).toBeGreaterThan(0.8);
    },
  );
});
