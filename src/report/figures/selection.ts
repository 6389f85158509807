import * as Plot from '@observablehq/plot';
import type { Candidate, Selection } from '../../embedding/results.js';
import { chart } from '../chart.js';
import { ink } from '../colour.js';
import type { JudgeReport } from '../data.js';
import type { Figure } from '../figure.js';
import { counted, decimal, intervalName, percent, quoted } from '../wording.js';

const width = 620;
const height = 270;

/** Cross-validated accuracy against the number of components or lambda (P1 Ext. Data Fig. 1a), the chosen one ringed. */
export function selectionCurve(
  judge: JudgeReport,
  selection: Selection,
  colour: string,
  name: string,
): Figure {
  const { over, candidates, chosen, rule, nFolds } = selection;
  const position = (candidate: Candidate) => candidate[over];
  const rows = candidates.map((candidate) => ({ x: position(candidate), ...candidate.accuracy }));
  const what = over === 'components' ? 'the number of components' : 'λ';
  const positive = rows.every(({ x }) => x > 0);
  const chosenText = decimal(position(candidates[chosen]), 4);
  const sorted = [...rows].sort((a, b) => a.x - b.x);
  return {
    name,
    title: `Choosing ${what} for ${quoted(judge.name)}.`,
    caption: `Accuracy on left-out folds (${counted(nFolds, 'fold')}) against ${what}. Lines: ${intervalName(rows[0])}, n = ${rows[0].n.toLocaleString('en-US')}. Ringed: ${chosenText}, chosen by the rule: ${rule.replace(/\.$/, '')}.`,
    alt: `Accuracy against ${what}: from ${percent(sorted[0].value)} to ${percent(sorted.at(-1)!.value)}; chosen ${chosenText}.`,
    width,
    height,
    body: chart({
      width,
      height,
      marginLeft: 54,
      marginRight: 20,
      marginTop: 16,
      marginBottom: 42,
      x: {
        type: over === 'lambda' && positive ? 'log' : 'linear',
        label: over === 'lambda' ? 'λ (weight of the L1 penalty)' : 'Components at the start of the fit',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: [...new Set(sorted.map(({ x }) => x))],
        tickFormat: (x: number) => `${x}`,
        inset: 14,
      },
      y: {
        label: 'Cross-validated accuracy (%)',
        labelAnchor: 'center',
        labelArrow: 'none',
        ticks: 5,
        nice: true,
        grid: true,
        tickFormat: (y: number) => decimal(100 * y, 4),
      },
      marks: [
        Plot.line(sorted, { x: 'x', y: 'value', stroke: colour, strokeWidth: 1.75 }),
        Plot.ruleX(
          sorted.filter(({ low, high }) => Number.isFinite(low + high)),
          { x: 'x', y1: 'low', y2: 'high', stroke: colour, strokeWidth: 1.25, className: 'interval' },
        ),
        Plot.dot(sorted, { x: 'x', y: 'value', fill: colour, r: 3.5 }),
        Plot.dot([rows[chosen]], {
          x: 'x',
          y: 'value',
          r: 8,
          stroke: ink,
          strokeWidth: 1.5,
          className: 'chosen',
        }),
      ],
    }),
  };
}
