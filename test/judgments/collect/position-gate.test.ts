import { describe, expect, it } from 'vitest';
import { PositionGate } from '#dist/judgments/collect/position-gate.js';
import { keyOf, Random } from '#dist/numerics/index.js';

const options = { alpha: 0.001, minimumShareDifference: 0.05 };

/** Choices until the alarm, at most `nChoices`; undefined without one. */
function alarmAfter(
  shares: readonly number[],
  nChoices: number,
  seed: number,
  more = options,
): number | undefined {
  const random = new Random(keyOf(seed));
  const gate = new PositionGate(more);
  for (let n = 1; n <= nChoices; n++) {
    const u = random.uniform();
    gate.add(u < shares[0] ? 0 : u < shares[0] + shares[1] ? 1 : 2);
    if (gate.state().isAlarm) return n;
  }
  return undefined;
}

const seeds = (n: number) => Array.from({ length: n }, (_, seed) => seed);

describe('the position gate', () => {
  it('raises no alarm without bias, looked at after every one of 5,000 choices, in 100 seeds', () => {
    expect(seeds(100).map((seed) => alarmAfter([1 / 3, 1 / 3, 1 / 3], 5000, seed))).toEqual(
      Array(100).fill(undefined),
    );
  });

  it('keeps its promise: with alpha .1 and no minimum, at most a tenth of 400 unbiased runs ever alarm', () => {
    const loose = { alpha: 0.1, minimumShareDifference: 0 };
    const nAlarms = seeds(400).filter((seed) => alarmAfter([1 / 3, 1 / 3, 1 / 3], 2000, seed, loose)).length;
    expect(nAlarms / 400).toBeLessThanOrEqual(0.1 + 2.6 * Math.sqrt((0.1 * 0.9) / 400));
  });

  it('sees a bias of the last position (43 %) within 2,000 choices, always', () => {
    const delays = seeds(50).map((seed) => alarmAfter([0.285, 0.285, 0.43], 2000, seed));
    expect(delays.every((delay) => delay !== undefined)).toBe(true);
    expect(delays.reduce<number>((sum, delay) => sum + delay!, 0) / 50).toBeLessThan(1000);
  });

  it('does not pause for a bias that is certain but small', () => {
    expect(alarmAfter([0.32, 0.32, 0.36], 50_000, 1)).toBeUndefined();
    expect(
      alarmAfter([0.32, 0.32, 0.36], 50_000, 1, { alpha: 0.001, minimumShareDifference: 0 }),
    ).toBeDefined();
  });

  it('computes the evidence of a Dirichlet-multinomial mixture against equal shares', () => {
    const gate = new PositionGate(options);
    for (const position of [0, 0, 1, 2, 0] as const) gate.add(position);
    const expected = 3 ** 5 * ((20 * 21 * 22 * 20 * 20) / (60 * 61 * 62 * 63 * 64));
    expect(gate.state().eValue).toBeCloseTo(expected, 10);
    expect(gate.state().counts).toEqual([3, 1, 1]);
  });

  it('refuses an alpha that is no probability', () => {
    expect(() => new PositionGate({ alpha: 1, minimumShareDifference: 0 })).toThrow(/between 0 and 1/);
  });
});
