import { inputError, throwIfCancelled } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import type { Watch } from '../../numerics/progress.js';
import type { Confounds } from './confounds.js';
import { despike } from './despike.js';
import { type EventFrames, eventFrames, type StimulusEvent } from './events.js';
import { type NuisanceBasis, nuisanceBasis, regressOut } from './nuisance.js';
import { checkResponseOptions, p1Responses, type ResponseOptions } from './options.js';

/** One run as it was preprocessed. */
export interface RunSeries {
  /** Names the run in messages. */
  readonly run: string;
  readonly session: string | null;
  /** nFrames x nVoxels. */
  readonly series: Matrix;
  /** Seconds between frames. */
  readonly repetitionTime: number;
  /** `null` to regress out drifts alone. */
  readonly confounds: Confounds | null;
  readonly events: readonly StimulusEvent[];
}

/** Block averages of one run, not yet z-scored. */
export interface RunResponses {
  readonly run: string;
  readonly session: string | null;
  /** One per event. */
  readonly stimuli: readonly string[];
  /** nEvents x nVoxels, float32. NaN in voxels with a frame that is not finite. */
  readonly responses: Matrix;
  /** Values that despiking changed, of nFrames x nVoxels. */
  readonly nSpikes: number;
  /** Regressors left out because the others hold them already. */
  readonly redundant: readonly string[];
  readonly confounds: readonly string[];
}

/** Voxels worked on at once, in float64. */
const blockSize = 512;

/**
 * The response of every voxel to every event of a run: nuisances regressed out, events shifted, spikes removed, frames averaged.
 * In float64 and some hundred voxels at a time; `series` is not changed. Memory: nFrames x 512 numbers beside the result.
 *
 * @throws AffectomeError `input` for events outside the run, confounds of another length, and impossible repetition times;
 * `config` for impossible options; `cancelled`.
 */
export function runResponses(
  given: RunSeries,
  options: Partial<ResponseOptions> = {},
  watch: Watch = {},
): RunResponses {
  const chosen = { ...p1Responses, ...options };
  checkResponseOptions(chosen);
  const { run, session, series, confounds, events } = given;
  const { nRows: nFrames, nColumns: nVoxels } = series;
  const windows = windowsOf(given, chosen);
  const basis = nuisanceBasis(nFrames, { drift: chosen.drift, confounds, run });
  const data = new Float32Array(events.length * nVoxels);
  let nSpikes = 0;
  for (let start = 0; start < nVoxels; start += blockSize) {
    throwIfCancelled(watch.signal);
    const end = Math.min(start + blockSize, nVoxels);
    const block = { series, basis, windows, start, end };
    nSpikes += fillBlock(data, block, chosen);
    watch.onProgress?.({ task: run, done: end, total: nVoxels, unit: 'voxels' });
  }
  const responses = { nRows: events.length, nColumns: nVoxels, data };
  const stimuli = events.map(({ stimulus }) => stimulus);
  const names = confounds?.names ?? [];
  return { run, session, stimuli, responses, nSpikes, redundant: basis.redundant, confounds: names };
}

function windowsOf(
  { run, series, repetitionTime, events }: RunSeries,
  options: ResponseOptions,
): EventFrames[] {
  if (!(repetitionTime > 0 && Number.isFinite(repetitionTime))) {
    throw inputError({
      problem: `has the repetition time ${repetitionTime} s; expected seconds above 0.`,
      where: { file: run },
      remedy: 'State it (repetitionTime, --tr).',
    });
  }
  return events.map((event) => eventFrames(event, { run, nFrames: series.nRows, repetitionTime }, options));
}

interface Block {
  readonly series: Matrix;
  readonly basis: NuisanceBasis;
  readonly windows: readonly EventFrames[];
  readonly start: number;
  readonly end: number;
}

function fillBlock(data: Float32Array, block: Block, options: ResponseOptions): number {
  const { series, basis, windows, start, end } = block;
  const { nRows: nFrames, nColumns } = series;
  const nVoxels = end - start;
  const own = new Float64Array(nFrames * nVoxels);
  for (let f = 0; f < nFrames; f++)
    own.set(series.data.subarray(f * nColumns + start, f * nColumns + end), f * nVoxels);
  const missing = missingVoxels(own, nVoxels);
  regressOut(own, basis, nVoxels);
  const nSpikes = despike(own, { nFrames, nVoxels }, options.despike);
  for (const [e, window] of windows.entries()) {
    const averages = weightedMean(own, nVoxels, window);
    for (let v = 0; v < nVoxels; v++) data[e * nColumns + start + v] = missing[v] ? Number.NaN : averages[v];
  }
  return nSpikes;
}

/** 1 where a frame is not finite; such voxels are set to 0 meanwhile. */
function missingVoxels(series: Float64Array, nVoxels: number): Uint8Array {
  const missing = new Uint8Array(nVoxels);
  for (let i = 0; i < series.length; i++) if (!Number.isFinite(series[i])) missing[i % nVoxels] = 1;
  for (let i = 0; i < series.length; i++) if (missing[i % nVoxels]) series[i] = 0;
  return missing;
}

/** Over frames that are not NaN; NaN without any. */
function weightedMean(series: Float64Array, nVoxels: number, { first, weights }: EventFrames): Float64Array {
  const sums = new Float64Array(nVoxels);
  const totals = new Float64Array(nVoxels);
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i];
    if (weight === 0) continue;
    const at = (first + i) * nVoxels;
    for (let v = 0; v < nVoxels; v++) {
      const value = series[at + v];
      if (Number.isNaN(value)) continue;
      sums[v] += weight * value;
      totals[v] += weight;
    }
  }
  return sums.map((sum, v) => (totals[v] > 0 ? sum / totals[v] : Number.NaN));
}
