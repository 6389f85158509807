import { configError, inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { p1Responses, type ResponseOptions, responseSteps } from './options.js';
import type { RunResponses } from './run-responses.js';
import { zScoreRows } from './z-score.js';

/** Responses of one subject. */
export interface Responses {
  /** One per row: a stimulus' id; ids repeat where repeats are kept. In the order in which they were first shown. */
  readonly stimuli: readonly string[];
  /** nStimuli x nVoxels, float32. NaN where a voxel has no response; 0 in voxels that never change. */
  readonly responses: Matrix;
  /** Events averaged in each row. */
  readonly nRepeats: Uint32Array;
  /** Index into `runNames` of the run in which each row's stimulus was first shown: folds by run keep its neighbours together. */
  readonly runs: Uint32Array;
  readonly runNames: readonly string[];
  /** Every event by itself, in the order shown: what `responses` are the means of. */
  readonly events: { readonly stimuli: readonly string[]; readonly responses: Matrix };
  /** Voxels with a row that is NaN. */
  readonly nMissing: number;
  /** Voxels that did not vary in at least one scope of the z scores. */
  readonly nConstant: number;
  readonly nSpikes: number;
  /** What was done, in words. */
  readonly steps: readonly string[];
}

/**
 * Joins the runs of one subject: z scores, then averages over repeats.
 * @throws AffectomeError `input` for runs of different voxels, for z scores over a single event, and per session without sessions.
 */
export function joinRuns(runs: readonly RunResponses[], options: Partial<ResponseOptions> = {}): Responses {
  const chosen = { ...p1Responses, ...options };
  const all = stacked(runs);
  const nConstant = zScored(all, runs, chosen.zScore);
  const events = runs.flatMap(({ stimuli }, run) => stimuli.map((stimulus) => ({ stimulus, run })));
  const rows = chosen.repeats === 'keep' ? events.map((_, e) => [e]) : rowsByStimulus(events);
  const responses = rows.every((own) => own.length === 1) ? all : averaged(all, rows);
  return {
    stimuli: rows.map(([first]) => events[first].stimulus),
    responses,
    nRepeats: Uint32Array.from(rows, (own) => own.length),
    runs: Uint32Array.from(rows, ([first]) => events[first].run),
    runNames: runs.map(({ run }) => run),
    events: { stimuli: events.map(({ stimulus }) => stimulus), responses: all },
    nMissing: countMissing(responses),
    nConstant,
    nSpikes: runs.reduce((sum, run) => sum + run.nSpikes, 0),
    steps: responseSteps(chosen, runs[0].confounds),
  };
}

function stacked(runs: readonly RunResponses[]): Matrix {
  if (runs.length === 0) throw configError({ problem: 'There is no run.' });
  const nColumns = runs[0].responses.nColumns;
  const other = runs.find(({ responses }) => responses.nColumns !== nColumns);
  if (other) {
    throw inputError({
      problem: `has ${other.responses.nColumns} voxels, ${runs[0].run} has ${nColumns}; expected the same ones.`,
      where: { file: other.run },
      remedy: 'Use one mask and one space for all runs.',
    });
  }
  const nRows = runs.reduce((sum, { responses }) => sum + responses.nRows, 0);
  const data = new Float32Array(nRows * nColumns);
  let at = 0;
  for (const { responses } of runs) {
    data.set(responses.data, at);
    at += responses.data.length;
  }
  return { nRows, nColumns, data };
}

/** @returns how many voxels did not vary in some scope */
function zScored(all: Matrix, runs: readonly RunResponses[], scope: ResponseOptions['zScore']): number {
  if (scope === 'none') return 0;
  const groups = new Map<string, number[]>();
  let row = 0;
  for (const { run, session, stimuli } of runs) {
    const name = scope === 'all' ? 'all runs' : scope === 'run' ? run : sessionOf(run, session);
    if (!groups.has(name)) groups.set(name, []);
    for (let e = 0; e < stimuli.length; e++) groups.get(name)!.push(row++);
  }
  const isConstant = new Uint8Array(all.nColumns);
  for (const [name, rows] of groups) {
    const constant = zScoreRows(all, rows, name);
    for (let c = 0; c < constant.length; c++) isConstant[c] |= constant[c];
  }
  return isConstant.reduce((sum, one) => sum + one, 0);
}

function sessionOf(run: string, session: string | null): string {
  if (session !== null) return `session ${session}`;
  throw inputError({
    problem: 'belongs to no session (ses- in its name); z scores were asked for by session.',
    where: { file: run },
    remedy: 'Take z scores over each run or over all (zScore, under brain.responses).',
  });
}

function rowsByStimulus(events: readonly { stimulus: string }[]): number[][] {
  const rows = new Map<string, number[]>();
  for (const [e, { stimulus }] of events.entries()) {
    if (!rows.has(stimulus)) rows.set(stimulus, []);
    rows.get(stimulus)!.push(e);
  }
  return [...rows.values()];
}

/** Means over the rows of each stimulus that are not NaN. */
function averaged({ nColumns, data }: Matrix, rows: readonly (readonly number[])[]): Matrix {
  const result = new Float32Array(rows.length * nColumns);
  for (const [r, own] of rows.entries()) {
    for (let c = 0; c < nColumns; c++) {
      let sum = 0;
      let n = 0;
      for (const event of own) {
        const value = data[event * nColumns + c];
        if (Number.isNaN(value)) continue;
        sum += value;
        n++;
      }
      result[r * nColumns + c] = n > 0 ? sum / n : Number.NaN;
    }
  }
  return { nRows: rows.length, nColumns, data: result };
}

function countMissing({ nRows, nColumns, data }: Matrix): number {
  let nMissing = 0;
  for (let c = 0; c < nColumns; c++) {
    let r = 0;
    while (r < nRows && !Number.isNaN(data[r * nColumns + c])) r++;
    if (r < nRows) nMissing++;
  }
  return nMissing;
}
