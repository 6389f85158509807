import { readFile } from 'node:fs/promises';
import { parseDelimited, type Table } from '../../formats/delimited.js';
import { configError, inputError } from '../../numerics/errors.js';
import type { Watch } from '../../numerics/progress.js';
import type { FmriprepImage, FmriprepRun } from '../fmriprep.js';
import { readEvents } from '../run-tables.js';
import { type Confounds, motionConfounds, namedConfounds } from './confounds.js';
import { type EventChoice, stimulusEvents } from './events.js';
import { joinRuns, type Responses } from './join-runs.js';
import type { ResponseOptions } from './options.js';
import { type BrainPlaces, nPlacesOf } from './places.js';
import { repetitionTimeOf } from './repetition-time.node.js';
import { type RunResponses, runResponses } from './run-responses.js';
import { readSeries, sharedMask, type VoxelsOfGrid } from './series.node.js';

export interface RunReading {
  readonly kind: FmriprepImage['kind'];
  /** As in T1w, MNI152NLin2009cAsym, fsaverage5; may be left out where there is only one of that kind. */
  readonly space?: string;
  /** `res-` of volumes, `den-` of CIFTI files, where one space was written in several; `native` for that without any. */
  readonly resolution?: string;
  /** A mask image for volumes; without it the voxels that are in the masks of all runs. */
  readonly mask?: string;
  /** The six motion parameters (P1), columns of the confounds table by name, or `[]`. */
  readonly confounds?: 'motion' | readonly string[];
  readonly events?: EventChoice;
  /** What an event's text is a name of; events of one stimulus are averaged whatever they are called. */
  readonly stimulusOf?: (shown: string) => string;
  /** Seconds between frames, instead of what the files say. */
  readonly repetitionTime?: number;
}

/** Responses of one subject and where their columns lie. */
export interface PlacedResponses extends Responses {
  readonly places: BrainPlaces;
}

/**
 * Reads the runs of one subject one after the other and turns them into responses. Memory: the voxels of one run in float32, and
 * the responses.
 *
 * @throws AffectomeError `input` for files that are missing, damaged or do not fit each other, by run; `config` for an unclear
 * space; `cancelled`.
 */
export async function readResponses(
  runs: readonly FmriprepRun[],
  reading: RunReading,
  options: Partial<ResponseOptions> & Watch = {},
): Promise<PlacedResponses> {
  requireOneSubject(runs);
  const images = runs.map((run) => imageOf(run, reading));
  const mask = await maskOf(runs, images, reading);
  const done: RunResponses[] = [];
  let places: BrainPlaces | null = null;
  for (const [index, run] of runs.entries()) {
    const read = await readSeries(images[index], mask, options);
    if (places && nPlacesOf(places) !== nPlacesOf(read.places)) {
      throw inputError({
        problem: `has ${nPlacesOf(read.places)} places, ${runs[0].name} has ${nPlacesOf(places)}.`,
        where: { file: read.file },
      });
    }
    places ??= read.places;
    const repetitionTime = await repetitionTimeOf(read, reading.repetitionTime);
    const tables = { confounds: await confoundsOf(run, reading), events: await eventsOf(run, reading) };
    const given = { run: run.name, session: run.session, series: read.series, repetitionTime, ...tables };
    done.push(runResponses(given, options, options));
  }
  return { ...joinRuns(done, options), places: places! };
}

/**
 * Looks at everything but the recordings themselves: that each run has the one that is read, its mask, confounds and events.
 * @throws AffectomeError as `readResponses` would.
 */
export async function checkRuns(runs: readonly FmriprepRun[], reading: RunReading): Promise<void> {
  for (const run of runs) {
    const image = imageOf(run, reading);
    if (image.kind === 'volume' && reading.mask === undefined) maskBeside(run, image);
    await confoundsOf(run, reading);
    await eventsOf(run, reading);
  }
}

