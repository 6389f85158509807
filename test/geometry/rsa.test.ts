import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  debiasedCka,
  linearCka,
  procrustes,
  type RsaMeasure,
  type Rsm,
  rsa,
  rsaMeasures,
  rsaNoiseCeiling,
  rsm,
  rsmOfFeatures,
  takeStimuliOfRsm,
} from '#dist/geometry/index.js';
import { prepareRsms } from '#dist/geometry/rsa/prepare.js';
import { drawnStimuli, resample } from '#dist/geometry/rsa/resample.js';
import { resampleFast } from '#dist/geometry/rsa/resample-fast.js';
import { rsaOnWorkers } from '#dist/geometry/rsa/rsa.node.js';
import { keyOf, pearson, Random, spearman } from '#dist/numerics/index.js';

const golden = JSON.parse(readFileSync(new URL('../golden/rsa.json', import.meta.url), 'utf8'));
const key = keyOf(4);
const quick = { samples: 0, permutations: 0, key };

/** Noisy views of the same made-up features. */
function views(nStimuli: number, nViews: number, seed = 1, noise = 1): Rsm[] {
  const random = new Random(keyOf(seed));
  const base = Array.from({ length: nStimuli * 4 }, () => random.normal());
  return Array.from({ length: nViews }, (_, view) => {
    const data = Float64Array.from(base, (value) => value + noise * random.normal());
    return rsmOfFeatures({ nRows: nStimuli, nColumns: 4, data }, { name: `view ${view}`, measure: 'cosine' });
  });
}

const square = (name: string, rows: number[][], kind: Rsm['kind'] = 'similarity') =>
  rsm({ name, kind, nStimuli: rows.length, values: rows.flat() });

function permutationsOf(n: number): number[][] {
  if (n === 0) return [[]];
  return permutationsOf(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, at) => [...order.slice(0, at), n - 1, ...order.slice(at)]),
  );
}

const onlyValue = (systems: Rsm[], measure: RsaMeasure) =>
  rsa(systems, { ...quick, measure }).comparisons[0].value;

describe('values', () => {
  const [a, b] = [square('a', golden.mantel.a), square('b', golden.mantel.b)];

  test('agree with SciPy', () => {
    expect(onlyValue([a, b], 'pearson')).toBeCloseTo(golden.mantel.pearson.observed, 12);
    expect(onlyValue([a, b], 'spearman')).toBeCloseTo(golden.mantel.spearman.observed, 12);
    expect(onlyValue([a, b], 'kendall-tau-a')).toBeCloseTo(golden.mantel.tauA.observed, 12);
  });

  test.each(rsaMeasures)('%s: symmetric, 1 with itself, the same for any order of stimuli', (measure) => {
    const [x, y] = views(12, 2);
    expect(onlyValue([x, y], measure)).toBeCloseTo(onlyValue([y, x], measure), 12);
    expect(onlyValue([x, { ...x, name: 'copy' }], measure)).toBeCloseTo(1, 12);
    const order = new Random(key).shuffle(Uint32Array.from({ length: 12 }, (_, i) => i));
    const moved = [takeStimuliOfRsm(x, order), takeStimuliOfRsm(y, order)];
    expect(onlyValue(moved, measure)).toBeCloseTo(onlyValue([x, y], measure), 12);
  });

  test('dissimilarities count the other way round', () => {
    const [x, y] = views(9, 2);
    const far = { ...y, kind: 'dissimilarity' as const, values: y.values.map((value) => 1 - value) };
    expect(onlyValue([x, far], 'spearman')).toBeCloseTo(onlyValue([x, y], 'spearman'), 12);
    expect(() => onlyValue([x, far], 'cosine')).toThrow(/cosine needs one kind/);
    expect(() => onlyValue([far, { ...far, name: 'z' }], 'cka')).toThrow(/cka needs similarities/);
  });

  test('unknown pairs are left out of every system; ranks are taken over the rest', () => {
    const [x, y] = views(8, 2);
    x.values[1] = x.values[8] = Number.NaN;
    const kept = (values: Float64Array) =>
      Array.from(values).filter((_, at) => Math.floor(at / 8) < at % 8 && at !== 1);
    const table = rsa([x, y], { ...quick, measure: 'spearman', samples: 20, permutations: 20 });
    expect([table.nPairs, table.nUnknownPairs]).toEqual([27, 1]);
    expect(table.comparisons[0].value).toBeCloseTo(spearman(kept(x.values), kept(y.values)), 12);
    expect(table.comparisons[0].mantel!.p).toBeGreaterThan(0);
    expect(() => onlyValue([x, y], 'cka')).toThrow(/cka needs every cell/);
  });

  test('constant matrices are an error, or 0 where that is what the measure says', () => {
    const [x] = views(6, 1);
    const flat = { ...x, name: 'flat', values: x.values.map(() => 0.1) };
    for (const measure of ['pearson', 'spearman', 'kendall-tau-b', 'cka'] as const)
      expect(() => onlyValue([x, flat], measure)).toThrow(/All known pairs of flat are equal/);
    expect(onlyValue([x, flat], 'kendall-tau-a')).toBe(0);
    expect(onlyValue([x, flat], 'rho-a')).toBeCloseTo(0, 12);
    expect(() => rsa([x], quick)).toThrow(/at least two/);
    expect(() => rsa([x, x], quick)).toThrow(/Two systems are named/);
  });
});

