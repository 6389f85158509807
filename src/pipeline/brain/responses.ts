import { access, readdir } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { FmriprepRun } from '../../brain/fmriprep.js';
import { findFmriprepRunsIn } from '../../brain/fmriprep.node.js';
import { type BrainOptions, subjectFolder } from '../../brain/options.js';
import type { ResponseOptions } from '../../brain/responses/index.js';
import { timeSidecar } from '../../brain/responses/repetition-time.node.js';
import {
  checkRuns,
  isAsked,
  type PlacedResponses,
  type RunReading,
  readResponses,
} from '../../brain/responses/responses.node.js';
import { configError } from '../../numerics/errors.js';
import { hintFor } from '../../study/expected.js';
import { hashValue } from '../../study/hashes.js';
import { withSidecars } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { noteVoxels } from './encode.js';
import { brainPaths } from './paths.js';
import { writeRepeats } from './repeats.js';
import { writeResponses } from './responses-files.js';
import { ShownNames } from './shown-names.js';
import { stimulusOrder } from './stimulus-order.js';

/** With what study.yaml may leave to the command line. */
export type ResponsesSection = NonNullable<BrainOptions['responses']> & {
  readonly bids: string;
  readonly task: string;
};

/** One step per subject of an fMRIPrep folder: from recordings to responses. */
export async function responsesSteps(
  inputs: StudyInputs,
  { responses, subjects }: BrainOptions,
): Promise<Step[]> {
  const section = requireRecordings(responses);
  const { folder } = inputs.study;
  const runs = await runsOf(folder, section);
  const names = [...new Set(runs.map(({ subject }) => subject))];
  for (const name of subjects)
    if (!names.includes(name)) {
      throw configError({
        problem: `has no recordings of sub-${name} for task ${section.task}.`,
        where: { file: section.bids },
        remedy: `It has some of ${names.join(', ')}.`,
      });
    }
  const chosen = subjects.length > 0 ? names.filter((name) => subjects.includes(name)) : names;
  const all = chosen.map((name) => ({ name, runs: runs.filter(({ subject }) => subject === name) }));
  // Once, before the first subject is computed: nobody waits for hours to learn that the last one lacks a file.
  let checked: Promise<void> | undefined;
  const check = () => {
    checked ??= checkInputs(inputs, section, all);
    return checked;
  };
  return Promise.all(all.map((own) => responsesStep(inputs, section, { ...own, check })));
}

function requireRecordings(section: BrainOptions['responses']): ResponsesSection {
  const { bids, task } = section ?? {};
  if (section && bids !== undefined && task !== undefined) return { ...section, bids, task };
  throw configError({
    problem:
      bids === undefined
        ? 'Nothing says where the recordings are.'
        : 'Nothing says of which task the recordings are.',
    where: { field: bids === undefined ? 'brain.responses.bids' : 'brain.responses.task' },
    remedy:
      'affectome brain responses --bids derivatives/fmriprep --task clips, or under brain.responses in study.yaml.',
  });
}

async function runsOf(folder: string, { bids, raw, task }: ResponsesSection): Promise<FmriprepRun[]> {
  const place = resolve(folder, bids);
  const entries = await readdir(place).catch(() => null);
  if (!entries) {
    throw configError({
      problem: `There is no folder ${place}.`,
      where: { field: 'brain.responses.bids' },
      remedy: 'Name the output folder of fMRIPrep, from the study folder or absolute.',
    });
  }
  const all = await findFmriprepRunsIn(place, raw === undefined ? undefined : resolve(folder, raw));
  const found = all.filter((run) => run.task === task);
  if (found.length > 0) return found;
  throw configError({
    problem: `has no recording of task ${task}.`,
    where: { file: place },
    remedy: hintFor(task, [...new Set(all.map((run) => run.task))]),
  });
}

interface SubjectRuns {
  readonly name: string;
  readonly runs: readonly FmriprepRun[];
}

async function checkInputs(
  { study, stimuli }: StudyInputs,
  section: ResponsesSection,
  all: readonly SubjectRuns[],
): Promise<void> {
  const reading = readingOf(section, study.folder);
  for (const { name, runs } of all) {
    const names = new ShownNames(stimuli.ids);
    await checkRuns(runs, { ...reading, stimulusOf: (shown) => names.stimulusOf(shown) });
    names.check(subjectFolder(name), () => undefined);
  }
}

