import type { WrittenPrompt } from '../prompts-definition.js';

/** The general question, for studies of anything: `aspect` says in what respect, `item` what the stimuli are called. */
const fill = { aspect: 'meaning', item: 'Video' };

const task =
  '{item} 1, {item} 2 and {item} 3 are shown one after another. Two of them go together in {aspect}; the third differs most from these two. It is the odd one out in {aspect}.';
const shown = '{item} 1:{media_1}{item} 2:{media_2}{item} 3:{media_3}';
const listed = '{item} 1: {caption_1}\n{item} 2: {caption_2}\n{item} 3: {caption_3}';
const inWords =
  'Describe each in one sentence, as far as its {aspect} is concerned. Then name the odd one out in a last line of this form, with its number in place of N: "{item} N is the odd one out". Choose exactly one, and never by its number or place.';
const inOneNumber =
  'Which one is the odd one out in {aspect}? Choose exactly one, and never by its number or place. Answer with its number only: 1, 2 or 3.';

const prompt = (
  name: string,
  description: string,
  text: string,
  answer: 'text' | 'choice',
): WrittenPrompt => ({
  name,
  description,
  answer,
  fill,
  messages: [{ role: 'user', text }],
});

export const oddOneOut = prompt(
  'odd-one-out',
  'The odd one out of three clips or pictures in one aspect, meaning by default; described first.',
  `${task}\n${shown}${inWords}`,
  'text',
);

export const oddOneOutChoice = prompt(
  'odd-one-out-choice',
  'The odd one out of three clips or pictures in one aspect; the answer is the number alone.',
  `${task}\n${shown}${inOneNumber}`,
  'choice',
);

export const oddOneOutCaptions = prompt(
  'odd-one-out-captions',
  'The odd one out of three captions in one aspect, meaning by default; described first.',
  `${task}\n\n${listed}\n\n${inWords}`,
  'text',
);

export const oddOneOutCaptionsChoice = prompt(
  'odd-one-out-captions-choice',
  'The odd one out of three captions in one aspect; the answer is the number alone.',
  `${task}\n\n${listed}\n\n${inOneNumber}`,
  'choice',
);
