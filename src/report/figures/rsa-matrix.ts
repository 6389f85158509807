import type { RsaComparison, RsaTable } from '../../geometry/rsa/rsa.js';
import { diverging, ink, quiet, textOn } from '../colour.js';
import { type Figure, label } from '../figure.js';
import { markup } from '../markup.js';
import { colourOf, hexOf } from '../raster.js';
import { clipText, labelGutter } from '../text-width.js';
import { correlation, count, counted, limit, list } from '../wording.js';
import { colourBar } from './heat-map.js';

const measureNames: Readonly<Record<RsaTable['measure'], string>> = {
  pearson: 'Pearson r',
  spearman: "Spearman's ρ",
  'kendall-tau-a': "Kendall's τ-a",
  'kendall-tau-b': "Kendall's τ-b",
  'rho-a': 'ρ-a',
  cosine: 'cosine',
  cka: 'linear CKA',
};

/** Up to three stars: q below .05, .01, .001. */
const starsOf = ({ mantel }: RsaComparison): string =>
  mantel ? '*'.repeat([0.05, 0.01, 0.001].filter((level) => mantel.q < level).length) : '';

const intervalOf = ({ estimate }: RsaComparison): string =>
  estimate ? `[${correlation(estimate.low)}, ${correlation(estimate.high)}]` : '';

/** How alike every two systems' RSMs are, with intervals and stars for q; null when there is no comparison. */
export function rsaMatrix(table: RsaTable): Figure | null {
  const { systems, comparisons, measure } = table;
  if (comparisons.length === 0) return null;
  const cell = systems.length > 8 ? 62 : systems.length > 5 ? 92 : 116;
  const gutter = labelGutter(systems, 11, 150);
  const [left, top] = [gutter + 16, 74];
  const scale = { ramp: diverging, low: -1, high: 1 };
  const cells = comparisons.map((comparison) => {
    const [column, row] = [systems.indexOf(comparison.a), systems.indexOf(comparison.b)];
    const [x, y] = [left + column * cell, top + (row - 1) * cell];
    const fill = textOn(colourOf(comparison.value, scale));
    const middle = { anchor: 'middle', fill } as const;
    const value = `${correlation(comparison.value)}${starsOf(comparison)}`;
    return markup`<g class="rsa"><rect x="${x}" y="${y}" width="${cell - 2}" height="${cell - 2}" rx="3" fill="${hexOf(comparison.value, scale)}"/>${label(x + cell / 2 - 1, y + cell / 2 - (comparison.estimate ? 8 : 1), value, { ...middle, size: cell > 70 ? 14 : 11, weight: 600 })}${label(x + cell / 2 - 1, y + cell / 2 + 11, intervalOf(comparison), { ...middle, size: cell > 70 ? 10.5 : 8.5 })}</g>`;
  });
  const rows = systems
    .slice(1)
    .map((name, i) =>
      label(left - 8, top + (i + 0.5) * cell, clipText(name, 150, 11), { anchor: 'end', name: 'row-label' }),
    );
  const columns = systems.slice(0, -1).map((name, i) =>
    label(left + (i + 0.5) * cell, top - 12, clipText(name, cell - 8, 11), {
      anchor: 'middle',
      name: 'column-label',
    }),
  );
  const width = Math.max(460, left + (systems.length - 1) * cell + 24);
  const measureName = measureNames[measure];
  const lost =
    table.nUnknownPairs > 0
      ? ` (${counted(table.nUnknownPairs, 'pair')} that some system does not know left out)`
      : '';
  const bar = { x: width - 190, y: 12, title: measureName, ends: ['−1', '0', '1'] };
  return {
    name: 'rsa',
    title: 'How alike the geometries are.',
    caption: `${measureName} between the RSMs of every two systems over ${counted(table.nPairs, 'pair')} of ${counted(table.nStimuli, 'stimulus', 'stimuli')}${lost}. ${notesOn(comparisons)}`,
    alt: `Similarity of geometries (${measureName}): ${list(comparisons.map(({ a, b, value }) => `${a} and ${b} ${correlation(value)}`))}.`,
    width,
    height: top + (systems.length - 1) * cell + 30,
    body: markup`${colourBar(scale, bar)}<g fill="${ink}">${rows}${columns}${cells}</g>${label(left, top + (systems.length - 1) * cell + 14, comparisons.some(({ mantel }) => mantel) ? '* q < .05 · ** q < .01 · *** q < .001' : '', { size: 10, fill: quiet })}`,
  };
}

function notesOn(comparisons: readonly RsaComparison[]): string {
  const estimate = comparisons.find((comparison) => comparison.estimate)?.estimate;
  const mantel = comparisons[0].mantel;
  const interval = estimate
    ? `Brackets: ${limit(100 * estimate.level)}% interval (${estimate.method}). `
    : '';
  const stars = mantel
    ? `Stars: q of Benjamini and Hochberg over ${counted(comparisons.length, 'comparison')}, from p of the ${mantel.method.replace(/\d+/, count(mantel.nPermutations))} (smallest possible p ${correlation(1 / (mantel.nPermutations + 1), 4)}).`
    : '';
  return `${interval}${stars}`.trim();
}
