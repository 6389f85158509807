import { describe, expect, it } from 'vitest';
import {
  type AlignmentTrialResult,
  align,
  alignmentOptions,
  alignmentProblem,
  distanceProfileStart,
  itemMatching,
  mostAgreed,
  optimiserGap,
  planAlignment,
  Solver,
  shuffledNull,
  takeStructure,
} from '#dist/geometry/gromov-wasserstein/index.js';
import { alignOnWorkers } from '#dist/node.js';
import { keyOf, type Matrix, matrix, takeRows } from '#dist/numerics/index.js';
import { finish, largestDifference, planted, slowRdm, topOne, vectors } from './problems.js';

const n = 70;
const [x, y] = planted(n, 8, { noise: 0.05 });
const problem = alignmentProblem(vectors(x), vectors(y));
const options = alignmentOptions.parse({ annealed: 2, randomRestarts: 3, maxIterations: 60 });

/** The loss of p q' pair by pair, from distances that are written out. */
function slowProductLoss(distances: readonly [Matrix, Matrix], weights: readonly Float64Array[]): number {
  const [first, second] = weights.map((w) => w.map((value) => value / w.reduce((a, b) => a + b, 0)));
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++)
      for (let j = 0; j < n; j++)
        for (let l = 0; l < n; l++)
          sum +=
            (distances[0].data[i * n + k] - distances[1].data[j * n + l]) ** 2 *
            (first[i] * first[k] * second[j] * second[l]);
  return sum;
}

const withoutTime = (trials: readonly AlignmentTrialResult[]) =>
  trials.map(({ seconds: _, ...facts }) => facts);

describe('a search', () => {
  it('is planned before it is run', () => {
    const trials = planAlignment(problem, alignmentOptions.parse({}));
    expect(trials.map(({ start }) => start)).toEqual([
      'distance-profile',
      'distance-profile',
      'uniform',
      ...Array(11).fill('random'),
    ]);
    expect(trials.filter(({ annealed }) => annealed.length > 0)).toHaveLength(4);
    expect(new Set(trials.filter(({ start }) => start === 'random').map(({ stream }) => stream)).size).toBe(
      11,
    );
    expect(() =>
      planAlignment(problem, alignmentOptions.parse({ distanceProfiles: 0, annealed: 0, randomRestarts: 0 })),
    ).toThrow(/no trials/);
  });

  it('keeps every trial, and the best of those whose marginals hold', async () => {
    const found = await align(problem, options);
    expect(found.trials).toHaveLength(7);
    const sound = found.trials.filter(({ marginalError }) => marginalError <= options.marginalTolerance);
    expect(found.loss).toBe(Math.min(...sound.map(({ loss }) => loss)));
    expect(topOne(found.plan, n)).toBeGreaterThan(0.95);
    for (const trial of found.trials) {
      expect(trial.loss).toBeGreaterThanOrEqual(0);
      expect(trial.regularisedLoss).toBeLessThan(trial.loss);
    }
  });

  it('gives the same bytes on one thread, one worker and three', async () => {
    const here = await align(problem, options);
    for (const nWorkers of [1, 3]) {
      const there = await alignOnWorkers(problem, options, { nWorkers });
      expect(there.plan).toEqual(here.plan);
      expect(withoutTime(there.trials)).toEqual(withoutTime(here.trials));
    }
  });

  it('stops on request', async () => {
    const [a, b] = planted(600, 20);
    const large = alignmentProblem(vectors(a), vectors(b));
    for (const search of [
      align,
      (...[p, o, w]: Parameters<typeof align>) => alignOnWorkers(p, o, { ...w, nWorkers: 2 }),
    ]) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);
      const running = search(large, alignmentOptions.parse({}), { signal: stop.signal });
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    }
  });

  it('says so when no marginals hold', async () => {
    const strict = alignmentOptions.parse({
      distanceProfiles: 1,
      annealed: 0,
      randomRestarts: 0,
      marginalTolerance: 1e-18,
    });
    await expect(align(problem, strict)).rejects.toThrow(/No trial's plan keeps its marginals/);
  });

  it('passes on what a worker threw', async () => {
    const watch = { given: [[1, 2, 3]], nWorkers: 2 };
    await expect(alignOnWorkers(problem, options, watch)).rejects.toMatchObject({ code: 'input' });
  });

  it('takes starts of the user, and measures the gap to the answer without giving its plan', async () => {
    const profile = distanceProfileStart(problem);
    const only = alignmentOptions.parse({ distanceProfiles: 0, annealed: 0, randomRestarts: 0 });
    const found = await align(problem, only, { given: [profile] });
    expect(found.trials.map(({ start }) => start)).toEqual(['given']);
    const gap = optimiserGap(problem, found, only);
    expect(gap).not.toHaveProperty('plan');
    expect(Math.abs(gap.gap)).toBeLessThan(1e-4);
    expect(gap.isComparable).toBe(true);
  });

  it('starts from distance profiles in which a stimulus of weight 2 counts like two', () => {
    const [few, more] = [140, 141];
    const [a, b] = planted(few, 3, { noise: 0.2 });
    const first = Uint32Array.from({ length: more }, (_, i) => Math.max(0, i - 1));
    const twice = (m: Matrix) => vectors(takeRows(m, first));
    const weights = Float64Array.from({ length: few }, (_, i) => (i === 0 ? 2 : 1));
    const heavy = distanceProfileStart(
      alignmentProblem(vectors(a), vectors(b), { source: weights, target: weights }),
    );
    const doubled = distanceProfileStart(alignmentProblem(twice(a), twice(b)));
    const merged = new Float64Array(few * few);
    doubled.forEach((mass, at) => {
      merged[first[Math.floor(at / more)] * few + first[at % more]] += mass;
    });
    expect(largestDifference(merged, heavy)).toBeLessThan(1e-6);
    expect(Math.max(...heavy)).toBeGreaterThan(1e-3);
    const light = distanceProfileStart(alignmentProblem(vectors(a), vectors(b)));
    expect(largestDifference(light, heavy)).toBeGreaterThan(1e-4);
  });

  it("has a gap, on the scale of the loss of p q', when it failed", async () => {
    const [p, q] = [0, 1].map((seed) => Float64Array.from({ length: n }, (_, i) => 1 + ((i * 7 + seed) % 5)));
    const weighted = alignmentProblem(vectors(x), vectors(y), { source: p, target: q });
    const product = Float64Array.from({ length: n * n }, (_, at) => p[Math.floor(at / n)] * q[at % n]);
    const total = product.reduce((sum, mass) => sum + mass, 0);
    const distances = [slowRdm(x, 'cosine'), slowRdm(y, 'cosine')] as const;
    const scale = slowProductLoss(distances, [p, q]);
    // At an epsilon so blunt that every start ends near p q', the search cannot have succeeded.
    const blunt = { ...options, distanceProfiles: 0, annealed: 0, randomRestarts: 1, epsilons: [50] };
    const failed = await align(weighted, blunt, { given: [product.map((mass) => mass / total)] });
    expect(failed.loss / scale).toBeCloseTo(1, 2);
    const sharp = { ...failed, trials: failed.trials.map((trial) => ({ ...trial, epsilon: 0.002 })) };
    const gap = optimiserGap(weighted, sharp, options);
    expect(gap.gap).toBeGreaterThan(0.5 * scale);
    expect(gap.relativeGap).toBeCloseTo((failed.loss - gap.lossFromAnswer) / scale, 10);
  });

  it('starts from the answer under the limits of the search', async () => {
    const found = await align(problem, options);
    const start = Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 / n : 0));
    const { epsilon } = found.trials[found.best];
    for (const maxIterations of [1, 60]) {
      const solved = finish(new Solver(problem).solve(start, { epsilon, maxIterations }));
      const gap = optimiserGap(problem, found, { ...options, maxIterations });
      expect(gap.lossFromAnswer).toBe(solved.loss);
      expect(gap.marginalError).toBe(solved.marginalError);
    }
    const strict = optimiserGap(problem, found, { ...options, marginalTolerance: 1e-18 });
    expect(strict.isComparable).toBe(false);
  });
});

