import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { environmentError } from '../../numerics/errors.js';

export interface Writer {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

export const lockName = 'writer.lock';

/**
 * Holds the one permission to write to a ledger. It is an open transaction on an empty database of its own, which is a lock
 * of the operating system: it ends with the process, whatever kills it, so there are no stale locks to judge. Readers never
 * touch it. (SQLite's lock on the ledger itself is no use here: it is free between two commits.)
 */
export class WriterLock {
  private constructor(private readonly database: Database.Database) {}

  /** Undefined when another process, or another ledger in this one, holds it. */
  static take(folder: string): WriterLock | undefined {
    const database = new Database(join(folder, lockName), { timeout: 0 });
    try {
      database.exec('BEGIN IMMEDIATE');
      return new WriterLock(database);
    } catch (error) {
      database.close();
      if ((error as NodeJS.ErrnoException).code === 'SQLITE_BUSY') return undefined;
      throw error;
    }
  }

  release(): void {
    if (this.database.open) this.database.close();
  }
}

export const thisWriter = (): Writer => ({
  pid: process.pid,
  host: hostname(),
  since: new Date().toISOString(),
});

export function busy(writer: Writer | undefined, file: string) {
  const who = writer
    ? `Process ${writer.pid} on ${writer.host}, since ${writer.since},`
    : 'Another process has just started and';
  return environmentError({
    problem: `${who} is collecting answers into this ledger.`,
    where: { file },
    remedy: 'Wait until it is done or stop it (Ctrl-C keeps every answer); reading is possible meanwhile.',
  });
}
