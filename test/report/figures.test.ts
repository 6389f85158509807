import fc from 'fast-check';
import { decode } from 'fast-png';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, test } from 'vitest';
import { diverging, hex, sequential } from '#dist/report/colour.js';
import type { ReportData } from '#dist/report/data.js';
import { bandsWithRoom, diagonalOrder, orderByCategory, spreadApart } from '#dist/report/order.js';
import { rasterUri } from '#dist/report/raster.js';
import { type Report, renderReport } from '#dist/report/render.js';
import { syntheticStudy } from './synthetic-study.js';

let data: ReportData;
let report: Report;

beforeAll(async () => {
  data = await syntheticStudy({ nStimuli: 60, nComponents: [9, 7, 5], pictures: false });
  report = renderReport(data);
});

const parse = (name: string) =>
  parseHTML(`<html><body>${report.figures[name].replace(/^<\?xml.*?\?>/, '')}</body></html>`).document;
const numbers = (
  elements: Iterable<{ getAttribute(name: string): string | null }>,
  attribute: string,
): number[] => Array.from(elements, (element) => Number(element.getAttribute(attribute)));

function pixelsOf(uri: string) {
  const image = decode(Buffer.from(uri.split(',')[1], 'base64'));
  return {
    ...image,
    at: (x: number, y: number) =>
      Array.from(image.data.subarray(3 * (y * image.width + x), 3 * (y * image.width + x) + 3)),
  };
}

describe('charts show the numbers', () => {
  test('accuracy: bar lengths are in the ratio of the accuracies, labels and ceilings included', () => {
    const document = parse('accuracy');
    const widths = numbers(document.querySelectorAll('g[aria-label="bar"] rect'), 'width');
    const wanted = data.judges.map(({ evaluation }) => evaluation.accuracy.value);
    for (const [i, width] of widths.entries())
      expect(width / widths[0]).toBeCloseTo(wanted[i] / wanted[0], 4);
    expect(document.querySelectorAll('g.ceiling line')).toHaveLength(2);
    expect(document.body.textContent).toContain(`${(100 * wanted[1]).toFixed(1)}%`);
  });

  test('accuracy: each interval ends where its numbers say', () => {
    const document = parse('accuracy');
    const [bar] = document.querySelectorAll('g[aria-label="bar"] rect');
    const { low, high, value } = data.judges[0].evaluation.accuracy;
    const [interval] = document.querySelectorAll('g.interval line');
    const x0 = Number(bar.getAttribute('x'));
    const perUnit = Number(bar.getAttribute('width')) / value;
    expect(Number(interval.getAttribute('x1'))).toBeCloseTo(x0 + perUnit * low, 3);
    expect(Number(interval.getAttribute('x2'))).toBeCloseTo(x0 + perUnit * high, 3);
  });

  test('kinds: pieces of a judge fill its bar and keep their shares', () => {
    const widths = numbers(parse('component-kinds').querySelectorAll('g[aria-label="bar"] rect'), 'width');
    const total = widths.reduce((sum, width) => sum + width, 0) / data.judges.length;
    const shares = data.judges.flatMap(({ interpretation, embedding }) =>
      (['categorical', 'mixed', 'dimensional', 'uninterpretable'] as const).map(
        (kind) => interpretation!.kinds[kind] / embedding.nComponents,
      ),
    );
    for (const [i, width] of widths.entries()) expect(width / total).toBeCloseTo(shares[i], 4);
  });

  test('nearest centroid: chance lies inside its interval and left of the bar end', () => {
    const document = parse('nearest-centroid');
    const [chance] = document.querySelectorAll('g.chance line');
    const [interval] = document.querySelectorAll('g.chance-interval line');
    const [bar] = document.querySelectorAll('g[aria-label="bar"] rect');
    const perUnit = Number(bar.getAttribute('width')) / data.judges[0].nearestCentroid!.top3!.value;
    const x0 = Number(bar.getAttribute('x'));
    expect(Number(chance.getAttribute('x1'))).toBeCloseTo(x0 + perUnit * 0.34, 3);
    expect(Number(interval.getAttribute('x1'))).toBeCloseTo(x0 + perUnit * 0.29, 3);
    expect(Number(interval.getAttribute('x2'))).toBeCloseTo(x0 + perUnit * 0.39, 3);
  });

  test('a rose petal is as long as its weight', () => {
    const rose = parse('roses').querySelector('g.rose')!;
    const petals = [...rose.querySelectorAll('path.petal')].map((petal) => ({
      length: Number(/A([\d.]+)/.exec(petal.getAttribute('d')!)![1]),
      weight: Number(/: ([\d.]+)$/.exec(petal.querySelector('title')!.textContent!)![1]),
    }));
    const largest = data.judges[0].embedding.weights.reduce((a, b) => Math.max(a, b));
    expect(petals.length).toBeGreaterThan(0);
    for (const { length, weight } of petals) expect(length).toBeCloseTo((62 * weight) / largest, 0);
  });
});

