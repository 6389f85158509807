import type { LedgerAnswer, PlanColumns, RunIdentity } from '#dist/judgments/ledger/index.node.js';
import { shownOrders } from '#dist/trials/index.js';

export const identity: RunIdentity = {
  judge: 'model',
  model: 'tester-7b',
  promptSha256: 'p'.repeat(64),
  mediaSha256: 'm'.repeat(64),
  sampling: { temperature: 0, maxTokens: 64, seed: null },
  read: 'text',
};

/** Triplets of consecutive numbers, in all shown orders in turn; each is a question of its own. */
export function planOf(nQuestions: number): PlanColumns {
  const triplets = new Uint32Array(3 * nQuestions);
  const shownOrder = new Uint8Array(nQuestions);
  for (let number = 0; number < nQuestions; number++) {
    const first = Math.floor(number / 6);
    triplets.set([first, first + 1, first + 2], 3 * number);
    shownOrder[number] = number % 6;
  }
  return { triplets, shownOrder, repeat: new Uint8Array(nQuestions) };
}

export function questionOf(plan: PlanColumns, number: number): LedgerAnswer['question'] {
  const triplet = [...plan.triplets.subarray(3 * number, 3 * number + 3)] as [number, number, number];
  const shownOrder = plan.shownOrder[number];
  const shown = shownOrders[shownOrder].map((place) => triplet[place]) as [number, number, number];
  return { number, triplet, shownOrder, repeat: plan.repeat[number], shown };
}

/** A plain answer; its content follows from its number. */
export function answerTo(
  plan: PlanColumns,
  number: number,
  changes: Partial<LedgerAnswer> = {},
): LedgerAnswer {
  return {
    question: questionOf(plan, number),
    result: { kind: 'choice', position: (number % 3) as 0 | 1 | 2 },
    raw: `Video ${(number % 3) + 1} is noticeably different (${number}).`,
    logprobs: null,
    readerVersion: 1,
    nRequests: 1,
    usage: { promptTokens: 100, completionTokens: 10, cachedTokens: null },
    latencyMs: 12,
    endpoint: 'http://127.0.0.1:1/v1',
    finishReason: 'stop',
    ...changes,
  };
}

export const failed = (plan: PlanColumns, number: number): LedgerAnswer =>
  answerTo(plan, number, {
    result: { kind: 'failed', failure: 'timeout', message: 'no answer within 120 s' },
    raw: '',
    finishReason: null,
    nRequests: 4,
  });

export const range = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, at) => start + at);
