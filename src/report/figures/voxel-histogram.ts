import * as Plot from '@observablehq/plot';
import type { ShareWon, VoxelScatter } from '../../brain/statistics/voxel-scatter.js';
import { chart } from '../chart.js';
import { ink, sequential } from '../colour.js';
import { type Figure, label } from '../figure.js';
import { type Markup, markup } from '../markup.js';
import { type ColourScale, rasterImage } from '../raster.js';
import { clipText, textWidth } from '../text-width.js';
import { correlation, count, list, percent, percentWithInterval, pValue } from '../wording.js';
import { colourBar } from './heat-map.js';
import { panelGrid } from './panels.js';

export interface VoxelHistograms {
  /** Horizontal axis. */
  readonly a: string;
  /** Vertical axis. */
  readonly b: string;
  /** As in "Pearson r". */
  readonly score: string;
  /** One per subject. */
  readonly subjects: readonly { readonly name: string; readonly scatter: VoxelScatter }[];
  readonly won: ShareWon | null;
}

const [left, right, top, bottom] = [52, 14, 20, 44];
const labelSize = 11;
const wordsSize = 10.5;

/** Two models voxel by voxel: a histogram per subject with the line on which both are equal; null without a subject. */
export function voxelHistograms(data: VoxelHistograms): Figure | null {
  const { a, b, score, subjects, won } = data;
  if (subjects.length === 0) return null;
  const most = Math.max(1, ...subjects.flatMap(({ scatter }) => Array.from(scatter.counts)));
  const scale: ColourScale = { ramp: sequential, low: 0, high: Math.log10(1 + most) };
  const grid = panelGrid(
    subjects.map(({ name, scatter }) => ({
      title: name,
      draw: (size) => panel(scatter, data, { ...size, scale }),
    })),
    { width: 960, height: 310, perRow: 3, maxWidth: 320 },
  );
  const width = Math.max(420, grid.width);
  const bar = colourBar(scale, {
    x: 150,
    y: grid.height + 6,
    title: 'Voxels n, by log(1 + n)',
    ends: ['0', count(most)],
  });
  return {
    name: 'voxel-histogram',
    title: `${b} against ${a}, voxel by voxel.`,
    caption: `How many voxels have each pair of scores (${score}): above the dashed line ${b} is ahead.${summary(data)}${missing(subjects.map(({ scatter }) => scatter))}`,
    alt: `Two-dimensional histograms of ${score}, ${b} over ${a}. Share of voxels in which ${b} is ahead: ${list(subjects.map(({ name, scatter }) => `${name} ${percent(scatter.shareWon)}`))}${won ? `; mean ${percent(won.mean.value)}` : ''}.`,
    width,
    height: grid.height + 34,
    body: markup`${grid.body}${bar}`,
  };
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly scale: ColourScale;
}

function panel(scatter: VoxelScatter, { a, b, score }: VoxelHistograms, size: Size): Markup {
  const side = Math.min(size.width - left - right, size.height - top - bottom);
  const [low, high] = [scatter.edges[0], scatter.edges[scatter.edges.length - 1]];
  const axis = {
    domain: [low, high],
    ticks: 5,
    labelAnchor: 'center',
    labelArrow: 'none',
    tickFormat: (x: number) => (x === 0 ? '0' : correlation(x, 2).replace(/0$/, '')),
  } as const;
  const identity = { x1: low, y1: low, x2: high, y2: high };
  const frame = chart({
    width: left + side + right,
    height: top + side + bottom,
    marginLeft: left,
    marginRight: right,
    marginTop: top,
    marginBottom: bottom,
    inset: 0,
    insetTop: 0,
    x: { ...axis, label: axisLabel(a, score, side + right) },
    y: { ...axis, label: axisLabel(b, score, side + top) },
    marks: [
      Plot.frame({ stroke: '#b9bdc1' }),
      Plot.link([0], { ...identity, stroke: 'white', strokeWidth: 3, strokeOpacity: 0.75 }),
      Plot.link([0], { ...identity, stroke: ink, strokeDasharray: '4,3', className: 'identity' }),
    ],
  });
  const share = `in ${percent(scatter.shareWon)} of ${count(scatter.nVoxels)} voxels`;
  const named = `${b} ahead ${share}`;
  const isRoom = textWidth(named, wordsSize) <= size.width - left - 4;
  const words = scatter.nVoxels === 0 ? 'no voxel' : isRoom ? named : `above the line ${share}`;
  const cells = rasterImage(logCounts(scatter), size.scale, { x: left, y: top, width: side, height: side });
  return markup`<g>${label(left, 8, words, { size: wordsSize, name: 'share' })}${cells}${frame}</g>`;
}

/** A name that is cut where it would leave its side of the panel; the score is always whole. */
function axisLabel(name: string, score: string, room: number): string {
  const unit = ` (${score})`;
  return `${clipText(name, room - textWidth(unit, labelSize), labelSize)}${unit}`;
}

/** log10(1 + count), the highest scores of b in the first row. */
function logCounts({ counts, edges }: VoxelScatter) {
  const nBins = edges.length - 1;
  const data = Float64Array.from(counts, (_, cell) => {
    const row = nBins - 1 - Math.floor(cell / nBins);
    return Math.log10(1 + counts[row * nBins + (cell % nBins)]);
  });
  return { nRows: nBins, nColumns: nBins, data };
}

function summary({ b, won }: VoxelHistograms): string {
  if (!won || won.mean.n < 2) return '';
  const { mean, test } = won;
  return ` Over ${test.n} subjects ${b} is ahead in ${percentWithInterval(mean)} of voxels (mean and ${Math.round(100 * mean.level)}% t interval; against one half: ${test.test}-test, t(${test.df}) = ${test.t.toFixed(2).replace('-', '−')}, ${pValue(test.p)}, two-tailed).`;
}

function missing(scatters: readonly VoxelScatter[]): string {
  const sum = (key: 'nMissing' | 'nOutside') => scatters.reduce((total, scatter) => total + scatter[key], 0);
  const parts = [
    sum('nMissing') > 0 ? `${count(sum('nMissing'))} voxels without both scores are left out` : '',
    sum('nOutside') > 0 ? `${count(sum('nOutside'))} lie beyond the axes` : '',
  ].filter(Boolean);
  return parts.length > 0 ? ` ${parts.join('; ')}.` : '';
}
