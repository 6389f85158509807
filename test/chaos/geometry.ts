import { chance } from './hash.js';

/** The planted truth: `weights` is nStimuli x nComponents, row-major, non-negative. */
export interface Geometry {
  readonly weights: Float32Array;
  readonly nStimuli: number;
  readonly nComponents: number;
}

export interface PlantOptions {
  readonly nStimuli: number;
  readonly nComponents: number;
  readonly seed: number;
  /** Share of weights that are not zero. */
  readonly density?: number;
  /** Weights that are not zero are uniform up to this. */
  readonly largest?: number;
}

/** Sparse and non-negative, the same for the same options in every process. */
export function plantGeometry(options: PlantOptions): Geometry {
  const { nStimuli, nComponents, seed, density = 0.25, largest = 2 } = options;
  const weights = new Float32Array(nStimuli * nComponents);
  for (let i = 0; i < weights.length; i++)
    weights[i] = chance(seed, 1, i) < density ? chance(seed, 2, i) * largest : 0;
  return { weights, nStimuli, nComponents };
}

/** p(first is odd), p(second), p(third): softmax of the similarity of the pair that stays, plus log-odds per position. */
export function oddProbabilities(
  geometry: Geometry,
  shown: readonly [number, number, number],
  bias: readonly [number, number, number] = [0, 0, 0],
): [number, number, number] {
  const [a, b, c] = shown;
  const logits = [
    similarity(geometry, b, c) + bias[0],
    similarity(geometry, a, c) + bias[1],
    similarity(geometry, a, b) + bias[2],
  ];
  const top = Math.max(logits[0], logits[1], logits[2]);
  const odds = logits.map((logit) => Math.exp(logit - top));
  const total = odds[0] + odds[1] + odds[2];
  return [odds[0] / total, odds[1] / total, odds[2] / total];
}

function similarity({ weights, nComponents }: Geometry, i: number, j: number): number {
  let dot = 0;
  for (let c = 0, a = i * nComponents, b = j * nComponents; c < nComponents; c++)
    dot += weights[a++] * weights[b++];
  return dot;
}
