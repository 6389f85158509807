import { describe, expect, test } from 'vitest';
import { componentKind, labelTerms } from '#dist/interpretation/label.js';
import type { Scale } from '#dist/stimuli/ratings.js';

const category = (name: string): Scale => ({ name, kind: 'category', min: 0, max: 1 });
const dimension = (name: string): Scale => ({ name, kind: 'dimension', min: 1, max: 9 });
const scales = [category('joy'), category('fear'), dimension('valence'), dimension('control')];
const textsOf = (correlations: number[], margin = 0.1) =>
  labelTerms(scales, correlations, margin).map(({ text }) => text);

describe("P1's labelling rule", () => {
  test.each([
    ['one term that leads by the margin', [0.2, 0.1, 0.97, 0.3], ['valence-high']],
    ['two terms, then a gap', [0.65, 0.69, 0.1, 0.2], ['fear', 'joy']],
    ['three terms close together', [0.1, 0.62, 0.61, 0.54], ['fear', 'valence-high', 'control-high']],
    [
      'absolute values decide, the sign names the end',
      [-0.1, 0.2, -0.83, -0.8],
      ['valence-low', 'control-low'],
    ],
    ['a category may stand for its absence', [-0.5, 0.1, 0.2, 0.1], ['joy-low']],
    ['a gap between the second and third only', [0.4, 0.35, 0.1, 0.05], ['joy', 'fear']],
    ['constant scales are passed over', [Number.NaN, 0.3, Number.NaN, 0.25], ['fear', 'control-high']],
    ['nothing to name it by', [Number.NaN, Number.NaN, Number.NaN, Number.NaN], []],
  ])('%s', (_, correlations, expected) => {
    expect(textsOf(correlations)).toEqual(expected);
  });

  test('exactly the margin is enough; a margin of zero keeps one', () => {
    expect(textsOf([0.5, 0.25, 0, 0], 0.25)).toEqual(['joy']);
    expect(textsOf([0.5, 0.25, 0, 0], 0.26)).toHaveLength(3);
    expect(textsOf([0.5, 0.49, 0.48, 0.47], 0)).toEqual(['joy']);
  });

  test('reproduces rows of P1, Ext. Data Table 1', () => {
    const p1 = [dimension('approach'), dimension('safety'), dimension('valence'), dimension('upswing')];
    expect(labelTerms(p1, [0.867, 0.855, 0.839, 0.8], 0.1).map(({ r }) => r)).toEqual([0.867, 0.855, 0.839]);
    expect(labelTerms(p1, [-0.56, -0.466, 0.425, 0.2], 0.1).map(({ text }) => text)).toEqual([
      'approach-low',
      'safety-low',
      'valence-high',
    ]);
  });
});

test('kinds follow the kept terms', () => {
  const kindOf = (correlations: number[]) => componentKind(labelTerms(scales, correlations, 0.1), 0.1);
  expect(kindOf([0.5, 0.45, 0.1, 0])).toBe('categorical');
  expect(kindOf([0.1, 0, -0.5, 0.45])).toBe('dimensional');
  expect(kindOf([0.5, 0.1, 0.45, 0.44])).toBe('mixed');
  expect(kindOf([0.1, -0.05, 0.09, 0])).toBe('uninterpretable');
  expect(kindOf([Number.NaN, Number.NaN, Number.NaN, Number.NaN])).toBe('uninterpretable');
});
