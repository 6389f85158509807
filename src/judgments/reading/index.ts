export { defaultLabels, type PositionLabels } from './labels.js';
export { type GeneratedToken, readLogprobs } from './read-logprobs.js';
export { latestReaderVersion, type ReadReplyOptions, readReply } from './read-reply.js';
export type { PositionProbabilities, Reading } from './reading.js';
export {
  type ReadingName,
  type RereadOptions,
  type RereadSummary,
  readingName,
  readingNames,
  reread,
  type StoredReply,
} from './reread.js';
export { type ChoiceGrammar, choiceGrammar, readStructured } from './structured.js';
