import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { type SegmentRecord, segmentFolder } from './segment.node.js';

export function segmentRecords(database: Database, run?: number): SegmentRecord[] {
  return database
    .prepare<[number | null], SegmentRecord>(
      'SELECT run, number, file, n_answers AS nAnswers, bytes, sha256 FROM segments WHERE run = ifnull(?, run) ORDER BY run, number',
    )
    .all(run ?? null);
}

export function insertSegment(database: Database, record: SegmentRecord): void {
  database
    .prepare(
      'INSERT INTO segments (run, number, file, n_answers, bytes, sha256, sealed_at) VALUES (?, ?, ?, ?, ?, ?, ?)',
    )
    .run(
      record.run,
      record.number,
      record.file,
      record.nAnswers,
      record.bytes,
      record.sha256,
      new Date().toISOString(),
    );
}

/** The number of the next segment of a run; from 1. */
export function nextSegment(database: Database, run: number): number {
  return database
    .prepare<[number], number>('SELECT ifnull(max(number), 0) + 1 FROM segments WHERE run = ?')
    .pluck()
    .get(run)!;
}

/** Removes what a killed writer left: unfinished files, and segments whose replies are still in the database. */
export async function removeOrphans(folder: string, database: Database): Promise<string[]> {
  const known = new Set(segmentRecords(database).map(({ file }) => file));
  const names = await readdir(join(folder, segmentFolder)).catch(() => []);
  const orphans = names.map((name) => `${segmentFolder}/${name}`).filter((file) => !known.has(file));
  for (const file of orphans) await rm(join(folder, file), { force: true });
  return orphans;
}
