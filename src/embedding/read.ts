import { inputError, type Where } from '../numerics/errors.js';
import type { Embedding } from './embedding.js';
import { readNpyWeights, readTextWeights, type WeightTable } from './weight-table.js';

export interface ReadEmbeddingOptions {
  /** Expected number of stimuli; also tells which way round the file is. */
  readonly nStimuli?: number;
  /** Default: what fits `nStimuli`, else columns for files named `sparse_embed_epoch*.txt`, else rows. */
  readonly stimuliIn?: 'rows' | 'columns';
  /** Negative weights are an error (default), or set to 0 and counted, as after a soft non-negativity penalty. */
  readonly negative?: 'error' | 'clip';
  /** Divides every weight: 39 takes the published 0..100 THINGS embedding about back to its own scale. */
  readonly divideBy?: number;
}

export interface PublishedEmbedding {
  /** Components in the order of the file, to which published component names refer. */
  readonly embedding: Embedding;
  /** Names of the stimuli, where the file has a column of them. */
  readonly stimulusIds: readonly string[] | null;
  /** Negative weights that were set to 0. */
  readonly nClipped: number;
}

/**
 * Reads a published embedding: `.npy` (nStimuli x nComponents, or 1 x nStimuli x nComponents), numbers separated by blanks,
 * tabs or commas (THINGS `.txt`; SPoSE `sparse_embed_epoch*.txt`, which has components in rows), or CSV/TSV with a header and
 * index or name columns.
 * @throws AffectomeError `input`, with file, line and column, for ragged, empty, non-numeric, infinite or negative content and
 * for a number of stimuli other than expected.
 */
export function readEmbedding(
  bytes: Uint8Array,
  file: string,
  options: ReadEmbeddingOptions = {},
): PublishedEmbedding {
  const table = /\.npy$/i.test(file) ? readNpyWeights(bytes, file) : readTextWeights(bytes, file);
  const nClipped = checkWeights(table, options.negative ?? 'error');
  const isTransposed = stimuliIn(table, file, options) === 'columns';
  const nStimuli = isTransposed ? table.nColumns : table.nRows;
  const nComponents = isTransposed ? table.nRows : table.nColumns;
  const divideBy = options.divideBy ?? 1;
  const weights = new Float32Array(nStimuli * nComponents);
  for (let s = 0; s < nStimuli; s++) {
    for (let c = 0; c < nComponents; c++) {
      const from = isTransposed ? c * nStimuli + s : s * nComponents + c;
      weights[s * nComponents + c] = Math.max(0, table.data[from]) / divideBy;
    }
  }
  return { embedding: { nStimuli, nComponents, weights }, stimulusIds: table.rowNames, nClipped };
}

/** The THINGS text format: one line per stimulus, weights with eight decimals, separated by blanks. */
export function formatEmbedding({ nStimuli, nComponents, weights }: Embedding): string {
  const lines = Array.from({ length: nStimuli }, (_, s) =>
    Array.from(weights.subarray(s * nComponents, (s + 1) * nComponents), (weight) => weight.toFixed(8)).join(
      ' ',
    ),
  );
  return `${lines.join('\n')}\n`;
}

/** Returns the number of negative weights; an error for the first when they are not to be clipped. */
function checkWeights(table: WeightTable, negative: 'error' | 'clip'): number {
  let nNegative = 0;
  for (let at = 0; at < table.data.length; at++) {
    const weight = table.data[at];
    if (!Number.isFinite(weight)) {
      throw inputError({
        problem: `found ${weight}; expected a finite weight.`,
        where: placeAt(table, at),
        remedy: 'Save the embedding of a run that converged.',
      });
    }
    if (weight >= 0) continue;
    nNegative++;
    if (negative === 'error') throw negativeWeight(weight, placeAt(table, at));
  }
  return nNegative;
}

function placeAt(table: WeightTable, at: number): Where {
  return table.place(Math.floor(at / table.nColumns), at % table.nColumns);
}

function negativeWeight(weight: number, where: Where) {
  return inputError({
    problem: `found the negative weight ${weight}; SPoSE weights are at least 0.`,
    where,
    remedy: 'Allow clipping (negative: "clip") if they are what a soft penalty left over.',
  });
}

function stimuliIn(table: WeightTable, file: string, { nStimuli, stimuliIn }: ReadEmbeddingOptions) {
  const byName = /(^|[\\/])sparse_embed_epoch\d+\.txt$/.test(file) ? 'columns' : 'rows';
  if (nStimuli === undefined) return stimuliIn ?? byName;
  const fits = { rows: table.nRows === nStimuli, columns: table.nColumns === nStimuli };
  const wanted = stimuliIn ?? (fits[byName] ? byName : fits.rows ? 'rows' : 'columns');
  if (fits[wanted]) return wanted;
  throw inputError({
    problem: `holds ${table.nRows} rows of ${table.nColumns} weights; expected ${nStimuli} stimuli${stimuliIn ? ` in ${stimuliIn}` : ''}.`,
    where: { file },
    remedy: 'Use the embedding of these stimuli, in their order.',
  });
}
