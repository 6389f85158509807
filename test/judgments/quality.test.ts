import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judgments } from '#dist/judgments/judgments.js';
import { latencySummary } from '#dist/judgments/latency.js';
import { outcomeShares } from '#dist/judgments/outcome-shares.js';
import { promptDifference } from '#dist/judgments/prompt-difference.js';
import { repeatConsistency } from '#dist/judgments/repeat-consistency.js';
import { keyOf, Random } from '#dist/numerics/random.js';
import { sampleCeiling, sampleDyads, shownOrders, type Trials } from '#dist/trials/index.js';

function judgmentsOf(choice: ArrayLike<number>, outcome?: ArrayLike<number>): Judgments {
  const choices = Uint8Array.from(choice);
  const codes = outcome ? Uint8Array.from(outcome) : choices.map((place) => (place === 255 ? 1 : 0));
  return { nTrials: choices.length, choice: choices, outcome: codes, nTies: 0 };
}

const key = keyOf('quality');

describe('latency', () => {
  it('has mean, quantiles and maximum', () => {
    const summary = latencySummary(Float32Array.from({ length: 101 }, (_, i) => 100 - i));
    expect(summary).toMatchObject({ n: 101, mean: 50, max: 100 });
    expect(summary.quantiles.map(({ milliseconds }) => milliseconds)).toEqual([5, 25, 50, 75, 95, 99]);
    expect(() => latencySummary([])).toThrow(/no answer whose latency/);
  });
});

describe('outcome shares', () => {
  it('names the stimulus that attracts refusals, by position', () => {
    const trials = sampleDyads({ nStimuli: 40, thirdsPerDyad: 3, key });
    const random = new Random(key);
    const isRefused = (trial: number) => {
      const places = trials.triplets.subarray(3 * trial, 3 * trial + 3);
      return places.includes(7) ? random.uniform() < 0.5 : random.uniform() < 0.01;
    };
    const refused = Uint8Array.from({ length: trials.nTrials }, (_, trial) => Number(isRefused(trial)));
    const judgments = judgmentsOf(
      refused.map((code) => (code === 1 ? 255 : 0)),
      refused,
    );
    const [refusal, ...rest] = outcomeShares(trials, judgments);
    expect(refusal.outcome).toBe('refusal');
    expect(refusal.share.value).toBeCloseTo(refused.reduce((a, b) => a + b) / trials.nTrials, 12);
    expect(refusal.attractedBy[0].stimulus).toBe(7);
    expect(refusal.attractedBy[0].share.value).toBeGreaterThan(0.4);
    let shownFirst = 0;
    let refusedFirst = 0;
    for (let trial = 0; trial < trials.nTrials; trial++) {
      if (trials.triplets[3 * trial + shownOrders[trials.shownOrder[trial]][0]] !== 7) continue;
      shownFirst++;
      refusedFirst += refused[trial];
    }
    expect(refusal.attractedBy[0].byPosition[0]).toMatchObject({
      value: refusedFirst / shownFirst,
      n: shownFirst,
    });
    expect(rest.every(({ attractedBy, share }) => attractedBy.length === 0 && share.value === 0)).toBe(true);
  });

  it('blames nobody when refusals come at random, but for the share that chance gives', () => {
    const trials = sampleDyads({ nStimuli: 100, thirdsPerDyad: 3, key });
    const random = new Random(key);
    const refused = Uint8Array.from({ length: trials.nTrials }, () => Number(random.uniform() < 0.05));
    const judgments = judgmentsOf(
      refused.map((code) => (code === 1 ? 255 : 0)),
      refused,
    );
    expect(outcomeShares(trials, judgments)[0].attractedBy.length).toBeLessThan(10);
    expect(outcomeShares(trials, judgments, { level: 0.9999 })[0].attractedBy).toEqual([]);
  });
});

