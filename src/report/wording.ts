import type { Estimate } from '../numerics/statistics.js';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 7,125,330 */
export const count = (value: number): string => whole.format(value);

/** "1 stimulus", "2,180 stimuli" */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** .83, -.12, 1.00: correlations and other numbers within -1..1, as psychology prints them. */
export function correlation(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return 'undefined';
  return value
    .toFixed(digits)
    .replace('-', '−')
    .replace(/^(−?)0\./, '$1.');
}

/** .1, .05, 1: a limit as it was set, without the zero before the point. */
export const limit = (value: number): string => String(value).replace(/^0\./, '.');

/** 81.2% */
export const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(digits)}%` : 'undefined';

/** "p < .001", "p = .034" */
export const pValue = (p: number): string => {
  if (!Number.isFinite(p)) return 'p undefined';
  return p < 0.001 ? 'p < .001' : `p = ${correlation(p, 3)}`;
};

/** 0.004, 1.93: at most `digits` significant digits, no exponent for everyday sizes. */
export const decimal = (value: number, digits = 3): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(digits))).replace('-', '−') : 'undefined';

/** "81.2% [80.9, 81.5]" */
export const percentWithInterval = (estimate: Estimate): string =>
  hasInterval(estimate)
    ? `${percent(estimate.value)} [${(100 * estimate.low).toFixed(1)}, ${(100 * estimate.high).toFixed(1)}]`
    : percent(estimate.value);

/** ".83 [.80, .86]" */
export const correlationWithInterval = (estimate: Estimate): string =>
  hasInterval(estimate)
    ? `${correlation(estimate.value)} [${correlation(estimate.low)}, ${correlation(estimate.high)}]`
    : correlation(estimate.value);

export const hasInterval = (estimate: Estimate): boolean =>
  Number.isFinite(estimate.low) && Number.isFinite(estimate.high);

/** "95% interval (Wilson)" */
export const intervalName = (estimate: Estimate): string =>
  `${decimal(100 * estimate.level)}% interval (${estimate.method})`;

/** "a", "a and b", "a, b and c" */
export function list(items: readonly string[]): string {
  return items.length < 2
    ? items.join('')
    : `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Small counts in words: "three judges". */
export const inWords = (value: number): string => small[value] ?? count(value);

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A description as a sentence on one line: a capital first and a full stop last. */
export function sentence(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? '' : `${capitalised(line.replace(/\.$/, ''))}.`;
}

/** A judge's name inside a sentence, where "words" alone could be read as a word. */
export const quoted = (name: string): string => `“${name}”`;

/** Ticks of an axis from 0 to 1: 0, .2, … 1 */
export const unitTick = (value: number): string =>
  Number.isInteger(value) ? String(value) : correlation(value, 1);

/** "seed 4", "seeds 1 to 10", "seeds 3, 7 and 9" */
export function seedList(unsorted: readonly number[]): string {
  const seeds = [...unsorted].sort((a, b) => a - b);
  if (seeds.length === 1) return `seed ${seeds[0]}`;
  const inRow = seeds.length > 2 && seeds.every((seed, i) => seed === seeds[0] + i);
  return `seeds ${inRow ? `${seeds[0]} to ${seeds[seeds.length - 1]}` : list(seeds.map(String))}`;
}
