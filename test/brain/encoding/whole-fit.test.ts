import { describe, expect, it } from 'vitest';
import {
  encode,
  encodingPresets,
  LeaveOneOut,
  logSpaced,
  mostReliable,
  stimulusReliability,
  TrialPatterns,
  typicalAlphas,
  weightMaps,
} from '#dist/brain/encoding/index.js';
import { referencePredictions } from '#dist/brain/encoding/reference.js';
import { type Matrix, matrix } from '#dist/numerics/matrix.js';
import { columnOf, plantedResponses, slowPearson } from './planted.js';

const { features, responses } = plantedResponses(31, 4, 45);
const set = { name: 'x', features };
const alphas = Float64Array.from({ length: 45 }, (_, v) => [0.01, 1, 30][v % 3]);
const trials = Array.from({ length: 31 }, (_, t) => t);

/** One refit for every trial. */
function slowLeaveOneOut(x: Matrix, v: number, alpha: number): Float64Array {
  const y = columnOf(responses, v);
  return Float64Array.from(trials, (t) => {
    const trained = trials.filter((other) => other !== t);
    return referencePredictions(x, y, { trained, tested: [t], alpha })[0];
  });
}

describe('leave-one-out', () => {
  it('gives what one refit for every trial gives', () => {
    const predicted = new LeaveOneOut(set).predict(responses, alphas, { firstVoxel: 0, nVoxels: 45 });
    for (let v = 0; v < 45; v++) {
      const expected = slowLeaveOneOut(features, v, alphas[v]);
      for (const t of trials)
        expect(predicted.data[t * 45 + v]).toBe(Math.fround(expected[t]) || expect.closeTo(expected[t], 5));
    }
  });

  it('the same with more features than trials', () => {
    const wide = plantedResponses(31, 50, 1, { seed: 4 }).features;
    const range = { firstVoxel: 7, nVoxels: 3 };
    const predicted = new LeaveOneOut({ name: 'wide', features: wide }).predict(responses, 2, range);
    for (let v = 0; v < 3; v++) {
      const expected = slowLeaveOneOut(wide, 7 + v, 2);
      for (const t of trials) expect(predicted.data[t * 3 + v]).toBeCloseTo(expected[t], 5);
    }
  });

  it('reliability is the correlation over voxels of predicted and measured patterns', () => {
    const found = stimulusReliability(set, responses, { alphas });
    expect(found.nVoxels).toBe(45);
    const predicted = Array.from(alphas, (alpha, v) => slowLeaveOneOut(features, v, alpha));
    for (const t of trials) {
      const measured = responses.data.subarray(45 * t, 45 * (t + 1));
      const r = slowPearson(
        predicted.map((column) => column[t]),
        measured,
      );
      expect(found.r[t]).toBeCloseTo(r, 12);
    }
  });

  it('leaves out voxels without an answer and joins blocks to the same numbers', () => {
    const damaged = Float32Array.from(responses.data);
    for (const t of trials) damaged[t * 45 + 9] = 4;
    damaged[45 * 3 + 20] = Number.NaN;
    const without = Float64Array.from(alphas, (alpha, v) => (v === 30 ? Number.NaN : alpha));
    const whole = stimulusReliability(set, matrix(31, 45, damaged), { alphas: without });
    expect(whole.nVoxels).toBe(42);
    const kept = alphas.map((_, v) => v).filter((v) => ![9, 20, 30].includes(v));
    const few = Float32Array.from(
      { length: 31 * 42 },
      (_, i) => responses.data[Math.floor(i / 42) * 45 + kept[i % 42]],
    );
    const alone = stimulusReliability(set, matrix(31, 42, few), {
      alphas: Float64Array.from(kept, (v) => alphas[v]),
    });
    for (const t of trials) expect(whole.r[t]).toBeCloseTo(alone.r[t], 12);

    const model = new LeaveOneOut(set);
    const patterns = new TrialPatterns(31);
    for (const [firstVoxel, nVoxels] of [
      [0, 5],
      [5, 38],
      [43, 2],
    ])
      patterns.add(model.patterns(responses, alphas, { firstVoxel, nVoxels }));
    const expected = stimulusReliability(set, responses, { alphas }).r;
    patterns.correlations().forEach((r, t) => {
      expect(r).toBeCloseTo(expected[t], 12);
    });
  });

  it('keeps its digits when voxels have large means', () => {
    const far = Float64Array.from(responses.data, (value) => value + 1e6);
    const near = stimulusReliability(set, responses, { alphas });
    const { r } = stimulusReliability(set, matrix(31, 45, far), { alphas });
    for (const t of trials) expect(r[t]).toBeCloseTo(near.r[t], 7);
  });

  it('selects the most reliable stimuli, ties to the first, in ascending order', () => {
    expect([...mostReliable([0.1, 0.5, 0.5, -1, 0.9, 0.5], 3)]).toEqual([1, 2, 4]);
    expect(() => mostReliable([0.1, 0.2])).toThrow(/1000 stimuli were asked for; expected 1 to 2/);
  });

  it('says what is wrong with its input', () => {
    expect(() => stimulusReliability(set, responses, { alphas: 0 })).toThrow(/alpha is 0/);
    expect(() => stimulusReliability(set, responses, { alphas: alphas.slice(3) })).toThrow(/42 alphas/);
    const none = new Float64Array(45).fill(Number.NaN);
    expect(() => stimulusReliability(set, responses, { alphas: none })).toThrow(/0 of 45 voxels are usable/);
  });
});

