import type { WrittenPrompt } from '../prompts-definition.js';

/** Short forms that ask for the number alone, for servers that can hold the reply to 1, 2 or 3. */
const emotion =
  'Which one evokes an emotional response that is noticeably different from the other two? Judge by the emotional tone, never by the number or the place of a video. Answer with its number only: 1, 2 or 3.';

export const interleavedChoice: WrittenPrompt = {
  name: 'interleaved-choice',
  description: 'Three numbered clips, then the question of P1; the answer is the number alone.',
  answer: 'choice',
  messages: [
    {
      role: 'user',
      text: `You are an expert in the emotions that videos evoke. You see three videos.\nVideo 1:{media_1}Video 2:{media_2}Video 3:{media_3}${emotion}`,
    },
  ],
};

export const captionsChoice: WrittenPrompt = {
  name: 'captions-choice',
  description: 'Three numbered captions, then the question of P1; the answer is the number alone.',
  answer: 'choice',
  messages: [
    {
      role: 'user',
      text: `You are an expert in the emotions that videos evoke. You read the descriptions of three videos.\n\nVideo 1: {caption_1}\nVideo 2: {caption_2}\nVideo 3: {caption_3}\n\n${emotion}`,
    },
  ],
};
