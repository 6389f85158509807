import type { Embedding } from '../embedding/embedding.js';
import { inputError } from '../numerics/errors.js';
import { type Key, Random } from '../numerics/random.js';
import { type Estimate, mean, proportionEstimate, quantile } from '../numerics/statistics.js';
import type { NearestCentroid } from './results.js';

/** Categories with at least `minPerCategory` stimuli, as indices; -1 in `topCategory` belongs to none. */
export function categoriesKept(
  topCategory: Int32Array,
  nCategories: number,
  minPerCategory: number,
): number[] {
  const counts = new Uint32Array(nCategories);
  for (const category of topCategory) if (category >= 0) counts[category]++;
  return Array.from(counts.keys()).filter((category) => counts[category] >= minPerCategory);
}

/**
 * P1, Methods, "Nearest-centroid classification": each stimulus is held out in turn and ranked among the mean weights of the
 * other stimuli of each category (Euclidean distance). Top-1 and top-3 accuracy with Wilson intervals; chance for top-3 by
 * shuffling the category labels, p = (1 + shuffles at least as accurate) / (1 + permutations).
 * With three categories or fewer there is no top-3, which would be 1 whatever the embedding: chance is that of top-1.
 * Exact ties go to the category listed first.
 * @param topCategory category of each stimulus, indexing `names`; -1 for none.
 * @throws AffectomeError `input` when fewer than two categories are large enough (ask `categoriesKept` before).
 */
export function nearestCentroid(
  embedding: Embedding,
  topCategory: Int32Array,
  names: readonly string[],
  { minPerCategory, permutations, key }: { minPerCategory: number; permutations: number; key: Key },
): NearestCentroid {
  if (topCategory.length !== embedding.nStimuli) {
    throw new RangeError(
      `Got categories of ${topCategory.length} stimuli for an embedding of ${embedding.nStimuli}.`,
    );
  }
  const kept = categoriesKept(topCategory, names.length, Math.max(2, minPerCategory));
  if (kept.length < 2) throw tooFewCategories(kept.length, minPerCategory);
  const { points, labels } = labelledPoints(embedding, topCategory, kept);
  const classify = centroidClassifier(points, embedding.nComponents, kept.length);
  const real = classify(labels);
  const hasTop3 = kept.length > 3;
  const nCounted = ({ nTop1, nTop3 }: Hits) => (hasTop3 ? nTop3 : nTop1);
  const shuffled = new Float64Array(permutations);
  const random = new Random(key);
  const shuffledLabels = labels.slice();
  for (let p = 0; p < permutations; p++)
    shuffled[p] = nCounted(classify(random.shuffle(shuffledLabels))) / labels.length;
  return {
    categories: kept.map((category) => names[category]),
    nStimuli: labels.length,
    nExcluded: topCategory.length - labels.length,
    top1: proportionEstimate(real.nTop1, labels.length),
    top3: hasTop3 ? proportionEstimate(real.nTop3, labels.length) : null,
    chance: summariseChance(shuffled, nCounted(real) / labels.length),
  };
}

/** The accuracy that `chance` belongs to, and how many nearest centroids it looks at. */
export function centroidAccuracy({ top1, top3 }: Pick<NearestCentroid, 'top1' | 'top3'>): {
  readonly accuracy: Estimate;
  readonly nNearest: 1 | 3;
} {
  return top3 ? { accuracy: top3, nNearest: 3 } : { accuracy: top1, nNearest: 1 };
}

interface Hits {
  readonly nTop1: number;
  readonly nTop3: number;
}

function tooFewCategories(nKept: number, minPerCategory: number) {
  return inputError({
    problem: `${nKept} categories have at least ${minPerCategory} stimuli; the nearest centroid needs 2.`,
    where: { field: 'interpretation.minPerCategory' },
    remedy: 'Lower interpretation.minPerCategory in study.yaml, or leave interpretation.categories out.',
  });
}

