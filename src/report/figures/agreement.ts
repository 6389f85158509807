import { ink, sequential, textOn } from '../colour.js';
import type { ReportData } from '../data.js';
import { type Figure, label } from '../figure.js';
import { markup } from '../markup.js';
import { colourOf, hexOf } from '../raster.js';
import { clipText, labelGutter } from '../text-width.js';
import { correlation, intervalName, list, percent } from '../wording.js';
import { colourBar } from './heat-map.js';
import { sampleSizes } from './judge-axis.js';

/** How often every two judges name the same odd one out; null with fewer than two judges. */
export function agreementMatrix({ agreements, judges }: ReportData): Figure | null {
  if (agreements.length === 0) return null;
  const names = judges.map(({ name }) => name);
  const gutter = labelGutter(names, 11, 150);
  const cell = names.length > 8 ? 52 : 86;
  const [left, top] = [gutter + 16, 74];
  const scale = { ramp: sequential, low: 0, high: 1 };
  const cells = agreements.flatMap(({ a, b, share, kappa }) => {
    const [column, row] = [names.indexOf(a), names.indexOf(b)].sort((x, y) => x - y);
    if (column < 0) return [];
    const [x, y] = [left + column * cell, top + (row - 1) * cell];
    const fill = textOn(colourOf(share.value, scale));
    return [
      markup`<g class="agreement"><rect x="${x}" y="${y}" width="${cell - 2}" height="${cell - 2}" rx="3" fill="${hexOf(share.value, scale)}"/>${label(x + cell / 2 - 1, y + cell / 2 - 8, percent(share.value), { size: names.length > 8 ? 11 : 14, anchor: 'middle', fill, weight: 600 })}${label(x + cell / 2 - 1, y + cell / 2 + 11, `κ ${correlation(kappa)}`, { size: 10.5, anchor: 'middle', fill })}</g>`,
    ];
  });
  const rows = names
    .slice(1)
    .map((name, i) =>
      label(left - 8, top + (i + 0.5) * cell, clipText(name, 150, 11), { anchor: 'end', name: 'row-label' }),
    );
  const columns = names.slice(0, -1).map((name, i) =>
    label(left + (i + 0.5) * cell, top - 12, clipText(name, cell - 8, 11), {
      anchor: 'middle',
      name: 'column-label',
    }),
  );
  const width = Math.max(420, left + (names.length - 1) * cell + 24);
  const bar = { x: width - 190, y: 12, title: 'same odd one out', ends: ['0', '50%', '100%'] };
  const shares = agreements.map(({ share }) => share);
  return {
    name: 'agreement',
    title: 'How often two judges name the same odd one out.',
    caption: `Share of trials with the same choice and free-marginal κ, on the trials both judges answered (${sampleSizes(shares.map(({ n }) => n))}). Chance agreement is one in three (κ = 0). ${intervalName(shares[0]).replace(/^\d+%/, 'The 95%')} of each share is in the table.`,
    alt: `Agreement of judges: ${list(agreements.map(({ a, b, share }) => `${a} and ${b} ${percent(share.value)}`))}.`,
    width,
    height: top + (names.length - 1) * cell + 16,
    body: markup`${colourBar(scale, bar)}<g fill="${ink}">${rows}${columns}${cells}</g>`,
  };
}
