import { keyOf } from '#dist/numerics/index.js';
import { sampleDyads, sampleDyadsReference } from '#dist/trials/dyads.js';
import { formatTripletText, readTripletText } from '#dist/trials/index.js';

/** P1's training design. */
const nStimuli = 2180;
const thirdsPerDyad = 3;

/** P1's 7,125,330 trials; ratio: to the plain reference, per trial, measured at 300 stimuli. */
export function sample7m() {
  const key = keyOf('bench');
  const slow = secondsOf(() => sampleDyadsReference({ nStimuli: 300, thirdsPerDyad, key }));
  const fast = fastestOf(3, () => sampleDyads({ nStimuli, thirdsPerDyad, key }));
  const ratio = slow.seconds / slow.result.nTrials / (fast.seconds / fast.result.nTrials);
  return row('trials/sample-7m', fast.seconds, ratio, 'plain TypeScript reference, per trial');
}

/** 7,125,330 lines `i j k`; ratio: to split, parse and push per line, measured on the first million lines. */
export function readText7m() {
  const trials = sampleDyads({ nStimuli, thirdsPerDyad, key: keyOf('bench') });
  const choice = Uint8Array.from({ length: trials.nTrials }, (_, trial) => trial % 3);
  const bytes = joined([...formatTripletText(trials, choice)]);
  const fast = fastestOf(3, () => readTripletText(bytes, 'bench.txt', { nStimuli }));
  const head = bytes.subarray(0, bytes.length >> 3);
  const slow = secondsOf(() => splitLines(head));
  const ratio = slow.seconds / slow.result.length / (fast.seconds / trials.nTrials);
  return row('trials/read-text-7m', fast.seconds, ratio, 'String.split and Number, per line');
}

function row(name: string, value: number, ratio: number, baseline: string) {
  return { name, value, unit: 's', ratio, baseline, peakMb: process.resourceUsage().maxRSS / 1024 };
}

function secondsOf<Result>(work: () => Result): { seconds: number; result: Result } {
  const start = performance.now();
  const result = work();
  return { seconds: (performance.now() - start) / 1000, result };
}

function fastestOf<Result>(times: number, work: () => Result) {
  let best = secondsOf(work);
  for (let turn = 1; turn < times; turn++) {
    const next = secondsOf(work);
    if (next.seconds < best.seconds) best = next;
  }
  return best;
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

function splitLines(bytes: Uint8Array): number[][] {
  const lines = new TextDecoder().decode(bytes).split('\n');
  return lines.map((line) => line.split(' ').map(Number));
}
