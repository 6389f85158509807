import { Arena } from '../../embedding/arena.js';
import { inputError } from '../../numerics/errors.js';
import { Comparer } from './comparer.js';
import { nCentresOf } from './neighbourhoods.js';
import { outcomeCode } from './outcome.js';
import type { SearchlightProblem } from './prepare.js';
import { takeWorkspace } from './workspace.js';

/** Centres from `first` up to `last`, which is not among them. */
export interface CentreRange {
  readonly first: number;
  readonly last: number;
}

/** Results of consecutive centres. Parts of one searchlight can be made anywhere, kept, and joined. */
export interface SearchlightPart {
  readonly firstCentre: number;
  readonly nCentres: number;
  /** nCentres x nModels; NaN where the centre was not compared. */
  readonly correlations: Float64Array;
  /** Per centre the usable voxels of its neighbourhood. */
  readonly nVoxels: Uint32Array;
  /** Per centre an index into `searchlightOutcomes`. */
  readonly outcomes: Uint8Array;
  /** Centres compared in double precision. */
  readonly nExact: number;
}

/** Compares the centres of `range`. */
export function comparePart(
  comparer: Comparer,
  nModels: number,
  { first, last }: CentreRange,
): SearchlightPart {
  const nCentres = last - first;
  const correlations = new Float64Array(nCentres * nModels);
  const nVoxels = new Uint32Array(nCentres);
  const outcomes = new Uint8Array(nCentres);
  let nExact = 0;
  for (let c = 0; c < nCentres; c++) {
    const values = correlations.subarray(c * nModels, (c + 1) * nModels);
    const found = comparer.compare(first + c, values);
    nVoxels[c] = found.nVoxels;
    outcomes[c] = outcomeCode(found.outcome);
    if (found.outcome === 'compared' && found.isExact) nExact++;
  }
  return { firstCentre: first, nCentres, correlations, nVoxels, outcomes, nExact };
}

/** A comparer with memory of its own. */
export function makeComparer(problem: SearchlightProblem): Comparer {
  return new Comparer(problem, takeWorkspace(new Arena(problem.memory, problem.end), problem));
}

/** Runs of at most `size` centres that cover `range`. */
export function partsOf({ first, last }: CentreRange, size: number): CentreRange[] {
  return Array.from({ length: Math.ceil((last - first) / size) }, (_, part) => ({
    first: first + part * size,
    last: Math.min(last, first + (part + 1) * size),
  }));
}

/**
 * Centres of shard `index` (from 1) of `nShards`: consecutive, as even as possible.
 * @throws RangeError unless 1 <= index <= nShards.
 */
export function centresOfShard(nCentres: number, index: number, nShards: number): CentreRange {
  if (!(Number.isInteger(index) && Number.isInteger(nShards) && index >= 1 && index <= nShards))
    throw new RangeError(`Shard ${index}/${nShards}: expected a number from 1 to ${nShards}.`);
  return {
    first: Math.floor(((index - 1) * nCentres) / nShards),
    last: Math.floor((index * nCentres) / nShards),
  };
}

/** All centres, or those asked for. @throws AffectomeError `input` for a range beyond the centres. */
export function rangeOf(problem: SearchlightProblem, range?: CentreRange): CentreRange {
  const nCentres = nCentresOf(problem.neighbourhoods);
  const { first, last } = range ?? { first: 0, last: nCentres };
  if (first >= 0 && first <= last && last <= nCentres) return { first, last };
  throw inputError({ problem: `Centres ${first} to ${last} were asked for; there are ${nCentres}.` });
}

/**
 * Puts parts together, in any order.
 * @throws AffectomeError `input` when centres between the first and the last are missing or given twice.
 */
export function joinSearchlightParts(parts: readonly SearchlightPart[]): SearchlightPart {
  const sorted = [...parts].sort((a, b) => a.firstCentre - b.firstCentre);
  sorted.forEach((part, p) => {
    const expected = p === 0 ? part.firstCentre : sorted[p - 1].firstCentre + sorted[p - 1].nCentres;
    if (part.firstCentre === expected) return;
    throw inputError({
      problem: `A part of the searchlight begins at centre ${part.firstCentre}; expected ${expected}.`,
      remedy: 'Join every part once.',
    });
  });
  const total = (count: (part: SearchlightPart) => number) =>
    sorted.reduce((sum, part) => sum + count(part), 0);
  const joined = {
    firstCentre: sorted[0]?.firstCentre ?? 0,
    nCentres: total(({ nCentres }) => nCentres),
    correlations: new Float64Array(total(({ correlations }) => correlations.length)),
    nVoxels: new Uint32Array(total(({ nCentres }) => nCentres)),
    outcomes: new Uint8Array(total(({ nCentres }) => nCentres)),
    nExact: total(({ nExact }) => nExact),
  };
  let [centre, value] = [0, 0];
  for (const part of sorted) {
    joined.correlations.set(part.correlations, value);
    joined.nVoxels.set(part.nVoxels, centre);
    joined.outcomes.set(part.outcomes, centre);
    centre += part.nCentres;
    value += part.correlations.length;
  }
  return joined;
}
