import { describe, expect, test } from 'vitest';
import { measuredRsm } from '#dist/embedding/index.js';
import { choiceShares, pairAnswers, splitHalves } from '#dist/geometry/consistency/pair-answers.js';
import { weightedPearson } from '#dist/geometry/consistency/weighted-pearson.js';
import { behaviouralConsistency, type JudgedTrials, upperTriangle } from '#dist/geometry/index.js';
import { noChoice } from '#dist/judgments/index.js';
import { keyOf, pearson, Random } from '#dist/numerics/index.js';
import { samplePrototypes } from '#dist/trials/index.js';

const nStimuli = 40;
const stimuli = Uint32Array.from({ length: 10 }, (_, i) => 4 * i);
const sample = (seed: number) =>
  samplePrototypes({ nStimuli, prototypes: stimuli, thirdsPerDyad: 25, key: keyOf(seed) });
const trials = sample(1);

/** Answers from positions on a line, with noise: 0 is exact, large is guessing. */
function judge(name: string, noise: number, seed: number, trials = sample(1)): JudgedTrials {
  const positions = (i: number) => (i * 7) % 40;
  const random = new Random(keyOf(seed));
  const choice = new Uint8Array(trials.nTrials);
  for (let t = 0; t < trials.nTrials; t++) {
    const [a, b, c] = trials.triplets.subarray(3 * t, 3 * t + 3);
    const distance = (i: number, j: number) =>
      Math.abs(positions(i) - positions(j)) + noise * random.normal();
    const pairs = [distance(b, c), distance(a, c), distance(a, b)];
    choice[t] = pairs.indexOf(Math.min(...pairs));
  }
  return {
    name,
    trials,
    judgments: { nTrials: trials.nTrials, choice, outcome: new Uint8Array(trials.nTrials), nTies: 0 },
  };
}

const options = { stimuli, splits: 20, samples: 100, key: keyOf(2) };

describe('answers about pairs', () => {
  test('of all trials are the measured RSM', () => {
    const { judgments } = judge('a', 5, 1);
    judgments.choice.fill(noChoice, 0, 50);
    const { data } = measuredRsm(trials, judgments, stimuli);
    const wanted = upperTriangle({ nStimuli: 10, values: data as Float64Array });
    expect(Array.from(choiceShares(pairAnswers(trials, judgments, stimuli)))).toEqual(Array.from(wanted));
  });

  test('are split evenly for every pair', () => {
    const answers = pairAnswers(trials, judge('a', 5, 1).judgments, stimuli);
    const half = splitHalves(answers, new Random(keyOf(3)));
    const difference = new Map<number, number>();
    answers.groupOfTrial.forEach((cell, t) => {
      difference.set(cell, (difference.get(cell) ?? 0) + (half[t] ? 1 : -1));
    });
    expect(Math.max(...Array.from(difference.values(), Math.abs))).toBeLessThanOrEqual(1);
  });
});

