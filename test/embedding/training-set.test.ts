import { describe, expect, it } from 'vitest';
import { splitTrainingSet, trainingSet } from '#dist/embedding/training-set.js';
import { repeatedTriplets } from '#dist/embedding/triplet-groups.js';
import { noChoice } from '#dist/judgments/judgments.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { randomTrials } from './random-embedding.js';

const trials = {
  nStimuli: 10,
  nTrials: 4,
  triplets: Uint32Array.from([0, 1, 2, 3, 4, 5, 6, 7, 8, 1, 5, 9]),
  shownOrder: new Uint8Array(4),
};
const judgments = {
  nTrials: 4,
  choice: Uint8Array.from([0, 1, noChoice, 2]),
  outcome: Uint8Array.from([0, 0, 1, 0]),
  probabilities: Float32Array.from([0.5, 0.3, 0.2, 0.1, 0.4, 0.3, NaN, NaN, NaN, 0, 0, 1]),
  nTies: 0,
};

describe('trainingSet', () => {
  it('puts the odd one last and leaves out trials without a choice', () => {
    const set = trainingSet(trials, judgments);
    expect(set.nTrials).toBe(3);
    expect(Array.from(set.oddLast)).toEqual([1, 2, 0, 3, 5, 4, 1, 5, 9]);
    expect(set.targets).toBeUndefined();
  });

  it('leaves out marked trials', () => {
    const set = trainingSet(trials, judgments, { leftOut: Uint8Array.from([0, 1, 1, 0]) });
    expect(Array.from(set.oddLast)).toEqual([1, 2, 0, 1, 5, 9]);
  });

  it('turns probabilities of the odd one into targets of the kept pair, scaled to sum to 1', () => {
    const targets = Array.from(trainingSet(trials, judgments, { soft: true }).targets!, (p) =>
      Number(p.toFixed(6)),
    );
    // Trial 0, (1, 2 | 0): pair (1,2) leaves out 0, pair (1,0) leaves out 2, pair (2,0) leaves out 1.
    expect(targets.slice(0, 3)).toEqual([0.5, 0.2, 0.3]);
    // Trial 1, (3, 5 | 4), masses .1 .4 .3 of .8.
    expect(targets.slice(3, 6)).toEqual([0.5, 0.375, 0.125]);
    expect(targets.slice(6)).toEqual([1, 0, 0]);
  });

  it('refuses judgments of other trials', () => {
    expect(() => trainingSet(trials, { ...judgments, nTrials: 3 })).toThrow(/3 judgments for 4 trials/);
  });
});

describe('splitTrainingSet', () => {
  it('splits exactly, loses nothing, and depends on the key alone', () => {
    const nTrials = 1000;
    const oddLast = Uint32Array.from({ length: 3 * nTrials }, (_, i) => i);
    const set = { nStimuli: 3 * nTrials, nTrials, oddLast };
    const one = splitTrainingSet(set, 0.1, keyOf(1));
    expect([one.training.nTrials, one.heldOut.nTrials]).toEqual([900, 100]);
    const all = Uint32Array.from([...one.training.oddLast, ...one.heldOut.oddLast]).sort();
    expect(all).toEqual(oddLast);
    expect(splitTrainingSet(set, 0.1, keyOf(1)).heldOut.oddLast).toEqual(one.heldOut.oddLast);
    expect(splitTrainingSet(set, 0.1, keyOf(2)).heldOut.oddLast).not.toEqual(one.heldOut.oddLast);
  });

  const tripletsOf = ({ oddLast }: { oddLast: Uint32Array }) =>
    Array.from({ length: oddLast.length / 3 }, (_, t) =>
      [...oddLast.subarray(3 * t, 3 * t + 3)].sort((a, b) => a - b).join(),
    );

  it('keeps all trials of a triplet on one side, with the exact number held out where that can be', () => {
    // 12 stimuli have 220 triplets: 3,000 trials repeat each about 14 times, in every order.
    for (const seed of [1, 2, 3]) {
      const set = randomTrials(12, 3000, seed);
      const { training, heldOut } = splitTrainingSet(set, 0.1, keyOf(seed));
      const trained = new Set(tripletsOf(training));
      expect(tripletsOf(heldOut).filter((triplet) => trained.has(triplet))).toEqual([]);
      expect(training.nTrials + heldOut.nTrials).toBe(3000);
      expect(Math.abs(heldOut.nTrials - 300)).toBeLessThanOrEqual(3);
      expect([...tripletsOf(training), ...tripletsOf(heldOut)].sort()).toEqual(tripletsOf(set).sort());
    }
  });

  it('holds out the nearest number that whole triplets can make', () => {
    // Ten triplets, each asked seven times: 10 of 70 trials lie between 7 and 14.
    const oddLast = Uint32Array.from({ length: 210 }, (_, at) => 3 * (Math.floor(at / 3) % 10) + (at % 3));
    const set = { nStimuli: 30, nTrials: 70, oddLast };
    expect(splitTrainingSet(set, 10 / 70, keyOf(1)).heldOut.nTrials).toBe(7);
    expect(splitTrainingSet(set, 11 / 70, keyOf(1)).heldOut.nTrials).toBe(14);
  });

  it('splits trials without repeats as it always has', () => {
    const oddLast = Uint32Array.from({ length: 60 }, (_, at) => at);
    const { heldOut } = splitTrainingSet({ nStimuli: 60, nTrials: 20, oddLast }, 0.25, keyOf(7));
    // Knuth's algorithm S over the 20 trials.
    const random = new Random(keyOf(7));
    const expected: number[] = [];
    for (let t = 0; t < 20; t++) if (random.below(20 - t) < 5 - expected.length) expected.push(t);
    expect(Array.from({ length: 5 }, (_, t) => heldOut.oddLast[3 * t] / 3)).toEqual(expected);
  });
});

describe('repeatedTriplets', () => {
  it('finds repeats in whatever order, as a slow count does', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const set = randomTrials(20, 40, seed);
      const keys = Array.from({ length: 40 }, (_, t) =>
        [...set.oddLast.subarray(3 * t, 3 * t + 3)].sort((a, b) => a - b).join(),
      );
      const groups = repeatedTriplets(set);
      const different = [...new Set(keys)];
      if (different.length === 40) expect(groups).toBeNull();
      else expect([...groups!.group]).toEqual(keys.map((key) => different.indexOf(key)));
    }
  });

  it('takes well under a second for seven million trials without repeats', { timeout: 20_000 }, () => {
    const nTrials = 7_000_000;
    const oddLast = new Uint32Array(3 * nTrials);
    // Every triplet (i, j, k) of 2,000 stimuli with k - j = 1, 2, 3, 4.
    let at = 0;
    for (let i = 0; at < oddLast.length; i++)
      for (let j = i + 1; j < 1996 && at < oddLast.length; j++)
        for (let gap = 1; gap <= 4 && at < oddLast.length; gap++, at += 3) oddLast.set([j, j + gap, i], at);
    const start = performance.now();
    expect(repeatedTriplets({ nStimuli: 2000, nTrials, oddLast })).toBeNull();
    // About 0.12 s on its own; room for a machine that runs other tests beside it.
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
