import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import type { Consistency, RsaTable } from '#dist/geometry/index.js';
import type { Estimate } from '#dist/numerics/index.js';
import { type Figure, figureFile } from '#dist/report/figure.js';
import { consistencyBars } from '#dist/report/figures/consistency.js';
import { rsaMatrix } from '#dist/report/figures/rsa-matrix.js';

const estimate = (value: number, half = 0.05): Estimate => ({
  value,
  low: value - half,
  high: value + half,
  level: 0.95,
  method: 'percentile bootstrap over stimuli, 1000 samples',
  n: 66,
});
const parse = (figure: Figure) =>
  parseHTML(`<html><body>${figureFile(figure).replace(/^<\?xml.*?\?>/, '')}</body></html>`).document;
const attribute = (elements: Iterable<{ getAttribute(name: string): string | null }>, name: string) =>
  Array.from(elements, (element) => Number(element.getAttribute(name)));

describe('RSA matrix', () => {
  const compare = (a: string, b: string, value: number, q: number | null) => ({
    a,
    b,
    value,
    estimate: q === null ? null : estimate(value),
    mantel:
      q === null
        ? null
        : {
            p: q,
            q,
            alternative: 'greater' as const,
            nPermutations: 1000,
            nStimuli: 66,
            method: 'Mantel test, one-sided, 1000 permutations of stimuli',
          },
  });
  const table = (comparisons: RsaTable['comparisons']): RsaTable => ({
    measure: 'spearman',
    systems: ['people <1>', 'words', 'model'],
    nStimuli: 66,
    nPairs: 2145,
    nUnknownPairs: 0,
    dropped: [],
    comparisons,
  });

  test('has a cell with value, stars and interval for every two systems', () => {
    const comparisons = [
      compare('people <1>', 'words', 0.36, 0.0009),
      compare('people <1>', 'model', -0.12, 0.2),
      compare('words', 'model', 0.5, 0.04),
    ];
    const document = parse(rsaMatrix(table(comparisons))!);
    const cells = Array.from(document.querySelectorAll('g.rsa'), (cell) =>
      Array.from(cell.querySelectorAll('text'), (text) => text.textContent),
    );
    expect(cells).toEqual([
      ['.36***', '[.31, .41]'],
      ['−.12', '[−.17, −.07]'],
      ['.50*', '[.45, .55]'],
    ]);
    const caption = rsaMatrix(table(comparisons))!.caption;
    expect(caption).toContain('2,145 pairs of 66 stimuli');
    expect(caption).toContain('1,000 permutations');
  });

  test('says how many pairs were left out', () => {
    const one = table([compare('words', 'model', 0.5, 0.04)]);
    expect(rsaMatrix({ ...one, nUnknownPairs: 3 })!.caption).toContain(
      '(3 pairs that some system does not know left out)',
    );
    expect(rsaMatrix(one)!.caption).not.toContain('left out');
  });

  test('needs no tests or intervals, and at least one comparison', () => {
    const figure = rsaMatrix(table([compare('people <1>', 'words', 0.36, null)]))!;
    expect(figure.caption).not.toMatch(/Stars|Brackets/);
    expect(rsaMatrix(table([]))).toBeNull();
  });
});

describe('consistency bars', () => {
  const judges = ['people', 'model', 'random'].map((name) => ({
    name,
    reliability: estimate(0.81),
    nSplits: 100,
    spearmanBrown: true,
    nTrials: 1000,
    nUnknownPairs: 0,
  }));
  const consistency: Consistency = {
    nStimuli: 66,
    judges,
    comparisons: [
      {
        a: 'people',
        b: 'model',
        raw: estimate(0.6),
        corrected: { kind: 'corrected', estimate: estimate(0.98) },
        nPairs: 2145,
      },
      {
        a: 'people',
        b: 'random',
        raw: estimate(0.1),
        corrected: { kind: 'undefined', reason: 'random has a reliability of 0 or less' },
        nPairs: 2145,
      },
      {
        a: 'model',
        b: 'random',
        raw: estimate(0.1),
        corrected: { kind: 'undefined', reason: 'random has a reliability of 0 or less' },
        nPairs: 2145,
      },
    ],
  };

  test('raw: lengths are in the ratio of the values, the line stands at the root of the reliability', () => {
    const document = parse(consistencyBars(consistency, { reference: 'people', show: 'raw' })!);
    const bars = document.querySelectorAll('g[aria-label="bar"] rect');
    const [long, short] = attribute(bars, 'width');
    expect(long / short).toBeCloseTo(6, 4);
    const [ceiling] = attribute(document.querySelectorAll('g.ceiling line'), 'x1');
    const [start] = attribute(bars, 'x');
    expect((ceiling - start) / long).toBeCloseTo(0.9 / 0.6, 3);
  });

  test('corrected: undefined values are said, not drawn; intervals beyond 1 stay inside the axis', () => {
    const figure = consistencyBars(consistency, { reference: 'people' })!;
    const document = parse(figure);
    expect(document.querySelectorAll('g[aria-label="bar"] rect')).toHaveLength(1);
    expect(document.body.textContent).toContain('undefined');
    expect(figure.caption).toContain('Undefined: random has a reliability of 0 or less.');
    const [end] = attribute(document.querySelectorAll('g.interval line'), 'x2');
    expect(end).toBeLessThanOrEqual(figure.width - 92);
    expect(consistencyBars(consistency, { reference: 'nobody' })).toBeNull();
  });

  test('an estimate without an interval has no line, and the caption says why', () => {
    const method = 'no interval: 120 of 1000 bootstrap samples are undefined';
    const raw = { ...estimate(0.6), low: Number.NaN, high: Number.NaN, method };
    const [first, ...rest] = consistency.comparisons;
    const open = { ...consistency, comparisons: [{ ...first, raw }, ...rest] };
    const figure = consistencyBars(open, { reference: 'people', show: 'raw' })!;
    expect(parse(figure).querySelectorAll('g.interval line')).toHaveLength(1);
    expect(figure.caption).toContain(`“model” has ${method}.`);
    expect(figure.caption).toContain('95% interval (percentile bootstrap');
  });
});
