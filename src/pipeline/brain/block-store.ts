import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatNpy, parseNpy } from '../../formats/npy.js';
import { AffectomeError } from '../../numerics/errors.js';
import { writeAtomically } from '../../study/atomic.js';
import { brainPaths } from './paths.js';

/**
 * Finished blocks of one piece of long work, a file each. An interrupted command, and the tasks of a job array, leave their
 * blocks here; whoever comes later computes only what is missing. The folder's name holds a hash of options and inputs, so
 * that blocks of other options are never taken.
 */
export class BlockStore {
  private readonly folder: string;
  private readonly writing: Promise<void>[] = [];

  constructor(
    studyFolder: string,
    readonly name: string,
  ) {
    this.folder = join(studyFolder, brainPaths.blocks, name);
  }

  /** The blocks that are there and whole. */
  async finished(): Promise<Set<number>> {
    const names = await readdir(this.folder).catch(() => []);
    const blocks = names.flatMap((name) => /^block-(\d+)\.npy$/.exec(name)?.[1] ?? []).map(Number);
    const whole = new Set<number>();
    for (const block of blocks) if (await this.numbersOf(block)) whole.add(block);
    return whole;
  }

  /** Undefined when it is missing, damaged, or of another length. */
  async read(block: number, length: number): Promise<Float64Array | undefined> {
    const data = await this.numbersOf(block);
    return data?.length === length ? data : undefined;
  }

  private async numbersOf(block: number): Promise<Float64Array | undefined> {
    const file = this.fileOf(block);
    const bytes = await readFile(file).catch(() => undefined);
    if (!bytes) return undefined;
    try {
      const { data } = parseNpy(bytes, file);
      return data instanceof Float64Array ? data : undefined;
    } catch {
      return undefined;
    }
  }

  /** Starts to write; `settled` waits for it. */
  write(block: number, data: Float64Array): void {
    this.writing.push(writeStubbornly(this.fileOf(block), formatNpy(data, [data.length])));
  }

  /** Waits until every block is on disk. */
  async settled(): Promise<void> {
    await Promise.all(this.writing.splice(0));
  }

  async writeNote(name: string, value: unknown): Promise<void> {
    await writeStubbornly(join(this.folder, name), new TextEncoder().encode(`${JSON.stringify(value)}\n`));
  }

  /** Notes whose name matches, by name. */
  async readNotes<T>(pattern: RegExp): Promise<Map<string, T>> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => pattern.test(name)).sort();
    const notes = new Map<string, T>();
    for (const name of names) {
      const text = await readFile(join(this.folder, name), 'utf8').catch(() => '');
      try {
        notes.set(name, JSON.parse(text) as T);
      } catch {
        // A note that is not whole says nothing.
      }
    }
    return notes;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private fileOf(block: number): string {
    return join(this.folder, `block-${String(block).padStart(6, '0')}.npy`);
  }
}

const tries = 4;

/** Another process that opens the study clears away temporary files, also those that are being written: then once more. */
async function writeStubbornly(file: string, bytes: Uint8Array): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await writeAtomically(file, [bytes]);
      return;
    } catch (error) {
      const cause = error instanceof AffectomeError ? (error.cause as NodeJS.ErrnoException) : undefined;
      if (attempt === tries || cause?.code !== 'ENOENT') throw error;
    }
  }
}

/** The folders of unfinished work. */
export async function storeNames(studyFolder: string): Promise<string[]> {
  const entries = await readdir(join(studyFolder, brainPaths.blocks), { withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
