import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, suggest } from '#dist/study/suggest.js';

/** Levenshtein by its recursive definition, without swaps. */
function slowDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const replaced = slowDistance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1);
  return Math.min(replaced, slowDistance(a.slice(1), b) + 1, slowDistance(a, b.slice(1)) + 1);
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });

describe('editDistance', () => {
  it('is never more than the recursive definition, and equals it but for swaps', () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        const slow = slowDistance(a, b);
        const fast = editDistance(a, b);
        expect(fast).toBeLessThanOrEqual(slow);
        expect(2 * fast).toBeGreaterThanOrEqual(slow);
        expect(fast).toBe(editDistance(b, a));
      }),
    );
  });

  it('counts a swap of neighbours once', () => {
    expect(editDistance('lamdba', 'lambda')).toBe(1);
  });
});

describe('suggest', () => {
  it('finds the nearest candidate, and none when all are far', () => {
    expect(suggest('caption', ['captions', 'pictures'])).toBe('captions');
    expect(suggest('zebra', ['captions', 'pictures'])).toBeUndefined();
  });
});
