import { inputError } from '../../numerics/errors.js';
import { matchIds } from '../../stimuli/match-ids.js';
import { type Rsm, takeStimuliOfRsm } from './rsm.js';

export interface DroppedStimuli {
  readonly system: string;
  /** Ids (row numbers from 1 without ids) that another system lacks. */
  readonly absentElsewhere: readonly string[];
  /** Stimuli of which some system knows no pair at all; they are left out of every system. */
  readonly unknown: readonly string[];
}

export interface MatchedRsms {
  /** The same stimuli in the same order: that of the first matrix. */
  readonly rsms: readonly Rsm[];
  /** Of every system the rows that were taken. */
  readonly places: readonly (readonly number[])[];
  readonly dropped: readonly DroppedStimuli[];
}

/** Fewer have at most one pair, which correlates with nothing. */
const fewestStimuli = 3;

/**
 * Brings RSMs to the stimuli they all have, in the order of the first. Ids match as in files of a study (`0001.mp4` is `1`).
 * Where not all have ids, they are taken to be in the same order, and need the same size. Stimuli whose whole row is NaN in
 * any matrix are left out of all.
 * @throws AffectomeError `input` for other sizes without ids, ids that could mean two stimuli, and fewer than three shared stimuli.
 */
export function matchRsms(systems: readonly Rsm[]): MatchedRsms {
  if (systems.length === 0) return { rsms: [], places: [], dropped: [] };
  const areNamed = systems.every(({ stimulusIds }) => stimulusIds !== null);
  const shared = areNamed ? sharedById(systems) : sameOrder(systems);
  const known = shared[0].map((_, k) => systems.every((system, s) => hasKnownPair(system, shared, s, k)));
  const places = shared.map((places) => places.filter((_, k) => known[k]));
  const names = systems.map((_, s) => (place: number) => nameOf(systems, s, place));
  const dropped = systems.map(({ name, nStimuli }, s) => {
    const isShared = new Set(shared[s]);
    const absent = Array.from({ length: nStimuli }, (_, place) => place).filter((p) => !isShared.has(p));
    const unknown = shared[s].filter((_, k) => !known[k]);
    return { system: name, absentElsewhere: absent.map(names[s]), unknown: unknown.map(names[s]) };
  });
  if (places[0].length < fewestStimuli) throw tooFew(systems, dropped, places[0].length);
  return { rsms: systems.map((system, s) => takeStimuliOfRsm(system, places[s])), places, dropped };
}

const nameOf = (systems: readonly Rsm[], s: number, place: number): string =>
  systems[s].stimulusIds?.[place] ?? String(place + 1);

/** For every system the places of the shared stimuli. */
function sharedById(systems: readonly Rsm[]): number[][] {
  const first = systems[0].stimulusIds!;
  const matcher = matchIds(first);
  const placesOf = systems.map(({ name, stimulusIds }) => {
    const places = new Map<number, number>();
    stimulusIds!.forEach((id, place) => {
      const found = matcher.find(id);
      if (found === 'ambiguous') throw ambiguousId(name, id, place);
      if (found === 'unknown') return;
      const earlier = places.get(found);
      if (earlier !== undefined) throw repeatedId(name, stimulusIds!, [earlier, place]);
      places.set(found, place);
    });
    return places;
  });
  const everywhere = first.map((_, i) => i).filter((i) => placesOf.every((places) => places.has(i)));
  return placesOf.map((places) => everywhere.map((i) => places.get(i)!));
}

function sameOrder(systems: readonly Rsm[]): number[][] {
  const [first] = systems;
  const other = systems.find(({ nStimuli }) => nStimuli !== first.nStimuli);
  if (other) {
    throw inputError({
      problem: `RSM ${first.name} has ${first.nStimuli} stimuli, ${other.name} ${other.nStimuli}, and not all have ids to match them by.`,
      remedy:
        'Matrices without ids must have the same stimuli in the same order. Ids stand in the first row and column of a CSV or TSV file; .npy holds none.',
    });
  }
  return systems.map(() => Array.from({ length: first.nStimuli }, (_, place) => place));
}

function hasKnownPair(system: Rsm, shared: readonly number[][], s: number, k: number): boolean {
  const row = shared[s][k] * system.nStimuli;
  return shared[s].some((place, other) => other !== k && !Number.isNaN(system.values[row + place]));
}

/** An id that fits several stimuli of the other system. */
export const ambiguousId = (name: string, id: string, place: number) =>
  inputError({
    problem: `Id ${JSON.stringify(id)} of ${name} (row ${place + 1}) could mean more than one stimulus.`,
    remedy: 'Write ids in full, the same in every file.',
  });

/** Two rows of one system that mean the same stimulus. */
export function repeatedId(name: string, ids: readonly string[], [first, second]: readonly [number, number]) {
  const [one, other] = [ids[first], ids[second]].map((id) => JSON.stringify(id));
  const found =
    one === other
      ? `has the id ${one} in rows ${first + 1} and ${second + 1}`
      : `has ${one} in row ${first + 1} and ${other} in row ${second + 1}, which mean the same stimulus`;
  return inputError({ problem: `${name} ${found}.`, remedy: 'Keep one row per stimulus.' });
}

function tooFew(systems: readonly Rsm[], dropped: readonly DroppedStimuli[], nShared: number) {
  const sizes = systems.map(({ name, nStimuli, stimulusIds }, s) => {
    const example = stimulusIds?.[0] === undefined ? '' : `, the first ${JSON.stringify(stimulusIds[0])}`;
    return `${name} has ${nStimuli}${example}${dropped[s].unknown.length > 0 ? `, ${dropped[s].unknown.length} unknown` : ''}`;
  });
  return inputError({
    problem: `${nShared} shared stimuli; at least ${fewestStimuli} are needed (${sizes.join('; ')}).`,
    remedy: 'Compare matrices of the same stimuli, with the same ids.',
  });
}
