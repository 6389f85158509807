import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { motionConfounds } from '#dist/brain/responses/confounds.js';
import { despike } from '#dist/brain/responses/despike.js';
import { eventFrames, stimulusEvents } from '#dist/brain/responses/events.js';
import { joinRuns } from '#dist/brain/responses/join-runs.js';
import { nuisanceBasis, regressOut } from '#dist/brain/responses/nuisance.js';
import { type RunSeries, runResponses } from '#dist/brain/responses/run-responses.js';
import { readEvents } from '#dist/brain/run-tables.js';
import { parseDelimited } from '#dist/formats/delimited.js';
import { type Matrix, matrix } from '#dist/numerics/matrix.js';
import { keyOf, Random } from '#dist/numerics/random.js';

const golden = JSON.parse(
  readFileSync(new URL('../golden/brain-statistics.json', import.meta.url), 'utf8'),
).run;
const matrixOf = (rows: number[][]): Matrix =>
  matrix(rows.length, rows[0].length, Float64Array.from(rows.flat()));
const motionNames = ['trans_x', 'trans_y', 'trans_z', 'rot_x', 'rot_y', 'rot_z'];
const run: RunSeries = {
  run: 'run-1',
  session: null,
  series: matrixOf(golden.series),
  repetitionTime: 2,
  confounds: { names: motionNames, values: matrixOf(golden.motion) },
  events: golden.onsets.map((onset: number, i: number) => ({ stimulus: `video ${i}`, onset, duration: 6 })),
};
const tsv = (text: string, file = 'table.tsv') => parseDelimited(new TextEncoder().encode(text), file);

function expectClose(found: ArrayLike<number>, wanted: number[][], digits: number) {
  expect(found.length).toBe(wanted.flat().length);
  wanted.flat().forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, digits);
  });
}

describe('runResponses', () => {
  it("agrees with NumPy's least squares, clipping and block means, and SciPy's z scores", () => {
    const result = runResponses(run);
    expectClose(result.responses.data, golden.blocks, 5);
    expect(result.nSpikes).toBe(golden.clipped);
    expect(result.redundant).toEqual([]);
    const joined = joinRuns([result]);
    expectClose(joined.responses.data, golden.z, 5);
    expect(joined.steps).toEqual([
      `regressed out: baseline, linear trend, ${motionNames.join(', ')}`,
      'events shifted by 4 s',
      'frames beyond 3 s.d. clipped to it',
      'frames averaged per event (overlap)',
      'z scores per voxel over each run',
      'repeats of a stimulus averaged',
    ]);
  });

  it('leaves the series as it was, and voxels to themselves whatever the block they fall in', () => {
    const random = new Random(keyOf(1));
    const wide = matrix(
      40,
      1100,
      Float32Array.from({ length: 44_000 }, () => 500 + random.normal()),
    );
    const before = wide.data.slice();
    const all = runResponses({ ...run, series: wide }).responses;
    expect(wide.data).toEqual(before);
    const column = Float32Array.from({ length: 40 }, (_, f) => wide.data[f * 1100 + 700]);
    const alone = runResponses({ ...run, series: matrix(40, 1, column) }).responses;
    for (let e = 0; e < 8; e++) expect(all.data[e * 1100 + 700]).toBe(alone.data[e]);
  });

  it('gives 0 to a voxel that is all nuisance, NaN to one with a missing frame', () => {
    const data = Float64Array.from({ length: 80 }, (_, i) =>
      i % 2 ? 1e4 + 3 * i : i === 20 ? Number.NaN : i,
    );
    const { responses } = runResponses({ ...run, series: matrix(40, 2, data) });
    for (let e = 0; e < 8; e++) {
      expect(responses.data[2 * e]).toBeNaN();
      expect(responses.data[2 * e + 1]).toBe(0);
    }
    expect(joinRuns([{ ...runResponses({ ...run, series: matrix(40, 2, data) }) }])).toMatchObject({
      nMissing: 1,
      nConstant: 1,
    });
  });

  it('does not feel baselines and trends, whatever their size', () => {
    const drifting = Float64Array.from(
      run.series.data,
      (value, i) => value + 700 * (i % 6) + 3 * Math.floor(i / 6),
    );
    const found = runResponses({ ...run, series: { ...run.series, data: drifting } }).responses;
    expectClose(found.data, golden.blocks, 4);
    const scaled = {
      ...run.confounds!.values,
      data: run.confounds!.values.data.map((value) => 1e-6 * value + 40),
    };
    const other = runResponses({ ...run, confounds: { names: motionNames, values: scaled } });
    expectClose(other.responses.data, golden.blocks, 4);
  });

  it('refuses runs whose parts do not fit', () => {
    const short = { names: ['x'], values: matrix(39, 1) };
    expect(() => runResponses({ ...run, confounds: short })).toThrow(
      'run-1: has 40 frames and confounds for 39',
    );
    const broken = { names: ['x'], values: matrix(40, 1, new Float64Array(40).fill(Number.NaN)) };
    expect(() => runResponses({ ...run, confounds: broken })).toThrow('"x": has NaN in frame 1');
    const many = { names: new Array(40).fill('x'), values: matrix(40, 40) };
    expect(() => runResponses({ ...run, confounds: many })).toThrow('42 regressors');
    expect(() => runResponses({ ...run, repetitionTime: 0 })).toThrow('repetition time 0 s');
    expect(() => runResponses(run, { delay: -1 })).toThrow('delay');
    expect(() => runResponses(run, { despike: { kind: 'clip', limit: 0, rounds: 1 } })).toThrow('Spikes');
    expect(() => runResponses(run, { smallestCoverage: 0 })).toThrow('coverage');
    const controller = new AbortController();
    controller.abort();
    expect(() => runResponses(run, {}, { signal: controller.signal })).toThrow('Stopped');
  });
});

