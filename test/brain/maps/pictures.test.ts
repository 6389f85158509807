import { decode } from 'fast-png';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  type BrainSide,
  type Mark,
  type Scene,
  type SurfaceMapOptions,
  scenePng,
  sceneSvg,
  sliceMap,
  surfaceMap,
} from '#dist/brain/index.js';
import { strokeTextWidth, textPaths } from '#dist/brain/maps/glyphs.js';
import { pngOf } from '#dist/brain/maps/png.js';
import { diverging } from '#dist/brain/maps/ramp.js';
import { scenePixels } from '#dist/brain/maps/scene-png.js';
import { makeVolume } from '#dist/formats/index.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { colouredPixels, sheet, sphere } from './meshes.js';

const ball = sphere(40, 12);
const flat = sheet(22, 25);
const sized = (n: number, values: (v: number) => number) =>
  Float64Array.from({ length: n }, (_, v) => values(v));
const side: BrainSide = {
  folded: ball,
  underlay: { values: sized(ball.nVertices, (v) => ball.vertices[3 * v + 2]), dark: 'positive' },
  regions: sized(ball.nVertices, (v) => (ball.vertices[3 * v + 1] > 0 ? 1 : 2)),
};
const overlay = { values: sized(ball.nVertices, (v) => ball.vertices[3 * v + 1] / 40) };
const options: SurfaceMapOptions = {
  sides: { left: side, right: side },
  views: ['lateral', 'ventral'],
  rows: [
    { name: 'people <1> & "é"', left: overlay, right: overlay },
    { name: 'model', left: { values: overlay.values.map((value) => 2 * value) } },
  ],
  scale: { kind: 'diverging', title: 'correlation', sample: 'n = 5 subjects' },
  caption: 'Two spheres. '.repeat(20),
  width: 480,
};
const textsOf = (scene: Scene) => scene.marks.filter((mark) => mark.kind === 'text').map((mark) => mark.text);
const ofKind = <K extends Mark['kind']>(scene: Scene, kind: K) =>
  scene.marks.filter((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind);

describe('a surface map', () => {
  const scene = surfaceMap(options);

  it('has every view of every row, in the order in which they are seen', () => {
    const views = textsOf(scene).filter((text) => /^(left|right) /.test(text));
    const row = ['left lateral', 'right lateral', 'right ventral', 'left ventral'];
    expect(views).toEqual([...row, ...row]);
    // Eight views and the bar.
    expect(ofKind(scene, 'raster').length).toBe(9);
    expect(ofKind(scene, 'lines').length).toBe(8);
  });

  it('has a bar that ends at the limits of all rows, in the colours of the ramp', () => {
    const texts = textsOf(scene);
    expect(texts.slice(texts.indexOf('correlation'), texts.indexOf('correlation') + 4)).toEqual([
      'correlation',
      '−2',
      '0',
      '2',
    ]);
    expect(texts).toContain('n = 5 subjects');
    const bar = ofKind(scene, 'raster').at(-1)!.pixels;
    expect([...bar.data.subarray(0, 3)]).toEqual([...diverging(0)]);
    expect([...bar.data.subarray(-4, -1)]).toEqual([...diverging(1)]);
  });

  it('greys the part of the bar that a threshold hides, and says so', () => {
    const threshold = { kind: 'size', atLeast: 0.5 } as const;
    const thresholded = surfaceMap({ ...options, rows: [{ name: 'a', left: { ...overlay, threshold } }] });
    const bar = ofKind(thresholded, 'raster').at(-1)!.pixels;
    const share = 1 - colouredPixels(bar).length / bar.width;
    expect(share).toBeCloseTo(0.5, 1);
    expect(textsOf(thresholded)).toContain('n = 5 subjects · |values| ≥ 0.5 shown');
  });

  it('keeps everything inside the picture', () => {
    for (const mark of scene.marks) {
      if (mark.kind === 'lines') {
        for (const path of mark.paths) {
          path.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(i % 2 ? scene.height : scene.width);
          });
        }
        continue;
      }
      const width = mark.kind === 'text' ? strokeTextWidth(mark.text, mark.size) : mark.width;
      const before = mark.kind === 'text' && mark.anchor === 'middle' ? width / 2 : 0;
      expect(mark.x - before).toBeGreaterThanOrEqual(0);
      expect(mark.x - before + width).toBeLessThanOrEqual(scene.width);
      expect(mark.y + (mark.kind === 'text' ? mark.size / 2 : mark.height)).toBeLessThanOrEqual(scene.height);
    }
  });

  it('gives the same bytes again', () => {
    const again = surfaceMap(options);
    expect(Buffer.compare(scenePng(again), scenePng(scene))).toBe(0);
    expect(sceneSvg(again) === sceneSvg(scene)).toBe(true);
  });

  it('is written as a PNG of twice its size that holds its pixels', () => {
    const { width, height, data, channels } = decode(scenePng(scene));
    expect([width, height, channels]).toEqual([2 * scene.width, 2 * scene.height, 3]);
    const wanted = scenePixels(scene).data.filter((_, at) => at % 4 < 3);
    expect(Buffer.compare(Buffer.from(data as Uint8Array), Buffer.from(wanted))).toBe(0);
  });

  it('keeps opacity where something is transparent, by two decoders', async () => {
    const random = new Random(keyOf('png'));
    const data = Uint8Array.from({ length: 4 * 37 * 11 }, () => random.below(256));
    const png = pngOf({ width: 37, height: 11, data });
    expect(Array.from(decode(png).data)).toEqual(Array.from(data));
    const { data: other, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([37, 11, 4]);
    expect(Array.from(other)).toEqual(Array.from(data));
  });

  it('is written as an SVG that is drawn elsewhere', async () => {
    const svg = sceneSvg(scene);
    const { width, height } = await sharp(Buffer.from(svg)).metadata();
    expect([width, height]).toEqual([scene.width, scene.height]);
    expect(svg).toContain('people &lt;1&gt; &amp; &quot;é&quot;');
    expect(/NaN|Infinity|undefined/.test(svg.replace(/base64,[^"]*/g, ''))).toBe(false);
    expect(scene.alt).toContain('both hemispheres (lateral, ventral), n = 5 subjects: people');
  });

  it('looks the same in both', async () => {
    const words = { ...scene, marks: scene.marks.filter(({ kind }) => kind !== 'text') };
    const { data } = await sharp(Buffer.from(sceneSvg(words)), { density: 144 })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const ours = scenePixels(words).data;
    expect(data.length).toBe(ours.length);
    const difference = ours.reduce((sum, value, i) => sum + Math.abs(value - data[i]), 0) / ours.length;
    expect(difference).toBeLessThan(1);
  });

  it('refuses what it cannot show', () => {
    const change = (more: Partial<SurfaceMapOptions>) => () => surfaceMap({ ...options, ...more });
    expect(change({ views: ['flat'] })).toThrow(/left hemisphere.*no flat surface/s);
    expect(change({ sides: {} })).toThrow(/shows nothing/);
    expect(change({ rows: [{ name: 'a', left: { values: [1, 2] } }] })).toThrow(
      /2 numbers in its overlay; .* 266 v/,
    );
    expect(change({ sides: { right: { ...side, regions: [1] } } })).toThrow(/1 numbers in its regions/);
  });
});

describe('region names', () => {
  const regions = sized(flat.nVertices, (v) => Math.floor((v % 23) / 8));
  const names = (texts: readonly string[]) => {
    const regionNames = new Map(texts.map((text, index) => [index, text]));
    const scene = surfaceMap({
      ...options,
      sides: { left: { flat, regions } },
      views: ['flat'],
      rows: [{ name: 'a' }],
      regionNames,
    });
    return ofKind(scene, 'text').filter(({ text }) => texts.includes(text));
  };

  it('stand in the middle of their regions', () => {
    const found = names(['V1', 'V2', 'V4']);
    expect(found.map(({ text }) => text).sort()).toEqual(['V1', 'V2', 'V4']);
    const [one, two, four] = ['V1', 'V2', 'V4'].map((text) => found.find((mark) => mark.text === text)!);
    expect(two.x - one.x).toBeGreaterThan(10);
    expect(four.x - two.x).toBeGreaterThan(10);
    expect(one.y).toBe(two.y);
  });

  it('are left out where they would overlap', () =>
    expect(names(['a very long name', 'another long name', 'short']).length).toBeLessThan(3));
});

describe('slices', () => {
  const shape = [12, 10, 8];
  const affine = Float64Array.of(-3, 0, 0, 16.5, 0, 3, 0, -13.5, 0, 0, 3, -10.5, 0, 0, 0, 1);
  const world = (at: number) => [
    16.5 - 3 * (at % 12),
    3 * (Math.floor(at / 12) % 10) - 13.5,
    3 * Math.floor(at / 120) - 10.5,
  ];
  const volume = (value: (place: number[]) => number) =>
    makeVolume({ shape, affine, data: Float64Array.from({ length: 960 }, (_, at) => value(world(at))) });
  /** Where a corner region of the brain is seen: mean place of its colour as shares of the slice. */
  const seen = (value: (place: number[]) => number, plane: 'axial' | 'coronal' | 'sagittal', at: number) => {
    const scene = sliceMap({
      rows: [{ name: 'a', overlay: volume((place) => (value(place) > 0 ? 1 : 0)) }],
      underlay: volume(() => 5),
      slices: [{ plane, at }],
      scale: { kind: 'diverging', title: 'z', sample: 'n = 1' },
    });
    const { pixels } = ofKind(scene, 'raster')[0];
    const found = colouredPixels(pixels);
    const mean = (axis: 0 | 1) => found.reduce((sum, place) => sum + place[axis], 0) / found.length;
    return found.length === 0
      ? null
      : [mean(0) / pixels.width > 0.5 ? 'right' : 'left', mean(1) / pixels.height > 0.5 ? 'down' : 'up'];
  };

  it('have left on the left, the front or the top up, the front right when cut sagittally', () => {
    expect(seen(([x, y]) => (x < 0 && y > 0 ? 1 : 0), 'axial', 0)).toEqual(['left', 'up']);
    expect(seen(([x, , z]) => (x > 0 && z < 0 ? 1 : 0), 'coronal', 0)).toEqual(['right', 'down']);
    expect(seen(([, y, z]) => (y > 0 && z > 0 ? 1 : 0), 'sagittal', 0)).toEqual(['right', 'up']);
  });

  it('lie where they are asked for', () => {
    const upper = ([, , z]: number[]) => (z > 3 ? 1 : 0);
    expect(seen(upper, 'axial', 2.9)).toBeNull();
    expect(seen(upper, 'axial', 3.1)).not.toBeNull();
  });

  it('are named, and refused outside the volume or with mixed thresholds', () => {
    const rows = [{ name: 'a', overlay: volume(([x]) => x) }];
    const scale = { kind: 'diverging', title: 'z', sample: 'n = 1' } as const;
    const scene = sliceMap({ rows, slices: [{ plane: 'coronal', at: -4 }], scale });
    expect(textsOf(scene).slice(1, 4)).toEqual(['L', 'y = −4 mm', 'R']);
    expect(() => sliceMap({ rows, slices: [{ plane: 'axial', at: 40 }], scale })).toThrow(
      /from -12 to 12 mm/,
    );
    expect(() => sliceMap({ rows, slices: [], scale })).toThrow(/0 slices/);
    const mixed = [...rows, { ...rows[0], threshold: { kind: 'size', atLeast: 1 } as const }];
    expect(() => sliceMap({ rows: mixed, slices: [{ plane: 'axial', at: 0 }], scale })).toThrow(/thresholds/);
  });
});

describe('the stroke alphabet', () => {
  const size = 10;
  const drawn = (text: string) => String(textPaths(text, { x: 0, y: 0, size }));
  const ascii = [
    ...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,:;-−–+=<>≤≥±×·|/%()[]_!?&#',
  ];

  it('has a different drawing for every character, inside its width', () => {
    const dashes = new Set(['–', '−']);
    const others = ascii.filter((character) => !dashes.has(character));
    expect(new Set(others.map(drawn)).size).toBe(others.length);
    const box = drawn('\u{4e00}');
    for (const character of ascii) {
      expect(drawn(character), character).not.toBe(box);
      for (const path of textPaths(character, { x: 0, y: 0, size })) {
        const xs = [...path].filter((_, i) => i % 2 === 0);
        expect(Math.max(...xs), character).toBeLessThanOrEqual(strokeTextWidth(character, size) + 1e-9);
      }
    }
  });

  it('drops accents, and draws a box for what it lacks', () => {
    expect(drawn('é')).toBe(drawn('e'));
    expect(drawn('一')).toBe(drawn('二'));
  });
});