describe('features', () => {
  const [x, y] = golden.features.map((rows: number[][]) => ({
    nRows: rows.length,
    nColumns: rows[0].length,
    data: Float64Array.from(rows.flat()),
  }));
  const rotated = (angle: number) => {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const data = y.data.slice();
    for (let r = 0; r < y.nRows; r++) {
      const [u, v] = [y.data[3 * r], y.data[3 * r + 1]];
      data.set([cos * u - sin * v + 5, sin * u + cos * v], 3 * r);
    }
    return { ...y, data };
  };

  test('CKA and Procrustes agree with NumPy and SciPy', () => {
    expect(linearCka(x, y)).toBeCloseTo(golden.cka, 12);
    expect(procrustes(x, y).disparity).toBeCloseTo(golden.procrustes, 10);
    const dot = [x, y].map((m, i) => rsmOfFeatures(m, { name: `${i}`, measure: 'dot' }));
    expect(onlyValue(dot, 'cka')).toBeCloseTo(golden.cka, 12);
  });

  test('debiased CKA is the ratio of unbiased HSICs written out, 1 with itself, and near 0 for unrelated features', () => {
    const gram = ({ nRows, nColumns, data }: typeof x) =>
      Array.from({ length: nRows }, (_, i) =>
        Array.from({ length: nRows }, (_, j) =>
          i === j
            ? 0
            : Array.from(
                { length: nColumns },
                (_, c) => data[i * nColumns + c] * data[j * nColumns + c],
              ).reduce((sum, value) => sum + value),
        ),
      );
    // Song et al. (2012), Eq. 5, by its sums over i, j, q, r.
    const hsic = (k: number[][], l: number[][]) => {
      const n = k.length;
      let [same, all, chain] = [0, 0, 0];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++)
          for (let q = 0; q < n; q++) {
            if (q === 0) same += k[i][j] * l[j][i];
            chain += k[i][j] * l[j][q];
            for (let r = 0; r < n; r++) all += k[i][j] * l[q][r];
          }
      return (same + all / ((n - 1) * (n - 2)) - (2 * chain) / (n - 2)) / (n * (n - 3));
    };
    const [k, l] = [gram(x), gram(y)];
    expect(debiasedCka(x, y)).toBeCloseTo(hsic(k, l) / Math.sqrt(hsic(k, k) * hsic(l, l)), 10);
    expect(debiasedCka(x, rotated(0))).toBeCloseTo(debiasedCka(x, y), 10);
    expect(debiasedCka(x, x)).toBeCloseTo(1, 12);
    let [biased, debiased] = [0, 0];
    for (let turn = 0; turn < 40; turn++) {
      const random = new Random(keyOf(turn));
      const [a, b] = [0, 1].map(() => ({
        nRows: 30,
        nColumns: 60,
        data: Float64Array.from({ length: 1800 }, () => random.normal()),
      }));
      biased += linearCka(a, b) / 40;
      debiased += debiasedCka(a, b) / 40;
    }
    expect(biased).toBeGreaterThan(0.5);
    expect(Math.abs(debiased)).toBeLessThan(0.05);
    expect(() =>
      debiasedCka(
        { nRows: 3, nColumns: 1, data: Float64Array.of(1, 2, 4) },
        { nRows: 3, nColumns: 1, data: Float64Array.of(1, 2, 3) },
      ),
    ).toThrow(/3 stimuli; at least 4/);
  });

  test('neither changes when features are rotated or shifted', () => {
    fc.assert(
      fc.property(fc.double({ min: -4, max: 4, noNaN: true }), (angle) => {
        expect(linearCka(x, rotated(angle))).toBeCloseTo(golden.cka, 10);
        expect(procrustes(x, rotated(angle)).disparity).toBeCloseTo(golden.procrustes, 10);
      }),
      { numRuns: 20 },
    );
    expect(procrustes(y, rotated(1)).similarity).toBeCloseTo(1, 12);
  });

  test('refuse other numbers of stimuli and features that do not vary', () => {
    expect(() => linearCka(x, { nRows: 2, nColumns: 1, data: Float64Array.of(1, 2) })).toThrow(
      /12 and 2 stimuli/,
    );
    expect(() => procrustes(x, { ...x, data: x.data.map(() => 0.1) })).toThrow(/the same for all/);
  });
});

