import { artifactError, configError } from '../../numerics/errors.js';
import { isRecord } from '../../study/expected.js';
import { canonicalJson, hashValue } from '../../study/hashes.js';
import type { ShardedWork } from './merge.js';

/** A name for shards that belong together, the same on every machine. */
export const setName = ({ stores }: Pick<ShardedWork, 'stores'>): string => hashValue(stores).slice(0, 8);

/**
 * The shards to merge: all, where they do not write the same results; else those of the set that was named.
 * @throws AffectomeError `artifact` that lists the sets, `config` for a name that is none of them.
 */
export function chooseSets(sharded: readonly ShardedWork[], wanted?: string): ShardedWork[] {
  if (wanted !== undefined) {
    const chosen = sharded.filter((work) => setName(work) === wanted);
    if (chosen.length > 0) return chosen;
    throw configError({
      problem: `There are no shards of set "${wanted}"; there are ${sharded.map(setName).join(', ')}.`,
      where: { field: '--set' },
    });
  }
  const clash = sharded.find((one) => sharded.some((other) => other !== one && writeTheSame(one, other)));
  if (!clash) return [...sharded];
  const clashing = sharded.filter((other) => other === clash || writeTheSame(clash, other));
  const texts = clashing.map((work) => `${setName(work)} (${differences(work, clashing)})`);
  throw artifactError({
    problem: `There are ${clashing.length} sets of shards of ${clash.note.kind} with different options, of which each would overwrite the other: ${texts.join(', ')}.`,
    remedy: `Choose one: affectome brain merge --set ${setName(clashing[0])}. What is not wanted any more can be deleted: brain/.blocks holds a folder for each.`,
  });
}

const writeTheSame = (one: ShardedWork, other: ShardedWork): boolean =>
  one.note.kind === other.note.kind &&
  one.works.some(({ subject }, w) =>
    other.works.some((work, v) => work.subject === subject && other.stores[v] !== one.stores[w]),
  );

/** "encoding.alphas 1:10:3, features [one]": what a set has otherwise than the others. */
function differences(work: ShardedWork, all: readonly ShardedWork[]): string {
  const own = flat(work.note.settings);
  const others = all.filter((one) => one !== work).map((one) => flat(one.note.settings));
  const keys = new Set([own, ...others].flatMap((one) => [...one.keys()]));
  return [...keys]
    .filter((key) => others.some((other) => other.get(key) !== own.get(key)))
    .map((key) => `${key} ${own.get(key) ?? 'not given'}`)
    .join(', ');
}

/** Settings by path. */
function flat(value: unknown, path = ''): Map<string, string> {
  if (!isRecord(value)) return new Map([[path, typeof value === 'string' ? value : canonicalJson(value)]]);
  return new Map(
    Object.entries(value)
      .filter(([, own]) => own !== undefined)
      .flatMap(([key, own]) => [...flat(own, path === '' ? key : `${path}.${key}`)]),
  );
}
