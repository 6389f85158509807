import { describe, expect, it } from 'vitest';
import {
  align,
  alignmentOptions,
  alignSubsets,
  rdmAgreement,
  type SubsetOptions,
  vectorAgreement,
} from '#dist/geometry/gromov-wasserstein/index.js';
import { keyOf, matrix, Random } from '#dist/numerics/index.js';
import { planted, slowRdm, topOne, vectors } from './problems.js';

const n = 40;
const [x, y] = planted(n, 5, { noise: 0.02 });
// The last ten stimuli of the target are strangers.
const random = new Random(keyOf(5));
const blurred = matrix(
  n,
  5,
  y.data.map((value, at) => (at < 30 * 5 ? value : random.uniform())),
);
const agreement = Float64Array.from({ length: n }, (_, i) => (i < 30 ? 1 - i / 100 : -i));
const quick = alignmentOptions.parse({
  distanceProfiles: 1,
  annealed: 0,
  randomRestarts: 0,
  maxIterations: 60,
});
const options: SubsetOptions = {
  sizes: [20, n],
  agreement: () => agreement,
  categories: Array.from({ length: n }, (_, i) => [i % 4]),
  ks: [1, 3],
  key: keyOf(2),
  search: (problem, key) => align(problem, quick, { key }),
};

function slowPearson(a: number[], b: number[]): number {
  const centre = (values: number[]) =>
    values.map((v) => v - values.reduce((sum, w) => sum + w, 0) / values.length);
  const dot = (s: number[], t: number[]) => s.reduce((sum, v, i) => sum + v * t[i], 0);
  const [s, t] = [centre(a), centre(b)];
  return dot(s, t) / Math.sqrt(dot(s, s) * dot(t, t));
}

describe('subsets of the stimuli that are agreed on most', () => {
  it('are aligned one by one, with matching rates and the correlation of their RDMs', async () => {
    const [top, all] = await alignSubsets(vectors(x), vectors(blurred), options);
    expect([top.nStimuli, all.nStimuli]).toEqual([20, n]);
    expect([...top.stimuli]).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(top.item[0].rate.value).toBeCloseTo(topOne(top.alignment.plan, 20), 12);
    expect(top.item.map(({ k }) => k)).toEqual([1, 3]);
    expect(top.item[0].rate.value).toBeGreaterThan(0.9);
    expect(all.item[0].rate.value).toBeLessThan(top.item[0].rate.value);
    expect(top.category![0].rate.value).toBeGreaterThanOrEqual(top.item[0].rate.value);
    expect(top.shuffled).toBeNull();
    for (const { stimuli, rdmCorrelation } of [top, all]) {
      const pairs = [...stimuli].flatMap((i, at) => [...stimuli].slice(at + 1).map((k) => i * n + k));
      const [a, b] = [x, blurred].map((side) => {
        const { data } = slowRdm(side, 'cosine');
        return pairs.map((pair) => data[pair]);
      });
      expect(rdmCorrelation).toBeCloseTo(slowPearson(a, b), 10);
    }
  });

  it('are held against shuffled choices when asked, the same for the same key', async () => {
    const run = () => alignSubsets(vectors(x), vectors(blurred), { ...options, sizes: [20], nShuffles: 4 });
    const [[once], [again]] = [await run(), await run()];
    const { item, category } = once.shuffled!;
    expect(item.p).toBe(0.2);
    expect(Math.max(...item.values)).toBeLessThan(0.5);
    expect(item.observed).toBe(once.item[0].rate.value);
    expect(category!.values).toHaveLength(4);
    expect(category!.p).toBe((1 + category!.values.filter((v) => v >= category!.observed).length) / 5);
    expect(again.shuffled).toEqual(once.shuffled);
  });

  it('are chosen anew in every shuffle: the null of unrelated sides matches as often as they do', async () => {
    // Two sides that know nothing of each other, on three scales. Of 40 stimuli the six are chosen that happen to fit.
    const side = (seed: number) => {
      const random = new Random(keyOf(seed));
      return vectors(
        matrix(
          n,
          3,
          Float64Array.from({ length: 3 * n }, () => random.normal()),
        ),
        'correlation',
      );
    };
    const pValues: number[] = [];
    const [rates, nulls]: number[][] = [[], []];
    for (let turn = 0; turn < 12; turn++) {
      const [source, target] = [side(2 * turn + 1), side(2 * turn + 2)];
      const [{ item, shuffled, stimuli }] = await alignSubsets(source, target, {
        sizes: [6],
        agreement: vectorAgreement(source, target),
        ks: [1],
        key: keyOf(turn),
        search: options.search,
        nShuffles: 9,
      });
      expect(new Set(stimuli).size).toBe(6);
      rates.push(item[0].rate.value);
      nulls.push(...shuffled!.item.values);
      pValues.push(shuffled!.item.p);
    }
    const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    // Chance is 1/6: choosing alone gives far more, to the rates and to their null.
    expect(average(nulls)).toBeGreaterThan(0.4);
    expect(Math.abs(average(rates) - average(nulls))).toBeLessThan(0.15);
    expect(pValues.filter((p) => p <= 0.1).length).toBeLessThan(5);
    expect(average(pValues)).toBeGreaterThan(0.3);
  });

  it('without categories among the chosen have no category rate, and count undefined shuffles as high', async () => {
    const categories = Array.from({ length: n }, (_, i) => (i === 39 ? [1] : []));
    const [top] = await alignSubsets(vectors(x), vectors(blurred), { ...options, categories, sizes: [20] });
    expect(top.category).toBeNull();
    const only = Array.from({ length: n }, (_, i) => (i === 0 ? [1] : []));
    const random = new Random(keyOf(8));
    let nAsked = 0;
    const moving = () => (nAsked++ < 2 ? agreement : Float64Array.from(agreement, () => random.uniform()));
    const [row] = await alignSubsets(vectors(x), vectors(blurred), {
      ...options,
      agreement: moving,
      categories: only,
      sizes: [4],
      nShuffles: 6,
    });
    const { values, p, observed } = row.shuffled!.category!;
    expect(values.some(Number.isNaN)).toBe(true);
    expect(p).toBe((1 + values.filter((value) => !(value < observed)).length) / 7);
  });

  it('say what is missing', async () => {
    const sides = [vectors(x), vectors(blurred)] as const;
    await expect(alignSubsets(...sides, { ...options, agreement: () => [1, 2] })).rejects.toThrow(
      /source has 40 stimuli, but there are 2 numbers of agreement/,
    );
    await expect(alignSubsets(...sides, { ...options, sizes: [41] })).rejects.toThrow(/Top 41 of 40/);
    const [row] = await alignSubsets(...sides, { ...options, categories: undefined, sizes: [12] });
    expect(row.category).toBeNull();
  });
});

