import { inputError } from '../numerics/errors.js';
import { proportionEstimate } from '../numerics/statistics.js';
import { type Judgments, noChoice } from './judgments.js';
import type { Agreement } from './results.js';
import { checkSameTrials } from './same-trials.js';

/**
 * How often two judges chose the same odd one out, over the trials on which both made a choice, and Cohen's kappa
 * (Cohen 1960, doi:10.1177/001316446002000104) of the canonical places they chose. Kappa is 1 when both always chose the same one place.
 * The judgments must answer the same trials in the same order.
 * @throws AffectomeError `artifact` when they differ in number; `input` when there is no trial on which both made a choice.
 */
export function agreement(nameA: string, a: Judgments, nameB: string, b: Judgments): Agreement {
  checkSameTrials(a.nTrials, b.nTrials, `by ${nameB} against those by ${nameA}`);
  const counts = crossTabulate(a.choice, b.choice);
  const n = counts.reduce((sum, count) => sum + count, 0);
  if (n === 0) {
    throw inputError({
      problem: `There is no trial on which both ${nameA} and ${nameB} made a choice.`,
      remedy: 'Compare judges that answered the same trials.',
    });
  }
  const nSame = counts[0] + counts[4] + counts[8];
  return { a: nameA, b: nameB, share: proportionEstimate(nSame, n), kappa: kappaOf(counts, nSame / n, n) };
}

/** 3 x 3 counts: row = choice of a, column = choice of b. */
function crossTabulate(a: Uint8Array, b: Uint8Array): Float64Array {
  const counts = new Float64Array(9);
  for (let trial = 0; trial < a.length; trial++) {
    if (a[trial] !== noChoice && b[trial] !== noChoice) counts[3 * a[trial] + b[trial]]++;
  }
  return counts;
}

function kappaOf(counts: Float64Array, observed: number, n: number): number {
  let expected = 0;
  for (let place = 0; place < 3; place++) {
    const byA = counts[3 * place] + counts[3 * place + 1] + counts[3 * place + 2];
    const byB = counts[place] + counts[place + 3] + counts[place + 6];
    expected += (byA / n) * (byB / n);
  }
  return expected === 1 ? 1 : (observed - expected) / (1 - expected);
}