describe('resampling', () => {
  test('Mantel p is near that of all orders (every permutation of six stimuli in NumPy)', () => {
    const systems = [square('a', golden.mantel.a), square('b', golden.mantel.b)];
    for (const [measure, wanted] of Object.entries({
      pearson: golden.mantel.pearson,
      spearman: golden.mantel.spearman,
      'kendall-tau-a': golden.mantel.tauA,
    })) {
      for (const [alternative, p] of [
        ['greater', wanted.greater],
        ['two-sided', wanted.twoSided],
      ] as const) {
        const options = { measure: measure as RsaMeasure, samples: 0, permutations: 3000, alternative, key };
        const [{ mantel }] = rsa(systems, options).comparisons;
        expect(Math.abs(mantel!.p - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 3000) + 1e-3);
      }
    }
  });

  test.each(['cosine', 'cka'] as const)(
    'two-sided %s: p is that of all orders, about their mean, and low values are extreme too',
    (measure) => {
      const n = 6;
      const orders = permutationsOf(n);
      const positive = (rows: number[][]) =>
        rows.map((row, i) => row.map((v, j) => (i === j ? 3 : 1 + v ** 2)));
      const [a, b] = [positive(golden.mantel.a), positive(golden.mantel.b)];
      const values = orders.map((order) =>
        onlyValue(
          [
            square('a', a),
            square(
              'b',
              order.map((i) => order.map((j) => b[i][j])),
            ),
          ],
          measure,
        ),
      );
      const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
      const least = orders[values.indexOf(Math.min(...values))];
      for (const [name, order] of [
        ['first', orders[0]],
        ['least', least],
      ] as const) {
        const moved = square(
          name,
          order.map((i) => order.map((j) => b[i][j])),
        );
        const options = { measure, samples: 0, permutations: 2000, alternative: 'two-sided', key } as const;
        const [{ value, mantel }] = rsa([square('a', a), moved], options).comparisons;
        const far = (one: number) => Math.abs(one - centre) >= Math.abs(value - centre) - 1e-6;
        const p = values.filter(far).length / values.length;
        expect(Math.abs(mantel!.p - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 2000) + 2e-3);
        expect(mantel!.method).toBe(
          'Mantel test, two-sided about the mean of the permutations, 2000 permutations of stimuli',
        );
        // About 0 the lowest value of all would be the least extreme one.
        if (name === 'least') expect(mantel!.p).toBeLessThan(0.3);
      }
    },
  );

  test('a bootstrap sample is Pearson r over pairs of different drawn stimuli', () => {
    const systems = views(15, 2);
    const rsms = prepareRsms(systems, 'pearson');
    const share = { bootstrap: [0, 4], jackknife: [0, 0], permutation: [0, 0] } as const;
    const { bootstrap } = resample(rsms, share, key);
    for (let s = 0; s < 4; s++) {
      const drawn = drawnStimuli(key, s, 15);
      const [x, y]: number[][] = [[], []];
      drawn.forEach((i, p) => {
        drawn.subarray(p + 1).forEach((j) => {
          if (i === j) return;
          x.push(systems[0].values[i * 15 + j]);
          y.push(systems[1].values[i * 15 + j]);
        });
      });
      expect(bootstrap[s]).toBeCloseTo(pearson(x, y), 12);
    }
  });

  test.each(['pearson', 'spearman', 'rho-a', 'cosine', 'cka'] as const)(
    'kernels give what the plain loops give: %s',
    (measure) => {
      for (const nStimuli of [101, 104]) {
        const rsms = prepareRsms(views(nStimuli, 3), measure);
        const share = { bootstrap: [3, 14], jackknife: [0, 5], permutation: [2, 13] } as const;
        const [fast, plain] = [resampleFast(rsms, share, key), resample(rsms, share, key)];
        for (const kind of ['bootstrap', 'jackknife', 'permutation'] as const) {
          expect(fast[kind].length).toBe(plain[kind].length);
          fast[kind].forEach((value, at) => {
            expect(Math.abs(value - plain[kind][at])).toBeLessThan(1e-6);
          });
        }
      }
    },
  );

  test('one, two and three workers give the same table', async () => {
    const systems = views(110, 3);
    const options = { samples: 50, permutations: 33, interval: 'bca', key } as const;
    const table = rsa(systems, options);
    for (const nWorkers of [2, 3]) expect(await rsaOnWorkers(systems, options, { nWorkers })).toEqual(table);
    const signal = AbortSignal.abort();
    await expect(rsaOnWorkers(systems, options, { nWorkers: 2, signal })).rejects.toThrow(/Stopped/);
  });

  test('unrelated systems: p is uniform', () => {
    let nSmall = 0;
    let total = 0;
    for (let turn = 0; turn < 300; turn++) {
      const systems = [views(20, 1, 2 * turn + 10)[0], { ...views(20, 1, 2 * turn + 11)[0], name: 'other' }];
      const options = { measure: 'pearson', samples: 0, permutations: 99, key: keyOf(turn) } as const;
      const { p } = rsa(systems, options).comparisons[0].mantel!;
      total += p / 300;
      if (p <= 0.1) nSmall++;
    }
    // 30 and .5 are expected; limits are three standard errors away on both sides.
    expect(nSmall).toBeGreaterThan(14);
    expect(nSmall).toBeLessThan(46);
    expect(Math.abs(total - 0.505)).toBeLessThan(0.05);
  });

  test.each([
    ['percentile', 0.3],
    ['bca', 0.3],
    ['percentile', 1],
    ['bca', 1],
  ] as const)(
    'related systems: %s intervals hold the true value neither too seldom nor always (noise %f)',
    (interval, noise) => {
      const truth = [1, 2, 3, 4].reduce(
        (sum, seed) => sum + onlyValue(views(500, 2, seed, noise), 'pearson') / 4,
        0,
      );
      const nTurns = 150;
      let nCovering = 0;
      for (let turn = 0; turn < nTurns; turn++) {
        const options = {
          measure: 'pearson',
          interval,
          samples: 200,
          permutations: 0,
          key: keyOf(turn),
        } as const;
        const { low, high } = rsa(views(50, 2, turn + 10, noise), options).comparisons[0].estimate!;
        if (low <= truth && truth <= high) nCovering++;
      }
      // Nominally 95 %; measured 90 to 97 % here.
      expect(nCovering / nTurns).toBeGreaterThan(0.86);
      expect(nCovering / nTurns).toBeLessThan(0.99);
    },
  );

  test('intervals of cka hold their own value, where stimuli drawn twice raise every sample', () => {
    const random = new Random(key);
    const systems = ['x', 'y'].map((name) => {
      const data = Float64Array.from({ length: 30 * 60 }, () => random.normal());
      return rsmOfFeatures({ nRows: 30, nColumns: 60, data }, { name, measure: 'dot' });
    });
    for (const interval of ['percentile', 'bca'] as const) {
      const options = { measure: 'cka', interval, samples: 100, permutations: 0, key } as const;
      const [{ value, estimate }] = rsa(systems, options).comparisons;
      expect(estimate!.low).toBeLessThan(value);
      expect(estimate!.high).toBeGreaterThan(value);
      expect(estimate!.method).toMatch(/centred on the value$/);
    }
  });

  test('q values are over the table, and say what was tested', () => {
    const { comparisons } = rsa(views(30, 3), { samples: 30, permutations: 99, key });
    expect(comparisons.map(({ a, b }) => `${a}-${b}`)).toEqual([
      'view 0-view 1',
      'view 0-view 2',
      'view 1-view 2',
    ]);
    for (const { mantel } of comparisons) {
      expect(mantel!.q).toBeGreaterThanOrEqual(mantel!.p);
      expect(mantel!.method).toBe('Mantel test, one-sided, 99 permutations of stimuli');
    }
  });
});

