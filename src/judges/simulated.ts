import { inputError } from '../numerics/errors.js';
import { gram, type Matrix } from '../numerics/matrix.js';
import { type Key, split } from '../numerics/random.js';
import type { Trials } from '../trials/trials.js';
import { trialCoin } from './coin.js';
import type { OfflineJudge } from './judge.js';
import type { SimulatedJudgeOptions } from './options.js';
import { answerBySimilarity, choiceOutcomes, inChunks } from './similarity.js';

type Options = Partial<Pick<SimulatedJudgeOptions, 'temperature' | 'deterministic' | 'description'>>;

/**
 * Draws choices from a known embedding: pair (i, j) is kept with probability softmax(x_i.x_j / temperature) over the
 * three pairs (SPoSE, Zheng et al. 2019; Hebart et al. 2020, doi:10.1038/s41562-020-00951-3). The draw belongs to the
 * trial, so repeats of a triplet vary. `deterministic` gives the most probable answer, ties by the trial's coin. The
 * probabilities are filled in either way.
 *
 * @param embedding nStimuli x nComponents.
 */
export function simulatedJudge(
  embedding: Matrix,
  { temperature = 1, deterministic = false, description }: Options = {},
): OfflineJudge {
  if (!embedding.data.every(Number.isFinite)) {
    throw inputError({
      problem: 'The embedding holds numbers that are not finite.',
      remedy: 'Use a fitted embedding.',
    });
  }
  const similarity = gram(embedding);
  for (let cell = 0; cell < similarity.data.length; cell++) similarity.data[cell] /= temperature;
  const rule = deterministic ? 'most probable choice' : 'choice drawn';
  return {
    kind: 'simulated',
    description:
      description ??
      `${rule} from a known embedding of ${embedding.nColumns} components, temperature ${temperature}`,
    warnings: [],
    answer(trials, key, watch = {}) {
      if (deterministic) {
        const probabilities = new Float32Array(3 * trials.nTrials);
        fillProbabilities(similarity, trials, 0, trials.nTrials, probabilities);
        return { ...answerBySimilarity(similarity, trials, key, watch), probabilities };
      }
      return drawAnswers(similarity, trials, split(key, 'draw'), watch);
    },
  };
}

function drawAnswers(similarity: Matrix, trials: Trials, key: Key, watch: Parameters<typeof inChunks>[1]) {
  const probabilities = new Float32Array(3 * trials.nTrials);
  const choice = new Uint8Array(trials.nTrials);
  inChunks(trials.nTrials, watch, (start, end) => {
    fillProbabilities(similarity, trials, start, end, probabilities);
    for (let trial = start; trial < end; trial++) {
      const coin = trialCoin(key, trial);
      const first = probabilities[3 * trial];
      choice[trial] = coin < first ? 0 : coin < first + probabilities[3 * trial + 1] ? 1 : 2;
    }
    return 0;
  });
  return { nTrials: trials.nTrials, choice, outcome: choiceOutcomes(choice), probabilities, nTies: 0 };
}

/** Place p is odd with the probability that the pair of the other two is kept; softmax with the maximum taken out. */
function fillProbabilities(
  { data }: Matrix,
  { nStimuli, triplets }: Trials,
  start: number,
  end: number,
  probabilities: Float32Array,
): void {
  for (let at = 3 * start; at < 3 * end; at += 3) {
    const i = triplets[at] * nStimuli;
    const j = triplets[at + 1];
    const k = triplets[at + 2];
    const jk = data[j * nStimuli + k];
    const ik = data[i + k];
    const ij = data[i + j];
    const top = Math.max(jk, ik, ij);
    const odd0 = Math.exp(jk - top);
    const odd1 = Math.exp(ik - top);
    const odd2 = Math.exp(ij - top);
    const scale = 1 / (odd0 + odd1 + odd2);
    probabilities[at] = odd0 * scale;
    probabilities[at + 1] = odd1 * scale;
    probabilities[at + 2] = odd2 * scale;
  }
}
