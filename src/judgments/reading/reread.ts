import type { PositionLabels } from './labels.js';
import { defaultLabels } from './labels.js';
import { latestReaderVersion, readReply } from './read-reply.js';
import type { Reading } from './reading.js';
import { readStructured } from './structured.js';

/** What the ledger keeps of one answer, as far as reading needs it. */
export interface StoredReply {
  /** The reply; turns are joined by a form feed. */
  readonly raw: string;
  readonly result: Reading | { readonly kind: 'failed' };
}

/** What a reading says, in a table of changes. */
export const readingNames = ['1', '2', '3', 'refusal', 'ambiguous', 'unparsed'] as const;
export type ReadingName = (typeof readingNames)[number];

export interface RereadSummary {
  readonly version: number;
  /** Answers that were read again; questions that were given up have no text and are counted apart. */
  readonly nRead: number;
  readonly nFailed: number;
  readonly nChanged: number;
  /** table[from][to]: answers read as `from` before and as `to` now. 1, 2, 3: chosen position. */
  readonly table: Readonly<Record<ReadingName, Readonly<Record<ReadingName, number>>>>;
  /** The first few of each kind of change. */
  readonly examples: readonly {
    readonly from: ReadingName;
    readonly to: ReadingName;
    readonly raw: string;
  }[];
}

export interface RereadOptions<Row> {
  readonly version?: number;
  readonly labels?: PositionLabels;
  /** Examples kept for each kind of change. Default 3. */
  readonly nExamples?: number;
  /** Gets every answer with its new reading, in order. */
  readonly onReading?: (row: Row, reading: Reading) => void | Promise<void>;
}

/**
 * Reads stored replies again, offline, and counts what changed. One row is in memory at a time.
 * A reply of several turns is read as it was when collected: the last turn when it is a bare choice, else the first.
 */
export async function reread<Row extends StoredReply>(
  rows: AsyncIterable<Row> | Iterable<Row>,
  {
    version = latestReaderVersion,
    labels = defaultLabels,
    nExamples = 3,
    onReading,
  }: RereadOptions<Row> = {},
): Promise<RereadSummary> {
  const table = emptyTable();
  const examples: { from: ReadingName; to: ReadingName; raw: string }[] = [];
  let nRead = 0;
  let nFailed = 0;
  let nChanged = 0;
  for await (const row of rows) {
    if (row.result.kind === 'failed') {
      nFailed++;
      continue;
    }
    const reading = readTurns(row.raw.split('\f'), version, labels);
    const [from, to] = [readingName(row.result), readingName(reading)];
    nRead++;
    table[from][to]++;
    if (from !== to) {
      nChanged++;
      if (table[from][to] <= nExamples) examples.push({ from, to, raw: row.raw.slice(0, 500) });
    }
    await onReading?.(row, keptProbabilities(row.result, reading));
  }
  return { version, nRead, nFailed, nChanged, table, examples };
}

function readTurns(turns: readonly string[], version: number, labels: PositionLabels): Reading {
  const continued = turns.length > 1 ? readStructured(turns.at(-1)!, labels) : null;
  return continued?.kind === 'choice' ? continued : readReply(turns[0], { version, labels });
}

/** Probabilities come from the server, not from the text: they stay while the choice stays. */
function keptProbabilities(before: Reading, now: Reading): Reading {
  const isSame = before.kind === 'choice' && now.kind === 'choice' && before.position === now.position;
  return isSame ? before : now;
}

export function readingName(reading: Reading): ReadingName {
  return reading.kind === 'choice' ? readingNames[reading.position] : reading.kind;
}

function emptyTable(): Record<ReadingName, Record<ReadingName, number>> {
  const row = () => Object.fromEntries(readingNames.map((name) => [name, 0])) as Record<ReadingName, number>;
  return Object.fromEntries(readingNames.map((name) => [name, row()])) as Record<
    ReadingName,
    Record<ReadingName, number>
  >;
}
