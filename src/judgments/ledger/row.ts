import type { FailureClass } from '../../judges/chat/adapter.js';
import type { ChatQuestion } from '../../judges/chat/question.js';
import { shownOrders, shownPosition } from '../../trials/trials.js';
import type { PositionProbabilities, Reading } from '../reading/reading.js';
import type { LedgerAnswer, Quarantine } from './answer.js';
import { ambiguousCode, failedCode, refusalCode, unparsedCode } from './result-code.js';

/** An answer without its reply: what one row of the table `answers` holds. */
export type StoredAnswer = Omit<LedgerAnswer, 'raw' | 'logprobs'>;

/** Texts that repeat (endpoints, finish reasons, classes of failure) are stored once and referred to by number. */
export interface Interned {
  idOf(text: string): number;
  textOf(id: number): string;
}

/** Columns that answers to questions of every kind have. */
export const sharedColumns = [
  'reader_version',
  'n_requests',
  'prompt_tokens',
  'completion_tokens',
  'cached_tokens',
  'latency_ms',
  'endpoint',
  'finish_reason',
] as const;

/** Columns of `answers` after `id` and `run`, in this order. */
export const rowColumns = [
  'i',
  'j',
  'k',
  'shown_order',
  'repeat',
  'captions',
  'result',
  'extra',
  'detail',
  'probabilities',
  ...sharedColumns,
] as const;

/** Columns that a new reading of the same reply changes. */
export const readingColumns = ['result', 'extra', 'detail', 'probabilities', 'reader_version'] as const;

export type Cell = number | string | Uint8Array | null;
export type Row = Record<(typeof rowColumns)[number], Cell>;

/** Latencies are kept in whole milliseconds, probabilities as float32; everything else comes back as it went in. */
export function rowOf(answer: StoredAnswer, texts: Interned): Row {
  const { question } = answer;
  checkQuestion(question);
  const [i, j, k] = question.triplet;
  const { result, extra, detail, probabilities } = resultCells(answer.result, question.shownOrder, texts);
  return {
    i,
    j,
    k,
    shown_order: question.shownOrder,
    repeat: question.repeat,
    captions: packCaptions(question.captions),
    result,
    extra,
    detail,
    probabilities,
    ...sharedCells(answer, texts),
  };
}

type Shared = Omit<StoredAnswer, 'question' | 'result'>;

export function sharedCells(answer: Shared, texts: Interned): Pick<Row, (typeof sharedColumns)[number]> {
  const { usage, finishReason } = answer;
  return {
    reader_version: answer.readerVersion,
    n_requests: answer.nRequests,
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    cached_tokens: usage.cachedTokens,
    latency_ms: Math.round(answer.latencyMs),
    endpoint: texts.idOf(answer.endpoint),
    finish_reason: finishReason === null ? null : texts.idOf(finishReason),
  };
}

/** The inverse of `sharedCells`. */
export function sharedOf(row: Readonly<Record<string, Cell>>, texts: Interned): Shared {
  return {
    readerVersion: row.reader_version as number,
    nRequests: row.n_requests as number,
    usage: {
      promptTokens: row.prompt_tokens as number | null,
      completionTokens: row.completion_tokens as number | null,
      cachedTokens: row.cached_tokens as number | null,
    },
    latencyMs: row.latency_ms as number,
    endpoint: texts.textOf(row.endpoint as number),
    finishReason: row.finish_reason === null ? null : texts.textOf(row.finish_reason as number),
  };
}

type ResultCells = Pick<Row, 'result' | 'extra' | 'detail' | 'probabilities'>;

/** The cells of a result; `extra` is the class of a failure or the positions of an ambiguous reply. */
export function resultCells(
  result: LedgerAnswer['result'],
  shownOrder: number,
  texts: Interned,
): ResultCells {
  const none = { extra: null, detail: null, probabilities: null };
  switch (result.kind) {
    case 'choice':
      return {
        ...none,
        result: shownOrders[shownOrder][result.position],
        probabilities: packProbabilities(result.probabilities),
      };
    case 'refusal':
      return { ...none, result: refusalCode, detail: result.evidence };
    case 'ambiguous':
      return {
        ...none,
        result: ambiguousCode,
        extra: packPositions(result.positions),
        detail: result.evidence,
      };
    case 'unparsed':
      return { ...none, result: unparsedCode, detail: result.why };
    case 'failed':
      return { ...none, result: failedCode, extra: texts.idOf(result.failure), detail: result.message };
  }
}

