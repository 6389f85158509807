import type { JudgeReport } from '../data.js';
import { clipText, labelGutter } from '../text-width.js';

/** Room on the left of a chart for the judges' names, which are never longer than `limit` px. */
export function judgeAxis(
  judges: readonly JudgeReport[],
  limit = 170,
): { marginLeft: number; tickFormat: (index: number) => string } {
  const names = judges.map(({ name }) => clipText(name, limit, 11.5));
  return {
    marginLeft: Math.max(60, labelGutter(names, 11.5, limit) + 16),
    tickFormat: (index) => names[index],
  };
}

/** "n = 100" when all are the same, else "n = 90 to 100". */
export function sampleSizes(sizes: readonly number[]): string {
  const format = (value: number) => value.toLocaleString('en-US');
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  return low === high ? `n = ${format(low)}` : `n = ${format(low)} to ${format(high)}`;
}
