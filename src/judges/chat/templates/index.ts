import type { WrittenPrompt } from '../prompts-definition.js';
import { captionsChoice, interleavedChoice } from './choice.js';
import { oddOneOut, oddOneOutCaptions, oddOneOutCaptionsChoice, oddOneOutChoice } from './odd-one-out.js';
import { captions, interleaved, interleavedMethods, p1First, p1Second, p1Third } from './p1.js';
import { inTwoTurns } from './second-turn.js';

/** Every prompt that comes with Affectome. */
export const builtInPrompts: readonly WrittenPrompt[] = [
  p1First,
  p1Second,
  p1Third,
  interleaved,
  interleavedMethods,
  interleavedChoice,
  inTwoTurns(interleaved),
  captions,
  captionsChoice,
  inTwoTurns(captions),
  oddOneOut,
  oddOneOutChoice,
  inTwoTurns(oddOneOut),
  oddOneOutCaptions,
  oddOneOutCaptionsChoice,
];
