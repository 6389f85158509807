import { describe, expect, it } from 'vitest';
import { replayJudge, simulatedJudge } from '#dist/judges/index.js';
import { keyOf, matrix, Random } from '#dist/numerics/index.js';
import { countRepeats } from '#dist/trials/index.js';
import { randomTrials } from './random-trials.js';

const asTrials = (nStimuli: number, ...triplets: number[][]) => ({
  nStimuli,
  nTrials: triplets.length,
  triplets: Uint32Array.from(triplets.flat()),
  shownOrder: new Uint8Array(triplets.length),
});

describe('replay judge', () => {
  it('finds answers by triplet; trials without one fail', () => {
    const recorded = {
      trials: asTrials(6, [0, 1, 2], [1, 3, 5], [0, 4, 5]),
      choice: Uint8Array.from([2, 0, 1]),
    };
    const judge = replayJudge(recorded);
    const answers = judge.answer(asTrials(6, [0, 4, 5], [2, 3, 4], [0, 1, 2]), keyOf(1));
    expect([...answers.choice]).toEqual([1, 255, 2]);
    expect([...answers.outcome]).toEqual([0, 3, 0]);
    expect(judge.warnings).toEqual([]);
  });

  it('gives the n-th asking of a triplet its n-th answer; askings beyond the answers fail', () => {
    const trials = asTrials(4, [0, 1, 2], [1, 2, 3], [0, 1, 2], [0, 1, 2]);
    const judge = replayJudge({ trials, choice: Uint8Array.from([1, 2, 0, 1]) });
    const asked = asTrials(4, [1, 2, 3], [0, 1, 2], [0, 1, 2], [1, 2, 3], [0, 1, 2], [0, 1, 2]);
    const answers = judge.answer(asked, keyOf(1));
    expect([...answers.choice]).toEqual([2, 1, 0, 255, 1, 255]);
    expect([...answers.outcome]).toEqual([0, 0, 0, 3, 0, 3]);
    // Another set of trials starts from the first answers again.
    expect(judge.answer(asked, keyOf(1))).toEqual(answers);
  });

  it('returns a large recording with many repeats row by row', () => {
    const trials = randomTrials(30, 50_000, keyOf(1));
    expect(countRepeats(trials)).toBeGreaterThan(40_000);
    const random = new Random(keyOf(2));
    const choice = Uint8Array.from({ length: trials.nTrials }, () => random.below(3));
    expect(Buffer.compare(replayJudge({ trials, choice }).answer(trials, keyOf(1)).choice, choice)).toBe(0);
  });

  it('knows no shown orders', () => {
    expect(replayJudge({ trials: asTrials(3, [0, 1, 2]), choice: Uint8Array.of(1) }).hasUnknownOrder).toBe(
      true,
    );
  });
});

describe('simulated judge', () => {
  const embedding = matrix(4, 2, Float64Array.from([1, 0, 0.8, 0.3, 0.2, 1, 0, 0]));
  const n = 60_000;
  const repeated = asTrials(4, ...Array.from({ length: n }, () => [0, 1, 2]));
  const dots = { jk: 0.8 * 0.2 + 0.3 * 1, ik: 0.2, ij: 0.8 };

  function softmax(temperature: number): number[] {
    const weights = [dots.jk, dots.ik, dots.ij].map((dot) => Math.exp(dot / temperature));
    return weights.map((weight) => weight / weights.reduce((a, b) => a + b));
  }

  it.each([1, 0.3, 5])('draws with the SPoSE softmax at temperature %d', (temperature) => {
    const answers = simulatedJudge(embedding, { temperature }).answer(repeated, keyOf(2));
    softmax(temperature).forEach((p, place) => {
      const share = answers.choice.filter((odd) => odd === place).length / n;
      // Four standard deviations of a proportion.
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
      expect(answers.probabilities![place]).toBeCloseTo(p, 6);
    });
  });

  it('answers the same for one key, whatever follows, and otherwise for another', () => {
    const judge = simulatedJudge(embedding);
    const trials = randomTrials(4, 500, keyOf(3));
    const { choice } = judge.answer(trials, keyOf(4));
    const first = { ...trials, nTrials: 100, triplets: trials.triplets.slice(0, 300) };
    expect(judge.answer(first, keyOf(4)).choice).toEqual(choice.slice(0, 100));
    expect(judge.answer(trials, keyOf(5)).choice).not.toEqual(choice);
  });

  it('gives the most probable answer when deterministic, with the same probabilities', () => {
    const answers = simulatedJudge(embedding, { deterministic: true }).answer(repeated, keyOf(2));
    expect(new Set(answers.choice)).toEqual(new Set([2]));
    expect(answers.probabilities).toEqual(simulatedJudge(embedding).answer(repeated, keyOf(2)).probabilities);
  });

  it('stays finite for huge weights', () => {
    const random = new Random(keyOf(1));
    const huge = matrix(
      10,
      3,
      Float64Array.from({ length: 30 }, () => 1000 * random.uniform()),
    );
    const { probabilities } = simulatedJudge(huge).answer(randomTrials(10, 100, keyOf(1)), keyOf(1));
    for (let t = 0; t < 100; t++) {
      const sum = probabilities!.subarray(3 * t, 3 * t + 3).reduce((a, b) => a + b);
      expect(sum).toBeCloseTo(1, 6);
    }
  });
});
