import type { Prices } from '../../judgments/collect/budget.js';
import { fewestAnswers, type PilotEstimate } from '../../judgments/collect/pilot.js';
import type { CollectState } from '../../judgments/collect/state.js';
import type { Estimate } from '../../numerics/statistics.js';

const number = (value: number): string => Math.round(value).toLocaleString('en-US');

/** 17400 → "4 h 50 min". */
export function timeText(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 2880) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${(minutes / 1440).toFixed(1)} days`;
}

export function moneyText(value: number, { currency }: Pick<Prices, 'currency'>): string {
  const digits = value < 100 ? 2 : 0;
  return `${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${currency}`;
}

const interval = ({ low, high }: Estimate, text: (value: number) => string): string =>
  `[${text(low)}, ${text(high)}]`;

/** "pilot of 200 trials: 31/s → 4 h 50 min [4 h 31 min, 5 h 12 min] for the rest, 1,480 + 8 tokens each". */
export function pilotText(pilot: PilotEstimate | null, prices: Prices | null, unit = 'trials'): string {
  if (!pilot)
    return `pilot: too few answers to tell what the rest will take; ${number(fewestAnswers)} ${unit} or more do`;
  const { nAnswers, rate, seconds, promptTokens, completionTokens, cutOff, cost } = pilot;
  const perSecond = rate.value < 10 ? rate.value.toFixed(1) : number(rate.value);
  const parts = [
    `pilot of ${number(nAnswers)} ${unit}: ${perSecond}/s → ${timeText(seconds.value)} ${interval(seconds, timeText)} for the rest`,
    `${number(promptTokens.value)} + ${number(completionTokens.value)} tokens each`,
  ];
  if (cutOff > 0) parts.push(`${(100 * cutOff).toFixed(1)} % of replies cut off: raise maxTokens`);
  if (cost && prices)
    parts.push(`${moneyText(cost.value, prices)} ${interval(cost, (value) => moneyText(value, prices))}`);
  return parts.join(' · ');
}

export interface UsedUp {
  readonly budget: string;
  readonly isPilotDone: boolean;
  /** What goes on. */
  readonly command: string;
  readonly unit: string;
}

/** "pilot done: 20 of 2,748 trials are answered; affectome judge --judge bot goes on". */
export function usedUpText(
  { nDone, nQuestions }: Pick<CollectState, 'nDone' | 'nQuestions'>,
  { budget, isPilotDone, command, unit }: UsedUp,
): string {
  const answered = `${number(nDone)} of ${number(nQuestions)} ${unit} are answered`;
  return isPilotDone
    ? `pilot done: ${answered}; ${command} goes on`
    : `stopped by the budget (${budget}): ${answered}`;
}

/** "12,000 answers now at 310/s, 12,240 requests · 0.2 % refused · noise ceiling 71.2 %". */
export function collectedText({
  nAnsweredNow,
  seconds,
  nRequests,
  nDone,
  counts,
  spending,
  ceiling,
}: CollectState): string {
  const share = (count: number) => `${((100 * count) / Math.max(1, nDone)).toFixed(1)} %`;
  const parts = [
    `${number(nAnsweredNow)} answers now${seconds > 0 ? ` at ${number(nAnsweredNow / seconds)}/s` : ''}, ${(nRequests / Math.max(1, nDone)).toFixed(2)} requests each`,
  ];
  if (counts.refusals > 0) parts.push(`${share(counts.refusals)} refused`);
  if (counts.unparsed + counts.ambiguous > 0)
    parts.push(`${share(counts.unparsed + counts.ambiguous)} unparsed or ambiguous`);
  if (counts.failed > 0) parts.push(`${number(counts.failed)} in quarantine`);
  if (spending.cachedTokens > 0)
    parts.push(
      `${((100 * spending.cachedTokens) / spending.promptTokens).toFixed(0)} % of prompt tokens reused`,
    );
  if (ceiling) parts.push(`noise ceiling ${(100 * ceiling.value).toFixed(1)} %`);
  return parts.join(' · ');
}
