import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import type { Embedding } from '#dist/embedding/embedding.js';
import { affectGraph } from '#dist/geometry/graph/affect-graph.js';
import { graphOptions } from '#dist/geometry/graph/options.js';
import { setIntersections } from '#dist/geometry/graph/set-intersections.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { categoryColour } from '#dist/report/colour.js';
import { communityLayout } from '#dist/report/community-layout.js';
import { type Figure, figureFile } from '#dist/report/figure.js';
import { communityOrder, componentCorrelations } from '#dist/report/figures/component-correlations.js';
import { componentNetworks } from '#dist/report/figures/component-network.js';
import { projectionMaps } from '#dist/report/figures/projection-maps.js';
import { upsetPlot } from '#dist/report/figures/upset.js';

const parse = (figure: Figure) =>
  parseHTML(`<html><body>${figureFile(figure).replace(/^<\?xml.*?\?>/, '')}</body></html>`).document;

const graphOf = (embedding: Embedding, labels: readonly string[]) => {
  const terms = labels.map((text) => ({
    terms: [{ scale: text, kind: 'category' as const, r: 0.5, text }],
  }));
  return affectGraph(embedding, terms, graphOptions.parse({}));
};

/** Two groups of three components and a constant one, over 40 stimuli. */
function system(name: string) {
  const random = new Random(keyOf(name));
  const weights = new Float32Array(40 * 7);
  for (let i = 0; i < 40; i++) {
    const shared = [random.normal(), random.normal()];
    for (let c = 0; c < 7; c++)
      weights[i * 7 + c] = c === 6 ? 1 : shared[Math.floor(c / 3)] + 0.3 * random.normal();
  }
  const labels = Array.from({ length: 7 }, (_, c) => `label <${c}>`);
  return { name, labels, graph: graphOf({ nStimuli: 40, nComponents: 7, weights }, labels) };
}

describe('network', () => {
  const systems = [system('one'), system('two')];
  const document = parse(componentNetworks(systems, 'network'));

  test('draws every joined component, edge and community once', () => {
    const total = (count: (drawn: (typeof systems)[number]) => number) =>
      systems.reduce((sum, drawn) => sum + count(drawn), 0);
    const found = (selector: string) => document.querySelectorAll(selector).length;
    expect(found('g.node')).toBe(total(({ graph }) => 7 - graph.graph.isolated.length));
    expect(found('path.edge')).toBe(total(({ graph }) => graph.graph.edges.length));
    expect(found('ellipse.community')).toBe(total(({ graph }) => graph.communities.length));
    expect(document.body.textContent).toContain('1 isolated: 7 label <6>');
  });

  test('draws a graph without components, and the same graph the same way', () => {
    const graph = graphOf({ nStimuli: 3, nComponents: 0, weights: new Float32Array(0) }, []);
    const bare = parse(componentNetworks([{ name: 'none', graph, labels: [] }], 'x'));
    expect(bare.querySelectorAll('g.node')).toHaveLength(0);
    const again = () => figureFile(componentNetworks(systems, 'n'));
    expect(again()).toBe(again());
  });

  test('nodes of a community lie within its ground, and grounds do not overlap', () => {
    const random = new Random(keyOf('layout'));
    const nodes = Array.from({ length: 30 }, (_, i) => ({
      radius: 6 + random.below(11),
      halfName: 30,
      community: i % 4,
    }));
    const links = Array.from({ length: 80 }, (_, i) => ({
      a: i % 30,
      b: (i + 1 + random.below(29)) % 30,
      weight: random.uniform(),
    }));
    const { positions, grounds } = communityLayout(nodes, links);
    nodes.forEach(({ community }, i) => {
      const { x, y, rx, ry } = grounds[community];
      expect(Math.hypot((positions[i][0] - x) / rx, (positions[i][1] - y) / ry)).toBeLessThan(1);
    });
    for (const [i, a] of grounds.entries())
      for (const b of grounds.slice(0, i))
        expect(Math.hypot((a.x - b.x) * (a.ry / a.rx), a.y - b.y)).toBeGreaterThan(a.ry + b.ry);
  });

  test('names lie on no other node and on no ground, however long they are', () => {
    const random = new Random(keyOf('names'));
    const nodes = Array.from({ length: 36 }, (_, i) => ({
      radius: 6 + random.below(11),
      halfName: 10 + random.below(30),
      community: i % 5,
    }));
    const links = Array.from({ length: 120 }, (_, i) => ({
      a: i % 36,
      b: (i + 1 + random.below(35)) % 36,
      weight: random.uniform(),
    }));
    const title = { halfWidth: 130, height: 33 };
    const { positions, grounds } = communityLayout(nodes, links, () => title);
    const touch = (a: Box, b: Box) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5;
    const nameOf = (i: number) => {
      const [x, y] = positions[i];
      const { radius, halfName } = nodes[i];
      return { left: x - halfName, right: x + halfName, top: y + radius + 1, bottom: y + radius + 11 };
    };
    const nodeOf = (i: number) => {
      const [x, y] = positions[i];
      const { radius } = nodes[i];
      return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius };
    };
    for (const i of nodes.keys())
      for (const k of nodes.keys())
        if (i !== k) {
          expect(touch(nameOf(i), nodeOf(k))).toBe(false);
          if (i < k) expect(touch(nameOf(i), nameOf(k))).toBe(false);
        }
    const titleOf = ({ x, y, ry }: (typeof grounds)[number]) => ({
      left: x - title.halfWidth,
      right: x + title.halfWidth,
      top: y - ry - title.height,
      bottom: y - ry,
    });
    for (const [a, ground] of grounds.entries())
      for (const [b, other] of grounds.entries())
        if (a !== b) {
          const box = titleOf(ground);
          expect(touch(box, titleOf(other))).toBe(false);
          const nearest = {
            x: Math.max(box.left, Math.min(other.x, box.right)),
            y: Math.max(box.top, Math.min(other.y, box.bottom)),
          };
          const inside = Math.hypot((nearest.x - other.x) / other.rx, (nearest.y - other.y) / other.ry);
          expect(inside).toBeGreaterThan(1);
        }
  });
});

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

