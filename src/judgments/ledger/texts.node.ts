import type { Database, Statement } from 'better-sqlite3';
import type { Interned } from './row.js';

/** The table `texts`, remembered. Texts are added inside the transaction that uses them. */
export class Texts implements Interned {
  private readonly ids = new Map<string, number>();
  private readonly texts = new Map<number, string>();
  private readonly insert: Statement<[string]>;
  private readonly find: Statement<[string], number>;
  private readonly get: Statement<[number], string>;

  constructor(database: Database) {
    this.insert = database.prepare('INSERT INTO texts (text) VALUES (?)');
    this.find = database.prepare<[string], number>('SELECT id FROM texts WHERE text = ?').pluck();
    this.get = database.prepare<[number], string>('SELECT text FROM texts WHERE id = ?').pluck();
  }

  idOf(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    const id = this.find.get(text) ?? Number(this.insert.run(text).lastInsertRowid);
    this.ids.set(text, id);
    return id;
  }

  textOf(id: number): string {
    const known = this.texts.get(id);
    if (known !== undefined) return known;
    const text = this.get.get(id) ?? '';
    this.texts.set(id, text);
    return text;
  }

  /** After a rollback: what was added is gone. */
  forget(): void {
    this.ids.clear();
    this.texts.clear();
  }
}
