import { artifactError, throwIfCancelled } from '../../numerics/errors.js';
import type { Progress, Watch } from '../../numerics/progress.js';
import { Artifacts } from '../../study/artifacts.js';
import { Hashes, hashValue } from '../../study/hashes.js';
import type { Study } from '../../study/study.js';
import type { Step, StepContext } from '../step.js';
import { BlockStore } from './block-store.js';
import { type ResponsesSidecar, readResponsesSidecar } from './responses-files.js';
import type { Shard } from './settings.js';

/** The kinds of work that are divided into blocks. */
export const longKinds = ['encode', 'searchlight'] as const;
export type LongKind = (typeof longKinds)[number];

/** Work on one subject that is divided into blocks: of voxels, or of centres. */
export interface LongWork extends Omit<Step, 'run' | 'preview'> {
  readonly kind: LongKind;
  readonly subject: string;
  readonly nBlocks: number;
  /** What the blocks are divided from: 62,114 voxels. */
  readonly nItems: number;
  readonly unit: 'voxels' | 'centres';
  /** Reads everything that blocks are computed from. */
  load(artifacts: Artifacts, watch: LoadWatch): Promise<LoadedWork>;
}

export interface LoadWatch extends Watch {
  note(text: string): void;
}

export interface LoadedWork {
  /** Memory that the data take, bytes. */
  readonly bytes: number;
  /** Numbers in the record of a block. */
  lengthOf(block: number): number;
  nItemsOf(block: number): number;
  /** Computes blocks, in any order. */
  compute(blocks: readonly number[], watch: BlockWatch): Promise<void>;
  /** Makes the results from all blocks. */
  write(artifacts: Artifacts, blocks: readonly Float64Array[]): Promise<void>;
}

export interface BlockWatch extends Watch {
  readonly nWorkers: number;
  onBlock(block: number, record: Float64Array): void;
}

/** One name for everything that decides about the numbers of the blocks. */
export async function storeOf(study: Study, work: LongWork): Promise<BlockStore> {
  const hashes = await Hashes.open(study.folder);
  const inputs: [string, string | undefined][] = [];
  for (const path of work.inputs) inputs.push([path, await hashes.of(path)]);
  const { id, version, options, seeds, nBlocks } = work;
  const identity = hashValue({ id, version, options, seeds, nBlocks, inputs });
  return new BlockStore(study.folder, `${work.kind}-${work.subject}-${identity.slice(0, 16)}`);
}

/** How the work is made from what is known of a subject's responses. */
export type WorkOf = (sidecar: ResponsesSidecar) => Promise<LongWork>;

/**
 * The step that computes what is missing and puts the results together. The work is planned again when the step runs, since the
 * responses may have been made by a step before it.
 */
export async function longStep(
  subject: string,
  workOf: WorkOf,
  { expected, nWorkers }: { expected: ResponsesSidecar; nWorkers: number },
): Promise<Step> {
  const planned = await workOf(expected);
  const actual = async (artifacts: Artifacts) => workOf(await readResponsesSidecar(artifacts, subject));
  return {
    ...planned,
    preview: async (artifacts) => {
      const missing = await missingInputs(planned, artifacts);
      return missing.length > 0
        ? [`waits for ${missing[0]}`]
        : previewWork(await actual(artifacts), artifacts, nWorkers);
    },
    run: async (context) => runWork(await actual(context.artifacts), context),
  };
}

async function missingInputs({ inputs }: LongWork, artifacts: Artifacts): Promise<string[]> {
  const missing = [];
  for (const path of inputs) if (!(await artifacts.exists(path))) missing.push(path);
  return missing;
}

async function runWork(work: LongWork, context: StepContext): Promise<void> {
  const { study, artifacts, isFresh, note } = context;
  const store = await storeOf(study, work);
  if (isFresh) await store.remove();
  const loaded = await work.load(artifacts, context);
  const records = await computeMissing(work, loaded, store, { ...context, blocks: allBlocks(work) });
  await loaded.write(artifacts, records.all);
  if (records.nFound > 0) note(`continues: ${records.nFound} of ${work.nBlocks} blocks were finished`);
  await store.remove();
}

/** The step that only puts together what shards have computed. */
export function mergeStep(work: LongWork): Step {
  return {
    ...work,
    run: async ({ study, artifacts, note, ...watch }) => {
      const store = await storeOf(study, work);
      const loaded = await work.load(artifacts, { ...watch, note });
      const records: Float64Array[] = [];
      for (let block = 0; block < work.nBlocks; block++) {
        const record = await store.read(block, loaded.lengthOf(block));
        if (!record) throw missingBlock(work, block);
        records.push(record);
      }
      await loaded.write(artifacts, records);
      await store.remove();
    },
  };
}

const missingBlock = ({ subject, kind }: LongWork, block: number) =>
  artifactError({
    problem: `Block ${block + 1} of ${kind} ${subject} is missing or damaged.`,
    remedy: 'Run its shard again, or run the command without --shard, which computes what is missing.',
  });

const allBlocks = ({ nBlocks }: LongWork): number[] => Array.from({ length: nBlocks }, (_, block) => block);

interface Missing extends Watch {
  readonly nWorkers: number;
  readonly blocks: readonly number[];
}

