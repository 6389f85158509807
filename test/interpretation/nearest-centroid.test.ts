import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseDelimited } from '#dist/formats/delimited.js';
import { categoriesKept, centroidAccuracy, nearestCentroid } from '#dist/interpretation/nearest-centroid.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { importCowenKeltner } from '#dist/stimuli/cowen-keltner.js';
import { topCategory } from '#dist/stimuli/top-category.js';
import { golden, goldenEmbedding } from '../embedding/golden.js';
import { randomEmbedding } from '../embedding/random-embedding.js';

const names = (count: number) => Array.from({ length: count }, (_, c) => `c${c}`);
const options = { minPerCategory: 2, permutations: 200, key: keyOf(1) };

/** Leave each stimulus out, average the others, sort the distances. */
function slowTopK(
  weights: ArrayLike<number>,
  nComponents: number,
  labels: Int32Array,
  kept: number[],
  k: number,
): number {
  const members = labels.map((label, s) => (kept.includes(label) ? s : -1)).filter((s) => s >= 0);
  let nCorrect = 0;
  for (const s of members) {
    const distances = kept.map((category) => {
      const others = [...members].filter((o) => labels[o] === category && o !== s);
      let square = 0;
      for (let c = 0; c < nComponents; c++) {
        const centre = others.reduce((sum, o) => sum + weights[o * nComponents + c], 0) / others.length;
        square += (weights[s * nComponents + c] - centre) ** 2;
      }
      return { category, square };
    });
    distances.sort((a, b) => a.square - b.square);
    if (distances.slice(0, k).some(({ category }) => category === labels[s])) nCorrect++;
  }
  return nCorrect / members.length;
}

describe('nearestCentroid', () => {
  const embedding = goldenEmbedding();

  test('agrees with scikit-learn, leaving one out', () => {
    const result = nearestCentroid(embedding, Int32Array.from(golden.labels), names(6), options);
    expect(result.top1.value).toBe(golden.nearestCentroid.top1 / golden.nStimuli);
    expect(result.top3!.value).toBe(golden.nearestCentroid.top3 / golden.nStimuli);
    expect(result).toMatchObject({ nStimuli: golden.nStimuli, nExcluded: 0, categories: names(6) });
  });

  test('leaves out small categories and stimuli without one, as the slow loop does', () => {
    const random = new Random(keyOf(3));
    const noisy = { ...randomEmbedding(90, 5, 4) };
    noisy.weights = noisy.weights.map((w) => w + random.uniform());
    const labels = Int32Array.from({ length: 90 }, (_, s) =>
      s < 4 ? 8 : s % 11 === 0 ? -1 : random.below(8),
    );
    const kept = categoriesKept(labels, 9, 9);
    expect(kept).not.toContain(8);
    const result = nearestCentroid(noisy, labels, names(9), { ...options, minPerCategory: 9 });
    expect(result.categories).toEqual(kept.map((category) => `c${category}`));
    expect(result.nStimuli + result.nExcluded).toBe(90);
    expect(result.top1.value).toBe(slowTopK(noisy.weights, 5, labels, kept, 1));
    expect(result.top3!.value).toBe(slowTopK(noisy.weights, 5, labels, kept, 3));
  });

  test('chance: shuffled labels of clear categories are far below them, p is the smallest possible', () => {
    const labels = Int32Array.from({ length: 100 }, (_, s) => s % 10);
    const clear = { nStimuli: 100, nComponents: 10, weights: new Float32Array(1000) };
    labels.forEach((label, s) => {
      clear.weights[10 * s + label] = 1 + s / 1000;
    });
    const { top1, chance } = nearestCentroid(clear, labels, names(10), options);
    expect(top1.value).toBe(1);
    expect(chance.p).toBe(1 / 201);
    expect(chance.mean).toBeGreaterThan(0.1);
    expect(chance.mean).toBeLessThan(0.4);
    expect(chance.low).toBeLessThan(chance.mean);
    expect(chance.high).toBeGreaterThan(chance.mean);
    expect(nearestCentroid(clear, labels, names(10), options).chance).toEqual(chance);
  });

  test('labels that mean nothing are not significant', () => {
    const labels = Int32Array.from({ length: 90 }, (_, s) => s % 9);
    expect(nearestCentroid(randomEmbedding(90, 6, 5), labels, names(9), options).chance.p).toBeGreaterThan(
      0.02,
    );
  });

  test('three categories: no top-3, which would be 1 whatever the weights; chance is that of top-1', () => {
    const labels = Int32Array.from({ length: 90 }, (_, s) => s % 3);
    const noise = randomEmbedding(90, 6, 5);
    const few = nearestCentroid(noise, labels, names(3), options);
    expect(few.top3).toBeNull();
    expect(few.top1.value).toBe(slowTopK(noise.weights, 6, labels, [0, 1, 2], 1));
    expect(few.chance.mean).toBeGreaterThan(0.25);
    expect(few.chance.mean).toBeLessThan(0.42);
    expect(few.chance.p).toBeGreaterThan(0.02);
    expect(centroidAccuracy(few)).toEqual({ accuracy: few.top1, nNearest: 1 });
    const four = nearestCentroid(
      noise,
      labels.map((_, s) => s % 4),
      names(4),
      options,
    );
    expect(centroidAccuracy(four)).toEqual({ accuracy: four.top3, nNearest: 3 });
  });

  test('asks for two categories', () => {
    const labels = Int32Array.from({ length: golden.nStimuli }, () => 0);
    expect(() => nearestCentroid(embedding, labels, names(2), options)).toThrow(
      /1 categories have at least 2 stimuli/,
    );
  });
});

const file = join(process.env.AFFECTOME_DATA ?? '../shared/data', 'emotion/CowenKeltnerEmotionalVideos.csv');
const isHere = existsSync(file);

describe.skipIf(!isHere)(`2,180 videos${isHere ? '' : ` (skipped: no ${file})`}`, () => {
  test('the raw 34 category ratings: top-3 98.0 % of 2,166 videos in 27 categories', () => {
    const { categories } = importCowenKeltner(parseDelimited(new Uint8Array(readFileSync(file)), file));
    const raw = { nStimuli: 2180, nComponents: 34, weights: Float32Array.from(categories.values) };
    const scaleNames = categories.scales.map(({ name }) => name);
    const result = nearestCentroid(raw, topCategory(categories), scaleNames, {
      ...options,
      minPerCategory: 10,
    });
    expect(result.categories).toHaveLength(27);
    expect(result.nStimuli).toBe(2166);
    expect(result.top3!.value).toBeCloseTo(0.98, 3);
    expect(result.chance.mean).toBeLessThan(0.35);
  });
});
