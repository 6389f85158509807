import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameRate, plannedFrames } from '#dist/stimuli/clips/frame-rate.js';
import { clipRecipe, recipeText } from '#dist/stimuli/clips/recipe.js';

describe('frames per second (P1, Eq. 1)', () => {
  it.each([
    [0.01, 2],
    [4.9, 2],
    [5, 2],
    [5.000001, 1],
    [5.1, 1],
    [15, 1],
    [15.000001, 0.5],
    [15.1, 0.5],
    [20, 0.5],
    [20.000001, 0.2],
    [20.1, 0.2],
    [3600, 0.2],
  ])('%f s: %f', (duration, fps) => expect(frameRate(duration)).toBe(fps));

  it('is Eq. 1 everywhere', () => {
    const equation = (d: number) => (d <= 5 ? 2.0 : d <= 15 ? 1.0 : d <= 20 ? 0.5 : 0.2);
    fc.assert(fc.property(fc.double({ min: 0, max: 30, noNaN: true }), (d) => frameRate(d) === equation(d)));
  });

  it('takes at least one frame', () => {
    expect([0.04, 0.2, 5, 5.1, 15.1, 20.1].map((d) => plannedFrames(d))).toEqual([1, 1, 10, 5, 8, 4]);
  });

  it('follows a rule of the study', () =>
    expect(
      [1, 2, 3].map((d) =>
        frameRate(d, [
          { upTo: 2, fps: 8 },
          { upTo: null, fps: 4 },
        ]),
      ),
    ).toEqual([8, 8, 4]));
});

describe('a recipe', () => {
  it('is 256 x 256 by default', () =>
    expect(clipRecipe.parse(undefined)).toMatchObject({ as: 'video', width: 256, height: 256, crf: 18 }));

  it('refuses steps out of order', () => {
    const rule = (...upTo: (number | null)[]) =>
      clipRecipe.safeParse({ frameRule: upTo.map((u) => ({ upTo: u, fps: 1 })) }).success;
    expect([rule(null), rule(1, 2, null), rule(2, 1, null), rule(1, 2), rule(null, 1)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('is told apart by what decides the bytes', () => {
    const text = (changes: object) => recipeText(clipRecipe.parse(changes));
    expect(text({ jpegQuality: 5 })).toBe(text({}));
    expect(text({ as: 'frames', jpegQuality: 5 })).not.toBe(text({ as: 'frames' }));
    expect(new Set([{}, { width: 128 }, { height: 128 }, { crf: 20 }, { as: 'frames' }].map(text)).size).toBe(
      5,
    );
  });
});
