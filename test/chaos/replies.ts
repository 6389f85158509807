import { hash } from './hash.js';

/** How a model that is not held to a choice words its answer. */
export const replyStyles = [
  'sentence',
  'plus',
  'markdown',
  'contrast',
  'ordinal',
  'reasoned',
  'bare',
] as const;
export type ReplyStyle = (typeof replyStyles)[number] | 'mixed';

const ordinals = ['first', 'second', 'third'];

/** The answer in words. `position` counts from 0. */
export function wording(style: ReplyStyle, noun: string, position: number, trial: number): string {
  const [a, b] = [0, 1, 2].filter((other) => other !== position).map((other) => `${noun} ${other + 1}`);
  const odd = `${noun} ${position + 1}`;
  switch (style === 'mixed' ? replyStyles[hash(trial, 4) % replyStyles.length] : style) {
    case 'sentence':
      return `${odd} is noticeably different from the other two.`;
    case 'plus':
      return `${noun}+${position + 1} is noticeably different from the other two.`;
    case 'markdown':
      return `**${odd}** is noticeably different from the other two.\\n\\n- ${a}: calm\\n- ${b}: calm`;
    case 'contrast':
      return `Unlike ${a} and ${b}, ${odd} is noticeably different from the other two.`;
    case 'ordinal':
      return `The ${ordinals[position]} ${noun.toLowerCase()} is noticeably different from the other two.`;
    case 'reasoned':
      return `${a} feels warm. ${b} feels warm too. ${odd} feels tense. So ${odd} is noticeably different from the other two.`;
    default:
      return String(position + 1);
  }
}

export const refusalText = "I'm sorry, but I can't help with judging these.";

export const ambiguousText = (noun: string): string =>
  `${noun} 1 is noticeably different from the other two. ${noun} 3 is noticeably different from the other two.`;

export const wrongIdText = (noun: string): string => `${noun} 9 is noticeably different from the other two.`;