describe('weight maps', () => {
  it('predict as the fit to all trials does', () => {
    for (const x of [features, plantedResponses(31, 40, 1, { seed: 2 }).features]) {
      const maps = weightMaps({ name: 'x', features: x }, responses, alphas);
      expect([maps.nRows, maps.nColumns]).toEqual([x.nColumns, 45]);
      for (const v of [0, 31, 44]) {
        const y = columnOf(responses, v);
        const fitted = referencePredictions(x, y, { trained: trials, tested: trials, alpha: alphas[v] });
        const ours = trials.map((t) => {
          let sum = 0;
          for (let f = 0; f < x.nColumns; f++) sum += x.data[t * x.nColumns + f] * maps.data[f * 45 + v];
          return sum;
        });
        for (const t of trials) expect(ours[t] - ours[0]).toBeCloseTo(fitted[t] - fitted[0], 4);
      }
    }
  });

  it('of standardised features do not depend on the scale of a feature', () => {
    for (const x of [features, plantedResponses(31, 40, 1, { seed: 2 }).features]) {
      const { nRows, nColumns } = x;
      const scales = Float64Array.from({ length: nColumns }, (_, f) => [0.01, 1, 300][f % 3]);
      const scaled = matrix(
        nRows,
        nColumns,
        Float64Array.from(x.data, (value, at) => value * scales[at % nColumns]),
      );
      const standardised = Float64Array.from(x.data);
      const deviations = Float64Array.from({ length: nColumns }, (_, f) => {
        const column = columnOf(x, f);
        const mean = column.reduce((sum, value) => sum + value, 0) / nRows;
        return Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / nRows);
      });
      standardised.forEach((value, at) => {
        standardised[at] = value / deviations[at % nColumns];
      });
      const z = { name: 'z', features: matrix(nRows, nColumns, standardised) };
      const ofZ = weightMaps(z, responses, alphas);
      const ofScaled = weightMaps({ name: 'x', features: scaled }, responses, alphas, {
        standardiseFeatures: true,
      });
      ofScaled.data.forEach((weight, at) => {
        const f = Math.floor(at / 45);
        expect(weight * scales[f] * deviations[f]).toBeCloseTo(ofZ.data[at], 5);
      });
      const r = (s: typeof z, standardiseFeatures: boolean) =>
        stimulusReliability(s, responses, { alphas, standardiseFeatures }).r;
      const expected = r(z, false);
      r({ name: 'x', features: scaled }, true).forEach((value, t) => {
        expect(value).toBeCloseTo(expected[t], 10);
      });
    }
  });

  it('of a constant feature are 0 when standardised', () => {
    const data = Float64Array.from(features.data, (value, at) => (at % 4 === 2 ? 0.1 : value));
    const set = { name: 'x', features: matrix(31, 4, data) };
    const maps = weightMaps(set, responses, alphas, { standardiseFeatures: true });
    expect(maps.data.subarray(90, 135).every((weight) => weight === 0)).toBe(true);
  });

  it('use the alpha in the middle of those that the folds chose', () => {
    const grid = logSpaced(1e-2, 1e2, 5);
    const options = { ...encodingPresets.p1, alphas: grid };
    const [found] = encode([set], responses, options).sets;
    const typical = typicalAlphas(found, grid);
    for (const v of [0, 20, 44]) {
      const logs = Array.from({ length: 5 }, (_, fold) => Math.log10(found.alphas[fold * 45 + v]));
      const middle = logs.reduce((sum, log) => sum + log, 0) / 5;
      expect(Math.abs(Math.log10(typical[v]) - middle)).toBeLessThanOrEqual(0.5 + 1e-9);
    }
    const constant = { ...found, alphas: found.alphas.map(() => Number.NaN) };
    expect(typicalAlphas(constant, grid).every(Number.isNaN)).toBe(true);
  });
});
