import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './atomic.js';
import { readFailure } from './failures.js';

interface KnownHash {
  readonly bytes: number;
  readonly mtimeMs: number;
  /** Changes with every write, even one that sets the modification time back. */
  readonly ctimeMs: number;
  readonly sha256: string;
}

const cacheFile = 'provenance/.hashes.json';

/** SHA-256 of a study's files, remembered by size and times of change so that big files are read once. */
export class Hashes {
  private isChanged = false;

  private constructor(
    private readonly folder: string,
    private readonly known: Map<string, KnownHash>,
  ) {}

  /** A cache that is missing or damaged only costs time. */
  static async open(folder: string): Promise<Hashes> {
    const text = await readFile(join(folder, cacheFile), 'utf8').catch(() => '{}');
    return new Hashes(folder, new Map(Object.entries(parseCache(text))));
  }

  /** The hash of a file of the study; undefined when there is no such file. */
  async of(path: string): Promise<string | undefined> {
    const facts = await stat(join(this.folder, path)).catch(() => undefined);
    if (!facts?.isFile()) return undefined;
    const known = this.known.get(path);
    if (known && isSame(known, facts)) return known.sha256;
    const sha256 = await hashFile(join(this.folder, path));
    this.remember(path, { bytes: facts.size, mtimeMs: facts.mtimeMs, ctimeMs: facts.ctimeMs, sha256 });
    return sha256;
  }

  /** Takes over the hash of a file that was just written. */
  async learn(path: string, sha256: string): Promise<void> {
    const facts = await stat(join(this.folder, path));
    this.remember(path, { bytes: facts.size, mtimeMs: facts.mtimeMs, ctimeMs: facts.ctimeMs, sha256 });
  }

  async save(): Promise<void> {
    if (!this.isChanged) return;
    const text = `${JSON.stringify(Object.fromEntries([...this.known].sort(([a], [b]) => (a < b ? -1 : 1))), null, 1)}\n`;
    await writeAtomically(join(this.folder, cacheFile), [new TextEncoder().encode(text)]);
    this.isChanged = false;
  }

  private remember(path: string, hash: KnownHash): void {
    this.known.set(path, hash);
    this.isChanged = true;
  }
}

function isSame(known: KnownHash, { size, mtimeMs, ctimeMs }: Stats): boolean {
  return known.bytes === size && known.mtimeMs === mtimeMs && known.ctimeMs === ctimeMs;
}

function parseCache(text: string): Record<string, KnownHash> {
  try {
    return JSON.parse(text) as Record<string, KnownHash>;
  } catch {
    return {};
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 }))
      hash.update(chunk as Buffer);
  } catch (error) {
    throw readFailure(error, path);
  }
  return hash.digest('hex');
}

/** SHA-256 of a value's JSON with keys in alphabetical order. */
export function hashValue(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON with keys in alphabetical order: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
