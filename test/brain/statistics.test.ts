import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encode, encodingPresets, type FeatureSet, logSpaced } from '#dist/brain/encoding/index.js';
import { correlationTests, permuteCorrelations } from '#dist/brain/statistics/correlation-tests.js';
import { groupDifferences, groupTests } from '#dist/brain/statistics/group-tests.js';
import { permuteEncoding } from '#dist/brain/statistics/permuted-encoding.js';
import { planSignFlips, signFlipTests } from '#dist/brain/statistics/sign-flips.js';
import { oneSampleT, pairedT } from '#dist/brain/statistics/t-test.js';
import { trialOrders } from '#dist/brain/statistics/trial-orders.js';
import { shareWonAcross, voxelScatter } from '#dist/brain/statistics/voxel-scatter.js';
import { lowerBeta, twoTailedT } from '#dist/numerics/incomplete-beta.js';
import { type Matrix, matrix } from '#dist/numerics/matrix.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { pearson } from '#dist/numerics/statistics.js';

const golden = JSON.parse(readFileSync(new URL('../golden/brain-statistics.json', import.meta.url), 'utf8'));
const table = (rows: number[][]) => matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));
const a = table(golden.group.a);
const b = table(golden.group.b);

function expectClose(found: ArrayLike<number>, wanted: readonly number[], relative = 1e-8) {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, i) => {
    expect(Math.abs(found[i] - value), `${i}: ${found[i]}, expected ${value}`).toBeLessThanOrEqual(
      relative * Math.abs(value) + 1e-300,
    );
  });
}

describe('incomplete beta', () => {
  it('agrees with SciPy, far into the tail', () => {
    for (const [x, y, z, wanted] of golden.betas) expectClose([lowerBeta(x, y, { x: z })], [wanted]);
    for (const [t, df, wanted] of golden.tails) expectClose([twoTailedT(t, df)], [wanted]);
  });

  it('is the closed form for one degree of freedom', () => {
    for (const t of [0.1, 1, 30, 1e6]) expectClose([twoTailedT(t, 1)], [(2 / Math.PI) * Math.atan2(1, t)]);
  });
});

describe('t-tests across subjects', () => {
  it('agree with SciPy: t, p, q, intervals', () => {
    const one = groupTests(a);
    expectClose(one.t, golden.group.one.t);
    expectClose(one.p, golden.group.one.p);
    expectClose(one.q, golden.group.one.q);
    expectClose(one.low, golden.group.one.low, 1e-6);
    expectClose(one.high, golden.group.one.high, 1e-6);
    const paired = groupDifferences([a, b]);
    expectClose(paired.t, golden.group.paired.t);
    expectClose(paired.p, golden.group.paired.p);
    expectClose(paired.q, golden.group.paired.q);
    expect(paired.test).toBe('paired t');
    expect([...paired.n]).toEqual(new Array(7).fill(6));
  });

  it('define what cannot be tested', () => {
    expect(oneSampleT([0, 0, 0])).toMatchObject({ t: 0, p: 1, n: 3 });
    expect(oneSampleT([2, 2, 2])).toMatchObject({ t: Infinity, p: 0 });
    expect(oneSampleT([0.5, 0.5], 0.5)).toMatchObject({ t: 0, p: 1, df: 1 });
    expect(oneSampleT([1])).toMatchObject({ t: Number.NaN, p: Number.NaN, n: 1, df: 0 });
    expect(pairedT([1, 2, Number.NaN, 4], [2, 2, 3, 9]).n).toBe(3);
    expect(() => groupTests(matrix(1, 3))).toThrow('at least two');
    expect(() => groupTests(a, { interval: { kind: 'bootstrap', samples: 10 } })).toThrow('key');
  });

  it('leave out what is not finite, and say so', () => {
    const values = [...a.data];
    values[3] = Number.NaN;
    const result = groupTests(matrix(6, 7, Float64Array.from(values)));
    expect(result.n[3]).toBe(5);
    expect(result.p[3]).toBeCloseTo(oneSampleT(golden.group.a.slice(1).map((row: number[]) => row[3])).p, 12);
    expect(result.signFlips!.p[3]).toBeNaN();
    expect(result.notes.join(' ')).toContain('1 test was made without all subjects');
  });

  it('warn of five subjects', () => {
    const five = groupTests(table(golden.group.a.slice(0, 5)));
    expect(five.notes).toEqual([
      expect.stringContaining('With 5 subjects t-tests have little power'),
      'By all sign flips no p can be below 0.0625.',
    ]);
  });

  it('give bootstrap intervals that repeat with the key', () => {
    const options = { interval: { kind: 'bootstrap', samples: 500 } } as const;
    const [first, again, other] = [1, 1, 2].map((seed) => groupTests(a, options, keyOf(seed)));
    expect(first.low).toEqual(again.low);
    expect(first.low).not.toEqual(other.low);
    for (let c = 0; c < 7; c++) {
      expect(first.low[c]).toBeLessThanOrEqual(first.mean[c]);
      expect(first.high[c]).toBeGreaterThanOrEqual(first.mean[c]);
      const values = golden.group.a.map((row: number[]) => row[c]);
      expect(first.low[c]).toBeGreaterThanOrEqual(Math.min(...values));
    }
    expect(first.intervalMethod).toContain('500 samples');
  });
});