const twoColumns = (first: Float64Array) =>
  Float64Array.from({ length: 2 * first.length }, (_, i) => (i % 2 ? 3 : first[i / 2]));

describe('nuisance regression', () => {
  it('leaves nothing along any regressor, and changes nothing the second time', () => {
    const basis = nuisanceBasis(40, { drift: 3, confounds: run.confounds, run: 'r' });
    const series = Float64Array.from(run.series.data);
    regressOut(series, basis, 6);
    const once = series.slice();
    for (let k = 0; k < basis.nColumns; k++) {
      for (let v = 0; v < 6; v++) {
        let product = 0;
        for (let f = 0; f < 40; f++) product += basis.vectors[k * 40 + f] * series[f * 6 + v];
        expect(Math.abs(product)).toBeLessThan(1e-10);
      }
    }
    regressOut(series, basis, 6);
    series.forEach((value, i) => {
      expect(value).toBeCloseTo(once[i], 10);
    });
  });

  it('leaves the mean where there is no baseline, whatever the mean of a confound', () => {
    const data = Float64Array.from({ length: 40 }, (_, f) => 5 + Math.sin(f));
    const basis = nuisanceBasis(40, {
      drift: 'none',
      confounds: { names: ['motion', 'constant'], values: matrix(40, 2, twoColumns(data)) },
      run: 'r',
    });
    expect(basis.redundant).toEqual(['constant']);
    const series = Float64Array.from({ length: 40 }, (_, f) => 700 + (f % 3));
    const mean = series.reduce((sum, value) => sum + value / 40, 0);
    regressOut(series, basis, 1);
    expect(series.reduce((sum, value) => sum + value / 40, 0)).toBeCloseTo(mean, 9);
  });

  it('leaves out regressors that others hold already, by name', () => {
    const motion = run.confounds!.values.data;
    const twice = Float64Array.from(
      { length: 120 },
      (_, i) => (i % 3 === 0 ? 5 : i % 3 === 1 ? 2 : -3) * (i % 3 ? motion[6 * Math.floor(i / 3)] : 1),
    );
    const confounds = { names: ['constant', 'x', 'x again'], values: matrix(40, 3, twice) };
    const basis = nuisanceBasis(40, { drift: 1, confounds, run: 'r' });
    expect(basis.redundant).toEqual(['constant', 'x again']);
    expect(basis.nColumns).toBe(3);
    expect(nuisanceBasis(40, { drift: 'none', confounds: null, run: 'r' }).nColumns).toBe(0);
  });
});

