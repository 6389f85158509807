import type { TrainingSet } from '#dist/embedding/training-set.js';
import { keyOf, Random, split } from '#dist/numerics/random.js';

/** Trials answered by a known sparse non-negative embedding through the SPoSE softmax; a tenth is held out. */
export function plantedData(options: {
  nStimuli: number;
  nComponents: number;
  nTrials: number;
  seed: number;
}) {
  const { nStimuli, nComponents, nTrials, seed } = options;
  const random = new Random(split(keyOf(seed), 'planted'));
  const truth = new Float32Array(nStimuli * nComponents);
  for (let i = 0; i < truth.length; i++) if (random.uniform() < 0.2) truth[i] = 0.5 + 2 * random.uniform();
  const oddLast = new Uint32Array(3 * nTrials);
  for (let t = 0; t < nTrials; t++) {
    const shown = random.sample(nStimuli, 3);
    const e = [
      [0, 1],
      [0, 2],
      [1, 2],
    ].map(([a, b]) => {
      let sum = 0;
      for (let c = 0; c < nComponents; c++)
        sum += truth[shown[a] * nComponents + c] * truth[shown[b] * nComponents + c];
      return Math.exp(sum);
    });
    const draw = random.uniform() * (e[0] + e[1] + e[2]);
    const odd = draw < e[0] ? 2 : draw < e[0] + e[1] ? 1 : 0;
    const kept = [0, 1, 2].filter((place) => place !== odd);
    oddLast.set([shown[kept[0]], shown[kept[1]], shown[odd]], 3 * t);
  }
  const nHeldOut = Math.floor(nTrials / 10);
  const part = (from: number, to: number): TrainingSet => ({
    nStimuli,
    nTrials: to - from,
    oddLast: oddLast.slice(3 * from, 3 * to),
  });
  return {
    truth,
    nStimuli,
    nPlanted: nComponents,
    training: part(nHeldOut, nTrials),
    heldOut: part(0, nHeldOut),
  };
}