describe('heat maps', () => {
  test('ratings: every cell has the colour of its correlation, symmetric around zero', () => {
    const { correlations, scales } = data.judges[0].interpretation!;
    const largest = Math.max(...Array.from(correlations.data, Math.abs));
    const cells = [...parse('ratings-words').querySelectorAll('g.cells rect')];
    expect(cells).toHaveLength(correlations.data.length);
    const byName = new Map(scales.map(({ name }, column) => [name, column]));
    for (const cell of cells) {
      const [, row, scale, r] = /^(\d+).* × (.+): r = (.+)$/.exec(cell.querySelector('title')!.textContent!)!;
      const value = correlations.data[(Number(row) - 1) * scales.length + byName.get(scale)!];
      expect(Number(r.replace('−', '-'))).toBeCloseTo(value, 2);
      expect(cell.getAttribute('fill')).toBe(hex(diverging((value / largest + 1) / 2)));
    }
  });

  test('ratings: the categories stand left of the rule, the dimensions right of it', () => {
    const document = parse('ratings-words');
    const rule = Number(document.querySelector('line.rule')!.getAttribute('x1'));
    const kinds = new Map(data.ratings[0].scales.map(({ name, kind }) => [name, kind]));
    for (const text of document.querySelectorAll('text.column-label')) {
      const x = Number(/translate\(([\d.]+)/.exec(text.getAttribute('transform')!)![1]);
      expect(x < rule).toBe(kinds.get(text.textContent!) === 'category');
    }
  });

  test('embedding: the pixels are the weights of the sorted stimuli', () => {
    const image = pixelsOf(parse('embedding-looks').querySelector('image')!.getAttribute('href')!);
    const { nComponents, weights } = data.judges[1].embedding;
    const order = Array.from(data.topCategory.keys()).sort(
      (a, b) => data.topCategory[a] - data.topCategory[b] || a - b,
    );
    expect([image.width, image.height]).toEqual([60, nComponents]);
    const largest = weights.reduce((a, b) => Math.max(a, b));
    for (const [column, stimulus] of order.entries()) {
      for (let c = 0; c < nComponents; c++) {
        const level = Math.round((weights[stimulus * nComponents + c] / largest) * 63) / 63;
        expect(image.at(column, c)).toEqual(sequential(level));
      }
    }
  });

  test('RSM: symmetric pixels, the diagonal darkest', () => {
    const image = pixelsOf(parse('rsm-words').querySelector('image')!.getAttribute('href')!);
    for (let i = 0; i < 60; i++) {
      expect(image.at(i, i)).toEqual(sequential(1));
      for (let j = 0; j < i; j++) expect(image.at(i, j)).toEqual(image.at(j, i));
    }
  });

  test('a raster keeps NaN apart from every colour', () => {
    const image = pixelsOf(
      rasterUri(
        { nRows: 1, nColumns: 3, data: Float64Array.of(0, Number.NaN, 1) },
        { ramp: sequential, low: 0, high: 1 },
      ),
    );
    expect([image.at(0, 0), image.at(1, 0), image.at(2, 0)]).toEqual([
      [255, 255, 255],
      [185, 180, 172],
      [10, 35, 66],
    ]);
  });

  test('generalisation: as many dots as pairs asked, at their places', () => {
    const document = parse('generalisation-words');
    const { predicted, measured, nPairs } = data.judges[0].generalisation!;
    const dots = [...document.querySelectorAll('g[aria-label="dot"] circle')];
    expect(dots).toHaveLength(nPairs);
    const xs = numbers(dots, 'cx');
    const upper = Array.from(predicted.data).filter(
      (_, cell) => Math.floor(cell / predicted.nRows) < cell % predicted.nRows,
    );
    const spread = (values: readonly number[]) =>
      (Math.max(...values) - Math.min(...values)) /
      (values.reduce((a, b) => a + b) / values.length - Math.min(...values));
    expect(spread(xs)).toBeCloseTo(spread(upper), 2);
    expect(measured.nRows).toBe(18);
  });
});

describe('orders', () => {
  test('by category: a permutation, sorted, unknown last, bands cover it', () => {
    const { stimuli, bands } = orderByCategory([1, -1, 0, 1, 0], ['a', 'b']);
    expect(Array.from(stimuli)).toEqual([2, 4, 0, 3, 1]);
    expect(bands).toEqual([
      { name: 'a', start: 0, end: 2 },
      { name: 'b', start: 2, end: 4 },
      { name: 'no category', start: 4, end: 5 },
    ]);
  });

  test('a shuffled identity comes back as the diagonal', () => {
    const permutation = [3, 1, 4, 0, 2];
    const values = new Float64Array(25).fill(0.1);
    permutation.forEach((row, column) => {
      values[row * 5 + column] = 0.9;
    });
    const order = diagonalOrder({ nRows: 5, nColumns: 5, data: values }, [0, 1, 2, 3, 4]);
    expect(order.map((column) => permutation[column])).toEqual([0, 1, 2, 3, 4]);
  });

  test('every column is kept, also with NaN', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.constant(Number.NaN)), {
          minLength: 12,
          maxLength: 12,
        }),
        (cells) => {
          const order = diagonalOrder(
            { nRows: 3, nColumns: 4, data: Float64Array.from(cells) },
            [0, 1, 2, 3],
          );
          expect([...order].sort()).toEqual([0, 1, 2, 3]);
        },
      ),
    );
  });

  test('names pushed apart keep their order, their distance and the frame', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 25 }),
        (positions) => {
          const wished = positions.sort((a, b) => a - b);
          const spots = spreadApart(wished, 12, 0, 300);
          expect(spots).toHaveLength(wished.length);
          expect(spots[0]).toBeGreaterThanOrEqual(-1e-9);
          expect(spots.at(-1)).toBeLessThanOrEqual(300 + 1e-9);
          for (const [i, spot] of spots.slice(1).entries())
            expect(spot - spots[i]).toBeGreaterThanOrEqual(12 - 1e-9);
        },
      ),
    );
    expect(spreadApart([10, 100, 200], 12, 0, 300)).toEqual([10, 100, 200]);
  });

  test('when not all names fit, the largest bands keep theirs', () => {
    const bands = [5, 1, 9].map((size, i) => ({ name: `${i}`, start: 10 * i, end: 10 * i + size }));
    expect(bandsWithRoom(bands, 10, 20).map(({ name }) => name)).toEqual(['0', '2']);
  });
});
