import type { Database } from 'better-sqlite3';
import type { OnStep } from './steps.js';

/**
 * Copies the write-ahead log into the database when it has grown. SQLite would do so inside a commit; doing it here keeps the
 * log small without a reader in the way, and gives the moment a name.
 */
export class Checkpointer {
  private nBytes = 0;

  constructor(
    private readonly database: Database,
    private readonly options: { readonly checkpointBytes: number; readonly onStep: OnStep },
  ) {}

  wrote(nBytes: number): void {
    this.nBytes += nBytes;
    if (this.nBytes >= this.options.checkpointBytes) this.checkpoint();
  }

  checkpoint(): void {
    this.nBytes = 0;
    this.options.onStep('checkpoint');
    this.database.pragma('wal_checkpoint(PASSIVE)');
  }
}