describe('agreement on a stimulus', () => {
  const order = new Random(keyOf(3)).shuffle(Uint32Array.from({ length: n }, (_, i) => i));
  const rowOf = (data: ArrayLike<number>, width: number, i: number) =>
    Array.from({ length: width }, (_, c) => data[i * width + c]);

  it('is r between its rows of both RDMs, for any counterparts', () => {
    const [a, b] = [slowRdm(x, 'cosine').data, slowRdm(y, 'cosine').data];
    const found = rdmAgreement(vectors(x), vectors(y))(order);
    for (let i = 0; i < n; i++) {
      const others = Array.from({ length: n }, (_, j) => j).filter((j) => j !== i);
      const wanted = slowPearson(
        others.map((j) => a[i * n + j]),
        others.map((j) => b[order[i] * n + order[j]]),
      );
      expect(found[i]).toBeCloseTo(wanted, 10);
    }
  });

  it('is r between its ratings on the same scales; undefined is the least', () => {
    const flat = matrix(n, 5, Float64Array.from(y.data));
    flat.data.fill(1, 5 * order[7], 5 * order[7] + 5);
    const found = vectorAgreement(vectors(x), vectors(flat))(order);
    expect(found[7]).toBe(-1);
    for (let i = 0; i < n; i++)
      if (i !== 7)
        expect(found[i]).toBeCloseTo(slowPearson(rowOf(x.data, 5, i), rowOf(flat.data, 5, order[i])), 10);
    const [other] = planted(n, 4);
    expect(() => vectorAgreement(vectors(x), vectors(other))).toThrow(/same columns/);
    expect(() => rdmAgreement(vectors(x), vectors(planted(9, 5)[0]))).toThrow(/40 stimuli, the target 9/);
  });
});
