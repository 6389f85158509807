import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { alignmentLines } from '#dist/cli/geometry-text.js';
import { figureFile } from '#dist/report/figure.js';
import { alignmentTrials } from '#dist/report/figures/alignment-trials.js';
import type { AlignmentReport } from '#dist/report/geometry.js';
import { textWidth } from '#dist/report/text-width.js';

const trial = (start: 'random' | 'uniform', loss: number, annealed: number[]) => ({ start, loss, annealed });
const report = (gap: number) =>
  ({
    ...{ a: 'words', b: 'looks', nStimuli: 10, loss: 1, best: 0, item: [], category: null },
    ...{ shuffled: null, subsets: [] },
    trials: [
      trial('uniform', 1, [9, 3]),
      trial('random', 2, [9, 3]),
      trial('random', 3, []),
      trial('random', 2.5, []),
    ],
    gap: { gap, relativeGap: gap / 10, lossFromAnswer: 1, marginalError: 0, isComparable: true },
  }) as unknown as AlignmentReport;

describe('the trials of an alignment', () => {
  const file = figureFile(alignmentTrials([report(0)])).replace(/^<\?xml.*?\?>/, '');
  const { document } = parseHTML(`<html><body>${file}</body></html>`);

  it('annealed random starts have a colour and a word of their own', () => {
    const fills = Array.from(document.querySelectorAll('[aria-label="dot"] circle'), (dot) =>
      dot.getAttribute('fill'),
    ).filter((fill) => fill !== null);
    expect(fills).toHaveLength(4);
    expect(new Set(fills).size).toBe(3);
    expect(fills[2]).toBe(fills[3]);
    const last = Array.from(document.querySelectorAll('text')).find(
      ({ textContent }) => textContent === 'from the answer',
    )!;
    const x = Number(/translate\(([\d.]+)/.exec(last.getAttribute('transform')!)![1]);
    const width = Number(document.querySelector('svg')!.getAttribute('width'));
    expect(x + textWidth('from the answer', 10.5)).toBeLessThan(width);
    const texts = Array.from(document.querySelectorAll('text'), ({ textContent }) => textContent);
    expect(texts).toEqual(expect.arrayContaining(['random plans', 'random plans, annealed']));
  });

  it('a gap of rounding is no gap', () => {
    expect(alignmentLines(report(-3.3e-11)).join('\n')).toContain('no optimiser gap');
    expect(alignmentLines(report(3.3e-11)).join('\n')).toContain('no optimiser gap');
    expect(alignmentTrials([report(-3.3e-11)]).caption).toContain('words and looks none after 4 trials');
    expect(alignmentTrials([report(-0.01)]).caption).toContain('words and looks −0.01 (');
    expect(alignmentLines(report(-0.01)).join('\n')).toContain('is better than');
  });
});
