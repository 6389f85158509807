import { ratingsJudge } from '#dist/judges/index.js';
import { keyOf } from '#dist/numerics/index.js';
import { sampleDyads } from '#dist/trials/index.js';
import { runBaseline } from './baseline.js';
import { type BenchRow, fastestOf, peakMb } from './row.js';
import { nStimuli, sparseRatings, thirdsPerDyad } from './sparse-ratings.js';

/** P1's 7,125,330 trials judged from 34 ratings of 2,180 stimuli, cosine matrix included; ratio: to NumPy on the same trials. */
export function ratings7m(name: string): BenchRow {
  const ratings = sparseRatings();
  const trials = sampleDyads({ nStimuli, thirdsPerDyad, key: keyOf('bench') });
  const value = fastestOf(3, () => ratingsJudge(ratings).answer(trials, keyOf(1)));
  const memory = peakMb();
  return { name, value, unit: 's', ...numpyRatio(value, trials.triplets), peakMb: memory };
}

function numpyRatio(seconds: number, triplets: Uint32Array) {
  const { buffer, byteOffset, byteLength } = triplets;
  const input = new Uint8Array(buffer, byteOffset, byteLength);
  const answer = runBaseline<{ seconds: number; numpy: string }>('judge_ratings.py', input, [nStimuli, 34]);
  if ('absent' in answer) return { baseline: answer.absent };
  const { facts } = answer;
  return {
    ratio: facts.seconds / seconds,
    baseline: `NumPy ${facts.numpy}, cosine matrix, gather, argmax, ties at random`,
  };
}
