import { keyOf } from '#dist/numerics/index.js';
import { formatTripletText, readTripletText, sampleDyads } from '#dist/trials/index.js';
import { runBaseline } from './baseline.js';
import { type BenchRow, fastestOf, peakMb } from './row.js';
import { nStimuli, thirdsPerDyad } from './sparse-ratings.js';

/** P1's 7,125,330 trials; ratio: to the same design drawn with NumPy. */
export function sample7m(name: string): BenchRow {
  const key = keyOf('bench');
  const value = fastestOf(3, () => sampleDyads({ nStimuli, thirdsPerDyad, key }));
  const memory = peakMb();
  return { name, value, unit: 's', ...sampleRatio(value), peakMb: memory };
}

function sampleRatio(seconds: number) {
  const answer = runBaseline<{ seconds: number; numpy: string }>('sample_dyads.py', new Uint8Array(), [
    nStimuli,
    thirdsPerDyad,
  ]);
  if ('absent' in answer) return { baseline: answer.absent };
  const { facts } = answer;
  return {
    ratio: facts.seconds / seconds,
    baseline: `NumPy ${facts.numpy}, vectorised, np.unique against duplicates`,
  };
}

/** 7,125,330 lines `i j k`; ratio: to NumPy's fastest reader on the first million lines, per byte. */
export function readText7m(name: string): BenchRow {
  const trials = sampleDyads({ nStimuli, thirdsPerDyad, key: keyOf('bench') });
  const choice = Uint8Array.from({ length: trials.nTrials }, (_, trial) => trial % 3);
  const bytes = joined([...formatTripletText(trials, choice)]);
  const value = fastestOf(3, () => readTripletText(bytes, 'bench.txt', { nStimuli }));
  const memory = peakMb();
  return { name, value, unit: 's', ...readRatio(value, bytes), peakMb: memory };
}

function readRatio(seconds: number, bytes: Uint8Array) {
  const slice = bytes.subarray(0, bytes.indexOf(10, Math.floor(bytes.length / 7)) + 1);
  const answer = runBaseline<{ seconds: number; numpy: string; reader: string }>('read_text.py', slice, [
    nStimuli,
  ]);
  if ('absent' in answer) return { baseline: answer.absent };
  const { facts } = answer;
  return {
    ratio: facts.seconds / slice.length / (seconds / bytes.length),
    baseline: `NumPy ${facts.numpy} ${facts.reader} with the same checks, per byte`,
  };
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const result = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let end = 0;
  for (const chunk of chunks) {
    result.set(chunk, end);
    end += chunk.length;
  }
  return result;
}
