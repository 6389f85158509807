import type { DatasetFacts, Ranges } from './hdf5-reader.js';

/** Bytes that are read at once where the dataset's own pieces are not larger. */
const usualPart = 2 ** 26;

/** Bytes of the largest row of pieces that is read whole, so that no piece is unpacked twice. */
const largestPart = 2 ** 28;

const product = (numbers: readonly number[]): number => numbers.reduce((all, number) => all * number, 1);

/**
 * Cuts ranges of a dataset into parts that follow each other in C order: of 64 MiB or, where it is stored in pieces, of whole rows
 * of pieces up to 256 MiB.
 */
export function* partsOf(ranges: Ranges, facts: Pick<DatasetFacts, 'size' | 'chunks'>): Generator<Ranges> {
  const lengths = ranges.map(([first, end]) => end - first);
  if (product(lengths) === 0) return;
  const { axis, step } = cutOf(lengths, facts);
  const [first, end] = ranges[axis];
  const chunk = facts.chunks?.[axis] ?? 1;
  for (const outer of eachIndex(ranges.slice(0, axis))) {
    let start = first;
    while (start < end) {
      const atBorder = Math.floor((start + step) / chunk) * chunk;
      const stop = Math.min(end, atBorder > start ? atBorder : start + step);
      yield [...outer, [start, stop], ...ranges.slice(axis + 1)];
      start = stop;
    }
  }
}

/** The first axis along which parts are small enough, and how much of it makes one. */
function cutOf(
  lengths: readonly number[],
  { size, chunks }: Pick<DatasetFacts, 'size' | 'chunks'>,
): { axis: number; step: number } {
  for (let axis = 0; ; axis++) {
    const nBytes = size * product(lengths.slice(axis + 1));
    const wanted = Math.max(chunks?.[axis] ?? 1, Math.floor(usualPart / nBytes));
    const isSmall = Math.min(wanted, lengths[axis]) * nBytes <= largestPart;
    if (isSmall) return { axis, step: wanted };
    if (axis === lengths.length - 1) return { axis, step: Math.max(1, Math.floor(usualPart / nBytes)) };
  }
}

/** Every combination of single indices, the last axis fastest. */
function* eachIndex(ranges: Ranges): Generator<[number, number][]> {
  if (ranges.length === 0) {
    yield [];
    return;
  }
  const [[first, end], ...inner] = ranges;
  for (let index = first; index < end; index++) {
    for (const rest of eachIndex(inner)) yield [[index, index + 1], ...rest];
  }
}