describe('repeat consistency', () => {
  it('is what a slow count of all pairs gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), fc.nat(5), fc.constantFrom(0, 1, 2, 255)), {
          minLength: 1,
          maxLength: 30,
        }),
        (rows) => {
          const trials: Trials = {
            nStimuli: 10,
            nTrials: rows.length,
            triplets: Uint32Array.from(rows.flatMap(([triplet]) => [triplet, triplet + 3, triplet + 6])),
            shownOrder: Uint8Array.from(rows.map(([, order]) => order)),
          };
          const found = repeatConsistency(trials, judgmentsOf(rows.map(([, , choice]) => choice)));
          for (const [name, counts] of [
            ['all', () => true],
            ['sameOrder', (a: number, b: number) => a === b],
            ['otherOrder', (a: number, b: number) => a !== b],
          ] as const) {
            const shares = [0, 1, 2].flatMap((triplet) => {
              const answers = rows.filter(([t, , choice]) => t === triplet && choice !== 255);
              const pairs = answers.flatMap((a, i) => answers.slice(i + 1).map((b) => [a, b] as const));
              const used = pairs.filter(([a, b]) => counts(a[1], b[1]));
              return used.length === 0 ? [] : [used.filter(([a, b]) => a[2] === b[2]).length / used.length];
            });
            if (shares.length === 0) expect(found[name]).toBeNull();
            else expect(found[name]!.value).toBeCloseTo(shares.reduce((a, b) => a + b) / shares.length, 12);
          }
        },
      ),
    );
  });

  it('tells a judge of stimuli from a judge of positions', () => {
    const trials = sampleCeiling({ nStimuli: 50, nTriplets: 200, nRepeats: 12, key });
    const byPosition = judgmentsOf(trials.shownOrder.map((code) => shownOrders[code][2]));
    const { sameOrder, otherOrder } = repeatConsistency(trials, byPosition);
    expect(sameOrder?.value ?? 1).toBe(1);
    expect(otherOrder!.value).toBeLessThan(0.45);
    expect(repeatConsistency(trials, judgmentsOf(new Uint8Array(trials.nTrials))).all).toMatchObject({
      value: 1,
      n: 200,
    });
  });
});

describe('prompt difference', () => {
  const order = (n: number): Trials => ({
    nStimuli: 3,
    nTrials: n,
    triplets: Uint32Array.from({ length: 3 * n }, (_, at) => at % 3),
    shownOrder: new Uint8Array(n),
  });
  const fromTable = (table: number[][]) => {
    const pairs = table.flatMap((row, a) => row.flatMap((count, b) => Array(count).fill([a, b])));
    const choices = (side: number) => judgmentsOf(pairs.map((pair) => pair[side]));
    return promptDifference(order(pairs.length), ['a', choices(0)], ['b', choices(1)]);
  };

  it('is the Stuart-Maxwell quadratic form', () => {
    const table = [
      [35, 5, 0],
      [15, 20, 5],
      [10, 5, 5],
    ];
    // d = rows - columns; covariance from the definition; d' S^-1 d over the first two.
    const row = (i: number) => table[i].reduce((a, b) => a + b);
    const column = (j: number) => table.reduce((sum, cells) => sum + cells[j], 0);
    const d = [0, 1].map((i) => row(i) - column(i));
    const s = [0, 1].map((i) =>
      [0, 1].map((j) => (i === j ? row(i) + column(i) - 2 * table[i][i] : -table[i][j] - table[j][i])),
    );
    const determinant = s[0][0] * s[1][1] - s[0][1] * s[1][0];
    const expected = (s[1][1] * d[0] ** 2 - 2 * s[0][1] * d[0] * d[1] + s[0][0] * d[1] ** 2) / determinant;
    const { positionTest, positions, agreement } = fromTable(table);
    expect(positions).toEqual(table);
    expect(agreement.share.value).toBeCloseTo(0.6, 12);
    expect(positionTest.chiSquare).toBeCloseTo(expected, 10);
    expect(positionTest).toMatchObject({ df: 2, n: 100 });
    expect(positionTest.p).toBeCloseTo(Math.exp(-expected / 2), 8);
  });

  it("is McNemar's test when one pair of positions is exchanged, and nothing when none is", () => {
    const { positionTest } = fromTable([
      [10, 8, 0],
      [2, 10, 0],
      [0, 0, 10],
    ]);
    expect(positionTest).toMatchObject({ chiSquare: 36 / 10, df: 1 });
    expect(
      fromTable([
        [4, 0, 0],
        [0, 4, 0],
        [0, 0, 4],
      ]).positionTest,
    ).toMatchObject({ chiSquare: 0, p: 1 });
  });
});
