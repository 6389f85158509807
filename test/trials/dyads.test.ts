import { describe, expect, it } from 'vitest';
import { chiSquareUniform, keyOf, split } from '#dist/numerics/index.js';
import { sampleDyads, sampleDyadsReference } from '#dist/trials/dyads.js';
import type { Trials } from '#dist/trials/trials.js';

const key = keyOf('dyads');
const choose2 = (n: number) => (n * (n - 1)) / 2;

function tripletsOf({ triplets, nTrials }: Trials): number[][] {
  return Array.from({ length: nTrials }, (_, trial) => [...triplets.subarray(3 * trial, 3 * trial + 3)]);
}

/** Whether every trial can be given to one of its dyads so that each dyad has exactly `perDyad`: augmenting paths. */
function canShareOut(triplets: number[][], nStimuli: number, perDyad: number): boolean {
  const held = new Map<string, number[]>();
  const dyadsOf = ([i, j, k]: number[]) => [`${i},${j}`, `${i},${k}`, `${j},${k}`];
  const place = (trial: number, seen: Set<string>): boolean =>
    dyadsOf(triplets[trial]).some((dyad) => {
      if (seen.has(dyad)) return false;
      seen.add(dyad);
      const trials = held.get(dyad) ?? [];
      held.set(dyad, trials);
      if (trials.length < perDyad) return trials.push(trial) > 0;
      const moved = trials.findIndex((other) => place(other, seen));
      if (moved >= 0) trials[moved] = trial;
      return moved >= 0;
    });
  const allPlaced = triplets.every((_, trial) => place(trial, new Set()));
  return (
    allPlaced && held.size === choose2(nStimuli) && [...held.values()].every((t) => t.length === perDyad)
  );
}

describe('kernel and plain reference', () => {
  const designs = [
    [5, 1],
    [6, 1],
    [7, 1],
    [9, 2],
    [11, 2],
    [12, 2],
    [14, 3],
    [20, 5],
    [33, 3],
    [64, 1],
    [120, 3],
    [40, 11],
  ];
  it.each(designs)('draw the same trials: %i stimuli x %i thirds', (nStimuli, thirdsPerDyad) => {
    for (let seed = 0; seed < 3; seed++) {
      const options = { nStimuli, thirdsPerDyad, key: split(key, seed) };
      expect(outcome(() => sampleDyads(options))).toEqual(outcome(() => sampleDyadsReference(options)));
    }
  });

  function outcome(sample: () => Trials): Trials | string {
    try {
      return sample();
    } catch (error) {
      return (error as Error).message;
    }
  }
});

describe('each dyad has its own thirds, and no triplet occurs twice', () => {
  const designs = [
    [5, 1],
    [6, 1],
    [7, 1],
    [8, 1],
    [9, 1],
    [11, 2],
    [12, 2],
    [16, 3],
    [25, 3],
  ];
  it.each(designs)('%i stimuli x %i thirds', (nStimuli, thirdsPerDyad) => {
    for (let seed = 0; seed < 5; seed++) {
      const trials = sampleDyads({ nStimuli, thirdsPerDyad, key: split(key, 'own', seed) });
      const triplets = tripletsOf(trials);
      expect(trials.nTrials).toBe(thirdsPerDyad * choose2(nStimuli));
      expect(new Set(triplets.map(String)).size).toBe(trials.nTrials);
      expect(triplets.every(([i, j, k]) => i < j && j < k && k < nStimuli)).toBe(true);
      expect(canShareOut(triplets, nStimuli, thirdsPerDyad)).toBe(true);
    }
  });
});

