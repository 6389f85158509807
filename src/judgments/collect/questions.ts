import type { ChatQuestion } from '../../judges/chat/question.js';
import { shownOrders, type TrialSet, type Trials } from '../../trials/trials.js';
import { countAsked } from './repeats.js';

/** The trials of one set, as a range of question numbers. */
export interface QuestionSet {
  readonly set: TrialSet;
  readonly trials: Trials;
  /** Question number of the set's first trial. */
  readonly first: number;
}

/**
 * All questions of a run, in columns: the trials of the sets one after the other, numbered from 0. The numbering is a function of the
 * trials alone, whatever the order in which they are asked.
 */
export interface Questions {
  readonly nQuestions: number;
  readonly nStimuli: number;
  readonly sets: readonly QuestionSet[];
  /** 3 * nQuestions stimulus indices, canonical. */
  readonly triplets: Uint32Array;
  /** nQuestions codes into `shownOrders`. */
  readonly shownOrder: Uint8Array;
  /** nQuestions: how often the same triplet was asked in the same shown order before. */
  readonly repeat: Uint16Array;
}

/** Numbers the trials of `sets`; a triplet that comes again in the same shown order is a repeat. */
export function numberQuestions(sets: readonly { set: TrialSet; trials: Trials }[]): Questions {
  const nQuestions = sets.reduce((sum, { trials }) => sum + trials.nTrials, 0);
  const nStimuli = Math.max(...sets.map(({ trials }) => trials.nStimuli));
  const [only] = sets;
  const isOne = sets.length === 1;
  const triplets = isOne ? only.trials.triplets : new Uint32Array(3 * nQuestions);
  const shownOrder = isOne ? only.trials.shownOrder : new Uint8Array(nQuestions);
  const numbered: QuestionSet[] = [];
  let first = 0;
  for (const { set, trials } of sets) {
    if (!isOne) {
      triplets.set(trials.triplets, 3 * first);
      shownOrder.set(trials.shownOrder, first);
    }
    numbered.push({ set, trials, first });
    first += trials.nTrials;
  }
  const repeat = countAsked(triplets, shownOrder);
  return { nQuestions, nStimuli, sets: numbered, triplets, shownOrder, repeat };
}

/** Draws one caption for each shown stimulus, the same whenever the question is asked. */
export type CaptionDraw = (
  question: Pick<ChatQuestion, 'number' | 'shown'>,
) => readonly [number, number, number];

/** Question `number` as an object, made when it is asked. */
export function questionAt(questions: Questions, number: number, draw?: CaptionDraw): ChatQuestion {
  const { triplets, shownOrder, repeat } = questions;
  const at = 3 * number;
  const [a, b, c] = shownOrders[shownOrder[number]];
  const shown = [triplets[at + a], triplets[at + b], triplets[at + c]] as const;
  const question = {
    number,
    triplet: [triplets[at], triplets[at + 1], triplets[at + 2]] as const,
    shownOrder: shownOrder[number],
    repeat: repeat[number],
    shown,
  };
  return draw ? { ...question, captions: draw(question) } : question;
}