test('correlations of many components: numbers of columns stand upright, names of rows do not touch', () => {
  const nComponents = 40;
  const random = new Random(keyOf('many'));
  const weights = Float32Array.from({ length: 60 * nComponents }, () => random.uniform());
  const labels = Array.from({ length: nComponents }, (_, c) => `label ${c}`);
  const graph = graphOf({ nStimuli: 60, nComponents, weights }, labels);
  const document = parse(componentCorrelations([{ name: 'many', labels, graph }], 'matrix'));
  const numbers = [...document.querySelectorAll('text.column-number')];
  expect(numbers).toHaveLength(nComponents);
  for (const number of numbers) expect(number.getAttribute('transform')).toContain('rotate(-90)');
  const rows = [...document.querySelectorAll('text.row-label')];
  const heights = rows.map((row) => Number(row.getAttribute('transform')!.match(/ ([\d.]+)\)/)![1]));
  expect(heights[1] - heights[0]).toBeGreaterThanOrEqual(Number(rows[0].getAttribute('font-size')));
});

test('correlations: every component once, communities first and framed', () => {
  const one = system('one');
  expect(communityOrder(one.graph).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  const document = parse(componentCorrelations([one], 'matrix'));
  expect(document.querySelectorAll('rect.community')).toHaveLength(one.graph.communities.length);
  expect(document.body.textContent).toContain('undefined');
});

describe('maps', () => {
  const names = Array.from({ length: 27 }, (_, c) => `category ${c}`);
  const topCategory = Int32Array.from({ length: 300 }, (_, i) => (i === 299 ? -1 : i % 27));
  const random = new Random(keyOf('map'));
  const positions = Float64Array.from({ length: 600 }, () => random.normal());
  const prototypes = names.map((_, category) => ({ category, stimuli: [category, category + 27] }));
  const maps = ['one', 'two'].map((name) => ({ name, positions }));
  const figure = (minPerCategory: number) =>
    projectionMaps(
      maps,
      { names, topCategory, prototypes, minPerCategory },
      { name: 'maps', method: 't-SNE' },
    );

  test('a map that is a thin strip lies flat, and prototypes in one place do not overlap', () => {
    const strip = positions.map((value, at) => (at % 2 === 0 ? 0.05 * value : 3 * value));
    const few = [0, 27, 54, 81].map((stimulus) => ({ category: stimulus % 27, stimuli: [stimulus] }));
    for (const { stimuli } of few) strip.set([0, 0], 2 * stimuli[0]);
    const drawn = (map: Float64Array) =>
      projectionMaps(
        [{ name: 'one', positions: map }],
        { names, topCategory, prototypes: few, minPerCategory: 2 },
        { name: 'maps', method: 't-SNE' },
      );
    expect(drawn(strip).height).toBeLessThan(drawn(positions).height - 200);
    const marks = Array.from(parse(drawn(strip)).querySelectorAll('g.prototype circle:first-child'), (c) => [
      Number(c.getAttribute('cx')),
      Number(c.getAttribute('cy')),
    ]);
    expect(marks).toHaveLength(4);
    for (const [i, a] of marks.entries())
      for (const b of marks.slice(0, i)) expect(Math.hypot(a[0] - b[0], a[1] - b[1])).toBeGreaterThan(13);
  });

  test('the legend numbers only categories whose number stands on a point', () => {
    const few = [
      { category: 3, stimuli: [3] },
      { category: 5, stimuli: [] },
      { category: 8, stimuli: [8, 35] },
    ];
    const drawn = (some: typeof few) =>
      projectionMaps(
        [{ name: 'one', positions }],
        { names, topCategory, prototypes: some, minPerCategory: 2 },
        { name: 'maps', method: 't-SNE' },
      );
    const numbers = (selector: string, some: typeof few) =>
      Array.from(
        parse(drawn(some)).querySelectorAll(selector),
        ({ textContent }) => textContent ?? '',
      ).filter((text) => /^\d+$/.test(text));
    expect(numbers('g.prototype text', few)).toEqual(['1', '2', '2']);
    expect(numbers('text', few).toSorted()).toEqual(['1', '1', '2', '2', '2']);
    expect(numbers('text', [])).toEqual([]);
    expect(drawn(few).caption).toContain('Numbered: prototypes');
    expect(drawn([]).caption).not.toContain('Numbered');
  });

  test('every stimulus is a point in every panel, every category in the legend', () => {
    const document = parse(figure(2));
    const paths = Array.from(document.querySelectorAll('path.points'), (path) => path.getAttribute('d')!);
    expect(paths.reduce((sum, d) => sum + d.split('h0').length - 1, 0)).toBe(600);
    expect(document.querySelectorAll('g.prototype')).toHaveLength(2 * 27 * 2);
    for (const name of names) expect(document.body.textContent).toContain(name);
  });

  test('rare categories are grey and counted', () => {
    expect(figure(12).caption).toContain('276 stimuli without one or of categories with fewer than 12 grey');
  });

  test('no two of many categories share a colour', () => {
    for (const n of [1, 2, 9, 27, 34])
      expect(new Set(Array.from({ length: n }, (_, c) => categoryColour(c, n))).size).toBe(n);
  });
});

describe('UpSet', () => {
  const words = { name: 'upset', title: 'Shared.', one: 'term', many: 'terms' };

  test('bars are in the ratio of the counts, dots say which sets', () => {
    const sets = [
      { name: 'A', members: ['x', 'y', 'z'] },
      { name: 'B', members: ['y', 'w'] },
      { name: 'C', members: [] },
    ];
    const figure = upsetPlot(sets, setIntersections(sets), words);
    const document = parse(figure);
    const widths = Array.from(document.querySelectorAll('rect.bar'), (bar) =>
      Number(bar.getAttribute('width')),
    );
    expect(widths).toEqual([150, 75, 75]);
    expect(document.querySelectorAll('circle.in')).toHaveLength(1 + 2 + 1);
    expect(figure.alt).toBe('A alone has 2 terms; A and B share 1 term; B alone has 1 term.');
  });

  test('many members are cut with their number', () => {
    const members = Array.from({ length: 200 }, (_, i) => `member number ${i}`);
    const sets = [{ name: 'A', members }];
    const text = parse(upsetPlot(sets, setIntersections(sets), words)).body.textContent;
    expect(text).toMatch(/and \d+ more/);
  });
});
