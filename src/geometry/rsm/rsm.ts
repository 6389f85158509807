import { inputError } from '../../numerics/errors.js';

/** Similarities (an RSM) or dissimilarities (an RDM) of every two stimuli, as one system sees them. */
export interface Rsm {
  readonly name: string;
  readonly kind: 'similarity' | 'dissimilarity';
  /** In the order of the rows; null where nobody said what the rows are. */
  readonly stimulusIds: readonly string[] | null;
  readonly nStimuli: number;
  /** nStimuli x nStimuli, row after row, symmetric; NaN in both halves where a pair is not known. */
  readonly values: Float64Array;
}

export interface RsmParts {
  readonly name: string;
  readonly kind: Rsm['kind'];
  readonly stimulusIds?: readonly string[] | null;
  readonly nStimuli: number;
  readonly values: ArrayLike<number>;
}

/** Halves that differ by less than this share of the largest absolute value are rounding: their mean is taken. */
export const symmetryTolerance = 1e-5;

/**
 * Checks a matrix and makes it exactly symmetric. A pair that is NaN in one half is NaN in both.
 * @throws AffectomeError `input` for a wrong size, infinite cells, repeated ids, and halves that differ by more than
 * `symmetryTolerance` of the largest absolute value.
 */
export function rsm({ name, kind, stimulusIds = null, nStimuli, values }: RsmParts): Rsm {
  if (values.length !== nStimuli * nStimuli) {
    throw inputError({
      problem: `RSM ${name} holds ${values.length} numbers; ${nStimuli} stimuli need ${nStimuli} x ${nStimuli}.`,
    });
  }
  if (stimulusIds) checkIds(name, stimulusIds, nStimuli);
  return { name, kind, stimulusIds, nStimuli, values: symmetric(name, nStimuli, values) };
}

function checkIds(name: string, ids: readonly string[], nStimuli: number): void {
  const second = repeatedPlace(ids);
  if (ids.length === nStimuli && second < 0) return;
  throw inputError({
    problem:
      second < 0
        ? `RSM ${name} has ${ids.length} ids for ${nStimuli} stimuli.`
        : `RSM ${name} has the id ${JSON.stringify(ids[second])} twice, in rows ${ids.indexOf(ids[second]) + 1} and ${second + 1}.`,
    remedy: 'Give every row an id of its own.',
  });
}

/** The first place of an id that stands earlier too; -1 without one. */
export function repeatedPlace(ids: readonly string[]): number {
  const seen = new Set<string>();
  return ids.findIndex((id) => seen.size === seen.add(id).size);
}

function symmetric(name: string, n: number, values: ArrayLike<number>): Float64Array {
  const result = new Float64Array(values);
  let largest = 0;
  for (let at = 0; at < result.length; at++) {
    if (Math.abs(result[at]) === Number.POSITIVE_INFINITY) throw infiniteCell(name, n, at);
    if (Math.abs(result[at]) > largest) largest = Math.abs(result[at]);
  }
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [low, high] = [result[i * n + j], result[j * n + i]];
      if (Math.abs(low - high) > symmetryTolerance * largest) throw asymmetric(name, [i, j], [low, high]);
      result[i * n + j] = low === high ? low : (low + high) / 2;
      result[j * n + i] = result[i * n + j];
    }
  }
  return result;
}

const infiniteCell = (name: string, n: number, at: number) =>
  inputError({
    problem: `RSM ${name} holds an infinite number in row ${Math.floor(at / n) + 1}, column ${(at % n) + 1}.`,
    remedy: 'Leave unknown cells empty (NaN).',
  });

const asymmetric = (name: string, [i, j]: number[], [low, high]: number[]) =>
  inputError({
    problem: `RSM ${name} is not symmetric: row ${i + 1}, column ${j + 1} holds ${low}, its mirror ${high}.`,
    remedy:
      'An RSM compares the same stimuli in rows and columns; average the two halves if both were measured.',
  });

export const nPairsOf = (nStimuli: number): number => (nStimuli * (nStimuli - 1)) / 2;

/** The pairs i < j, row after row: (0, 1), (0, 2), ..., (1, 2), ... */
export function upperTriangle({ nStimuli: n, values }: Pick<Rsm, 'nStimuli' | 'values'>): Float64Array {
  const pairs = new Float64Array(nPairsOf(n));
  for (let i = 0, at = 0; i < n; at += n - 1 - i, i++)
    pairs.set(values.subarray(i * n + i + 1, (i + 1) * n), at);
  return pairs;
}

/** The matrix of the stimuli at `places`, in that order. */
export function takeStimuliOfRsm(matrix: Rsm, places: ArrayLike<number>): Rsm {
  const n = places.length;
  const values = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const from = places[i] * matrix.nStimuli;
    for (let j = 0; j < n; j++) values[i * n + j] = matrix.values[from + places[j]];
  }
  const stimulusIds = matrix.stimulusIds && Array.from(places, (place) => matrix.stimulusIds![place]);
  return { ...matrix, stimulusIds, nStimuli: n, values };
}
