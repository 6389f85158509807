import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { picturesJudge, pictureVectors } from '#dist/judges/index.js';
import { colourFeatures, edgeFeatures, labOf, shapeFeatures } from '#dist/judges/picture-features.js';
import { drawPicture } from '#dist/judges/pictures.node.js';
import { keyOf } from '#dist/numerics/index.js';

type Colour = readonly [number, number, number, number];
const size = 32;

function painted(colourAt: (x: number, y: number) => Colour) {
  const rgba = new Uint8Array(4 * size * size);
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) rgba.set(colourAt(x, y), 4 * (y * size + x));
  return { size, rgba };
}

const black: Colour = [0, 0, 0, 255];
const white: Colour = [255, 255, 255, 255];
const red: Colour = [255, 0, 0, 255];
const darkRed: Colour = [200, 0, 0, 255];
const blue: Colour = [0, 0, 255, 255];
const nothing: Colour = [0, 0, 0, 0];
const similarity = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

describe('colour', () => {
  // Reference values of CIELAB (D65) for the sRGB primaries, e.g. Lindbloom's calculator.
  it.each([
    [
      [255, 0, 0],
      [53.24, 80.09, 67.2],
    ],
    [
      [0, 255, 0],
      [87.73, -86.18, 83.18],
    ],
    [
      [0, 0, 255],
      [32.3, 79.19, -107.86],
    ],
    [
      [255, 255, 255],
      [100, 0, 0],
    ],
    [
      [0, 0, 0],
      [0, 0, 0],
    ],
  ])('knows CIELAB: %j is %j', ([r, g, b], expected) => {
    const distances = labOf(r, g, b).map((value, axis) => Math.abs(value - expected[axis]));
    expect(Math.max(...distances)).toBeLessThan(0.03);
  });

  it('has length 1, ignores what is transparent, and brings like colours together', () => {
    const [r, d, b, w] = [red, darkRed, blue, white].map((colour) => colourFeatures(painted(() => colour)));
    for (const features of [r, d, b, w]) expect(similarity(features, features)).toBeCloseTo(1, 12);
    expect(similarity(r, d)).toBeGreaterThan(0.5);
    expect(similarity(r, b)).toBeLessThan(0.2);
    expect(similarity(r, w)).toBe(0);
    expect(similarity(colourFeatures(painted((x) => (x < 16 ? red : nothing))), r)).toBeCloseTo(1, 12);
    expect(colourFeatures(painted(() => nothing)).every((value) => value === 0)).toBe(true);
  });
});

describe('edges', () => {
  it('has none in a plain picture', () => {
    expect(edgeFeatures(painted(() => red)).every((value) => value === 0)).toBe(true);
  });

  it('tells the direction of stripes, and where they are', () => {
    const upright = edgeFeatures(painted((x) => (x % 8 < 4 ? black : white)));
    const level = edgeFeatures(painted((_, y) => (y % 8 < 4 ? black : white)));
    const oblique = edgeFeatures(painted((x, y) => ((x + y) % 8 < 4 ? black : white)));
    const bins = (features: Float64Array) =>
      Array.from({ length: 8 }, (_, bin) =>
        features.filter((_, at) => at % 8 === bin).reduce((a, b) => a + b),
      );
    expect(bins(upright).indexOf(Math.max(...bins(upright)))).toBe(0);
    expect(bins(oblique).indexOf(Math.max(...bins(oblique)))).toBe(2);
    expect(bins(level).indexOf(Math.max(...bins(level)))).toBe(4);
    expect(similarity(upright, level)).toBeCloseTo(0, 12);
    const topLeft = edgeFeatures(painted((x, y) => (x < 4 && y < 4 ? black : white)));
    expect(topLeft.slice(8).every((value) => value === 0)).toBe(true);
  });

  it('does not care which side is dark', () => {
    const one = edgeFeatures(painted((x) => (x < 16 ? black : white)));
    const other = edgeFeatures(painted((x) => (x < 16 ? white : black)));
    expect(Math.max(...one.map((value, at) => Math.abs(value - other[at])))).toBeLessThan(1e-12);
  });
});

describe('shape', () => {
  it('is the coverage of each cell of an 8 x 8 grid', () => {
    const half = shapeFeatures(painted((x) => (x < 16 ? red : nothing)));
    expect([...half.subarray(0, 8)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    const faint = shapeFeatures(painted(() => [9, 9, 9, 51]));
    expect(Math.max(...faint.map((value) => Math.abs(value - 0.2)))).toBeLessThan(1e-12);
  });
});

describe('pictures judge', () => {
  const pictures = [painted(() => red), painted(() => darkRed), painted(() => blue), null];
  const trials = {
    nStimuli: 4,
    nTrials: 1,
    triplets: Uint32Array.from([0, 1, 2]),
    shownOrder: new Uint8Array(1),
  };

  it('leaves out the picture that looks different, and names those without one', () => {
    const judge = picturesJudge(pictures);
    expect([...judge.answer(trials, keyOf(1)).choice]).toEqual([2]);
    expect(judge.warnings).toEqual([expect.stringContaining('1 stimulus has no picture')]);
    expect(() => picturesJudge([null, null])).toThrowError(/No stimulus has a picture/);
  });

  it('gives each block that varies the same weight', () => {
    const varied = [
      pictures[0],
      painted((x) => (x < 9 ? blue : nothing)),
      painted((_, y) => (y < 5 ? white : black)),
    ];
    const { data, nColumns } = pictureVectors(varied, ['colour', 'edges', 'shape']);
    const meanSquare = (from: number, to: number) => {
      const cells = Float64Array.from(data).filter((_, at) => at % nColumns >= from && at % nColumns < to);
      return cells.reduce((sum, value) => sum + value * value, 0) / cells.length;
    };
    expect(nColumns).toBe(41 + 128 + 64);
    expect(meanSquare(0, 41)).toBeCloseTo(1, 9);
    expect(meanSquare(41, 169)).toBeCloseTo(1, 9);
    expect(meanSquare(169, 233)).toBeCloseTo(1, 9);
  });

  it('draws SVG sharp and PNG whole, on a transparent ground', async () => {
    const svg = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><rect width="2" height="4" fill="#f00"/></svg>',
    );
    const drawn = await drawPicture(svg, 'half.svg', size);
    expect(shapeFeatures(drawn)).toEqual(shapeFeatures(painted((x) => (x < 16 ? red : nothing))));
    expect([...drawn.rgba.subarray(0, 4)]).toEqual(red);
    const png = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#0000ff' } })
      .png()
      .toBuffer();
    const wide = await drawPicture(png, 'wide.png', size);
    expect([...wide.rgba.subarray(4 * size * 16, 4 * size * 16 + 4)]).toEqual(blue);
    expect(wide.rgba[3]).toBe(0);
    await expect(drawPicture(Buffer.from('not a picture'), 'broken.png', size)).rejects.toThrowError(
      /broken\.png/,
    );
  });
});
