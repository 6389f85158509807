import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AffectomeError, artifactError } from '../../numerics/errors.js';
import { ledgerFailure } from './failures.node.js';
import { segmentFacts, segmentFolder } from './segment.node.js';

/** A segment that can be read without the database. */
export interface WholeSegment {
  readonly path: string;
  readonly nAnswers: number;
}

/** The segments whose contents can be listed, in the order in which they were sealed. */
export async function wholeSegments(folder: string): Promise<WholeSegment[]> {
  const names = await readdir(join(folder, segmentFolder)).catch(() => []);
  const whole: WholeSegment[] = [];
  for (const name of names.filter((name) => /^\d+-\d+\.parquet$/.test(name)).sort(bySeal)) {
    const path = join(folder, segmentFolder, name);
    try {
      whole.push({ path, nAnswers: segmentFacts(await readFile(path)).nAnswers });
    } catch {
      // Damaged as well: it is not among what can be rescued.
    }
  }
  return whole;
}

const bySeal = (a: string, b: string): number => {
  const [runA, numberA] = a.split(/[-.]/).map(Number);
  const [runB, numberB] = b.split(/[-.]/).map(Number);
  return runA - runB || numberA - numberB;
};

/** The error of a ledger that does not open; damage is told together with what can be rescued. */
export async function damaged(error: unknown, folder: string, file: string): Promise<unknown> {
  const told = ledgerFailure(error, file);
  if (!(told instanceof AffectomeError) || told.code !== 'artifact' || told === error) return told;
  const segments = await wholeSegments(folder);
  const nAnswers = segments.reduce((sum, { nAnswers }) => sum + nAnswers, 0);
  return artifactError({
    problem: told.problem,
    where: { file },
    remedy:
      segments.length === 0
        ? 'Restore it from a backup; there is no sealed segment to rescue answers from. To start again, move it away.'
        : `Restore it from a backup, or rescue the ${nAnswers} answers of ${segments.length} sealed segments (rescueLedger): the rest is asked again.`,
    cause: error,
  });
}
