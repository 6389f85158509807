import { artifactError } from '../numerics/errors.js';

/** @throws AffectomeError `artifact` when columns that belong together differ in length. */
export function checkSameTrials(nExpected: number, nFound: number, what: string): void {
  if (nExpected === nFound) return;
  throw artifactError({
    problem: `There are ${nFound} judgments ${what}, which number ${nExpected}.`,
    remedy: 'Judge the trials again: affectome judge.',
  });
}