describe('every triplet is equally likely', () => {
  it('over 3,000 keys, 8 stimuli x 1 third: 28 of 56 triplets', () => {
    const counts = new Map<string, number>();
    const nKeys = 3000;
    for (let seed = 0; seed < nKeys; seed++) {
      for (const triplet of tripletsOf(
        sampleDyads({ nStimuli: 8, thirdsPerDyad: 1, key: split(key, 'even', seed) }),
      )) {
        counts.set(String(triplet), (counts.get(String(triplet)) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(56);
    // Counts of a half sample without replacement vary half as much as those of independent draws.
    const { chiSquare, df } = chiSquareUniform([...counts.values()]);
    expect(2 * chiSquare).toBeGreaterThan(df - 4 * Math.sqrt(2 * df));
    expect(2 * chiSquare).toBeLessThan(df + 4 * Math.sqrt(2 * df));
  });
});

describe('designs that cannot be', () => {
  it('names the largest possible thirdsPerDyad and design: all', () => {
    const sample = () => sampleDyads({ nStimuli: 8, thirdsPerDyad: 3, key });
    expect(sample).toThrow(/84 different triplets; there are only 56.*design: all.*thirdsPerDyad: 2 or less/);
    expect(() => sampleDyads({ nStimuli: 4, thirdsPerDyad: 1, key })).toThrow(
      /design: all, which asks every triplet once\.$/,
    );
  });
  it('gives up on a design of all triplets', () => {
    const sample = () => sampleDyads({ nStimuli: 32, thirdsPerDyad: 10, key });
    expect(sample).toThrow(/met a dyad without a free third.*design: all/);
  });
  it('refuses fewer than three stimuli, and thirds that are no count', () => {
    expect(() => sampleDyads({ nStimuli: 2, thirdsPerDyad: 1, key })).toThrow(
      /at least 3 stimuli; there are 2/,
    );
    expect(() => sampleDyads({ nStimuli: 9, thirdsPerDyad: 0.5, key })).toThrow(
      /is 0\.5; expected a whole number/,
    );
  });
  it('refuses what does not fit in memory before it starts', () => {
    expect(() => sampleDyads({ nStimuli: 30_000, thirdsPerDyad: 3, key })).toThrow(
      /shared memory|fit in memory/,
    );
  });
});

describe("P1's training set: 2,180 stimuli x 3 thirds", () => {
  const trials = sampleDyads({ nStimuli: 2180, thirdsPerDyad: 3, key });
  const { triplets, nTrials } = trials;

  it('has 7,125,330 different canonical triplets', () => {
    expect(nTrials).toBe(7_125_330);
    const ranks = new Float64Array(nTrials);
    let nWrong = 0;
    for (let trial = 0; trial < nTrials; trial++) {
      const [i, j, k] = [triplets[3 * trial], triplets[3 * trial + 1], triplets[3 * trial + 2]];
      if (!(i < j && j < k && k < 2180)) nWrong++;
      ranks[trial] = (i * 2180 + j) * 2180 + k;
    }
    ranks.sort();
    for (let at = 1; at < nTrials; at++) if (ranks[at] === ranks[at - 1]) nWrong++;
    expect(nWrong).toBe(0);
  });

  it('asks each stimulus about as often, and each dyad at least three times', () => {
    const perStimulus = new Uint32Array(2180);
    const perDyad = new Uint8Array(2180 * 2180);
    for (let at = 0; at < triplets.length; at += 3) {
      const [i, j, k] = [triplets[at], triplets[at + 1], triplets[at + 2]];
      perStimulus[i]++;
      perStimulus[j]++;
      perStimulus[k]++;
      perDyad[i * 2180 + j]++;
      perDyad[i * 2180 + k]++;
      perDyad[j * 2180 + k]++;
    }
    const expected = (3 * nTrials) / 2180;
    expect(Math.max(...perStimulus.map((count) => Math.abs(count - expected)))).toBeLessThan(
      6 * Math.sqrt(expected),
    );
    let nFew = 0;
    for (let i = 0; i < 2180; i++) for (let j = i + 1; j < 2180; j++) if (perDyad[i * 2180 + j] < 3) nFew++;
    expect(nFew).toBe(0);
  });

  it('comes in random order: any tenth looks like the whole', () => {
    const tenth = Math.floor(nTrials / 10);
    for (let part = 0; part < 10; part++) {
      let sum = 0;
      for (let trial = part * tenth; trial < (part + 1) * tenth; trial++) sum += triplets[3 * trial];
      // Smallest of three of 0..2179: mean (2180 - 3) / 4, sd 2180 sqrt(3 / 80).
      expect(Math.abs(sum / tenth - 2177 / 4)).toBeLessThan(
        (5 * 2180 * Math.sqrt(3 / 80)) / Math.sqrt(tenth),
      );
    }
  });

  it('shows each order equally often up to one', () => {
    const counts = new Uint32Array(6);
    for (const code of trials.shownOrder) counts[code]++;
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('gives the same bytes for the same key, other trials for another', () => {
    const options = { nStimuli: 150, thirdsPerDyad: 3 };
    const once = sampleDyads({ ...options, key });
    expect(sampleDyads({ ...options, key })).toEqual(once);
    expect(sampleDyads({ ...options, key: keyOf(2) }).triplets).not.toEqual(once.triplets);
  });
});
