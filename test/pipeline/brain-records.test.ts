import { describe, expect, it } from 'vitest';
import { comparisonLines } from '#dist/cli/commands/brain/shown-comparison.js';
import { modelPairLine, partitionLines } from '#dist/cli/commands/brain/shown-lines.js';
import { withCommonLimits } from '#dist/pipeline/brain/common-limits.js';
import { partitionRecord } from '#dist/pipeline/brain/partition-record.js';

describe('shares of explained variance', () => {
  const part = (of: string[], ...r2: number[]) => ({ of, r2: Float64Array.from(r2), nNegative: 0 });
  // Together: 0.6, -0.5 (predicted by nothing), NaN (no answer), 0.25.
  const parts = [
    part(['feel'], 0.4, -0.4, Number.NaN, 0.5),
    part(['look'], 0.1, 0.3, Number.NaN, 0.25),
    part(['feel', 'look'], 0.1, -0.4, Number.NaN, -0.5),
  ];

  it('are means over the voxels that all sets together predict', () => {
    const record = partitionRecord('feel~look', parts);
    expect(record).toEqual({
      ...{ name: 'feel~look', nVoxels: 3, nPredicted: 2 },
      parts: [
        { of: ['feel'], meanR2: 0.45, nNegative: 0 },
        { of: ['look'], meanR2: 0.175, nNegative: 0 },
        { of: ['feel', 'look'], meanR2: -0.2, nNegative: 1 },
      ],
    });
    const [line, warning] = partitionLines(record);
    expect(line).toContain('mean R2 over 2 voxels of 3');
    expect(line).toContain('only feel 0.450, only look 0.175, shared by feel and look -0.200');
    expect(warning).toContain('below 0 (shared by feel and look)');
  });

  it('are not given where nothing is predicted', () => {
    const record = partitionRecord('feel~look', [part(['feel'], -0.1), part(['look'], 0.05)]);
    expect(record.parts.map(({ meanR2 }) => meanR2)).toEqual([null, null]);
    expect(partitionLines(record)).toEqual([expect.stringContaining('no voxel is predicted')]);
  });
});

describe('what is shown', () => {
  it('how much models correlate on the stimuli compared', () => {
    const modelCorrelations = Float64Array.from([1, 0.1, 0.2, 0.1, 1, 0.3, 0.2, 0.3, 1]);
    const about = { modelNames: ['a', 'b', 'c'], modelCorrelations, nStimuli: 30, chosen: 'reliable:30' };
    expect(modelPairLine(about)).toEqual([
      '  models among each other, these 30 stimuli: a and b .10, a and c .20, b and c .30',
    ]);
    expect(modelPairLine({ ...about, modelNames: ['a'], modelCorrelations: Float64Array.of(1) })).toEqual([]);
  });

  it('t in the direction of the sentence', () => {
    const row = { n: 2, low: 0, high: 0, p: 0.01, q: 0.01, pFlips: 1, qFlips: 1, isSignificant: true };
    const rest = { pMaximum: 1, bootstrapLow: 0, bootstrapHigh: 0 };
    const tests = [
      { ...row, ...rest, region: 'front', mean: -0.3, t: -55.02 },
      { ...row, ...rest, region: 'back', mean: 0.2, t: 12.5 },
    ];
    const pair = { kind: 'encoding', a: 'feel', b: 'sight', group: null as never, tests } as const;
    const sets = [{ kind: 'encoding', set: 'feel', scores: null as never, tests: [] }] as const;
    const lines = comparisonLines({
      ...{ atlas: 'areas', subjects: ['1', '2'], fdr: 0.05, asked: ['t'], regions: ['front', 'back'] },
      ...{ sets, pairs: [pair], voxels: [], notes: [], smallestFlipP: null },
    });
    expect(lines).toContain('  feel > sight in front (t(1) = 55.02, q = .010)');
    expect(lines).toContain('  sight > feel in back (t(1) = 12.50, q = .010)');
  });
});

describe('colours of maps', () => {
  const map = (
    name: string,
    values: number[],
    isDifference = false,
    rows: 'subjects' | 'group' = 'group',
  ) => ({
    about: { name, measure: { kind: 'encoding', name, slug: name }, rows, subjects: ['1'] } as const,
    isDifference,
    picture: {
      rows: [{ values: Float32Array.from(values) }] as never,
      scale: { kind: 'diverging', title: name, sample: 'n' } as const,
      ...{ title: name, caption: `${name}.` },
    },
  });
  const all = [
    map('a', [0.5, -0.25]),
    map('b', [0.125, -1]),
    map('b-a', [0.0625], true),
    map('a', [2], false, 'subjects'),
  ];
  const limitsOf = (size?: number) => withCommonLimits(all, size).map(({ picture }) => picture.scale.limits);

  it('end alike in maps of one kind', () => {
    expect(limitsOf()).toEqual([
      [-1, 1],
      [-1, 1],
      [-0.0625, 0.0625],
      [-2, 2],
    ]);
    const captions = withCommonLimits(all, undefined).map(({ picture }) => picture.caption);
    expect(captions[0]).toBe('a. All 2 maps of this kind have one colour scale.');
    expect(captions[2]).toBe('b-a.');
  });

  it('end where they are asked to', () => {
    expect(limitsOf(0.3)).toEqual(all.map(() => [-0.3, 0.3]));
    expect(withCommonLimits(all, 0.3)[0].picture.caption).toContain('beyond ±0.3');
  });
});
