import { compress, decompress, init } from '@bokuweb/zstd-wasm';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { ByteWriter, type ColumnSource, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { TableCell } from './answer-table.js';

/** A column of rows of one kind. */
export interface ParquetColumn<Item> {
  readonly name: string;
  readonly type: 'INT32' | 'FLOAT' | 'STRING';
  readonly nullable: boolean;
  of(item: Item): TableCell;
}

export interface ParquetOptions<Item> {
  readonly columns: readonly ParquetColumn<Item>[];
  /** Key-value metadata of the file. */
  readonly facts?: Readonly<Record<string, string>>;
}

/** Node 20 has no Zstandard of its own; this is the reference library as WebAssembly, loaded when it is first needed. */
let loading: Promise<void> | undefined;
const loadZstd = (): Promise<void> => (loading ??= init());

/**
 * A Parquet file (Zstandard) in pieces: one row group for each group of rows. Memory: one row group.
 * @param groups are asked for one after the other, so that other work can happen between them.
 */
export async function* parquetChunks<Item>(
  groups: Iterable<readonly Item[]> | AsyncIterable<readonly Item[]>,
  { columns, facts = {} }: ParquetOptions<Item>,
): AsyncGenerator<Uint8Array> {
  await loadZstd();
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: sources([], columns) }),
    codec: 'ZSTD',
    compressors: { ZSTD: (input) => compress(input) },
    statistics: false,
    kvMetadata: Object.entries(facts).map(([key, value]) => ({ key, value })),
    createdBy: 'affectome',
  });
  for await (const items of groups) {
    await writer.write({ columnData: sources(items, columns), rowGroupSize: Math.max(1, items.length) });
    yield taken(bytes);
  }
  await writer.finish();
  yield taken(bytes);
}

const sources = <Item>(items: readonly Item[], columns: readonly ParquetColumn<Item>[]): ColumnSource[] =>
  columns.map(({ name, type, nullable, of }) => ({
    name,
    type,
    nullable,
    data: items.map(of),
  }));

/** What was written since the last call. */
function taken(writer: ByteWriter): Uint8Array {
  const chunk = writer.getBytes().slice();
  writer.index = 0;
  return chunk;
}

/** Rows of a Parquet file that fits in memory, one row group at a time; all columns, or those named. */
export async function* parquetRows(
  bytes: Uint8Array,
  columns?: readonly string[],
): AsyncGenerator<Record<string, TableCell>[]> {
  await loadZstd();
  const file = toArrayBuffer(bytes);
  const metadata = parquetMetadata(file);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    yield (await parquetReadObjects({
      file,
      metadata,
      rowStart,
      rowEnd,
      ...(columns && { columns: [...columns] }),
      compressors: { ZSTD: (input) => decompress(input) },
    })) as Record<string, TableCell>[];
    rowStart = rowEnd;
  }
}

/** Key-value metadata and number of rows. */
export function parquetFacts(bytes: Uint8Array): { nRows: number; facts: Record<string, string> } {
  const metadata = parquetMetadata(toArrayBuffer(bytes));
  const pairs = metadata.key_value_metadata ?? [];
  return {
    nRows: Number(metadata.num_rows),
    facts: Object.fromEntries(pairs.map(({ key, value }) => [key, value ?? ''])),
  };
}

const toArrayBuffer = (bytes: Uint8Array): ArrayBuffer =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