describe('sign flips', () => {
  it('agree with all 2^n flips in a slow loop, with and without the maximum', () => {
    const { signFlips } = groupDifferences([a, b]);
    expectClose(signFlips!.p, golden.group.paired.flipP, 1e-12);
    expectClose(signFlips!.pMaximum, golden.group.paired.flipMaximum, 1e-12);
    expect(signFlips).toMatchObject({ exact: true, nFlips: 32, smallestP: 1 / 32 });
  });

  it('come close to the exact p when drawn', () => {
    const values = matrix(
      6,
      7,
      Float64Array.from(b.data, (value, i) => value - a.data[i]),
    );
    const drawn = planSignFlips(6, { mostFlips: 20, random: new Random(keyOf(1)) });
    expect(drawn).toMatchObject({ exact: false, nFlips: 21 });
    const flips = { ...planSignFlips(6), exact: false };
    expect(signFlipTests(values, flips).p).toEqual(groupDifferences([a, b]).signFlips!.p);
    const many = drawnFlips(6, 4000);
    const found = signFlipTests(values, many).p;
    golden.group.paired.flipP.forEach((p: number, c: number) => {
      expect(Math.abs(found[c] - p)).toBeLessThan(0.03);
    });
  });

  it('never fall below the smallest p, and a corrected p is never below its own', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 }), {
          minLength: 2,
          maxLength: 7,
        }),
        (rows) => {
          const { p, pMaximum, smallestP } = signFlipTests(table(rows), planSignFlips(rows.length));
          expect(smallestP).toBe(2 / 2 ** rows.length);
          p.forEach((one, c) => {
            expect(one).toBeGreaterThanOrEqual(smallestP);
            expect(one).toBeLessThanOrEqual(pMaximum[c]);
          });
        },
      ),
    );
  });

  it('refuse what cannot be', () => {
    expect(() => planSignFlips(1)).toThrow('at least two');
    expect(() => planSignFlips(30)).toThrow('source of randomness');
    expect(() => signFlipTests(a, planSignFlips(5))).toThrow(RangeError);
  });
});

/** Random flips of few subjects, whose exact p is known. */
function drawnFlips(nSubjects: number, nFlips: number) {
  const random = new Random(keyOf('flips'));
  const signs = Int8Array.from({ length: nFlips * nSubjects }, (_, i) =>
    i < nSubjects || random.below(2) ? 1 : -1,
  );
  return { nSubjects, nFlips, signs, exact: false, smallestP: 1 / nFlips };
}

