import {
  rdmAgreement,
  type StimulusAgreement,
  vectorAgreement,
} from '../../geometry/gromov-wasserstein/agreement.js';
import { takeStructure } from '../../geometry/gromov-wasserstein/shuffled-null.js';
import type { Structure } from '../../geometry/gromov-wasserstein/structure.js';
import { ambiguousId, repeatedId } from '../../geometry/rsm/match.js';
import { type Rsm, repeatedPlace } from '../../geometry/rsm/rsm.js';
import { inputError } from '../../numerics/errors.js';
import type { Matrix } from '../../numerics/matrix.js';
import { matchIds } from '../../stimuli/index.js';

/** One side of an alignment with the ids of its stimuli; null where nobody knows them. */
export interface Side {
  readonly name: string;
  readonly ids: readonly string[] | null;
  readonly structure: Structure;
  /** Names of rated scales, where the vectors are ratings. */
  readonly scales: readonly string[] | null;
}

/** Dissimilarities of an RSM, as an alignment takes them: similarities with their sign changed. */
export function rdmOf({ kind, nStimuli, values }: Rsm): Matrix {
  const data = kind === 'dissimilarity' ? values : values.map((value) => (value === 0 ? 0 : -value));
  return { nRows: nStimuli, nColumns: nStimuli, data };
}

const sizeOf = ({ structure }: Side): number =>
  structure.kind === 'rdm' ? structure.rdm.nRows : structure.vectors.nRows;

/** Both sides, brought to the stimuli they share, in the order of the first. */
export interface SharedSides {
  readonly a: Side;
  readonly b: Side;
  readonly ids: readonly string[];
  /** Stimuli of each side that the other lacks. */
  readonly nDropped: readonly [number, number];
}

/**
 * Sides without ids are taken to be of the same stimuli in the same order.
 * @throws AffectomeError `input` for fewer than three shared stimuli, sizes that differ without ids, and ids that stand twice or
 * could mean two stimuli.
 */
export function sharedSides(a: Side, b: Side): SharedSides {
  const [nA, nB] = [sizeOf(a), sizeOf(b)];
  if (!a.ids || !b.ids) {
    if (nA !== nB) throw differentSizes(a, b);
    const ids = a.ids ?? b.ids ?? Array.from({ length: nA }, (_, i) => String(i + 1));
    return { a, b, ids, nDropped: [0, 0] };
  }
  for (const { name, ids } of [a, b]) requireOwnIds(name, ids!);
  const matcher = matchIds(a.ids);
  const places = new Map<number, number>();
  b.ids.forEach((id, place) => {
    const found = matcher.find(id);
    if (found === 'ambiguous') throw ambiguousId(b.name, id, place);
    if (found === 'unknown') return;
    const earlier = places.get(found);
    if (earlier !== undefined) throw repeatedId(b.name, b.ids!, [earlier, place]);
    places.set(found, place);
  });
  const inA = [...places.keys()].sort((x, y) => x - y);
  if (inA.length < 3) throw tooFew(a, b, inA.length);
  const inB = inA.map((place) => places.get(place)!);
  const ids = inA.map((place) => a.ids![place]);
  return { a: take(a, inA), b: take(b, inB), ids, nDropped: [nA - inA.length, nB - inB.length] };
}

function requireOwnIds(name: string, ids: readonly string[]): void {
  const second = repeatedPlace(ids);
  if (second >= 0) throw repeatedId(name, ids, [ids.indexOf(ids[second]), second]);
}

/** The stimuli of a side at `places`, in that order. */
export const take = (side: Side, places: ArrayLike<number>): Side => ({
  ...side,
  ids: side.ids && Array.from(places, (place) => side.ids![place]),
  structure: takeStructure(side.structure, places),
});

const differentSizes = (a: Side, b: Side) =>
  inputError({
    problem: `${a.name} has ${sizeOf(a)} stimuli, ${b.name} ${sizeOf(b)}, and not both have ids to match them by.`,
    remedy:
      'Without ids both must have the same stimuli in the same order. Ids stand in the first column of a CSV or TSV file; .npy holds none.',
  });

const tooFew = (a: Side, b: Side, nShared: number) =>
  inputError({
    problem: `${a.name} and ${b.name} share ${nShared} stimuli; at least 3 are needed (first ids: ${JSON.stringify(a.ids![0])} and ${JSON.stringify(b.ids![0])}).`,
    remedy: 'Align systems of the same stimuli, with the same ids.',
  });

/** How much both sides agree on each stimulus, and how that is measured. */
export interface DescribedAgreement {
  readonly description: string;
  readonly agreement: StimulusAgreement;
}

/** Of ratings on the same scales: r of both ratings of a stimulus. Else: r of its rows in both RDMs. */
export function agreementOf({ a, b }: SharedSides): DescribedAgreement {
  const isSameScales = a.scales !== null && b.scales !== null && a.scales.join('\t') === b.scales.join('\t');
  return isSameScales
    ? {
        description: `Pearson r over ${a.scales.length} scales between both ratings of a stimulus`,
        agreement: vectorAgreement(a.structure, b.structure),
      }
    : {
        description: 'Pearson r between the rows of both RDMs that belong to a stimulus',
        agreement: rdmAgreement(a.structure, b.structure),
      };
}
