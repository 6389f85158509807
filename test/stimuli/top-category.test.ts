import { describe, expect, it } from 'vitest';
import { countTopCategoryTies, topCategory } from '#dist/stimuli/top-category.js';

const ratingsOf = (
  rows: number[][],
  kinds: ('category' | 'dimension')[] = ['category', 'category', 'category'],
) => ({
  name: 'groups',
  scales: kinds.map((kind, i) => ({ name: `scale ${i}`, kind, min: 0, max: 9 })),
  nStimuli: rows.length,
  values: Float64Array.from(rows.flat()),
});

describe('topCategory', () => {
  it('is the highest, the first among equals, and -1 where nobody chose any', () => {
    const rows = [
      [0.1, 0.5, 0.2],
      [0.4, 0.1, 0.4],
      [0, 0, 0],
      [Number.NaN, 0, 0.3],
      [Number.NaN, Number.NaN, Number.NaN],
      [0.2, 0.2, 0.5],
    ];
    expect([...topCategory(ratingsOf(rows))]).toEqual([1, 0, -1, 2, -1, 2]);
    expect(countTopCategoryTies(ratingsOf(rows))).toBe(1);
  });

  it('passes over dimensions and refuses ratings without categories', () => {
    expect([...topCategory(ratingsOf([[9, 0.1, 0.2]], ['dimension', 'category', 'category']))]).toEqual([2]);
    expect(() => topCategory(ratingsOf([[1]], ['dimension']))).toThrow(/"groups" have no category scales/);
  });
});