describe('the noise ceiling of raters', () => {
  const raters = golden.raters.map((rows: number[][], i: number) =>
    square(`rater ${i}`, rows, 'dissimilarity'),
  );
  test.each(['pearson', 'spearman'] as const)('%s agrees with SciPy', (measure) => {
    const { lower, upper, nRaters, nPairs } = rsaNoiseCeiling(raters, measure);
    expect(lower.value).toBeCloseTo(golden.ceiling[measure].lower, 10);
    expect(upper.value).toBeCloseTo(golden.ceiling[measure].upper, 10);
    expect([nRaters, nPairs]).toEqual([4, 66]);
  });

  test('lower is below upper for every measure; one rater has none', () => {
    for (const measure of ['kendall-tau-a', 'kendall-tau-b', 'rho-a', 'cosine'] as const) {
      const { lower, upper } = rsaNoiseCeiling(raters, measure);
      expect(lower.value).toBeLessThan(upper.value);
    }
    expect(() => rsaNoiseCeiling(raters.slice(0, 1), 'pearson')).toThrow(/at least two raters/);
  });

  test('of two raters has a value, and no interval that would pretend to know its spread', () => {
    const two = raters.slice(0, 2);
    const { lower, upper, nRaters } = rsaNoiseCeiling(two, 'spearman');
    expect(lower.value).toBeCloseTo(onlyValue(two, 'spearman'), 12);
    for (const { low, high, method } of [lower, upper]) {
      expect([low, high]).toEqual([Number.NaN, Number.NaN]);
      expect(method).toBe('none: two raters have one correlation');
    }
    expect(nRaters).toBe(2);
    const three = rsaNoiseCeiling(raters.slice(0, 3), 'spearman');
    expect(three.lower.low).toBeLessThan(three.lower.value);
  });
});