function requireOneSubject(runs: readonly FmriprepRun[]): void {
  const subjects = [...new Set(runs.map(({ subject }) => subject))];
  if (subjects.length === 1) return;
  throw configError({
    problem: `Responses are made subject by subject; the runs are of ${subjects.length === 0 ? 'none' : subjects.join(', ')}.`,
  });
}

/** `res-` or `den-` of a recording; surfaces have neither. */
function resolutionOf(image: FmriprepImage): string | null {
  if (image.kind === 'volume') return image.resolution;
  return image.kind === 'cifti' ? image.density : null;
}

/** Whether a recording is of the kind, space and resolution asked for. */
export function isAsked(
  image: FmriprepImage,
  { kind, space, resolution }: Pick<RunReading, 'kind' | 'space' | 'resolution'>,
): boolean {
  if (image.kind !== kind || (space !== undefined && image.space !== space)) return false;
  return resolution === undefined || (resolutionOf(image) ?? 'native') === resolution;
}

function imageOf(run: FmriprepRun, reading: RunReading): FmriprepImage {
  const found = run.images.filter((image) => isAsked(image, reading));
  if (found.length === 1) return found[0];
  const { kind, space, resolution } = reading;
  const nameOf = (image: FmriprepImage) => {
    const own = resolutionOf(image);
    const entity = image.kind === 'cifti' ? 'den' : 'res';
    return `${image.kind} in ${image.space}${own === null ? '' : `, ${entity}-${own}`}`;
  };
  const asked = `${kind}${space ? ` in ${space}` : ''}${resolution ? ` of resolution ${resolution}` : ''}`;
  throw configError({
    problem: `Run ${run.name} has ${found.length} recordings of kind ${asked}; it has ${run.images.map(nameOf).join('; ')}.`,
    remedy:
      new Set(found.map((image) => image.space)).size === 1
        ? 'Name the resolution of one of them (resolution, --resolution; native: that without any).'
        : 'Name the kind and the space of one of them (--kind, --space).',
  });
}

async function maskOf(
  runs: readonly FmriprepRun[],
  images: readonly FmriprepImage[],
  { mask }: RunReading,
): Promise<VoxelsOfGrid | null> {
  if (images[0].kind !== 'volume') return null;
  if (mask !== undefined) return sharedMask([mask]);
  return sharedMask(images.map((image, index) => maskBeside(runs[index], image)));
}

function maskBeside({ name }: FmriprepRun, image: FmriprepImage): string {
  if (image.kind === 'volume' && image.mask !== null) return image.mask;
  throw inputError({
    problem: `has no brain mask beside it.`,
    where: { file: name },
    remedy: 'Name a mask (mask, --mask).',
  });
}

async function confoundsOf(
  run: FmriprepRun,
  { confounds = 'motion' }: RunReading,
): Promise<Confounds | null> {
  if (confounds !== 'motion' && confounds.length === 0) return null;
  const table = await tableOf(run.confounds, run, 'confounds table (*_desc-confounds_timeseries.tsv)');
  return confounds === 'motion' ? motionConfounds(table) : namedConfounds(table, confounds);
}

async function eventsOf(run: FmriprepRun, { events, stimulusOf = (shown) => shown }: RunReading) {
  const table = await tableOf(run.events, run, 'events table (*_events.tsv)');
  const shown = stimulusEvents(readEvents(table), table.file, events);
  return shown.map((event) => ({ ...event, stimulus: stimulusOf(event.stimulus) }));
}

async function tableOf(path: string | null, run: FmriprepRun, what: string): Promise<Table> {
  if (path === null) {
    throw inputError({
      problem: `has no ${what}.`,
      where: { file: run.name },
      remedy: what.startsWith('events')
        ? 'Name the raw BIDS data set that holds it (raw, --raw), or put it beside the recording.'
        : 'Put it beside the recording.',
    });
  }
  try {
    return parseDelimited(new Uint8Array(await readFile(path)), path);
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw inputError({ problem: `cannot be read: ${cause.message}.`, where: { file: path }, cause });
  }
}
