import { inputError } from '../../numerics/errors.js';
import { type Key, split } from '../../numerics/random.js';
import type { Captions } from '../../stimuli/captions.js';
import { trialCoin } from '../coin.js';
import type { ChatQuestion } from './question.js';

type CaptionIndices = readonly [number, number, number];

/**
 * Draws one caption for each shown stimulus of a question, each of its captions equally likely (P1: "randomly sampled from the
 * 20 available captions for each trial"). The draw belongs to the question's number and the key alone: however a run is
 * stopped, split or repeated, the same question gets the same captions.
 */
export function captionDrawer(
  captions: Captions,
  key: Key,
): (question: Pick<ChatQuestion, 'number' | 'shown'>) => CaptionIndices {
  const keys = [0, 1, 2].map((place) => split(key, 'caption', place));
  const draw = (number: number, place: number, stimulus: number) =>
    Math.floor(trialCoin(keys[place], number) * captions.texts[stimulus].length);
  return ({ number, shown }) => [
    draw(number, 0, shown[0]),
    draw(number, 1, shown[1]),
    draw(number, 2, shown[2]),
  ];
}

/** The question with its captions recorded. */
export function drawCaptions(question: ChatQuestion, captions: Captions, key: Key): ChatQuestion {
  return { ...question, captions: captionDrawer(captions, key)(question) };
}

const nListed = 10;

/** @throws AffectomeError `input` naming the stimuli that have no caption */
export function requireCaptions(captions: Captions, ids: readonly string[]): void {
  const without = ids.filter((_, stimulus) => !captions.texts[stimulus]?.length);
  if (without.length === 0) return;
  const more = without.length > nListed ? ` and ${without.length - nListed} more` : '';
  throw inputError({
    problem: `${without.length} of ${ids.length} stimuli have no caption: ${without.slice(0, nListed).join(', ')}${more}.`,
    where: { field: 'stimuli.captions' },
    remedy: 'Add captions, take these stimuli out (stimuli.subset), or choose a prompt that shows media.',
  });
}
