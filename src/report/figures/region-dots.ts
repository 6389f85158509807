import * as Plot from '@observablehq/plot';
import type { GroupTests } from '../../brain/statistics/group-tests.js';
import type { Matrix } from '../../numerics/matrix.js';
import { mean, standardDeviation } from '../../numerics/statistics.js';
import { chart } from '../chart.js';
import { faint, ink, judgeColour, quiet } from '../colour.js';
import { type Figure, label } from '../figure.js';
import { type Markup, markup } from '../markup.js';
import { clipText, labelGutter, textWidth } from '../text-width.js';
import { capitalised, correlation, decimal, limit, list } from '../wording.js';

export interface RegionDots {
  readonly regions: readonly string[];
  /** In the order they are drawn; the first is compared with each of the others. */
  readonly models: readonly {
    readonly name: string;
    /** nSubjects x nRegions; NaN where a subject's region has no voxel. */
    readonly scores: Matrix;
    /** The first model against this one, region by region; `null` for the first itself, and where it was not tested. */
    readonly difference: GroupTests | null;
  }[];
  /** As in "Spearman correlation". */
  readonly score: string;
  /** Whose q decides about stars. */
  readonly test: 't' | 'signflip';
  /** Differences with q below this get a star. */
  readonly level: number;
}

interface Dot {
  readonly region: number;
  readonly model: number;
  readonly value: number;
}

const width = 760;
const [marginTop, marginBottom, marginRight] = [40, 38, 28];

/** Scores by region: each subject a dot, a bar to the mean, a star where the first model differs from another. */
export function regionDots(data: RegionDots): Figure {
  const { regions, models, score, level } = data;
  const dots = dotsOf(data);
  const bars = barsOf(data);
  const stars = starsOf(data);
  const largest = Math.max(0, ...dots.map(({ value }) => value), ...bars.map(({ high }) => high));
  const lowest = Math.min(0, ...dots.map(({ value }) => value), ...bars.map(({ low }) => low));
  const margin = labelGutter(regions, 11, 170) + 14;
  const height = marginTop + marginBottom + regions.length * (10 + 13 * models.length);
  const place = { fy: 'region', y: 'model' } as const;
  const fill = ({ model }: { model: number }) => judgeColour(model);
  const body = chart({
    width,
    height,
    marginLeft: margin,
    marginRight,
    marginTop,
    marginBottom,
    x: {
      domain: [lowest, largest > lowest ? lowest + 1.06 * (largest - lowest) : 1],
      label: capitalised(score),
      labelAnchor: 'center',
      labelArrow: 'none',
      nice: true,
      tickFormat: (x: number) => (x === 0 ? '0' : correlation(x, 3).replace(/\.?0+$/, '')),
    },
    y: { type: 'band', domain: models.map((_, m) => m), axis: null, padding: 0.12 },
    fy: {
      domain: regions.map((_, r) => r),
      label: null,
      axis: 'left',
      tickFormat: (r: number) => regions[r],
      padding: 0.18,
    },
    marks: [
      Plot.ruleX([0], { stroke: quiet, strokeWidth: 0.75 }),
      Plot.text(emptyRegions(data), {
        fy: (region: number) => region,
        x: () => 0,
        y: () => Math.floor((models.length - 1) / 2),
        dx: 8,
        text: () => 'no voxel',
        textAnchor: 'start',
        fill: quiet,
      }),
      Plot.barX(bars, { ...place, x1: 0, x2: 'mean', fill, fillOpacity: 0.28, className: 'mean' }),
      Plot.tickX(bars, { ...place, x: 'mean', stroke: fill, strokeWidth: 2 }),
      Plot.ruleY(bars, { ...place, x1: 'low', x2: 'high', stroke: ink, strokeWidth: 1, className: 'spread' }),
      Plot.dot(dots, {
        ...place,
        x: 'value',
        r: 2.4,
        fill,
        stroke: 'white',
        strokeWidth: 0.6,
        className: 'subject',
      }),
      Plot.text(stars, {
        ...place,
        x: 'at',
        dx: 9,
        dy: 2,
        text: () => '*',
        fill: ink,
        fontSize: 14,
        className: 'star',
      }),
    ],
  });
  return {
    name: 'region-dots',
    title: `${capitalised(score)} by region.`,
    caption: captionOf(data),
    alt: `Dot plot of ${regions.length} regions and ${models.length} models. Means: ${list(regions.map((region, r) => `${region} ${list(models.map(({ name }, m) => `${name} ${correlation(bars.find((bar) => bar.region === r && bar.model === m)?.mean ?? Number.NaN)}`))}`))}. Stars (q < ${limit(level)}): ${stars.length}.`,
    width,
    height,
    body: markup`${legend(
      models.map(({ name }) => name),
      margin,
      stars.length > 0 ? `* ${models[0].name} differs, q < ${limit(level)}` : null,
    )}${body}`,
  };
}

