import { readFile } from 'node:fs/promises';
import { inputError } from '../../numerics/errors.js';
import type { ReadSeries } from './series.node.js';

/** Times that differ by less than this share say the same. */
const tolerance = 1e-3;

/**
 * Seconds between the frames of a recording: `stated`, or RepetitionTime of the JSON file beside it, or its header.
 * @throws AffectomeError `input` when none says it, and when JSON and header disagree.
 */
export async function repetitionTimeOf(
  { file, repetitionTime }: Pick<ReadSeries, 'file' | 'repetitionTime'>,
  stated: number | undefined,
): Promise<number> {
  if (stated !== undefined) return stated;
  const sidecar = timeSidecar(file);
  const ofSidecar = sidecar === file ? null : await timeIn(sidecar);
  if (ofSidecar !== null && repetitionTime !== null && Math.abs(ofSidecar / repetitionTime - 1) > tolerance) {
    throw inputError({
      problem: `says ${repetitionTime} s between frames, ${sidecar} says ${ofSidecar} s.`,
      where: { file },
      remedy: 'State the repetition time (repetitionTime, --tr).',
    });
  }
  const time = ofSidecar ?? repetitionTime;
  if (time !== null) return time;
  throw inputError({
    problem: `does not say how many seconds lie between frames, nor does ${sidecar}.`,
    where: { file },
    remedy: 'State the repetition time (repetitionTime, --tr).',
  });
}

/** The JSON file beside a recording, which may say RepetitionTime. */
export const timeSidecar = (file: string): string =>
  file.replace(/\.(nii(\.gz)?|func\.gii|dtseries\.nii)$/, '.json');

async function timeIn(path: string): Promise<number | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    return null;
  }
  try {
    const time: unknown = JSON.parse(text).RepetitionTime;
    return typeof time === 'number' && time > 0 ? time : null;
  } catch (cause) {
    throw inputError({ problem: 'is no JSON.', where: { file: path }, cause });
  }
}