/** Computes those of `blocks` that are not in the store yet. Every block is on disk before this ends, also after an error. */
async function computeMissing(
  work: LongWork,
  loaded: LoadedWork,
  store: BlockStore,
  { blocks, nWorkers, signal, onProgress }: Missing,
): Promise<{ all: Float64Array[]; nFound: number }> {
  const all: Float64Array[] = [];
  for (const block of blocks) {
    const record = await store.read(block, loaded.lengthOf(block));
    if (record) all[block] = record;
  }
  const missing = blocks.filter((block) => !all[block]);
  const nFound = blocks.length - missing.length;
  const count = (list: readonly number[]) => list.reduce((sum, block) => sum + loaded.nItemsOf(block), 0);
  const progress: Progress = {
    ...{ task: work.title, unit: work.unit, total: count(blocks) },
    done: count(blocks) - count(missing),
  };
  onProgress?.(progress);
  let { done } = progress;
  throwIfCancelled(signal);
  try {
    if (missing.length > 0)
      await loaded.compute(missing, {
        nWorkers,
        ...(signal && { signal }),
        onBlock(block, record) {
          all[block] = record;
          store.write(block, record);
          done += loaded.nItemsOf(block);
          onProgress?.({ ...progress, done });
        },
      });
  } finally {
    await store.settled();
  }
  throwIfCancelled(signal);
  return { all, nFound };
}

/** What is kept with the blocks of a shard, so that a merge can make the results and say who is missing. */
export interface ShardNote<Settings = unknown> extends Shard {
  readonly kind: LongKind;
  readonly settings: Settings;
  readonly isDone: boolean;
}

export const shardNote = /^shard-\d+-of-\d+\.json$/;
const noteName = ({ index, of }: Shard): string => `shard-${index}-of-${of}.json`;

/** The blocks of all works that belong to one shard: consecutive, over subjects, as even as possible. */
export function shardBlocks(works: readonly LongWork[], { index, of }: Shard): number[][] {
  const total = works.reduce((sum, { nBlocks }) => sum + nBlocks, 0);
  const first = Math.floor(((index - 1) * total) / of);
  const last = Math.floor((index * total) / of);
  let start = 0;
  return works.map((work) => {
    const own = allBlocks(work).filter((block) => start + block >= first && start + block < last);
    start += work.nBlocks;
    return own;
  });
}

export interface ShardRun extends Watch {
  readonly nWorkers: number;
  readonly shard: Shard;
  /** Kept for the merge. */
  readonly settings: unknown;
  note(text: string): void;
}

export interface ShardSummary {
  readonly nBlocks: number;
  readonly nFound: number;
  readonly subjects: readonly string[];
}

/**
 * Computes one shard of `works`. Takes no lock and writes only blocks, so that any number of tasks can work on one study.
 * @throws AffectomeError `cancelled`: the same command goes on where it stopped.
 */
export async function runShard(
  study: Study,
  works: readonly LongWork[],
  run: ShardRun,
): Promise<ShardSummary> {
  const artifacts = new Artifacts(study.folder);
  const shares = shardBlocks(works, run.shard);
  const summary = { nBlocks: 0, nFound: 0, subjects: [] as string[] };
  for (const [w, work] of works.entries()) {
    const store = await storeOf(study, work);
    const about = { ...run.shard, kind: work.kind, settings: run.settings };
    await store.writeNote(noteName(run.shard), { ...about, isDone: shares[w].length === 0 });
    if (shares[w].length === 0) continue;
    const loaded = await work.load(artifacts, run);
    const { nFound } = await computeMissing(work, loaded, store, { ...run, blocks: shares[w] });
    await store.writeNote(noteName(run.shard), { ...about, isDone: true });
    summary.nBlocks += shares[w].length;
    summary.nFound += nFound;
    summary.subjects.push(work.subject);
  }
  return summary;
}

export interface Incomplete {
  readonly shard: Shard;
  readonly subject: string;
  readonly nMissing: number;
}

/** What shards still owe, by shard and subject; works of which `isMerged` says so owe nothing. */
export async function incompleteShards(
  study: Study,
  works: readonly LongWork[],
  { nShards, isMerged }: { nShards: number; isMerged: readonly boolean[] },
): Promise<Incomplete[]> {
  const finished: Set<number>[] = [];
  for (const work of works) finished.push(await (await storeOf(study, work)).finished());
  const found: Incomplete[] = [];
  for (let index = 1; index <= nShards; index++) {
    const shard = { index, of: nShards };
    shardBlocks(works, shard).forEach((blocks, w) => {
      const nMissing = isMerged[w] ? 0 : blocks.filter((block) => !finished[w].has(block)).length;
      if (nMissing > 0) found.push({ shard, subject: works[w].subject, nMissing });
    });
  }
  return found;
}

/** Memory and time, from one block computed now. */
async function previewWork(work: LongWork, artifacts: Artifacts, nWorkers: number): Promise<string[]> {
  const loaded = await work.load(artifacts, { note: () => undefined });
  const start = performance.now();
  let block = 0;
  await loaded.compute([0], {
    nWorkers: 1,
    onBlock: (found) => {
      block = found;
    },
  });
  const seconds = (performance.now() - start) / 1000;
  const perSecond = loaded.nItemsOf(block) / Math.max(seconds, 1e-6);
  const total = work.nItems / perSecond / Math.max(1, Math.min(nWorkers, work.nBlocks));
  return [
    `memory about ${Math.ceil(loaded.bytes / 1e6)} MB; ${work.nBlocks} blocks`,
    `pilot: ${loaded.nItemsOf(block)} ${work.unit} in ${seconds.toFixed(2)} s, ${Math.round(perSecond).toLocaleString('en-US')}/s on one thread; about ${durationText(total)} on ${nWorkers}`,
  ];
}

const durationText = (seconds: number): string =>
  seconds < 90 ? `${seconds.toFixed(seconds < 10 ? 1 : 0)} s` : `${Math.round(seconds / 60)} min`;