async function responsesStep(
  inputs: StudyInputs,
  section: ResponsesSection,
  { name, runs, check }: SubjectRuns & { readonly check: () => Promise<void> },
): Promise<Step> {
  const subject = subjectFolder(name);
  const { folder } = inputs.study;
  const files = (await Promise.all(runs.map((run) => filesOf(run, section)))).flat();
  const { bids, raw, ...options } = section;
  const mask = section.mask === undefined ? [] : [resolve(folder, section.mask)];
  const read = [...files, ...mask].map((file) => relative(folder, file).replaceAll('\\', '/'));
  const output = brainPaths.responses(subject);
  return {
    id: `brain/responses/${subject}`,
    version: 2,
    stage: 'brain',
    judge: null,
    title: `Responses ${subject}`,
    inputs: [inputs.files.stimuli, ...read],
    // With the names of the files a recording that was taken away counts as a change.
    options: { ...options, files: hashValue(read), stimulusOrder: stimulusOrder(inputs) },
    seeds: {},
    outputs: [
      ...withSidecars(output),
      ...(section.kind === 'volume' ? [brainPaths.mask(subject)] : []),
      brainPaths.presentations(subject),
    ],
    estimate: { work: `${runs.length} ${runs.length === 1 ? 'run' : 'runs'} of ${section.task}` },
    preview: async () => {
      await check();
      return [];
    },
    run: async (context) => {
      await check();
      await runResponses(inputs, { subject, section, runs }, context);
    },
  };
}

/** Of the image that is read; the others of the run do not matter. */
async function filesOf(
  { images, confounds, events }: FmriprepRun,
  section: ResponsesSection,
): Promise<string[]> {
  const read = images.filter((image) => isAsked(image, section));
  const recordings = read.flatMap((image) =>
    image.kind === 'surface'
      ? [image.left, image.right]
      : [image.bold, ...(image.kind === 'volume' ? [image.mask] : [])],
  );
  const times = recordings.flatMap((file) => (file === null ? [] : [timeSidecar(file)]));
  const areThere = await Promise.all(
    times.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return [...recordings, ...times.filter((_, t) => areThere[t]), confounds, events].filter(
    (file) => file !== null,
  );
}

interface ResponsesRequest {
  readonly subject: string;
  readonly section: ResponsesSection;
  readonly runs: readonly FmriprepRun[];
}

async function runResponses(
  inputs: StudyInputs,
  { subject, section, runs }: ResponsesRequest,
  { artifacts, note, signal, onProgress }: StepContext,
): Promise<void> {
  let done = 0;
  const names = new ShownNames(inputs.stimuli.ids);
  const reading = readingOf(section, inputs.study.folder);
  const made = await readResponses(
    runs,
    { ...reading, stimulusOf: (shown) => names.stimulusOf(shown) },
    {
      ...optionsOf(section),
      ...(signal && { signal }),
      onProgress: ({ task, done: part, total }) => {
        if (part === total && runs.some(({ name }) => name === task)) done++;
        onProgress({ task: `Responses ${subject}`, done, total: runs.length, unit: 'runs' });
      },
    },
  );
  const stimulusIds = made.stimuli;
  const repeated = { samples: made.events.responses, ids: made.events.stimuli };
  names.check(subject, note);
  const counts = await writeResponses(artifacts, subject, {
    stimulusIds,
    responses: made.responses,
    places: made.places,
    source: made.steps.join('; '),
    runs: Array.from(made.runs, (run) => made.runNames[run]),
    repeats: await writeRepeats(artifacts, subject, repeated),
  });
  await artifacts.writeTsv(
    brainPaths.presentations(subject),
    ['stimulus_id', 'shown_as', 'run', 'repeats'],
    stimulusIds.map((id, row) => [id, names.of(id), made.runNames[made.runs[row]], made.nRepeats[row]]),
  );
  noteVoxels({ counts }, note);
  const nPartly = made.nConstant - counts.nConstant;
  if (nPartly > 0)
    note(`voxels that do not vary over the events of one ${section.zScore} (0 there): ${nPartly}`);
  tell(made, note);
}

function tell({ nSpikes, responses, runNames }: PlacedResponses, note: (text: string) => void): void {
  const { nRows, nColumns } = responses;
  note(
    `${nRows} stimuli x ${nColumns.toLocaleString('en-US')} voxels from ${runNames.length} ${runNames.length === 1 ? 'run' : 'runs'}; ${nSpikes} values clipped`,
  );
}

function readingOf(section: ResponsesSection, folder: string): RunReading {
  const { kind, space, resolution, mask, confounds, column, leaveOut, duration, repetitionTime } = section;
  return {
    ...{ kind, confounds },
    ...(space !== undefined && { space }),
    ...(resolution !== undefined && { resolution }),
    ...(mask !== undefined && { mask: resolve(folder, mask) }),
    ...(repetitionTime !== undefined && { repetitionTime }),
    events: { column, leaveOut, ...(duration !== undefined && { duration }) },
  };
}

function optionsOf({ drift, delay, despike, coverage, zScore }: ResponsesSection): Partial<ResponseOptions> {
  return {
    ...{ drift, delay, zScore, smallestCoverage: coverage },
    despike: despike === null ? { kind: 'none' } : { kind: 'clip', limit: despike, rounds: 1 },
  };
}