describe('tests of correlations', () => {
  it('agree with SciPy', () => {
    const { r, n, p } = golden.correlations;
    expectClose(correlationTests(r, n).p, p);
    expect(correlationTests([1, Number.NaN, 0], 10).p).toEqual(Float64Array.of(0, Number.NaN, 1));
    expect(correlationTests([Number.NaN, 0.5], 10).q[1]).toBe(correlationTests([0.5], 10).q[0]);
    expect(() => correlationTests([0.1], 2)).toThrow('2 trials');
  });

  const draws = new Random(keyOf('voxels'));
  const nTrials = 30;
  const predicted = matrix(
    nTrials,
    300,
    Float64Array.from({ length: nTrials * 300 }, () => draws.normal()),
  );
  const measured = {
    ...predicted,
    data: predicted.data.map((value, i) => (i % 300 === 7 ? 3 * value : 0) + draws.normal()),
  };

  it('permute trials: r is Pearson, an effect is found, the rest is uniform', () => {
    const result = permuteCorrelations([predicted, measured], keyOf(5), { nPermutations: 199 });
    for (const c of [0, 7, 299]) {
      const columns = [predicted, measured].map(({ data }) => data.filter((_, i) => i % 300 === c));
      expect(result.r[c]).toBeCloseTo(pearson(columns[0], columns[1]), 12);
    }
    expect(result.p[7]).toBe(result.smallestP);
    expect(result.pMaximum[7]).toBe(result.smallestP);
    const analytic = correlationTests(result.r, nTrials).p;
    const gaps = result.p.map((p, c) => Math.abs(p - analytic[c]));
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / 300).toBeLessThan(0.04);
    expect(result).toMatchObject({ n: 30, nPermutations: 199, test: 'permutation of trials' });
  });

  it('count what a slow loop over the drawn orders counts, in every voxel', () => {
    const nPermutations = 10;
    const width = 13;
    const part = (m: Matrix) =>
      matrix(
        nTrials,
        width,
        Float64Array.from(
          { length: nTrials * width },
          (_, i) => m.data[Math.floor(i / width) * 300 + (i % width)],
        ),
      );
    const [a, b] = [part(predicted), part(measured)];
    const result = permuteCorrelations([a, b], keyOf(9), { nPermutations });
    const column = ({ data }: Matrix, c: number) =>
      Array.from({ length: nTrials }, (_, t) => data[t * width + c]);
    const rs = trialOrders(nTrials, keyOf(9), { nPermutations }).map((order) =>
      Array.from({ length: width }, (_, c) => {
        const own = column(a, c);
        return Math.abs(
          pearson(
            Array.from(order, (t) => own[t]),
            column(b, c),
          ),
        );
      }),
    );
    for (let c = 0; c < width; c++) {
      expect(Math.abs(Math.abs(result.r[c]) - rs[0][c])).toBeLessThan(1e-12);
      expect(result.p[c]).toBe(rs.filter((r) => r[c] >= rs[0][c] - 1e-12).length / 11);
      expect(result.pMaximum[c]).toBe(rs.filter((r) => Math.max(...r) >= rs[0][c] - 1e-12).length / 11);
    }
  });

  it('keep trials within their labels', () => {
    const shift = (m: Matrix) => ({
      ...m,
      data: m.data.map((value, i) => value + (i < 150 * 30 ? 50 : 0)),
    });
    const within = Array.from({ length: nTrials }, (_, t) => (t < 15 ? 0 : 1));
    const pair = [shift(measured), shift(predicted)] as const;
    const free = permuteCorrelations(pair, keyOf(1), { nPermutations: 99 });
    const kept = permuteCorrelations(pair, keyOf(1), { nPermutations: 99, within });
    expect(free.p.every((p) => p === 0.01)).toBe(true);
    expect(kept.p.filter((p) => p <= 0.05).length).toBeLessThan(45);
  });

  it('give NaN to constant and missing voxels', () => {
    const data = predicted.data.map((value, i) => (i % 300 === 3 ? 4.25 : i === 5 ? Number.NaN : value));
    const result = permuteCorrelations([{ ...predicted, data }, measured], keyOf(1), { nPermutations: 9 });
    expect([result.r[3], result.p[3], result.p[5], result.q[5], result.pMaximum[5]].every(Number.isNaN)).toBe(
      true,
    );
    expect(result.p.filter(Number.isNaN).length).toBe(2);
    const controller = new AbortController();
    controller.abort();
    const options = { nPermutations: 9, signal: controller.signal };
    expect(() => permuteCorrelations([predicted, measured], keyOf(1), options)).toThrow('Stopped');
  });
});

describe('voxel scatter', () => {
  it('counts every voxel once', () => {
    const score = fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(score, score), { maxLength: 60 }),
        fc.integer({ min: 1, max: 9 }),
        (pairs, nBins) => {
          const [x, y] = [0, 1].map((side) => pairs.map((pair) => pair[side]));
          const scatter = voxelScatter(x, y, { nBins });
          const known = pairs.filter(([u, v]) => !Number.isNaN(u + v));
          expect(scatter.nVoxels).toBe(known.length);
          expect(scatter.counts.reduce((sum, count) => sum + count, 0) + scatter.nOutside).toBe(known.length);
          const won = known.reduce((sum, [u, v]) => sum + (v > u ? 1 : v === u ? 0.5 : 0), 0);
          if (known.length > 0) expect(scatter.shareWon).toBeCloseTo(won / known.length, 12);
          else expect(scatter.shareWon).toBeNaN();
        },
      ),
    );
  });

  it('puts scores in their bins: b in rows, a in columns', () => {
    const scatter = voxelScatter([0, 0.5, 1, 0.2, 3], [1, 0.5, 0, 0.9, 3], { nBins: 2, range: [0, 1] });
    expect([...scatter.counts]).toEqual([0, 1, 2, 1]);
    expect(scatter).toMatchObject({ nOutside: 1, nTied: 2, shareWon: 0.6 });
    expect([...scatter.edges]).toEqual([0, 0.5, 1]);
    expect(() => voxelScatter([1], [1], { nBins: 0 })).toThrow('0 bins');
  });

  it('counts subjects, not voxels, for its interval', () => {
    const subjects = [0.6, 0.7, 0.8].map((share) => {
      const x = Array.from({ length: 10 }, (_, i) => (i < share * 10 ? 0 : 1));
      return voxelScatter(
        x,
        x.map((value) => 1 - value),
      );
    });
    const { shares, mean, test } = shareWonAcross(subjects);
    expect(shares).toEqual([0.6, 0.7, 0.8]);
    expect(mean).toMatchObject({ n: 3, value: expect.closeTo(0.7, 12) });
    expect(test.t).toBeCloseTo(0.2 / (0.1 / Math.sqrt(3)), 10);
  });
});