describe('the shuffled null', () => {
  it('repeats the search on permuted targets, and matches by chance', async () => {
    const quick = alignmentOptions.parse({
      distanceProfiles: 1,
      annealed: 0,
      randomRestarts: 0,
      maxIterations: 30,
    });
    const rate = ({ plan, nSource, nTarget }: Awaited<ReturnType<typeof align>>) =>
      itemMatching({ nSource, nTarget, values: plan }, { ks: [1] })[0].rate.value;
    const observed = rate(await align(problem, quick));
    const run = () =>
      shuffledNull(vectors(y), observed, {
        nShuffles: 9,
        key: keyOf(3),
        search: (target, weights, key) =>
          align(alignmentProblem(vectors(x), target, weights), quick, { key }),
        statistic: rate,
      });
    const once = await run();
    expect(once.p).toBe(0.1);
    expect(Math.max(...once.values)).toBeLessThan(0.15);
    expect((await run()).values).toEqual(once.values);
  });
});

describe('subsets', () => {
  it('holds the stimuli that are agreed on most, ties in order', () => {
    expect([...mostAgreed([0.2, 0.9, 0.5, 0.9], 3)]).toEqual([1, 3, 2]);
    expect(() => mostAgreed([0.2, Number.NaN], 2)).toThrow(/stimulus 2 is NaN/);
    expect(() => mostAgreed([0.2, 0.1], 3)).toThrow(/Top 3 of 2/);
  });

  it('takes rows of vectors, rows and columns of RDMs', () => {
    const rdm = matrix(3, 3, Float64Array.from([0, 1, 2, 1, 0, 3, 2, 3, 0]));
    const taken = takeStructure({ kind: 'rdm', rdm }, [2, 0]);
    expect(taken).toEqual({ kind: 'rdm', rdm: matrix(2, 2, Float64Array.from([0, 2, 2, 0])) });
    const rows = takeStructure(vectors(matrix(2, 2, Float64Array.from([1, 2, 3, 4]))), [1]);
    expect(rows).toEqual(vectors(matrix(1, 2, Float64Array.from([3, 4]))));
    expect(() => takeStructure({ kind: 'rdm', rdm }, [3])).toThrow(/Stimulus 3/);
  });
});
