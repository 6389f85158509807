import { resolve } from 'node:path';
import { subjectFolder } from '../../brain/options.js';
import type { BrainPlaces } from '../../brain/responses/index.js';
import { parseDelimited } from '../../formats/delimited.js';
import { readNifti } from '../../formats/nifti.js';
import { maskVoxels, type Volume } from '../../formats/volume.js';
import { configError, inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { matchIds } from '../../stimuli/match-ids.js';
import { shownPath } from '../../study/study.js';
import { readForeign } from '../import/imported.js';
import { withSidecars } from '../paths.js';
import type { Step, StepContext } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { noteVoxels } from './encode.js';
import { insideStudy } from './features.js';
import { readSamples, type Samples, transposed } from './import-samples.js';
import { isOnSurface, readSurfaceSamples } from './import-surface.js';
import { brainPaths } from './paths.js';
import { writeRepeats } from './repeats.js';
import { writeResponses } from './responses-files.js';
import { stimulusOrder } from './stimulus-order.js';

export interface ResponsesImport {
  readonly file: string;
  /** `01` or `sub-01`. */
  readonly subject: string;
  /** A table with one row per sample; the order of the study without it. */
  readonly stimuli?: string;
  /** Its column; `stimulus_id`, or the first, without it. */
  readonly column?: string;
  readonly mask?: string;
  /** The right hemisphere, where `file` is the left one. */
  readonly right?: string;
  /** Of a .mat file. */
  readonly variable?: string;
  /** Of a bdata file: which columns are voxels. */
  readonly key?: string;
  /** Of a bdata file: which column names the stimulus. */
  readonly stimulusKey?: string;
  readonly transpose?: boolean;
}

/** The step that takes responses from elsewhere into the study. Paths are from the working directory. */
export function importStep(inputs: StudyInputs, given: ResponsesImport): Step {
  const { folder } = inputs.study;
  const request = {
    ...given,
    file: resolve(given.file),
    ...(given.mask !== undefined && { mask: resolve(given.mask) }),
    ...(given.right !== undefined && { right: resolve(given.right) }),
    ...(given.stimuli !== undefined && { stimuli: resolve(given.stimuli) }),
  };
  if (!/^(sub-)?[A-Za-z0-9]+$/.test(given.subject)) {
    throw configError({
      problem: `found "${given.subject}"; expected letters and digits, as in 01 or sub-01.`,
      where: { field: '--subject' },
    });
  }
  const subject = subjectFolder(given.subject);
  const files = [request.file, request.right, request.mask, request.stimuli].filter(
    (file) => file !== undefined,
  );
  const { column, variable, key, stimulusKey, transpose } = given;
  return {
    id: `brain/import/${subject}`,
    version: 2,
    stage: 'brain',
    judge: null,
    title: `Import ${subject}`,
    inputs: [inputs.files.stimuli, ...files.map((file) => insideStudy(folder, file))],
    options: { column, variable, key, stimulusKey, transpose, stimulusOrder: stimulusOrder(inputs) },
    seeds: {},
    outputs: [
      ...withSidecars(brainPaths.responses(subject)),
      ...(request.mask === undefined ? [] : [brainPaths.mask(subject)]),
    ],
    estimate: { work: shownPath(request.file) },
    run: (context) => runImport(inputs, { ...request, subject }, context),
  };
}

async function runImport(
  inputs: StudyInputs,
  request: ResponsesImport,
  { artifacts, note, signal }: StepContext,
): Promise<void> {
  const { subject } = request;
  const mask =
    request.mask === undefined ? null : readNifti(await readForeign(request.mask), shownPath(request.mask));
  const read = await readPlaced(request, mask, signal);
  const samples = request.transpose ? transposed(read.samples) : read.samples;
  const names = request.stimuli === undefined ? read.names : await namesOfTable(request);
  const ids = idsOf(inputs, names, { request, samples, note });
  if (mask) requireColumns(request, samples, mask);
  const { stimulusIds, responses } = averaged(ids, samples, note);
  const counts = await writeResponses(artifacts, subject, {
    ...{ stimulusIds, responses, runs: null },
    repeats: await writeRepeats(artifacts, subject, { samples, ids }),
    places: read.places,
    source: `imported from ${shownPath(request.file).replace(/^.*[/\\]/, '')}`,
  });
  note(`${responses.nRows} stimuli x ${responses.nColumns.toLocaleString('en-US')} voxels`);
  noteVoxels({ counts }, note);
}

async function readPlaced(
  request: ResponsesImport,
  mask: Volume | null,
  signal: AbortSignal | undefined,
): Promise<Samples & { readonly places: BrainPlaces | null }> {
  if (!isOnSurface(request)) {
    return { ...(await readSamples(request, mask, signal)), places: mask && placesOf(mask) };
  }
  const unfit = mask ? '--mask' : request.transpose ? '--transpose' : null;
  if (unfit === null) return { ...(await readSurfaceSamples(request)), names: null };
  throw configError({
    problem: `${unfit} does not go together with responses on surfaces.`,
    where: { field: unfit },
    remedy: 'Leave it out: one row (or map) per sample, one column per vertex or grayordinate.',
  });
}

const placesOf = (mask: Volume): BrainPlaces => ({
  kind: 'volume',
  shape: mask.shape,
  affine: mask.affine,
  voxels: maskVoxels(mask),
});

async function namesOfTable({ stimuli, column }: ResponsesImport): Promise<string[]> {
  const table = parseDelimited(await readForeign(stimuli!), shownPath(stimuli!));
  const at = table.header.indexOf(column ?? 'stimulus_id');
  if (at >= 0 || column === undefined) return table.rows.map((cells) => cells[Math.max(0, at)]);
  throw inputError({
    problem: `has no column "${column}"; it has ${table.header.join(', ')}.`,
    where: { file: table.file },
  });
}

/** The study's id of every sample; null for samples that show no stimulus of the study. */
function idsOf(
  { stimuli }: StudyInputs,
  names: readonly string[] | null,
  { request, samples, note }: { request: ResponsesImport; samples: Matrix; note(text: string): void },
): (string | null)[] {
  const given = names ?? stimuli.ids;
  const isBdata = request.key !== undefined;
  if (given.length !== samples.nRows) {
    const hint = given.length === samples.nColumns ? ' Stimuli seem to be in columns: add --transpose.' : '';
    throw inputError({
      problem: `has ${samples.nRows} rows; ${names ? 'the table of stimuli' : 'the study'} has ${given.length}.${hint}`,
      where: { file: shownPath(request.file) },
      remedy: isBdata
        ? 'Name the column that says what was shown with --stimulus-key, or give one row per sample with --stimuli TABLE.'
        : 'Give one row per sample with: --stimuli TABLE.',
    });
  }
  if (!names) return [...stimuli.ids];
  const matcher = matchIds(stimuli.ids);
  const ids = names.map((name) => {
    const found = matcher.find(name);
    return typeof found === 'number' ? stimuli.ids[found] : null;
  });
  const unknown = names.filter((_, i) => ids[i] === null);
  if (unknown.length === names.length) {
    throw inputError({
      problem: `names ${names.slice(0, 3).join(', ')}; none of them is a stimulus of the study (${stimuli.ids.slice(0, 3).join(', ')}, ...).`,
      where: { file: shownPath(request.stimuli ?? request.file) },
      remedy: request.stimuli
        ? 'Use the ids of the stimulus table, or name their column with --column.'
        : 'Name another column with --stimulus-key, or give one row per sample with --stimuli TABLE.',
    });
  }
  if (unknown.length > 0) {
    const shown = [...new Set(unknown)];
    const who = `${shown.slice(0, 3).join(', ')}${shown.length > 3 ? ', ...' : ''} not in the study`;
    note(`${unknown.length} of ${names.length} samples left out: ${who}`);
  }
  return ids;
}

function requireColumns(request: ResponsesImport, { nColumns }: Matrix, mask: Volume): void {
  const nVoxels = maskVoxels(mask).length;
  if (nVoxels === nColumns) return;
  throw inputError({
    problem: `has ${nColumns} columns; the mask ${mask.file} has ${nVoxels} voxels.`,
    where: { file: shownPath(request.file) },
    remedy:
      'Columns are the voxels of the mask that are not 0, x fastest. Give the mask that the responses were taken with.',
  });
}

/** One row per stimulus, in the order of its first sample: the mean of its samples. */
function averaged(
  ids: readonly (string | null)[],
  samples: Matrix,
  note: (text: string) => void,
): { stimulusIds: string[]; responses: Matrix } {
  const rows = new Map<string, number[]>();
  ids.forEach((id, row) => {
    if (id !== null) rows.set(id, [...(rows.get(id) ?? []), row]);
  });
  const { nColumns, data } = samples;
  const isOneEach = rows.size === ids.length;
  if (isOneEach && data instanceof Float32Array) return { stimulusIds: [...rows.keys()], responses: samples };
  const result = new Float32Array(rows.size * nColumns);
  let most = 1;
  [...rows.values()].forEach((own, r) => {
    most = Math.max(most, own.length);
    for (let c = 0; c < nColumns; c++) {
      let sum = 0;
      for (const row of own) sum += data[row * nColumns + c];
      result[r * nColumns + c] = sum / own.length;
    }
  });
  if (most > 1) note(`stimuli with several samples (up to ${most}) are averaged`);
  return { stimulusIds: [...rows.keys()], responses: { nRows: rows.size, nColumns, data: result } };
}
