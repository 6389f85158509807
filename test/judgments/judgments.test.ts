import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNpy, parseNpy } from '#dist/formats/npy.js';
import {
  agreement,
  type Judgments,
  judgmentColumns,
  judgmentsFromColumns,
  noiseCeiling,
  summariseJudgments,
} from '#dist/judgments/index.js';
import { AffectomeError, keyOf, Random } from '#dist/numerics/index.js';
import {
  readTripletText,
  sampleCeiling,
  sampleDyads,
  shownOrders,
  type Trials,
  unknownOrder,
} from '#dist/trials/index.js';

const key = keyOf('judgments');

function judgmentsOf(choice: ArrayLike<number>, rest: Partial<Judgments> = {}): Judgments {
  const choices = Uint8Array.from(choice);
  const outcome = choices.map((place) => (place === 255 ? 1 : 0));
  return { nTrials: choices.length, choice: choices, outcome, nTies: 0, ...rest };
}

function trialsOf(rows: number[][], orders: number[] = rows.map(() => 0)): Trials {
  return {
    nStimuli: 20,
    nTrials: rows.length,
    triplets: Uint32Array.from(rows.flat()),
    shownOrder: Uint8Array.from(orders),
  };
}

describe('summary', () => {
  it('counts outcomes, ties and shown positions by hand', () => {
    const trials = trialsOf(Array(6).fill([1, 2, 3]), [0, 1, 2, 3, 4, 5]);
    const judgments = judgmentsOf([0, 1, 1, 2, 255, 255], {
      outcome: Uint8Array.of(0, 0, 0, 0, 2, 3),
      nTies: 2,
    });
    const summary = summariseJudgments(trials, judgments);
    expect(summary.outcomes).toEqual({ choice: 4, refusal: 0, unparsed: 1, failed: 1, ambiguous: 0 });
    expect(summary.nTies).toBe(2);
    // Orders 012, 021, 102, 120: place 0 first, place 1 third, place 1 first, place 2 second.
    expect(summary.positions!.counts).toEqual([2, 1, 1]);
    expect(summary.positions!.shares.map(({ value, n }) => [value, n])).toEqual([
      [0.5, 4],
      [0.25, 4],
      [0.25, 4],
    ]);
    expect(summary.positions!.test.chiSquare).toBeCloseTo(0.5, 12);
  });

  it('sees a judge that always takes the last, and none in one that follows the stimuli', () => {
    const trials = sampleDyads({ nStimuli: 60, thirdsPerDyad: 3, key });
    const last = judgmentsOf(trials.shownOrder.map((code) => shownOrders[code][2]));
    expect(summariseJudgments(trials, last).positions!.counts).toEqual([0, 0, trials.nTrials]);
    expect(summariseJudgments(trials, last).positions!.test.p).toBeLessThan(1e-12);
    const smallest = judgmentsOf(new Uint8Array(trials.nTrials));
    const { shares } = summariseJudgments(trials, smallest).positions!;
    for (const { low, high } of shares) expect(low < 1 / 3 && 1 / 3 < high).toBe(true);
  });

  it('has no positions where nobody recorded the shown orders, and leaves such trials out otherwise', () => {
    const rows = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const judgments = judgmentsOf([0, 1]);
    expect(summariseJudgments(trialsOf(rows, [255, 255]), judgments).positions).toBeNull();
    expect(summariseJudgments(trialsOf(rows, [255, 0]), judgments).positions!.counts).toEqual([0, 1, 0]);
    const file = readTripletText(new TextEncoder().encode('0 1 2\n3 4 0\n'), 'answers.txt');
    expect([...file.trials.shownOrder]).toEqual([unknownOrder, unknownOrder]);
    expect(summariseJudgments(file.trials, { ...judgments, choice: file.choice }).positions).toBeNull();
  });

  it('has no NaN without choices, and refuses other trials', () => {
    const summary = summariseJudgments(trialsOf([[1, 2, 3]]), judgmentsOf([255]));
    expect(JSON.stringify(summary)).not.toContain('null');
    expect(summary.positions!.test.p).toBe(1);
    expect(() => summariseJudgments(trialsOf([[1, 2, 3]]), judgmentsOf([0, 1]))).toThrow(
      /2 judgments .* number 1/,
    );
  });
});