function summariseChance(shuffled: Float64Array, real: number): NearestCentroid['chance'] {
  shuffled.sort();
  const nAtLeast = shuffled.filter((accuracy) => accuracy >= real).length;
  const permutations = shuffled.length;
  return {
    mean: mean(shuffled),
    low: quantile(shuffled, 0.025),
    high: quantile(shuffled, 0.975),
    p: (1 + nAtLeast) / (1 + permutations),
    permutations,
  };
}

/** Weights and labels (0 .. nKept - 1) of the stimuli whose category is kept. */
function labelledPoints(
  { nStimuli, nComponents, weights }: Embedding,
  topCategory: Int32Array,
  kept: number[],
) {
  const stimuli = Array.from({ length: nStimuli }, (_, s) => s).filter((s) => kept.includes(topCategory[s]));
  const points = new Float64Array(stimuli.length * nComponents);
  stimuli.forEach((s, to) => {
    points.set(weights.subarray(s * nComponents, (s + 1) * nComponents), to * nComponents);
  });
  return { points, labels: Uint16Array.from(stimuli, (s) => kept.indexOf(topCategory[s])) };
}

/**
 * Leave-one-out needs no new centroids: leaving x out of its category of n moves the centroid c away from x, to the squared
 * distance (n / (n - 1))^2 |x - c|^2. Distances are compared without the |x|^2 they share: |c|^2 - 2 x . c.
 */
function centroidClassifier(points: Float64Array, nComponents: number, nCategories: number) {
  const nStimuli = points.length / nComponents;
  const counts = new Float64Array(nCategories);
  const centroids = new Float64Array(nCategories * nComponents);
  const offsets = new Float64Array(nCategories);
  return (labels: Uint16Array): Hits => {
    setCentroids(points, labels, counts, centroids, offsets);
    let nTop1 = 0;
    let nTop3 = 0;
    for (let s = 0; s < nStimuli; s++) {
      const label = labels[s];
      const square = dot(points, s * nComponents, points, s * nComponents, nComponents);
      const stretch = (counts[label] / (counts[label] - 1)) ** 2;
      const full =
        offsets[label] - 2 * dot(points, s * nComponents, centroids, label * nComponents, nComponents);
      const own = stretch * (full + square) - square;
      let nNearer = 0;
      for (let other = 0; other < nCategories && nNearer < 3; other++) {
        if (other === label) continue;
        const distance =
          offsets[other] - 2 * dot(points, s * nComponents, centroids, other * nComponents, nComponents);
        if (distance < own || (distance === own && other < label)) nNearer++;
      }
      if (nNearer < 1) nTop1++;
      if (nNearer < 3) nTop3++;
    }
    return { nTop1, nTop3 };
  };
}

/** Means per label, their squared lengths, and the number of stimuli of each label. */
function setCentroids(
  points: Float64Array,
  labels: Uint16Array,
  counts: Float64Array,
  centroids: Float64Array,
  squares: Float64Array,
): void {
  const nComponents = centroids.length / counts.length;
  counts.fill(0);
  centroids.fill(0);
  for (let s = 0; s < labels.length; s++) {
    counts[labels[s]]++;
    const to = labels[s] * nComponents;
    for (let c = 0; c < nComponents; c++) centroids[to + c] += points[s * nComponents + c];
  }
  for (let category = 0; category < counts.length; category++) {
    const start = category * nComponents;
    for (let c = 0; c < nComponents; c++) centroids[start + c] /= counts[category];
    squares[category] = dot(centroids, start, centroids, start, nComponents);
  }
}

function dot(a: Float64Array, fromA: number, b: Float64Array, fromB: number, length: number): number {
  let even = 0;
  let odd = 0;
  let c = 0;
  for (; c + 1 < length; c += 2) {
    even += a[fromA + c] * b[fromB + c];
    odd += a[fromA + c + 1] * b[fromB + c + 1];
  }
  if (c < length) even += a[fromA + c] * b[fromB + c];
  return even + odd;
}