describe('behaviouralConsistency', () => {
  const [a, b] = [judge('a', 8, 1), judge('b', 20, 2)];

  test('is Eq. 4: r over the root of the product of split-half reliabilities', () => {
    const plain = { ...options, spearmanBrown: false, splits: 3, samples: 10 };
    const { judges, comparisons } = behaviouralConsistency([a, b], plain);
    const shares = [a, b].map(({ judgments }) => choiceShares(pairAnswers(trials, judgments, stimuli)));
    const r = pearson(shares[0], shares[1]);
    expect(comparisons[0].raw!.value).toBeCloseTo(r, 12);
    const { corrected } = comparisons[0];
    const product = judges[0].reliability!.value * judges[1].reliability!.value;
    expect(corrected.kind === 'corrected' && corrected.estimate.value).toBeCloseTo(
      r / Math.sqrt(product),
      12,
    );
    const stepped = behaviouralConsistency([a, b], { ...plain, spearmanBrown: true }).judges[0];
    const half = judges[0].reliability!.value;
    expect(stepped.reliability!.value).toBeCloseTo((2 * half) / (1 + half), 12);
  });

  test('two judges with the same geometry and much noise: near 1 when corrected, below it when not', () => {
    // Of other trials: thirds that judges share make them agree beyond what their halves, of other thirds, can.
    const others = [judge('b', 8, 2, sample(2)), judge('c', 8, 3, sample(3))];
    const { comparisons, judges } = behaviouralConsistency([a, ...others], options);
    expect(comparisons.map((pair) => `${pair.a}${pair.b}`)).toEqual(['ab', 'ac', 'bc']);
    for (const { raw, corrected, nPairs } of comparisons) {
      if (corrected.kind !== 'corrected') throw new Error(corrected.reason);
      const { value, low, high, n } = corrected.estimate;
      expect(value).toBeGreaterThan(raw!.value);
      expect(Math.abs(value - 1)).toBeLessThan(0.1);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(low);
      expect([n, nPairs]).toEqual([10, 45]);
    }
    const noisy = behaviouralConsistency([a, b], options).judges;
    expect(noisy[0].reliability!.value).toBeGreaterThan(noisy[1].reliability!.value);
    expect(judges[0]).toMatchObject({ nSplits: 20, spearmanBrown: true, nTrials: trials.nTrials });
  });

  test('a judge whose halves do not agree has a stated result, not a number', () => {
    const flat = judge('flat', 0, 1);
    const random = new Random(keyOf(9));
    flat.judgments.choice.forEach((_, t, choice) => {
      choice[t] = random.below(3);
    });
    let nUndefined = 0;
    for (let seed = 0; seed < 6; seed++) {
      const { comparisons } = behaviouralConsistency([a, flat], {
        ...options,
        splits: 1,
        samples: 10,
        key: keyOf(seed),
      });
      const { corrected } = comparisons[0];
      if (corrected.kind === 'corrected') expect(corrected.estimate.value).not.toBeNaN();
      else {
        nUndefined++;
        expect(corrected.reason).toBe('flat has a reliability of 0 or less');
      }
    }
    expect(nUndefined).toBeGreaterThan(0);
  });

  test('more than 5 % undefined samples leave no interval, and say how many they are; fewer are left out and counted', () => {
    // A judge who answered about four stimuli only: samples that draw fewer than three of them have no correlation.
    const few = (name: string, known: number) => {
      const one = judge(name, 8, 4);
      for (let t = 0; t < trials.nTrials; t++) {
        const listed = Array.from(trials.triplets.subarray(3 * t, 3 * t + 3)).filter((i) => i % 4 === 0);
        if (listed.some((i) => i >= 4 * known)) one.judgments.choice[t] = noChoice;
      }
      return one;
    };
    const of = (known: number) =>
      behaviouralConsistency([a, few('few', known)], { ...options, samples: 200 });
    const { comparisons, judges } = of(4);
    const raw = comparisons[0].raw!;
    const nUndefined = Number(
      raw.method.match(/^no interval: (\d+) of 200 bootstrap samples are undefined$/)![1],
    );
    expect(nUndefined).toBeGreaterThan(10);
    expect(nUndefined).toBeLessThan(200);
    expect([raw.low, raw.high]).toEqual([Number.NaN, Number.NaN]);
    expect(Number.isFinite(raw.value)).toBe(true);
    expect(judges[1].reliability!.method).toMatch(/^no interval/);
    const most = of(7).comparisons[0].raw!;
    const nLeft = Number(most.method.match(/, 200 samples, (\d+) undefined ones left out$/)?.[1] ?? 0);
    expect(nLeft).toBeLessThanOrEqual(10);
    expect(most.low).toBeLessThan(most.high);
  });

  test('pairs that were never answered are left out and counted', () => {
    const patchy = judge('patchy', 8, 4);
    const { choice } = patchy.judgments;
    for (let t = 0; t < trials.nTrials; t++) {
      const triplet = trials.triplets.subarray(3 * t, 3 * t + 3);
      if (triplet.includes(0) && triplet.includes(4)) choice[t] = noChoice;
    }
    const { judges, comparisons } = behaviouralConsistency([a, patchy], options);
    expect(judges.map(({ nUnknownPairs }) => nUnknownPairs)).toEqual([0, 1]);
    expect(comparisons[0].nPairs).toBe(44);
    choice.fill(noChoice);
    const silent = behaviouralConsistency([a, patchy], { ...options, samples: 5 });
    expect(silent.comparisons[0]).toMatchObject({
      raw: null,
      corrected: { kind: 'undefined', reason: 'patchy has no reliability' },
    });
  });

  test('two pairs say nothing: they always lie on a line', () => {
    expect(weightedPearson([1, 2, Number.NaN], [5, 9, 1], [1, 1, 1])).toBeNaN();
    expect(weightedPearson([1, 2, 3], [5, 9, 13], [1, 1, 1])).toBeCloseTo(1, 12);
  });

  test('refuses judges of one name and fewer than three stimuli; repeats itself', () => {
    expect(() => behaviouralConsistency([a, a], options)).toThrow(/Two judges are named "a"/);
    expect(() => behaviouralConsistency([a, b], { ...options, stimuli: [0, 4] })).toThrow(/at least 3/);
    const again = () => behaviouralConsistency([a, b], { ...options, samples: 10, splits: 4 });
    expect(again()).toEqual(again());
  });
});
