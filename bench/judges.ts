import { ratingsJudge } from '#dist/judges/index.js';
import { keyOf, Random } from '#dist/numerics/index.js';
import type { Ratings } from '#dist/stimuli/index.js';
import { sampleDyads, type Trials } from '#dist/trials/index.js';

const nStimuli = 2180;
const nScales = 34;

/** P1's 7,125,330 trials judged from 34 ratings of 2,180 stimuli, cosine matrix included; ratio: to a plain loop, per trial. */
export function ratings7m() {
  const ratings = sparseRatings();
  const trials = sampleDyads({ nStimuli, thirdsPerDyad: 3, key: keyOf('bench') });
  const fast = fastestOf(3, () => ratingsJudge(ratings).answer(trials, keyOf(1)));
  const nPlain = 200_000;
  const plain = fastestOf(1, () => plainChoices(ratings, trials, nPlain));
  return {
    name: 'judges/ratings-7m',
    value: fast,
    unit: 's',
    ratio: plain / nPlain / (fast / trials.nTrials),
    baseline: 'plain TypeScript loop, cosines per trial',
    peakMb: process.resourceUsage().maxRSS / 1024,
  };
}

/** Like the published ratings, three quarters of the cells are 0. */
function sparseRatings(): Ratings {
  const random = new Random(keyOf('bench ratings'));
  const draw = () => (random.uniform() < 0.74 ? 0 : random.uniform());
  return {
    name: 'bench',
    scales: Array.from({ length: nScales }, (_, s) => ({
      name: `scale ${s}`,
      kind: 'category' as const,
      min: 0,
      max: 1,
    })),
    nStimuli,
    values: Float64Array.from({ length: nStimuli * nScales }, draw),
  };
}

function plainChoices({ values }: Ratings, { triplets }: Trials, nTrials: number): Uint8Array {
  const vector = (stimulus: number) => values.subarray(stimulus * nScales, (stimulus + 1) * nScales);
  const cosine = (a: Float64Array, b: Float64Array) => {
    let [ab, aa, bb] = [0, 0, 0];
    for (let s = 0; s < nScales; s++) {
      ab += a[s] * b[s];
      aa += a[s] * a[s];
      bb += b[s] * b[s];
    }
    return ab / Math.sqrt(aa * bb);
  };
  return Uint8Array.from({ length: nTrials }, (_, t) => {
    const [i, j, k] = [0, 1, 2].map((place) => vector(triplets[3 * t + place]));
    const kept = [cosine(j, k), cosine(i, k), cosine(i, j)];
    return kept.indexOf(Math.max(...kept));
  });
}

function fastestOf(times: number, work: () => unknown): number {
  let best = Infinity;
  for (let turn = 0; turn < times; turn++) {
    const start = performance.now();
    work();
    best = Math.min(best, (performance.now() - start) / 1000);
  }
  return best;
}