function dotsOf({ regions, models }: RegionDots): Dot[] {
  return models.flatMap(({ scores }, model) =>
    Array.from(scores.data, (value, i) => ({ region: i % regions.length, model, value })).filter(
      ({ value }) => Number.isFinite(value),
    ),
  );
}

function barsOf(data: RegionDots) {
  const dots = dotsOf(data);
  return data.models.flatMap((_, model) =>
    data.regions.flatMap((__, region) => {
      const own = dots
        .filter((dot) => dot.model === model && dot.region === region)
        .map(({ value }) => value);
      if (own.length === 0) return [];
      const centre = mean(own);
      const spread = own.length > 1 ? standardDeviation(own) : 0;
      return [{ region, model, mean: centre, low: centre - spread, high: centre + spread }];
    }),
  );
}

const qOf = (difference: GroupTests | null, test: RegionDots['test']): ArrayLike<number> =>
  (test === 't' ? difference?.q : difference?.signFlips?.q) ?? [];

/** Stars stand beside the model that the first one differs from, behind its last dot. */
function starsOf(data: RegionDots) {
  const dots = dotsOf(data);
  const bars = barsOf(data);
  return data.models.flatMap(({ difference }, model) =>
    Array.from(qOf(difference, data.test), (q, region) => ({ q, region, model }))
      .filter(({ q }) => q < data.level)
      .map(({ region }) => {
        const isHere = (one: { region: number; model: number }) =>
          one.region === region && one.model === model;
        const ends = [
          ...dots.filter(isHere).map(({ value }) => value),
          ...bars.filter(isHere).map(({ high }) => high),
        ];
        return { region, model, at: Math.max(0, ...ends) };
      }),
  );
}

function captionOf(data: RegionDots): string {
  const { models, regions, level } = data;
  const empty = emptyRegions(data).map((region) => regions[region]);
  const nSubjects = models[0].scores.nRows;
  const tested = models.flatMap(({ difference }) => (difference ? [difference] : []));
  const stars =
    tested.length > 0
      ? ` Star: ${models[0].name} differs from that model (two-tailed ${data.test === 't' ? `${tested[0].test}-test` : 'sign-flip test'} across ${nSubjects} subjects, Benjamini and Hochberg over ${regions.length} regions, q < ${limit(level)}).`
      : '';
  const missing = empty.length > 0 ? ` Without a voxel: ${list(empty)}.` : '';
  const flips = tested[0]?.signFlips;
  const power = flips ? ` By sign flips no p could be below ${decimal(flips.smallestP)}.` : '';
  const dots =
    nSubjects === 1
      ? 'Each dot and bar is the mean over a region of the only subject.'
      : `Each dot is one of ${nSubjects} subjects; bar: mean over subjects; line: one standard deviation to each side.`;
  return `${dots}${stars}${power}${missing}`;
}

/** Regions in which no subject has a score by any model. */
const emptyRegions = ({ regions, models }: RegionDots): number[] =>
  regions
    .map((_, region) => region)
    .filter((region) => models.every(({ scores }) => isEmpty(scores, region)));

const isEmpty = ({ nRows, nColumns, data }: Matrix, region: number): boolean => {
  for (let s = 0; s < nRows; s++) if (Number.isFinite(data[s * nColumns + region])) return false;
  return true;
};

function legend(names: readonly string[], start: number, star: string | null): Markup {
  let x = start;
  const entries = names.map((name, model) => {
    const at = x;
    x += 30 + textWidth(name, 11);
    return markup`<circle cx="${at + 5}" cy="14" r="4.5" fill="${judgeColour(model)}"/>${label(at + 14, 14, name)}`;
  });
  const meaning =
    star === null ? null : label(x, 14, clipText(star, width - x, 11), { name: 'star-meaning' });
  return markup`<g class="legend">${entries}${meaning}<path d="M${start} 28H${width - marginRight}" stroke="${faint}"/></g>`;
}
