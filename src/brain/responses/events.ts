import { inputError } from '../../numerics/errors.js';
import type { BoldEvent } from '../run-tables.js';
import type { ResponseOptions } from './options.js';

/** One showing of a stimulus. */
export interface StimulusEvent {
  readonly stimulus: string;
  /** Seconds from the first frame. */
  readonly onset: number;
  /** Seconds, above 0. */
  readonly duration: number;
}

export interface EventChoice {
  /** The column that names stimuli; `trial_type` without it. */
  readonly column?: string;
  /** Stimuli that are none: rest, fixation. */
  readonly leaveOut?: readonly string[];
  /** Seconds, instead of each event's own duration. */
  readonly duration?: number;
}

/**
 * The showings among a run's events, in their order. Events without a stimulus (n/a) are passed over.
 * @throws AffectomeError `input`, with the columns found, for a missing column, for no event with a stimulus, and for durations
 * that are missing or not above 0.
 */
export function stimulusEvents(
  events: readonly BoldEvent[],
  file: string,
  { column = 'trial_type', leaveOut = [], duration }: EventChoice = {},
): StimulusEvent[] {
  const first = events.find(({ cells }) => !(column in cells));
  if (first) {
    throw inputError({
      problem: `has no column ${JSON.stringify(column)}; it has ${Object.keys(first.cells).join(', ')}.`,
      where: { file },
      remedy: 'Name the column that says which stimulus was shown (column, --column).',
    });
  }
  const shown = events.flatMap((event) => {
    const stimulus = event.cells[column].trim();
    if (/^(n\/a)?$/.test(stimulus) || leaveOut.includes(stimulus)) return [];
    return [{ stimulus, onset: event.onset, duration: duration ?? event.duration ?? Number.NaN }];
  });
  if (shown.length === 0) {
    throw inputError({
      problem: `has ${events.length} events, and no stimulus in ${JSON.stringify(column)}.`,
      where: { file },
      remedy:
        'Check the table, the column that names stimuli (column, --column), and what is left out (leaveOut, --leave-out).',
    });
  }
  const wrong = shown.find((event) => !(event.duration > 0));
  if (!wrong) return shown;
  throw inputError({
    problem: `has ${JSON.stringify(wrong.stimulus)} at ${wrong.onset} s with the duration ${wrong.duration}; expected seconds above 0.`,
    where: { file, field: 'duration' },
    remedy: 'State a duration for all events (duration, under brain.responses).',
  });
}

/** Frames that an event is averaged over. */
export interface EventFrames {
  readonly first: number;
  /** One weight per frame from `first` on, summing to 1. */
  readonly weights: Float64Array;
}

interface Timing {
  readonly run: string;
  readonly nFrames: number;
  /** Seconds. */
  readonly repetitionTime: number;
}

/** Times are compared to this part of a frame. */
const tolerance = 1e-6;

/**
 * Where a response lies. Frame f covers the seconds from f TR to (f + 1) TR; the window of an event is its own time, `delay` later.
 * - `overlap`  every frame weighs by the share of it that the window covers: fractions of a frame count as such, and where TR
 *   divides onset, duration and delay it is the plain mean of whole frames
 * - `midpoint` whole frames whose middle lies in the window
 *
 * @throws AffectomeError `input`, naming event and run, for windows that lie outside the run by more than `smallestCoverage` allows,
 * and for those without a frame.
 */
export function eventFrames(
  event: StimulusEvent,
  { run, nFrames, repetitionTime }: Timing,
  { delay, frames, smallestCoverage }: Pick<ResponseOptions, 'delay' | 'frames' | 'smallestCoverage'>,
): EventFrames {
  const start = (event.onset + delay) / repetitionTime;
  const end = (event.onset + delay + event.duration) / repetitionTime;
  const [from, to] = [Math.max(0, start), Math.min(nFrames, end)];
  if (!(to - from >= smallestCoverage * (end - start) - tolerance) || to <= from) {
    throw outside(event, { run, nFrames, repetitionTime }, delay);
  }
  const first = Math.min(nFrames - 1, Math.floor(from + tolerance));
  const last = Math.max(first, Math.ceil(to - tolerance) - 1);
  const weights = Float64Array.from({ length: last - first + 1 }, (_, i) => {
    const frame = first + i;
    if (frames === 'overlap') return Math.min(to, frame + 1) - Math.max(from, frame);
    return frame + 0.5 >= from - tolerance && frame + 0.5 < to - tolerance ? 1 : 0;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total > 0) return { first, weights: weights.map((weight) => weight / total) };
  throw inputError({
    problem: `shows ${JSON.stringify(event.stimulus)} at ${event.onset} s for ${event.duration} s, which is the middle of no frame (TR ${repetitionTime} s).`,
    where: { file: run },
    remedy: 'Use frames by overlap.',
  });
}

function outside(event: StimulusEvent, { run, nFrames, repetitionTime }: Timing, delay: number) {
  const seconds = (value: number) => Number(value.toFixed(3));
  const from = seconds(event.onset + delay);
  const to = seconds(event.onset + delay + event.duration);
  return inputError({
    problem: `shows ${JSON.stringify(event.stimulus)} at ${event.onset} s for ${event.duration} s; with a delay of ${delay} s its response lies at ${from} to ${to} s, and the run lasts from 0 to ${seconds(nFrames * repetitionTime)} s (${nFrames} frames of ${repetitionTime} s).`,
    where: { file: run },
    remedy:
      'Check the repetition time and whether frames were dropped; or leave the event out (leaveOut, --leave-out), or allow a smaller coverage (under brain.responses).',
  });
}
