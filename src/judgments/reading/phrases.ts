/** Kinds of words that relate stimuli to each other and to the answer. */
export type CueKind =
  | 'final' // "final answer"
  | 'answer' // "answer", "the answer is"
  | 'choose' // "I choose"
  | 'oddNoun' // "odd one out", "outlier"
  | 'odd' // "noticeably different", "stands out"
  | 'different' // "different", needs company to count
  | 'unlike' // "unlike", "different from" at the head of a clause
  | 'same' // "similar", "alike"
  | 'others' // "the other two", "the rest"
  | 'against' // "from", "than", "compared to": what follows is not the subject
  | 'not'
  | 'and'
  | 'or'
  | 'copula'
  | 'contrast' // "while", "but"
  | 'because'
  | 'conclude' // "therefore"
  | 'correct' // "actually", "wait"
  | 'withdraw' // "that's not right"
  | 'hedge' // "might", "at first"
  | 'if'
  | 'refuse'
  | 'filler';

/** Alternatives over several lines, as one expression. */
export const joined = (alternatives: string): string => alternatives.replace(/\n */g, '');

/** The same for words that must end where they end. */
export const latin = (alternatives: string): string => `(?:${joined(alternatives)})(?![a-z0-9])`;
