/** A picture as pixels: size x size, red, green, blue, alpha (0..255, alpha not premultiplied), row after row. */
export interface Pixels {
  readonly size: number;
  readonly rgba: Uint8Array | Uint8ClampedArray;
}

export type FeatureBlock = 'colour' | 'edges' | 'shape';

/** Number of features in each block. */
export const blockSizes: Readonly<Record<FeatureBlock, number>> = { colour: 41, edges: 128, shape: 64 };

const nHues = 12;
const nTones = 3;
const nGreys = 5;
const edgeCells = 4;
const nOrientations = 8;
const shapeCells = 8;

/**
 * Opaque pixels counted by colour in CIELAB (CIE 1976, D65), each pixel weighted by its alpha: 12 hues x 3 lightnesses
 * of coloured pixels and 5 lightnesses of greys. Bins overlap linearly, and a pixel passes from grey to coloured
 * between chroma 5 and 20, so small changes of colour make small changes here. Square roots of the shares are
 * returned (their dot product is the Bhattacharyya coefficient).
 */
export function colourFeatures({ rgba }: Pixels): Float64Array {
  const counts = new Float64Array(blockSizes.colour);
  let total = 0;
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] / 255;
    if (alpha === 0) continue;
    total += alpha;
    countColour(counts, labOf(rgba[at], rgba[at + 1], rgba[at + 2]), alpha);
  }
  return counts.map((count) => (total === 0 ? 0 : Math.sqrt(count / total)));
}

function countColour(counts: Float64Array, [lightness, a, b]: readonly number[], weight: number): void {
  const chroma = Math.hypot(a, b);
  const coloured = Math.min(1, Math.max(0, (chroma - 5) / 15));
  const hue = ((Math.atan2(b, a) / (2 * Math.PI) + 1) % 1) * nHues;
  const hueBelow = Math.floor(hue) % nHues;
  const hueShare = hue - Math.floor(hue);
  const tone = placeOf(lightness, nTones);
  for (const [hueBin, share] of [
    [hueBelow, 1 - hueShare],
    [(hueBelow + 1) % nHues, hueShare],
  ]) {
    counts[hueBin * nTones + tone.below] += weight * coloured * share * (1 - tone.share);
    counts[hueBin * nTones + tone.above] += weight * coloured * share * tone.share;
  }
  const grey = placeOf(lightness, nGreys);
  counts[nHues * nTones + grey.below] += weight * (1 - coloured) * (1 - grey.share);
  counts[nHues * nTones + grey.above] += weight * (1 - coloured) * grey.share;
}

/** The two bins between whose centres a lightness of 0..100 lies, and how near it is to the upper one. */
function placeOf(lightness: number, nBins: number): { below: number; above: number; share: number } {
  const position = Math.min(1, Math.max(0, lightness / 100)) * (nBins - 1);
  const below = Math.min(Math.floor(position), nBins - 2);
  return { below, above: below + 1, share: position - below };
}

/** CIELAB of an sRGB colour (IEC 61966-2-1, white point D65). */
export function labOf(red: number, green: number, blue: number): [number, number, number] {
  const r = linearLight[red];
  const g = linearLight[green];
  const b = linearLight[blue];
  const x = cubeRoot((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = cubeRoot(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = cubeRoot((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const linearLight = Float64Array.from({ length: 256 }, (_, level) => {
  const share = level / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});

const cubeRoot = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27) * (t / 116) + 16 / 116);

/**
 * Where edges run which way (after Dalal & Triggs 2005, doi:10.1109/CVPR.2005.177): lightness gradients of the picture
 * laid over mid-grey, summed by orientation (8, sign ignored, bins overlap linearly) in a 4 x 4 grid; the whole vector
 * has length 1, or 0 without edges.
 */
export function edgeFeatures({ size, rgba }: Pixels): Float64Array {
  const lightness = lightnessOverGrey(rgba);
  const result = new Float64Array(blockSizes.edges);
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      const at = y * size + x;
      const dx = lightness[at + 1] - lightness[at - 1];
      const dy = lightness[at + size] - lightness[at - size];
      const strength = Math.hypot(dx, dy);
      if (strength === 0) continue;
      const cell = Math.floor((y * edgeCells) / size) * edgeCells + Math.floor((x * edgeCells) / size);
      addOrientation(result, cell * nOrientations, Math.atan2(dy, dx), strength);
    }
  }
  return unitLength(result);
}

function addOrientation(result: Float64Array, from: number, angle: number, strength: number): void {
  const position = ((angle / Math.PI + 2) % 1) * nOrientations;
  const below = Math.floor(position) % nOrientations;
  const share = position - Math.floor(position);
  result[from + below] += strength * (1 - share);
  result[from + ((below + 1) % nOrientations)] += strength * share;
}

function lightnessOverGrey(rgba: Pixels['rgba']): Float64Array {
  const result = new Float64Array(rgba.length / 4);
  for (let p = 0; p < result.length; p++) {
    const alpha = rgba[4 * p + 3] / 255;
    const over = (level: number) => Math.round(level * alpha + 128 * (1 - alpha));
    result[p] = labOf(over(rgba[4 * p]), over(rgba[4 * p + 1]), over(rgba[4 * p + 2]))[0];
  }
  return result;
}

/** Which part of each cell of an 8 x 8 grid is covered: the mean alpha, 0..1. */
export function shapeFeatures({ size, rgba }: Pixels): Float64Array {
  const result = new Float64Array(blockSizes.shape);
  const nPixels = new Float64Array(blockSizes.shape);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const cell = Math.floor((y * shapeCells) / size) * shapeCells + Math.floor((x * shapeCells) / size);
      result[cell] += rgba[4 * (y * size + x) + 3] / 255;
      nPixels[cell]++;
    }
  }
  return result.map((sum, cell) => sum / nPixels[cell]);
}

function unitLength(values: Float64Array): Float64Array {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  return length === 0 ? values : values.map((value) => value / length);
}

/** The features of each block by name. */
export const featuresOf: Readonly<Record<FeatureBlock, (pixels: Pixels) => Float64Array>> = {
  colour: colourFeatures,
  edges: edgeFeatures,
  shape: shapeFeatures,
};
