// Plain questions and answers for the processes that the tests start.
import { shownOrders } from '#dist/trials/index.js';

/** Triplets of consecutive numbers, in all shown orders in turn; each is a question of its own. */
export function planOf(nQuestions) {
  const triplets = new Uint32Array(3 * nQuestions);
  const shownOrder = new Uint8Array(nQuestions);
  for (let number = 0; number < nQuestions; number++) {
    const first = Math.floor(number / 6);
    triplets.set([first, first + 1, first + 2], 3 * number);
    shownOrder[number] = number % 6;
  }
  return { triplets, shownOrder, repeat: new Uint8Array(nQuestions) };
}

export function answerTo({ triplets, shownOrder }, number) {
  const triplet = [...triplets.subarray(3 * number, 3 * number + 3)];
  return {
    question: {
      number,
      triplet,
      shownOrder: shownOrder[number],
      repeat: 0,
      shown: shownOrders[shownOrder[number]].map((place) => triplet[place]),
    },
    result: { kind: 'choice', position: number % 3 },
    raw: `Video ${(number % 3) + 1} is noticeably different (${number}). ${'because '.repeat(40)}`,
    logprobs: null,
    readerVersion: 1,
    nRequests: 1,
    usage: { promptTokens: 100, completionTokens: 10, cachedTokens: null },
    latencyMs: 12,
    endpoint: 'http://127.0.0.1:1/v1',
    finishReason: 'stop',
  };
}
