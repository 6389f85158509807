import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignmentProblem, randomStart, type Structure } from '#dist/geometry/gromov-wasserstein/index.js';
import { keyOf, type Matrix, matrix, Random, takeRows } from '#dist/numerics/index.js';
import { largestDifference, planted, slowRdm, solve, topOne, vectors } from './problems.js';

const seeds = fc.integer({ min: 1, max: 10_000 });
const few = { numRuns: 12 };
const exact = { epsilon: 0.1, precision: 'float64' } as const;

function transposed(plan: Float64Array, n: number, m: number): Float64Array {
  return Float64Array.from({ length: n * m }, (_, at) => plan[(at % m) * n + Math.floor(at / m)]);
}

/** The loss as it is defined: four loops. */
function slowLoss(source: Matrix, target: Matrix, plan: Float64Array): number {
  const [n, m] = [source.nRows, target.nRows];
  let sum = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++)
      for (let k = 0; k < n; k++)
        for (let l = 0; l < m; l++)
          sum += (source.data[i * n + k] - target.data[j * m + l]) ** 2 * plan[i * m + j] * plan[k * m + l];
  return sum;
}

describe('the solver', () => {
  it('gives the loss of its plan as it is defined, by vectors and by RDMs', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom('cosine', 'correlation', 'squared-euclidean'), (seed, distance) => {
        const [x] = planted(9, 4, { seed });
        const [y] = planted(11, 3, { seed: seed + 1 });
        const [source, target] = [slowRdm(x, distance), slowRdm(y, distance)];
        const written = [source, target].map((rdm): Structure => ({ kind: 'rdm', rdm }));
        for (const sides of [[vectors(x, distance), vectors(y, distance)], written] as [
          Structure,
          Structure,
        ][]) {
          const { plan, loss, regularisedLoss } = solve(sides, 'uniform', { epsilon: 0.1 });
          expect(loss).toBeCloseTo(slowLoss(source, target, plan), 10);
          const entropy = plan.reduce((sum, mass) => sum + (mass > 0 ? mass * Math.log(mass) : 0), 0);
          expect(regularisedLoss).toBeCloseTo(loss + 0.1 * entropy, 10);
        }
      }),
      few,
    );
  });

  it('does not care in which order the stimuli come', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [x, y] = planted(12, 4, { seed });
        const order = new Random(keyOf(seed)).shuffle(Uint32Array.from({ length: 12 }, (_, i) => i));
        const before = solve([vectors(x), vectors(y)], 'uniform', exact);
        const after = solve([vectors(x), vectors(takeRows(y, order))], 'uniform', exact);
        const moved = Float64Array.from(before.plan, (_, at) => before.plan[at - (at % 12) + order[at % 12]]);
        expect(largestDifference(after.plan, moved)).toBeLessThan(1e-6);
      }),
      few,
    );
  });

  it('does not care how an embedding is turned', () => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 6, noNaN: true }), (seed, angle) => {
        const [x, y] = planted(12, 4, { seed });
        const turned = Float64Array.from(y.data);
        for (let i = 0; i < 12; i++) {
          const [a, b] = [y.data[4 * i], y.data[4 * i + 2]];
          turned[4 * i] = Math.cos(angle) * a - Math.sin(angle) * b;
          turned[4 * i + 2] = Math.sin(angle) * a + Math.cos(angle) * b;
        }
        const before = solve([vectors(x), vectors(y)], 'uniform', exact);
        const after = solve([vectors(x), vectors(matrix(12, 4, turned))], 'uniform', exact);
        expect(largestDifference(after.plan, before.plan)).toBeLessThan(1e-6);
      }),
      few,
    );
  });

  it('gives the transposed plan when the sides are exchanged', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [all, y] = planted(13, 4, { seed });
        const x = takeRows(all, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        const there = solve([vectors(x), vectors(y)], 'uniform', exact);
        const back = solve([vectors(y), vectors(x)], 'uniform', exact);
        expect(largestDifference(transposed(back.plan, 10, 13), there.plan)).toBeLessThan(1e-5);
      }),
      few,
    );
  });

  it('finds a geometry in itself', () => {
    const [x] = planted(80, 8);
    const { plan, loss, marginalError } = solve([vectors(x), vectors(x)], 'uniform', { epsilon: 0.001 });
    expect(topOne(plan, 80)).toBe(1);
    expect(loss).toBeLessThan(1e-4);
    expect(marginalError).toBeLessThan(1e-5);
  });

  it('gives the same by low rank, by RDMs, and in mixed precision', () => {
    const [x, y] = planted(150, 6, { noise: 0.05 });
    const written = [x, y].map((m): Structure => ({ kind: 'rdm', rdm: slowRdm(m, 'cosine') })) as [
      Structure,
      Structure,
    ];
    const options = { epsilon: 0.005 } as const;
    const right = solve([vectors(x), vectors(y)], 'uniform', { ...options, precision: 'float64' });
    for (const [sides, precision] of [
      [[vectors(x), vectors(y)], 'mixed'],
      [written, 'float64'],
      [written, 'mixed'],
    ] as [[Structure, Structure], 'mixed' | 'float64'][]) {
      const found = solve(sides, 'uniform', { ...options, precision });
      expect(Math.abs(found.loss - right.loss)).toBeLessThan(1e-6);
      expect(largestDifference(found.plan, right.plan)).toBeLessThan(precision === 'mixed' ? 1e-4 : 1e-7);
    }
  });

  it('keeps its marginals, and no number is lost, however small epsilon is', () => {
    const [x, y] = planted(60, 10, { noise: 0.3 });
    for (const epsilon of [1e-3, 1e-5, 1e-7]) {
      const found = solve([vectors(x), vectors(y)], 'uniform', {
        epsilon,
        precision: 'mixed',
        maxIterations: 15,
      });
      expect(found.plan.every((mass) => Number.isFinite(mass) && mass >= 0)).toBe(true);
      expect(found.loss).toBeGreaterThanOrEqual(0);
      const columns = new Float64Array(60);
      for (let at = 0; at < 3600; at++) columns[at % 60] += found.plan[at];
      const misplaced = columns.reduce((sum, value) => sum + Math.abs(value - 1 / 60), 0);
      expect(found.marginalError).toBeGreaterThanOrEqual(misplaced - 1e-9);
    }
  });

  it('starts at random as the seed says, with marginals that nearly hold', () => {
    const [x, y] = planted(20, 4);
    const problem = alignmentProblem(vectors(x), vectors(y));
    const start = (seed: number) => randomStart(problem, new Random(keyOf(seed)));
    expect(start(1)).toEqual(start(1));
    expect(start(1)).not.toEqual(start(2));
    expect(start(1).reduce((sum, mass) => sum + mass, 0)).toBeCloseTo(1, 12);
  });

  it('puts a stimulus without a direction at distance 1 from all others', () => {
    const [x, y] = planted(8, 3);
    x.data.fill(0, 0, 3);
    const rdm = slowRdm(x, 'cosine');
    for (let k = 0; k < 8; k++) rdm.data[k] = rdm.data[8 * k] = k === 0 ? 0 : 1;
    const low = solve([vectors(x), vectors(y)], 'uniform', exact);
    const written = solve(
      [
        { kind: 'rdm', rdm },
        { kind: 'rdm', rdm: slowRdm(y, 'cosine') },
      ],
      'uniform',
      exact,
    );
    expect(largestDifference(low.plan, written.plan)).toBeLessThan(1e-7);
  });

  it('says what is wrong with its input', () => {
    const [x, y] = planted(4, 2);
    const rdm = slowRdm(x, 'cosine');
    const broken = matrix(4, 4, Float64Array.from(rdm.data));
    broken.data[1] = 7;
    expect(() => alignmentProblem({ kind: 'rdm', rdm: broken }, vectors(y))).toThrow(
      /not symmetric.*row 2, column 1/,
    );
    const rounded = matrix(4, 4, Float64Array.from(rdm.data));
    rounded.data[1] += 5e-6 * Math.max(...rdm.data);
    const { source } = alignmentProblem({ kind: 'rdm', rdm: rounded }, vectors(y));
    const mean = (rounded.data[1] + rounded.data[4]) / 2;
    expect(source.kind === 'dense' && [source.values[1], source.values[4]]).toEqual([mean, mean]);
    expect(() => alignmentProblem({ kind: 'rdm', rdm: x }, vectors(y))).toThrow(/4 x 2; an RDM is square/);
    expect(() => alignmentProblem(vectors(x), vectors(y), { source: [1, 1, 0, 1] })).toThrow(
      /Weight 3 of the source is 0/,
    );
    const holed = matrix(4, 2, Float64Array.from(x.data));
    holed.data[5] = Number.NaN;
    expect(() => alignmentProblem(vectors(holed), vectors(y))).toThrow(/NaN in row 3, column 2/);
  });
});
