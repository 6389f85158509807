import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fitIdentity, formatCheckpoint, parseCheckpoint } from '../embedding/checkpoint.js';
import type { FitCheckpoint, FitResult } from '../embedding/fit.js';
import type { EpochState, TrainingSet } from '../embedding/index.js';
import type { ResolvedFit } from '../embedding/resolve.js';
import type { Artifacts } from '../study/artifacts.js';
import { writeAtomically } from '../study/atomic.js';
import { canonicalJson, hashFile } from '../study/hashes.js';
import { readStudyEmbedding, writeEmbedding } from './embedding-files.js';
import { paths } from './paths.js';

/** What is kept about a finished run beside its weights. */
interface RunRecord {
  readonly identity: string;
  readonly sha256: string;
  readonly curve: readonly EpochState[];
  readonly stoppedEarly: boolean;
}

/**
 * Finished runs and checkpoints of one judge's embedding, so that an interrupted command continues and a command that
 * asks for more runs keeps those it has. Nothing here is used unless data, options and seed are the same.
 */
export class RunStore {
  constructor(
    private readonly artifacts: Artifacts,
    private readonly judge: string,
    private readonly ids: readonly string[],
    private readonly fit: ResolvedFit,
    /** Of the data, from `fingerprint`. */
    private readonly data: string,
  ) {}

  /** The finished run of a seed, if it is there and intact; its files count as written by the step. */
  async finished(seed: number): Promise<FitResult | undefined> {
    const record = await this.record(seed);
    if (record?.identity !== this.identity(seed)) return undefined;
    const name = paths.run(this.judge, seed);
    const sha256 = await hashFile(this.artifacts.path(name)).catch(() => undefined);
    if (sha256 !== record.sha256) return undefined;
    const embedding = await readStudyEmbedding(this.artifacts, name, this.ids.length);
    await this.write(name, embedding);
    return { embedding, curve: record.curve, fit: this.fit, seed, stoppedEarly: record.stoppedEarly };
  }

  async saveFinished({ embedding, curve, seed, stoppedEarly }: FitResult): Promise<void> {
    const name = paths.run(this.judge, seed);
    await this.write(name, embedding);
    const { sha256 } = this.artifacts.written.get(name)!;
    const record: RunRecord = { identity: this.identity(seed), sha256, curve, stoppedEarly };
    await this.writeHidden(`seed-${seed}.json`, new TextEncoder().encode(JSON.stringify(record)));
    await rm(this.hidden(`seed-${seed}.bin`), { force: true });
  }

  /** Where an unfinished run stopped. A checkpoint of other data or options, or a damaged one, is passed over. */
  async checkpoint(seed: number): Promise<FitCheckpoint | undefined> {
    const file = this.hidden(`seed-${seed}.bin`);
    const bytes = await readFile(file).catch(() => undefined);
    if (!bytes) return undefined;
    try {
      const checkpoint = parseCheckpoint(bytes, fitIdentity(this.fit, seed, this.data), file);
      return checkpoint && checkpoint.snapshot.epoch <= this.fit.epochs ? checkpoint : undefined;
    } catch {
      return undefined;
    }
  }

  async saveCheckpoint(seed: number, checkpoint: FitCheckpoint): Promise<void> {
    await this.writeHidden(
      `seed-${seed}.bin`,
      formatCheckpoint(checkpoint, fitIdentity(this.fit, seed, this.data)),
    );
  }

  private async write(name: string, embedding: FitResult['embedding']): Promise<void> {
    await writeEmbedding(this.artifacts, name, embedding, {
      ids: this.ids,
      description: `One run of SPoSE for judge ${this.judge}.`,
    });
  }

  private identity(seed: number): string {
    return canonicalJson({ fit: this.fit, seed, data: this.data });
  }

  private async record(seed: number): Promise<RunRecord | undefined> {
    const text = await readFile(this.hidden(`seed-${seed}.json`), 'utf8').catch(() => undefined);
    try {
      return text === undefined ? undefined : (JSON.parse(text, reviveUnmeasured) as RunRecord);
    } catch {
      return undefined;
    }
  }

  private hidden(name: string): string {
    return join(this.artifacts.folder, paths.checkpoints(this.judge), name);
  }

  private async writeHidden(name: string, bytes: Uint8Array): Promise<void> {
    await writeAtomically(this.hidden(name), [bytes]);
  }
}

/** JSON writes NaN as null. */
function reviveUnmeasured(key: string, value: unknown): unknown {
  return key.startsWith('heldOut') && value === null ? Number.NaN : value;
}

/** SHA-256 of everything a fit learns from and is measured on. */
export function fingerprint(...sets: readonly TrainingSet[]): string {
  const hash = createHash('sha256');
  for (const { oddLast, targets } of sets) {
    for (const column of [oddLast, targets]) {
      if (column) hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
      hash.update('|');
    }
  }
  return hash.digest('hex');
}
