import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { sceneSvg, sliceMap } from '#dist/brain/maps/index.js';
import { groupDifferences } from '#dist/brain/statistics/group-tests.js';
import { shareWonAcross, voxelScatter } from '#dist/brain/statistics/voxel-scatter.js';
import { makeVolume } from '#dist/formats/index.js';
import { matrix } from '#dist/numerics/matrix.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { mean } from '#dist/numerics/statistics.js';
import { brainFigures } from '#dist/report/brain-figures.js';
import { figureFile } from '#dist/report/figure.js';
import { regionDots } from '#dist/report/figures/region-dots.js';
import { voxelHistograms } from '#dist/report/figures/voxel-histogram.js';
import { textWidth } from '#dist/report/text-width.js';

const parse = (file: string) =>
  parseHTML(`<html><body>${file.replace(/^<\?xml.*?\?>/, '')}</body></html>`).document;
const random = new Random(keyOf('figure'));
const regions = ['VC', 'TPJ', 'OFC', 'ACC'];
const means = [
  [0.3, 0.2, 0.1, Number.NaN],
  [0.1, 0.19, 0.1, Number.NaN],
];
const noise = Array.from({ length: 40 }, () => 0.02 * random.normal());
const scores = means.map((own, m) =>
  matrix(
    5,
    4,
    Float64Array.from({ length: 20 }, (_, i) => own[i % 4] + noise[20 * m + i]),
  ),
);
const difference = groupDifferences([scores[1], scores[0]]);
const data = {
  regions,
  models: [
    { name: 'MLLM', scores: scores[0], difference: null },
    { name: 'words', scores: scores[1], difference },
  ],
  score: 'Spearman correlation',
  test: 't',
  level: 0.05,
} as const;

describe('region dots', () => {
  const figure = regionDots(data);
  const document = parse(figureFile(figure));

  it('show every subject, and bars that end at the means', () => {
    expect(document.querySelectorAll('g.subject circle, g.subject path')).toHaveLength(30);
    const widths = Array.from(document.querySelectorAll('g.mean rect'), (bar) =>
      Number(bar.getAttribute('width')),
    );
    const own = scores.map(({ data: values }) =>
      regions
        .slice(0, 3)
        .map((_, r) => Array.from(values).filter((__, i) => i % 4 === r))
        .map((one) => mean(one)),
    );
    const perUnit = widths[0] / own[0][0];
    expect(widths).toHaveLength(6);
    expect(widths.toSorted((a, b) => a - b).map((one) => one / perUnit)).toEqual(
      own
        .flat()
        .toSorted((a, b) => a - b)
        .map((one) => expect.closeTo(one, 6)),
    );
  });

  it('star what differs, and name test, n and limits', () => {
    const significant = Array.from(difference.q).filter((q) => q < 0.05).length;
    expect(significant).toBeGreaterThan(0);
    expect(document.querySelectorAll('g.star text')).toHaveLength(significant);
    expect(figure.caption).toContain('two-tailed paired t-test across 5 subjects');
    expect(figure.caption).toContain('no p could be below 0.0625');
    expect(figure.caption).toContain('Without a voxel: ACC.');
    expect(document.body.textContent).toContain('no voxel');
  });

  it('say in the picture what a star means, and write whole numbers without a point', () => {
    expect(document.querySelector('text.star-meaning')?.textContent).toBe('* MLLM differs, q < .05');
    const wide = matrix(
      5,
      4,
      Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1.9 : -0.2)),
    );
    const page = parse(
      figureFile(regionDots({ ...data, models: [{ name: 'one', scores: wide, difference: null }] })),
    );
    const ticks = Array.from(page.querySelectorAll('text'), ({ textContent }) => textContent ?? '');
    expect(ticks).toContain('1');
    expect(ticks.filter((text) => /^-?\d+\.$/.test(text))).toEqual([]);
    expect(page.querySelector('text.star-meaning')).toBeNull();
  });

  it('star by sign flips where those were asked for', () => {
    const byFlips = regionDots({ ...data, test: 'signflip' });
    const below = Array.from(difference.signFlips!.q).filter((q) => q < 0.2).length;
    expect(below).toBeGreaterThan(0);
    expect(parse(figureFile(byFlips)).querySelectorAll('g.star text')).toHaveLength(0);
    expect(byFlips.caption).toContain('two-tailed sign-flip test across 5 subjects');
    const loose = regionDots({ ...data, test: 'signflip', level: 0.2 });
    expect(parse(figureFile(loose)).querySelectorAll('g.star text')).toHaveLength(below);
  });
});

