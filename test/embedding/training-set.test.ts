import { describe, expect, it } from 'vitest';
import { splitTrainingSet, trainingSet } from '#dist/embedding/training-set.js';
import { noChoice } from '#dist/judgments/judgments.js';
import { keyOf } from '#dist/numerics/random.js';

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
});