/** The inverse of `rowOf`; `number` is the question's place in the plan, -1 outside it. */
export function answerOf(row: Row, number: number, texts: Interned): StoredAnswer {
  const shownOrder = row.shown_order as number;
  return {
    question: questionOf(row, number),
    result: resultOf(row, shownOrder, texts),
    ...sharedOf(row, texts),
  };
}

function questionOf(row: Row, number: number): ChatQuestion {
  const triplet = [row.i, row.j, row.k] as [number, number, number];
  const shownOrder = row.shown_order as number;
  const shown = shownOrders[shownOrder].map((place) => triplet[place]) as [number, number, number];
  const captions = row.captions === null ? {} : { captions: unpackCaptions(row.captions as number) };
  return { number, triplet, shownOrder, repeat: row.repeat as number, shown, ...captions };
}

function resultOf(row: Row, shownOrder: number, texts: Interned): Reading | Quarantine {
  const detail = row.detail as string;
  switch (row.result) {
    case refusalCode:
      return { kind: 'refusal', evidence: detail };
    case ambiguousCode:
      return { kind: 'ambiguous', positions: unpackPositions(row.extra as number), evidence: detail };
    case unparsedCode:
      return { kind: 'unparsed', why: detail };
    case failedCode:
      return {
        kind: 'failed',
        failure: texts.textOf(row.extra as number) as FailureClass,
        message: detail,
      };
    default: {
      const position = shownPosition[shownOrder][row.result as number] as 0 | 1 | 2;
      const probabilities = unpackProbabilities(row.probabilities as Uint8Array | null);
      return { kind: 'choice', position, ...(probabilities && { probabilities }) };
    }
  }
}

const maxIndex = 2 ** 31 - 1;

/** A question that contradicts itself would put its answer under another trial. */
function checkQuestion({ number, triplet, shownOrder, repeat, shown }: ChatQuestion): void {
  const [i, j, k] = triplet;
  const order = shownOrders[shownOrder];
  const isWhole = [number + 1, i, repeat].every((value) => Number.isInteger(value) && value >= 0);
  const isShown = order?.every((place, position) => shown[position] === triplet[place]);
  if (isWhole && isShown && i < j && j < k && k <= maxIndex && number <= maxIndex) return;
  throw new RangeError(
    `Question ${number} is not one: triplet ${triplet.join(' ')}, shown order ${shownOrder}, shown ${shown.join(' ')}, repeat ${repeat}.`,
  );
}

const captionStep = 2 ** 16;

function packCaptions(captions: ChatQuestion['captions']): number | null {
  if (!captions) return null;
  if (captions.some((caption) => !(Number.isInteger(caption) && caption >= 0 && caption < captionStep)))
    throw new RangeError(`Captions ${captions.join(' ')}: expected whole numbers below ${captionStep}.`);
  return captions[0] + captionStep * (captions[1] + captionStep * captions[2]);
}

const unpackCaptions = (packed: number): [number, number, number] => [
  packed % captionStep,
  Math.floor(packed / captionStep) % captionStep,
  Math.floor(packed / captionStep ** 2),
];

/** Digits 1..3 in base 4, the first position in the lowest digit. */
const packPositions = (positions: readonly number[]): number =>
  positions.reduceRight((packed, position) => packed * 4 + position + 1, 0);

function unpackPositions(packed: number): (0 | 1 | 2)[] {
  const positions: (0 | 1 | 2)[] = [];
  for (let rest = packed; rest > 0; rest = Math.floor(rest / 4))
    positions.push(((rest % 4) - 1) as 0 | 1 | 2);
  return positions;
}

/** Four float32, little-endian: first, second, third, outside. */
function packProbabilities(probabilities: PositionProbabilities | undefined): Uint8Array | null {
  if (!probabilities) return null;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  for (let position = 0; position < 3; position++)
    view.setFloat32(4 * position, probabilities.positions[position], true);
  view.setFloat32(12, probabilities.outside, true);
  return bytes;
}

export function unpackProbabilities(bytes: Uint8Array | null): PositionProbabilities | undefined {
  if (bytes === null) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const at = (slot: number) => view.getFloat32(4 * slot, true);
  return { positions: [at(0), at(1), at(2)], outside: at(3) };
}
