import { inputError } from '../numerics/errors.js';
import { proportionEstimate } from '../numerics/statistics.js';
import { type Judgments, noChoice } from './judgments.js';
import type { Agreement } from './results.js';
import { checkSameTrials } from './same-trials.js';

/**
 * How often two judges chose the same odd one out, over the trials on which both made a choice, and the free-marginal kappa
 * (share - 1/3) / (2/3) (Brennan & Prediger 1981, doi:10.1177/001316448104100307). The three places of a trial are arbitrary
 * names, so that marginals over them, as in Cohen's kappa, would make the number depend on the order of the stimuli.
 * The judgments must answer the same trials in the same order.
 * @throws AffectomeError `artifact` when they differ in number; `input` when there is no trial on which both made a choice.
 */
export function agreement(nameA: string, a: Judgments, nameB: string, b: Judgments): Agreement {
  checkSameTrials(a.nTrials, b.nTrials, `by ${nameB} against those by ${nameA}`);
  let n = 0;
  let nSame = 0;
  for (let trial = 0; trial < a.nTrials; trial++) {
    if (a.choice[trial] === noChoice || b.choice[trial] === noChoice) continue;
    n++;
    if (a.choice[trial] === b.choice[trial]) nSame++;
  }
  if (n === 0) {
    throw inputError({
      problem: `There is no trial on which both ${nameA} and ${nameB} made a choice.`,
      remedy: 'Compare judges that answered the same trials.',
    });
  }
  const share = proportionEstimate(nSame, n);
  return { a: nameA, b: nameB, share, kappa: (3 * share.value - 1) / 2 };
}