describe('voxel histograms', () => {
  const subjects = ['S1', 'S2'].map((name) => {
    const a = Float64Array.from({ length: 500 }, () => random.normal());
    return {
      name,
      scatter: voxelScatter(
        a,
        a.map((value, i) => (i % 4 === 0 ? value - 0.1 : value + 0.1)),
        { nBins: 20 },
      ),
    };
  });
  const won = shareWonAcross(subjects.map(({ scatter }) => scatter));
  const figure = voxelHistograms({ a: 'words', b: 'MLLM', score: 'Pearson r', subjects, won })!;
  const document = parse(figureFile(figure));

  it('have one raster, one line from corner to corner and one share per subject', () => {
    expect(document.querySelectorAll('image')).toHaveLength(2);
    const lines = Array.from(document.querySelectorAll('g.identity path'));
    expect(lines).toHaveLength(2);
    const [image] = document.querySelectorAll('image');
    const [x, y, side] = ['x', 'y', 'width'].map((name) => Number(image.getAttribute(name)));
    const ends = lines[0]
      .getAttribute('d')!
      .match(/-?[\d.]+/g)!
      .map(Number);
    expect(ends).toEqual([x, y + side, x + side, y]);
    expect(Array.from(document.querySelectorAll('text.share'), (text) => text.textContent)).toEqual([
      'MLLM ahead in 75.0% of 500 voxels',
      'MLLM ahead in 75.0% of 500 voxels',
    ]);
  });

  it('cut long names where they would leave their panel, and keep scores and shares whole', () => {
    const long = 'vision-language-model-72b-instruct-frames+captions';
    const drawn = voxelHistograms({ a: `${long}-a`, b: `${long}-b`, score: 'Pearson r', subjects, won })!;
    const page = parse(figureFile(drawn));
    const texts = Array.from(page.querySelectorAll('text, text *'), ({ textContent }) => textContent ?? '');
    const named = texts.filter((text) => text.startsWith('vision'));
    expect(named.length).toBeGreaterThanOrEqual(4);
    expect(texts).toContain('above the line in 75.0% of 500 voxels');
    for (const text of named) {
      expect(text).toMatch(/… \(Pearson r\)$/);
      expect(textWidth(text, 11)).toBeLessThan(drawn.width / 2 - 20);
    }
    expect(drawn.title).toContain(`${long}-b`);
  });

  it('say what the share is over', () => {
    expect(figure.caption).toContain('Over 2 subjects MLLM is ahead in 75.0%');
    expect(voxelHistograms({ a: 'a', b: 'b', score: 'r', subjects: [], won: null })).toBeNull();
  });
});

describe('maps in the report', () => {
  it('leave out the caption of their file, and its room', () => {
    const picture = (caption: string) => {
      const values = Float64Array.from({ length: 64 }, (_, i) => i - 20);
      const affine = Float64Array.from([3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1]);
      const overlay = makeVolume({ shape: [4, 4, 4], affine: affine as never, data: values });
      const scale = { kind: 'diverging', title: 'r', sample: 'n = 1' } as const;
      const slices = [{ plane: 'axial', at: 3 }] as const;
      return sliceMap({ rows: [{ name: 'sub-01', overlay }], slices, scale, caption });
    };
    const figureOf = (caption: string) => {
      const scene = picture(caption);
      const { width, height, alt } = scene;
      const map = { name: 'm', title: 't', caption, alt, width, height, svg: sceneSvg(scene) };
      const none = {
        subjects: [],
        encodings: [],
        searchlights: [],
        comparisons: [],
        regions: [],
        methods: [],
      };
      return brainFigures({ ...none, maps: [map] })[0];
    };
    const words = 'Held-out r of every voxel in a sentence so long that it takes more than one line. '.repeat(
      3,
    );
    const [bare, told] = [figureOf(''), figureOf(words)];
    expect(picture(words).height).toBeGreaterThan(picture('').height + 20);
    expect(told.height).toBe(bare.height);
    expect(String(told.body)).toBe(String(bare.body));
    expect(told.caption).toBe(words);
  });
});
