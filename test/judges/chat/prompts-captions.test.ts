import { describe, expect, it } from 'vitest';
import { captionDrawer, drawCaptions, requireCaptions } from '#dist/judges/chat/prompts-captions.js';
import type { ChatQuestion } from '#dist/judges/chat/question.js';
import { keyOf } from '#dist/numerics/random.js';

const texts = [5, 1, 20, 3].map((n, s) => Array.from({ length: n }, (_, i) => `caption ${i} of ${s}`));
const captions = { texts };
const question = (number: number): ChatQuestion => ({
  number,
  triplet: [0, 1, 2],
  shownOrder: 3,
  repeat: 0,
  shown: [2, 0, 1],
});

describe('captions drawn per question', () => {
  it('depend on the seed and the number of the question, not on the order of asking', () => {
    const draw = captionDrawer(captions, keyOf(3));
    const forwards = Array.from({ length: 200 }, (_, n) => draw(question(n)));
    const backwards = Array.from({ length: 200 }, (_, n) => draw(question(199 - n))).reverse();
    expect(backwards).toEqual(forwards);
    expect(drawCaptions(question(17), captions, keyOf(3))).toEqual({
      ...question(17),
      captions: forwards[17],
    });
    expect(Array.from({ length: 200 }, (_, n) => captionDrawer(captions, keyOf(4))(question(n)))).not.toEqual(
      forwards,
    );
  });

  it('are each equally likely, and independent between places', () => {
    const draw = captionDrawer(captions, keyOf('captions'));
    const nQuestions = 40000;
    const counts = new Float64Array(20 * 5);
    for (let number = 0; number < nQuestions; number++) {
      const [third, first, second] = draw(question(number));
      expect(second).toBe(0);
      counts[third * 5 + first]++;
    }
    const expected = nQuestions / 100;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(148.2); // 99 degrees of freedom, p = .001
    expect(chiSquare).toBeGreaterThan(60); // p = .999
  });

  it('stimuli without captions are listed', () => {
    const ids = ['a', 'b', 'c'];
    expect(() => requireCaptions({ texts: [['x'], [], []] }, ids)).toThrow(
      /2 of 3 stimuli have no caption: b, c\./,
    );
    expect(() => requireCaptions({ texts: [['x'], ['y'], ['z']] }, ids)).not.toThrow();
    const many = Array.from({ length: 30 }, (_, i) => `s${i}`);
    expect(() => requireCaptions({ texts: many.map(() => []) }, many)).toThrow(/s9 and 20 more\./);
  });
});