describe('noise ceiling', () => {
  it('is the mean largest share with 1.96 sd / sqrt(n), by hand', () => {
    const trials = trialsOf([
      [1, 2, 3],
      [1, 2, 3],
      [4, 5, 6],
      [4, 5, 6],
      [1, 2, 3],
      [4, 5, 6],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    const ceiling = noiseCeiling(trials, judgmentsOf([0, 0, 1, 2, 1, 1, 255, 2]));
    // {1,2,3}: 2 of 3; {4,5,6}: 2 of 3 choices; {7,8,9} has one answer.
    expect(ceiling).toMatchObject({ n: 2, level: 0.95 });
    expect(ceiling.value).toBeCloseTo(2 / 3, 12);
    const spread = noiseCeiling(trials, judgmentsOf([0, 0, 1, 1, 0, 1, 0, 2]));
    expect(spread.value).toBeCloseTo((1 + 3 / 4) / 2, 12);
    const half = (1.959964 * Math.sqrt(((1 - 0.875) ** 2 + (0.75 - 0.875) ** 2) / 1)) / Math.sqrt(2);
    expect(spread.low).toBeCloseTo(0.875 - half, 5);
    expect(spread.high).toBe(1);
  });

  it('finds the known consistency of a noisy judge', () => {
    const trials = sampleCeiling({ nStimuli: 100, nTriplets: 2000, nRepeats: 50, key });
    const random = new Random(key);
    const noisy = judgmentsOf(
      Array.from({ length: trials.nTrials }, () => {
        const draw = random.uniform();
        return draw < 0.7 ? 1 : draw < 0.85 ? 0 : 2;
      }),
    );
    const { value, low, high, n } = noiseCeiling(trials, noisy);
    expect(n).toBe(2000);
    expect(low < 0.7 && 0.7 < high && high - low < 0.01).toBe(true);
    expect(value).toBeCloseTo(0.7, 2);
  });

  it('is 1 for a judge without noise, and 1/3 + 0.111 for 20 guesses', () => {
    const trials = sampleCeiling({ nStimuli: 100, nTriplets: 3000, nRepeats: 20, key });
    expect(noiseCeiling(trials, judgmentsOf(new Uint8Array(trials.nTrials)))).toMatchObject({
      value: 1,
      low: 1,
      high: 1,
    });
    const random = new Random(key);
    const guesses = judgmentsOf(Array.from({ length: trials.nTrials }, () => random.below(3)));
    expect(noiseCeiling(trials, guesses).value).toBeCloseTo(1 / 3 + 0.111, 2);
  });

  it('needs repeated answers; one triplet has no interval', () => {
    expect(() =>
      noiseCeiling(
        trialsOf([
          [1, 2, 3],
          [1, 2, 4],
        ]),
        judgmentsOf([0, 1]),
      ),
    ).toThrow(/needs repeated answers/);
    expect(
      noiseCeiling(
        trialsOf([
          [1, 2, 3],
          [1, 2, 3],
        ]),
        judgmentsOf([0, 1]),
      ),
    ).toMatchObject({ value: 0.5, low: 1 / 3, high: 1, n: 1 });
  });
});

describe('agreement', () => {
  it('gives share and kappa of a worked example', () => {
    const a = judgmentsOf([0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 255, 0]);
    const b = judgmentsOf([0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 255]);
    const { share, kappa, ...names } = agreement('words', a, 'looks', b);
    expect(names).toEqual({ a: 'words', b: 'looks' });
    expect([share.value, share.n]).toEqual([0.7, 10]);
    expect(kappa).toBeCloseTo((0.7 - 1 / 3) / (2 / 3), 12);
  });
  it('does not depend on which place is called first', () => {
    const [a, b] = [
      [0, 0, 0, 1, 0, 0, 2],
      [0, 0, 1, 1, 0, 2, 2],
    ];
    const renamed = (choices: number[]) => judgmentsOf(choices.map((place, t) => (place + t) % 3));
    expect(agreement('a', renamed(a), 'b', renamed(b)).kappa).toBe(
      agreement('a', judgmentsOf(a), 'b', judgmentsOf(b)).kappa,
    );
  });
  it('is 1 with oneself, and about 0 in kappa between guesses', () => {
    const random = new Random(key);
    const guess = () => judgmentsOf(Array.from({ length: 30_000 }, () => random.below(3)));
    const a = guess();
    expect(agreement('a', a, 'a', a)).toMatchObject({ kappa: 1, share: { value: 1 } });
    expect(Math.abs(agreement('a', a, 'b', guess()).kappa)).toBeLessThan(0.02);
    const same = judgmentsOf([1, 1]);
    expect(agreement('a', same, 'b', same).kappa).toBe(1);
  });
  it('refuses different trials, and nothing in common', () => {
    expect(() => agreement('a', judgmentsOf([0]), 'b', judgmentsOf([0, 1]))).toThrow(/number 1/);
    expect(() => agreement('a', judgmentsOf([0, 255]), 'b', judgmentsOf([255, 1]))).toThrow(
      /both a and b made a choice/,
    );
  });
});

describe('columns', () => {
  const files = { choice: 'x.choice.npy', outcome: 'x.outcome.npy', probabilities: 'x.probabilities.npy' };
  const probabilities = Float32Array.of(0.2, 0.3, 0.5, Number.NaN, Number.NaN, Number.NaN, 0.7, 0.1, 0.1);
  const judgments = judgmentsOf([2, 255, 0], { probabilities, nTies: 1 });
  const columns = judgmentColumns(judgments);

  it('read back as written, through .npy', () => {
    const npy = (column: { data: typeof probabilities | Uint8Array; shape: readonly number[] }) =>
      parseNpy(formatNpy(column.data, column.shape));
    const back = {
      choice: npy({ ...columns.choice, data: judgments.choice }),
      outcome: npy({ ...columns.outcome, data: judgments.outcome }),
      probabilities: npy({ shape: [3, 3], data: probabilities }),
    };
    expect(judgmentsFromColumns(back, { files, nTies: 1, nTrials: 3 })).toEqual(judgments);
  });

  it.each([
    [
      { choice: { data: Uint8Array.of(2, 255, 3), shape: [3] } },
      'x.choice.npy: row 2 is 3; expected 0, 1, 2 or 255.',
    ],
    [
      { outcome: { data: Uint8Array.of(0, 9, 0), shape: [3] } },
      'x.outcome.npy: row 1 is 9; expected an outcome code',
    ],
    [{ outcome: { data: Uint8Array.of(0, 0, 0), shape: [3] } }, 'row 1 has choice 255 with outcome choice'],
    [{ outcome: { data: Uint8Array.of(1, 1, 0), shape: [3] } }, 'row 0 has choice 2 with outcome refusal'],
    [{ choice: { data: Uint8Array.of(2, 255), shape: [2] } }, 'has shape (2); expected (3).'],
    [{ choice: { data: Float32Array.of(2, 255, 0.5), shape: [3] } }, 'row 2 is 0.5'],
    [{ probabilities: { data: probabilities, shape: [9] } }, 'has shape (9); expected (3, 3).'],
    [
      { probabilities: { data: probabilities.map((p) => p * 2), shape: [3, 3] } },
      'x.probabilities.npy: row 0 is',
    ],
    [{ probabilities: { data: probabilities.map((p) => -p), shape: [3, 3] } }, 'row 0 is'],
    [
      { probabilities: { data: new Float32Array(9).fill(Number.NaN), shape: [3, 3] } },
      'row 0 is NaN, NaN, NaN',
    ],
  ])('refuse damaged values %#', (damage, message) => {
    const attempt = () => judgmentsFromColumns({ ...columns, ...damage }, { files, nTies: 0, nTrials: 3 });
    expect(attempt).toThrow(AffectomeError);
    expect(attempt).toThrow(message);
  });

  it('of any bytes are whole judgments or an AffectomeError', () => {
    const code = fc.constantFrom(0, 1, 2, 3, 4, 5, 254, 255);
    fc.assert(
      fc.property(fc.array(fc.tuple(code, code), { maxLength: 5 }), (rows) => {
        const column = (at: 0 | 1) => ({
          data: Uint8Array.from(rows, (row) => row[at]),
          shape: [rows.length],
        });
        const isValid = rows.every(
          ([choice, outcome]) => outcome < 5 && (outcome === 0 ? choice < 3 : choice === 255),
        );
        const attempt = () =>
          judgmentsFromColumns({ choice: column(0), outcome: column(1) }, { files, nTies: 0 });
        if (isValid) expect(attempt().nTrials).toBe(rows.length);
        else expect(attempt).toThrow(AffectomeError);
      }),
    );
  });
});
