import * as Plot from '@observablehq/plot';
import { chart } from '../chart.js';
import { chanceColour, ink, judgeColour } from '../colour.js';
import { type Figure, label } from '../figure.js';
import { type AlignmentReport, isNoGap } from '../geometry.js';
import { markup } from '../markup.js';
import { textWidth } from '../text-width.js';
import { decimal, list, percent } from '../wording.js';
import { panelGrid } from './panels.js';

const starts = ['distance-profile', 'uniform', 'random', 'annealed', 'given'] as const;
type Start = (typeof starts)[number];
const words: Readonly<Record<Start, string>> = {
  'distance-profile': 'distance profiles',
  uniform: 'uniform plan, annealed',
  random: 'random plans',
  annealed: 'random plans, annealed',
  given: 'given plans',
};

/** Where a search began, and how: random plans are followed as they are, or through larger epsilons first. */
const startOf = ({ start, annealed }: AlignmentReport['trials'][number]): Start =>
  start === 'random' && annealed.length > 0 ? 'annealed' : start;

/** The loss that every trial of each search reached, beside that reached from the answer. */
export function alignmentTrials(alignments: readonly AlignmentReport[]): Figure {
  const panels = alignments.map((alignment) => ({
    title: `${alignment.a} and ${alignment.b}`,
    draw: (size: { width: number; height: number }) => losses(alignment, size),
  }));
  const used = starts.filter((start) =>
    alignments.some(({ trials }) => trials.some((trial) => startOf(trial) === start)),
  );
  const grid = panelGrid(panels, { height: 220 });
  const y = grid.height + 10;
  const marks = [
    ...used.map((start) => ({
      text: words[start],
      mark: markup`<circle cx="5" r="4" fill="${judgeColour(starts.indexOf(start))}"/>`,
    })),
    { text: 'kept', mark: markup`<circle cx="5" r="6.5" fill="none" stroke="${ink}" stroke-width="1.5"/>` },
    {
      text: 'from the answer',
      mark: markup`<path d="M-8 0h18" stroke="${chanceColour}" stroke-dasharray="4,3"/>`,
    },
  ];
  const places = marks.map((_, i) =>
    marks.slice(0, i).reduce((x, { text }) => x + textWidth(text, 10.5) + 38, 20),
  );
  const end = places[marks.length - 1] + textWidth(marks[marks.length - 1].text, 10.5) + 32;
  const key = marks.map(
    ({ text, mark }, i) =>
      markup`<g transform="translate(${places[i]} ${y})">${mark}</g>${label(places[i] + 16, y, text, { size: 10.5 })}`,
  );
  const gaps = alignments.map(
    ({ a, b, gap, trials }) =>
      `${a} and ${b} ${gap.isComparable ? (isNoGap(gap) ? 'none' : `${decimal(gap.gap)} (${percent(gap.relativeGap)})`) : 'unknown'} after ${trials.length} trials`,
  );
  return {
    name: 'alignment-trials',
    title: 'What the searches for a plan found.',
    caption: `Unregularised Gromov-Wasserstein loss of every trial, in the order of the search, by its start; the ring marks the plan that was kept, the smallest loss among plans whose marginals hold. Dashed line: loss reached from the answer itself, which is a diagnosis and no result. Optimiser gaps (kept minus dashed; share of the loss of a plan that says nothing): ${list(gaps)}. A gap clearly above 0 means that the search failed, whatever its matching rates say; below 0 it found a better plan than the answer leads to.`,
    alt: `Dot plots of loss by trial; gaps: ${list(gaps)}.`,
    width: Math.max(grid.width, end),
    height: grid.height + 26,
    body: markup`${grid.body}${key}`,
  };
}

function losses(
  { trials, best, gap }: AlignmentReport,
  { width, height }: { width: number; height: number },
) {
  const points = trials
    .map((trial, index) => ({ trial: index + 1, start: startOf(trial), loss: trial.loss }))
    .filter(({ loss }) => Number.isFinite(loss));
  const all = [...points.map(({ loss }) => loss), gap.lossFromAnswer];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = 0.08 * (high - low || high || 1);
  return chart({
    width,
    height,
    marginLeft: 58,
    marginRight: 12,
    marginTop: 12,
    marginBottom: 40,
    x: {
      domain: [0.5, trials.length + 0.5],
      label: 'Trial',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: [1, trials.length],
      tickFormat: 'd',
    },
    y: {
      domain: [low - room, high + room],
      label: 'Loss',
      labelAnchor: 'center',
      labelArrow: 'none',
      ticks: 5,
      tickFormat: (y: number) => decimal(y),
    },
    marks: [
      Plot.ruleY([gap.lossFromAnswer], { stroke: chanceColour, strokeDasharray: '4,3' }),
      Plot.dot(points, {
        x: 'trial',
        y: 'loss',
        r: 4,
        fill: (point: (typeof points)[number]) => judgeColour(starts.indexOf(point.start)),
        fillOpacity: 0.9,
      }),
      Plot.dot(
        points.filter(({ trial }) => trial === best + 1),
        { x: 'trial', y: 'loss', r: 7.5, stroke: ink, strokeWidth: 1.5 },
      ),
    ],
  });
}