describe('despike', () => {
  const spiky = () =>
    Float64Array.from({ length: 100 }, (_, i) => (i === 50 ? 100 : i === 70 ? -20 : Math.sin(7 * i)));
  const size = { nFrames: 100, nVoxels: 1 };
  const momentsOf = (values: Float64Array) => {
    const known = values.filter((value) => !Number.isNaN(value));
    const centre = known.reduce((sum, value) => sum + value, 0) / known.length;
    const squares = known.reduce((sum, value) => sum + (value - centre) ** 2, 0);
    return { centre, spread: Math.sqrt(squares / (known.length - 1)) };
  };

  it('clips to the limit; more rounds clip further', () => {
    const values = spiky();
    const { centre, spread } = momentsOf(values);
    expect(despike(values, size, { kind: 'clip', limit: 3, rounds: 1 })).toBe(1);
    expect(values[50]).toBeCloseTo(centre + 3 * spread, 10);
    expect(values[70]).toBe(-20);
    const further = spiky();
    expect(despike(further, size, { kind: 'clip', limit: 3, rounds: 10 })).toBeGreaterThan(3);
    expect(further[50]).toBeLessThan(values[50]);
    expect(further[70]).toBeGreaterThan(-20);
  });

  it('leaves frames out', () => {
    const values = spiky();
    expect(despike(values, size, { kind: 'omit', limit: 3, rounds: 2 })).toBe(2);
    expect([values[50], values[70]]).toEqual([Number.NaN, Number.NaN]);
    const same = spiky();
    expect(despike(same, size, { kind: 'none' })).toBe(0);
    expect(same).toEqual(spiky());
    expect(despike(new Float64Array(100).fill(4), size, { kind: 'clip', limit: 3, rounds: 1 })).toBe(0);
  });
});

describe('eventFrames', () => {
  const timing = { run: 'run-1', nFrames: 10, repetitionTime: 2 };
  const rule = { delay: 4, frames: 'overlap', smallestCoverage: 1 } as const;
  const at = (onset: number, duration: number) => ({ stimulus: 'clip', onset, duration });

  it('takes whole frames where the repetition time divides everything', () => {
    expect(eventFrames(at(2, 6), timing, rule)).toEqual({
      first: 3,
      weights: Float64Array.of(1 / 3, 1 / 3, 1 / 3),
    });
    const uneven = eventFrames(
      at(0.1 + 0.2, 0.7),
      { ...timing, repetitionTime: 0.1, nFrames: 60 },
      { ...rule, delay: 0.7 },
    );
    expect(uneven.first).toBe(10);
    expect(uneven.weights.length).toBe(7);
  });

  it('weighs fractions of frames by their share', () => {
    const { first, weights } = eventFrames(at(3, 4), timing, rule);
    expect(first).toBe(3);
    expect([...weights]).toEqual([0.25, 0.5, 0.25]);
    const middle = eventFrames(at(3.2, 4), timing, { ...rule, frames: 'midpoint' });
    expect([middle.first, ...middle.weights]).toEqual([3, 0, 0.5, 0.5]);
  });

  it('is the mean of the piecewise constant signal over the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1200 }), fc.integer({ min: 1, max: 400 }), (onset, duration) => {
        const event = at(onset / 100, duration / 100);
        const { first, weights } = eventFrames(event, { ...timing, nFrames: 20 }, { ...rule, delay: 4 });
        const signal = (frame: number) => (frame * 37) % 11;
        let wanted = 0;
        for (let step = 0; step < duration; step++)
          wanted += signal(Math.floor((onset + 400 + step + 0.5) / 200)) / duration;
        const found = weights.reduce((sum, weight, i) => sum + weight * signal(first + i), 0);
        expect(found).toBeCloseTo(wanted, 8);
      }),
    );
  });

  it('names the event, the run and its length when the response lies outside', () => {
    expect(() => eventFrames(at(12, 6), timing, rule)).toThrow(
      'run-1: shows "clip" at 12 s for 6 s; with a delay of 4 s its response lies at 16 to 22 s, and the run lasts from 0 to 20 s (10 frames of 2 s).',
    );
    expect(eventFrames(at(12, 6), timing, { ...rule, smallestCoverage: 0.6 }).weights.length).toBe(2);
    expect(() => eventFrames(at(-8, 2), timing, { ...rule, smallestCoverage: 0.1 })).toThrow('-8 s');
    expect(() => eventFrames(at(2.2, 0.5), timing, { ...rule, frames: 'midpoint' })).toThrow(
      'middle of no frame',
    );
  });
});