describe('permutations of cross-validated encoding', () => {
  const [nTrials, nVoxels] = [40, 300];
  const draws = new Random(keyOf('null encoding'));
  const normals = (n: number) => Float64Array.from({ length: n }, () => draws.normal());
  const features = matrix(nTrials, 4, normals(nTrials * 4));
  const sets = [{ name: 'features', features }];
  const noise = matrix(nTrials, nVoxels, normals(nTrials * nVoxels));
  const options = { ...encodingPresets.p1, alphas: logSpaced(1, 100, 3) };
  const fit = (responses: Matrix) => (some: readonly FeatureSet[]) => encode(some, responses, options);
  const nPermutations = 99;

  it('hold their level on noise, where tests of finished predictions do not; an effect is found', async () => {
    const data = noise.data.slice();
    for (let t = 0; t < nTrials; t++) data[t * nVoxels] += 2 * features.data[t * 4];
    const responses = { ...noise, data };
    const [result] = await permuteEncoding(sets, fit(responses), { key: keyOf(1), nPermutations });
    expect(result).toMatchObject({ name: 'features', n: nTrials, smallestP: 0.01 });
    expect(result.r).toEqual(encode(sets, responses, options).sets[0].r);
    expect([result.p[0], result.pMaximum[0]]).toEqual([0.01, 0.01]);
    const share = (p: Float64Array) => p.slice(1).filter((one) => one <= 0.05).length / (nVoxels - 1);
    expect(share(result.p)).toBeLessThan(0.09);
    expect(share(result.p)).toBeGreaterThan(0.02);
    const analytic = correlationTests(result.r, nTrials).p;
    expect(share(analytic)).toBeGreaterThan(0.1);
  });

  it('count what a loop over encodings of reordered features counts, blocks kept whole', async () => {
    const blocks = Array.from({ length: nTrials }, (_, t) => Math.floor(t / 5));
    const request = { nPermutations: 6, blocks };
    const orders = trialOrders(nTrials, keyOf(2), request);
    const few = matrix(
      nTrials,
      3,
      Float64Array.from({ length: nTrials * 3 }, (_, i) => noise.data[i]),
    );
    const rs = orders.map((order) => {
      const rows = Array.from(order, (from) => [...features.data.subarray(4 * from, 4 * from + 4)]);
      return encode([{ name: 'moved', features: table(rows) }], few, options).sets[0].r;
    });
    const [{ p, pMaximum }] = await permuteEncoding(sets, fit(few), { key: keyOf(2), ...request });
    for (let v = 0; v < 3; v++) {
      expect(p[v]).toBe(rs.filter((r) => r[v] >= rs[0][v] - 1e-12).length / 7);
      expect(pMaximum[v]).toBe(rs.filter((r) => Math.max(...r) >= rs[0][v] - 1e-12).length / 7);
    }
    for (const order of orders)
      for (let t = 0; t < nTrials; t++) if (t % 5) expect(order[t]).toBe(order[t - 1] + 1);
    expect(new Set(orders.map((order) => order.join())).size).toBeGreaterThan(5);
  });

  it('refuse blocks that cannot change places', () => {
    const within = Array.from({ length: 6 }, (_, t) => Math.floor(t / 3));
    const draw = (more: object) => () => trialOrders(6, keyOf(1), { nPermutations: 2, ...more });
    expect(draw({ blocks: [0, 0, 1, 1, 1, 1] })).toThrow('nothing can change places');
    expect(draw({ within, blocks: [0, 0, 1, 1, 2, 2] })).toThrow('reaches over two labels');
    expect(draw({ within: [1] })).toThrow('1 labels for 6 trials');
  });
});
