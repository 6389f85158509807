import { answerColumns } from './answer-table.js';
import { type WrittenFile, writeFileAtomically } from './atomic-file.node.js';
import { ledgerFailure } from './failures.node.js';
import { parquetChunks } from './parquet.node.js';
import type { StoredAnswer } from './row.js';
import type { LedgerRun } from './run.node.js';

/** Answers per piece of a file: memory does not grow with the run. */
const groupRows = 20_000;

/** All answers of a run as a table, one row each; replies stay in the ledger. Tabs and newlines in texts become blanks. */
export function exportTsv(run: LedgerRun, path: string): Promise<WrittenFile> {
  return written(path, tsvChunks(run));
}

/** The same table as Parquet (Zstandard), for pandas, Polars, DuckDB, R. */
export function exportParquet(run: LedgerRun, path: string): Promise<WrittenFile> {
  const chunks = parquetChunks(groupsOf(run), {
    columns: answerColumns,
    facts: { 'affectome.run': JSON.stringify(run.identity) },
  });
  return written(path, chunks);
}

/** The choices of a run as the triplet text of SPoSE and VICE: three indices a line, the odd one out last. */
export function exportTriplets(run: LedgerRun, path: string): Promise<WrittenFile> {
  return written(path, tripletChunks(run));
}

async function written(path: string, chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
  try {
    return await writeFileAtomically(path, chunks);
  } catch (error) {
    throw ledgerFailure(error, path);
  }
}

function* groupsOf(
  run: LedgerRun,
  options: Parameters<LedgerRun['rows']>[0] = {},
): Generator<StoredAnswer[]> {
  let group: StoredAnswer[] = [];
  for (const answer of run.rows({ scope: 'all', ...options })) {
    group.push(answer);
    if (group.length < groupRows) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function* tsvChunks(run: LedgerRun): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`${answerColumns.map(({ name }) => name).join('\t')}\n`);
  for (const answers of groupsOf(run)) yield encoder.encode(answers.map(tsvLine).join(''));
}

const tsvLine = (answer: StoredAnswer): string =>
  `${answerColumns.map(({ of }) => String(of(answer) ?? 'n/a').replace(/\s/g, ' ')).join('\t')}\n`;

function* tripletChunks(run: LedgerRun): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  for (const answers of groupsOf(run, { results: ['choice'] }))
    yield encoder.encode(answers.map(tripletLine).join(''));
}

function tripletLine({ question, result }: StoredAnswer): string {
  if (result.kind !== 'choice') return '';
  const odd = question.shown[result.position];
  const kept = question.triplet.filter((stimulus) => stimulus !== odd);
  return `${kept.join(' ')} ${odd}\n`;
}
