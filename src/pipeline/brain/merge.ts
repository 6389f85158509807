import type { BrainOptions } from '../../brain/options.js';
import { artifactError } from '../../numerics/errors.js';
import { Artifacts } from '../../study/artifacts.js';
import { canonicalJson, Hashes } from '../../study/hashes.js';
import { stepStatus } from '../../study/provenance.js';
import type { Step } from '../step.js';
import type { StudyInputs } from '../study-inputs.js';
import { BlockStore, storeNames } from './block-store.js';
import {
  type Incomplete,
  incompleteShards,
  type LongWork,
  mergeStep,
  type ShardNote,
  shardNote,
  storeOf,
} from './long-work.js';
import { brainPaths } from './paths.js';
import { longWorks } from './plan.js';
import { presentSubjects } from './responses-files.js';
import { chooseSets } from './shard-sets.js';

/** Shards of one command, found by the notes they left. */
export interface ShardedWork {
  readonly note: ShardNote<BrainOptions>;
  readonly works: readonly LongWork[];
  /** Of the folders that hold the blocks of each work. */
  readonly stores: readonly string[];
  /** Works whose results are there already: a merge that was stopped goes on with the others. */
  readonly isMerged: readonly boolean[];
}

/**
 * The steps that put the results of finished shards together; none where all were merged before. Options come from the notes of the shards: nothing has to be said again.
 * @param set which shards, where there are some of several options
 * @throws AffectomeError `artifact` when there are no shards, when there are several sets of them for the same results, when a
 * shard is missing or unfinished (all are named), and when inputs changed since the shards ran.
 */
export async function mergeSteps(inputs: StudyInputs, set?: string): Promise<Step[]> {
  const left = await shardedWorks(inputs);
  if (left.length === 0) return [];
  const sharded = chooseSets(left, set);
  const missing: { work: ShardedWork; owing: readonly Incomplete[] }[] = [];
  for (const work of sharded) {
    const { works, note, isMerged } = work;
    const owing = await incompleteShards(inputs.study, works, { nShards: note.of, isMerged });
    if (owing.length > 0) missing.push({ work, owing });
  }
  if (missing.length > 0) throw incomplete(missing);
  const works = new Map(sharded.flatMap((one) => one.works.map((work) => [work.id, work])));
  const merged = new Set(
    sharded.flatMap((one) => one.works.filter((_, w) => one.isMerged[w]).map(({ id }) => id)),
  );
  return [...works.values()].filter(({ id }) => !merged.has(id)).map(mergeStep);
}

async function shardedWorks(inputs: StudyInputs): Promise<ShardedWork[]> {
  const { folder } = inputs.study;
  const found = new Map<string, ShardNote<BrainOptions>>();
  const stores = await storeNames(folder);
  for (const name of stores) {
    const notes = await new BlockStore(folder, name).readNotes<ShardNote<BrainOptions>>(shardNote);
    for (const note of notes.values()) {
      const key = canonicalJson([note.kind, note.settings]);
      const before = found.get(key);
      if (!before || note.of > before.of) found.set(key, note);
    }
  }
  if (found.size === 0) {
    if (await hasResults(folder)) return [];
    throw artifactError({
      problem: 'No shard has left anything to merge.',
      remedy:
        'Run the shards first: affectome brain encode --shard 1/4 (2/4, ...), or without --shard, which needs no merge.',
    });
  }
  const sharded: ShardedWork[] = [];
  const hashes = await Hashes.open(folder);
  for (const note of [...found.values()].sort((a, b) => b.of - a.of)) {
    const works = await longWorks(inputs, note.settings, note.kind);
    const names = await Promise.all(works.map(async (work) => (await storeOf(inputs.study, work)).name));
    if (!names.some((name) => stores.includes(name))) continue;
    const isKnown = sharded.some((one) => canonicalJson(one.stores) === canonicalJson(names));
    if (isKnown) continue;
    const isMerged: boolean[] = [];
    for (const [w, work] of works.entries()) {
      const isLeft = stores.includes(names[w]);
      isMerged.push(!isLeft && (await stepStatus(folder, mergeStep(work), hashes)).isCurrent);
    }
    sharded.push({ note, works, stores: names, isMerged });
  }
  if (sharded.length > 0) return sharded;
  throw artifactError({
    problem: 'Inputs or options have changed since the shards ran: what they computed no longer holds.',
    remedy: 'Run all shards again.',
  });
}

/** Whether there are results of the kinds that shards are merged to. */
async function hasResults(folder: string): Promise<boolean> {
  const artifacts = new Artifacts(folder);
  for (const subject of await presentSubjects(folder))
    for (const file of [brainPaths.encodingSummary(subject), brainPaths.searchlightSummary(subject)])
      if (await artifacts.exists(file)) return true;
  return false;
}

function incomplete(missing: readonly { work: ShardedWork; owing: readonly Incomplete[] }[]) {
  const [{ work, owing }] = missing;
  const { kind, of } = work.note;
  const shards = [...new Set(owing.map(({ shard }) => shard.index))];
  const texts = shards.map((index) => {
    const own = owing.filter(({ shard }) => shard.index === index);
    return `${index}/${of} (${own.map(({ subject, nMissing }) => `${subject}: ${nMissing} ${nMissing === 1 ? 'block' : 'blocks'}`).join(', ')})`;
  });
  return artifactError({
    problem: `${kind} is not complete: ${shards.length === 1 ? 'shard' : 'shards'} ${texts.join(', ')} ${shards.length === 1 ? 'is' : 'are'} missing or unfinished.`,
    remedy: `Run again with the same options: --shard ${shards[0]}/${of}. What is finished is kept. To compute the rest here, run the command without --shard.`,
  });
}