describe('stimulusEvents', () => {
  const events = readEvents(
    tsv('onset\tduration\ttrial_type\tstim_file\n0\t2\trest\tn/a\n4\t3\tclip\ta.mp4\n9\tn/a\tn/a\tb.mp4\n'),
  );

  it('takes the column that names stimuli', () => {
    expect(stimulusEvents(events, 'e.tsv', { leaveOut: ['rest'] })).toEqual([
      { stimulus: 'clip', onset: 4, duration: 3 },
    ]);
    expect(
      stimulusEvents(events, 'e.tsv', { column: 'stim_file', duration: 5 }).map(({ stimulus }) => stimulus),
    ).toEqual(['a.mp4', 'b.mp4']);
  });

  it('says what is wrong', () => {
    expect(() => stimulusEvents(events, 'e.tsv', { column: 'video' })).toThrow(
      'it has onset, duration, trial_type, stim_file',
    );
    expect(() => stimulusEvents(events, 'e.tsv', { column: 'stim_file' })).toThrow(
      '"b.mp4" at 9 s with the duration NaN',
    );
    expect(() => stimulusEvents(events, 'e.tsv', { leaveOut: ['rest', 'clip'] })).toThrow('no stimulus');
  });
});

describe('motionConfounds', () => {
  it('knows new and early names', () => {
    const early = motionConfounds(tsv('RotX\tRotY\tRotZ\tX\tY\tZ\n1\t2\t3\t4\t5\t6\n7\t8\t9\t1\t2\t3\n'));
    expect(early.names).toEqual(['X', 'Y', 'Z', 'RotX', 'RotY', 'RotZ']);
    expect([...early.values.data.subarray(0, 6)]).toEqual([4, 5, 6, 1, 2, 3]);
  });

  it('names what is missing and what is there', () => {
    expect(() => motionConfounds(tsv('csf\ttrans_x\n1\t2\n'))).toThrow(
      'table.tsv: has no trans_y, trans_z, rot_x, rot_y, rot_z; it has csf, trans_x.',
    );
  });
});

describe('joinRuns', () => {
  const random = new Random(keyOf(3));
  const ofRun = (name: string, stimuli: string[], session: string | null = null) => ({
    run: name,
    session,
    stimuli,
    responses: matrix(
      stimuli.length,
      3,
      Float32Array.from({ length: 3 * stimuli.length }, () => random.normal()),
    ),
    nSpikes: 2,
    redundant: [],
    confounds: [],
  });
  const runs = [
    ofRun('r1', ['a', 'b', 'c'], 's1'),
    ofRun('r2', ['b', 'd', 'a'], 's1'),
    ofRun('r3', ['e', 'f', 'b'], 's2'),
  ];
  const moments = (values: number[]) => {
    const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [centre, Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length)];
  };

  it.each([
    [
      'run',
      [
        [0, 3],
        [3, 6],
        [6, 9],
      ],
    ],
    [
      'session',
      [
        [0, 6],
        [6, 9],
      ],
    ],
    ['all', [[0, 9]]],
  ] as const)('z-scores over each %s', (zScore, scopes) => {
    const { responses, nRepeats, runs: of } = joinRuns(runs, { zScore, repeats: 'keep' });
    for (const [start, end] of scopes) {
      for (let v = 0; v < 3; v++) {
        const own = Array.from({ length: end - start }, (_, i) => responses.data[(start + i) * 3 + v]);
        const [centre, spread] = moments(own);
        expect(centre).toBeCloseTo(0, 6);
        expect(spread).toBeCloseTo(1, 6);
      }
    }
    expect([...nRepeats]).toEqual(new Array(9).fill(1));
    expect([...of]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  });

  it('averages repeats, in the order of first showing', () => {
    const kept = joinRuns(runs, { repeats: 'keep' }).responses.data;
    const { stimuli, responses, nRepeats, runs: of, nSpikes } = joinRuns(runs);
    expect(stimuli).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect([...nRepeats]).toEqual([2, 3, 1, 1, 1, 1]);
    expect([...of]).toEqual([0, 0, 0, 1, 2, 2]);
    expect(responses.data[3]).toBeCloseTo((kept[3] + kept[9] + kept[24]) / 3, 6);
    expect(nSpikes).toBe(6);
  });

  it('changes nothing given', () => {
    const before = runs[0].responses.data.slice();
    joinRuns([runs[0]]);
    expect(runs[0].responses.data).toEqual(before);
  });

  it('refuses what cannot be joined', () => {
    expect(() => joinRuns([])).toThrow('no run');
    const other = { ...ofRun('r4', ['a']), responses: matrix(1, 2) };
    expect(() => joinRuns([...runs, other])).toThrow('r4: has 2 voxels, r1 has 3');
    expect(() => joinRuns([ofRun('r5', ['a'])])).toThrow('r5: has 1 event');
    expect(() => joinRuns([ofRun('r6', ['a', 'b'])], { zScore: 'session' })).toThrow(
      'r6: belongs to no session',
    );
  });
});
