import { keyOf, Random, split } from '#dist/numerics/index.js';
import type { Ratings } from '#dist/stimuli/index.js';

/** P1's training design: 2,180 stimuli, three thirds per dyad, 7,125,330 trials. */
export const nStimuli = 2180;
export const thirdsPerDyad = 3;

const shareOfZeros = 0.74;

/** Made-up ratings; like the 34 published categories, three quarters of the cells are 0. */
export function sparseRatings(nScales = 34): Ratings {
  const random = new Random(split(keyOf('bench'), 'ratings'));
  const draw = () => (random.uniform() < shareOfZeros ? 0 : random.uniform());
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
