import { describe, expect, it } from 'vitest';
import {
  concatenateFeatures,
  encode,
  encodingPresets,
  logSpaced,
  partitionVariance,
  unionsOf,
  voxelCeiling,
} from '#dist/brain/encoding/index.js';
import { matrix } from '#dist/numerics/matrix.js';
import { keyOf, Random } from '#dist/numerics/random.js';

const random = new Random(keyOf(11));
const normals = (n: number) => Float64Array.from({ length: n }, () => random.normal());
const nTrials = 1500;
const [a, b, c] = [0, 1, 2].map(() => normals(nTrials));
/** Shared by the first two sets. */
const both = normals(nTrials);
const table = (...columns: Float64Array[]) =>
  matrix(
    nTrials,
    columns.length,
    Float64Array.from(
      { length: nTrials * columns.length },
      (_, i) => columns[i % columns.length][Math.floor(i / columns.length)],
    ),
  );
const sets = [
  { name: 'a', features: table(a, both) },
  { name: 'b', features: table(b, both) },
  { name: 'c', features: table(c) },
];
const options = { ...encodingPresets.p1, alphas: logSpaced(1e-1, 1e3, 8), summary: 'pooled' } as const;

describe('variance partitioning', () => {
  const noise = normals(nTrials);
  // Variances: a 4, b 1, shared 9, c 1, noise 1.
  const mixed = a.map((x, t) => 2 * x + b[t] + 3 * both[t] + c[t] + noise[t]);
  const responses = table(mixed, normals(nTrials));

  it('finds unique and shared shares of two sets', () => {
    const parts = partitionVariance(['a', 'b'], encode(unionsOf(sets.slice(0, 2)), responses, options));
    expect(parts.map((part) => part.of.join())).toEqual(['a', 'b', 'a,b']);
    [4, 1, 9].forEach((share, i) => {
      expect(Math.abs(parts[i].r2[0] - share / 16)).toBeLessThan(0.05);
    });
    for (const part of parts) expect(Math.abs(part.r2[1])).toBeLessThan(0.02);
    const counted = parts.map(({ r2 }) => [...r2].filter((value) => value < 0).length);
    expect(parts.map((part) => part.nNegative)).toEqual(counted);
  });

  it('finds the seven shares of three sets, which add up to the R2 of all', () => {
    const result = encode(unionsOf(sets), responses, options);
    const parts = partitionVariance(['a', 'b', 'c'], result);
    expect(parts.map((part) => part.of.join())).toEqual(['a', 'b', 'c', 'a,b', 'a,c', 'b,c', 'a,b,c']);
    [4, 1, 1, 9, 0, 0, 0].forEach((share, i) => {
      expect(Math.abs(parts[i].r2[0] - share / 16)).toBeLessThan(0.05);
    });
    for (const v of [0, 1]) {
      const sum = parts.reduce((total, part) => total + part.r2[v], 0);
      expect(sum).toBeCloseTo(result.sets.find(({ name }) => name === 'a + b + c')!.r2[v], 12);
    }
  });

  it('joins features side by side and says what is wrong', () => {
    const joined = concatenateFeatures('ab', sets.slice(0, 2)).features;
    expect([...joined.data.subarray(4, 8)]).toEqual([a[1], both[1], b[1], both[1]]);
    const short = { name: 'short', features: matrix(3, 1, new Float64Array(3)) };
    expect(() => concatenateFeatures('x', [sets[0], short])).toThrow(/"short": has 3 trials; expected 1500/);
    expect(() => unionsOf([sets[0]])).toThrow(/two or three feature sets; found 1/);
    const result = encode([sets[0]], responses, options);
    expect(() => partitionVariance(['a', 'b'], result)).toThrow(/no result for "b"/);
  });
});

describe('the noise ceiling of voxels', () => {
  const nStimuli = 4000;
  const signal = normals(nStimuli);
  /** Voxels: signal and noise of equal variance, noise alone, signal alone, constant. */
  const repeat = () => {
    const data = new Float64Array(nStimuli * 4);
    for (let s = 0; s < nStimuli; s++)
      data.set([signal[s] + random.normal() + 50, random.normal(), signal[s], 7], 4 * s);
    return matrix(nStimuli, 4, data);
  };

  it.each([2, 3, 4])('is what simulated signal and noise make it, %i repeats', (nRepeats) => {
    const found = voxelCeiling(Array.from({ length: nRepeats }, repeat));
    const expected = 1 / (1 + 1 / nRepeats);
    expect(Math.abs(found.explainableVariance[0] - expected)).toBeLessThan(0.03);
    expect(found.ceiling[0]).toBeCloseTo(Math.sqrt(found.explainableVariance[0]), 14);
    if (nRepeats % 2 === 0) expect(Math.abs(found.splitHalf[0] - expected)).toBeLessThan(0.03);
    expect(found.explainableVariance[1]).toBeLessThan(0.08);
    expect([found.explainableVariance[2], found.ceiling[2]]).toEqual([1, 1]);
    expect(found.ceiling[3]).toBeNaN();
    expect(found.nMissing).toBe(1);
  });

  it('is 0, and counted, where noise exceeds the variance of the mean', () => {
    const opposite = [1, -0.8].map((sign) => matrix(3, 1, Float64Array.from([sign, 0, -0.9 * sign])));
    const found = voxelCeiling(opposite);
    expect([found.ceiling[0], found.nBelowZero]).toEqual([0, 1]);
    expect(found.splitHalf[0]).toBeCloseTo(-1, 12);
  });

  it.each([2, 3, 4, 5, 7])('steps the halves of %i repeats up to all of them', (nRepeats) => {
    // Columns of a Hadamard matrix have no correlation, so that signal and noises have exactly these variances.
    const column = (c: number) =>
      Float64Array.from({ length: 16 }, (_, s) => ((bits(s & c) & 1) === 0 ? 1 : -1));
    const bits = (code: number) => code.toString(2).replaceAll('0', '').length;
    const share = 0.3;
    const repeats = Array.from({ length: nRepeats }, (_, k) =>
      matrix(
        16,
        1,
        column(1).map((value, s) => Math.sqrt(share) * value + Math.sqrt(1 - share) * column(k + 2)[s]),
      ),
    );
    const expected = (nRepeats * share) / (1 + (nRepeats - 1) * share);
    expect(voxelCeiling(repeats).splitHalf[0]).toBeCloseTo(expected, 12);
  });

  it('steps a perfect correlation up to 1', () => {
    const same = matrix(4, 1, Float64Array.of(1, 2, 4, 3));
    expect(voxelCeiling([same, same, same]).splitHalf[0]).toBe(1);
  });

  it('says what is wrong with its input', () => {
    expect(() => voxelCeiling([repeat()])).toThrow(/1 repeats of 4000 stimuli/);
    expect(() => voxelCeiling([repeat(), matrix(4, 4)])).toThrow(
      /Repeat 2 is 4 x 4; expected 4000 stimuli x 4/,
    );
  });
});
