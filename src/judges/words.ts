/** A sparse nDocuments x nTerms matrix, row after row: the non-zero cells of row r are `start[r]` up to `start[r + 1]`. */
export interface SparseRows {
  readonly nRows: number;
  readonly nColumns: number;
  readonly start: Uint32Array;
  /** Ascending within a row. */
  readonly columns: Uint32Array;
  readonly values: Float64Array;
}

/** Runs of two or more letters, digits or underscores, in lower case. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? [];
}

/** The words of a collection with their weights; learned from one document per stimulus. */
export interface Vocabulary {
  /** Column of each word, in alphabetical order. */
  readonly columns: ReadonlyMap<string, number>;
  /** ln((1 + nDocuments) / (1 + documents with the word)) + 1. */
  readonly inverseFrequency: Float64Array;
}

/** The smoothed inverse document frequency is scikit-learn's default (TfidfVectorizer, smooth_idf). */
export function learnVocabulary(documents: readonly string[]): Vocabulary {
  const documentCounts = new Map<string, number>();
  for (const document of documents) {
    for (const word of new Set(wordsOf(document)))
      documentCounts.set(word, (documentCounts.get(word) ?? 0) + 1);
  }
  const words = [...documentCounts.keys()].sort();
  return {
    columns: new Map(words.map((word, column) => [word, column])),
    inverseFrequency: Float64Array.from(
      words,
      (word) => Math.log((1 + documents.length) / (1 + documentCounts.get(word)!)) + 1,
    ),
  };
}

/** Word counts times inverse document frequency, each row of length 1; words outside the vocabulary are skipped. */
export function tfidf(documents: readonly string[], { columns, inverseFrequency }: Vocabulary): SparseRows {
  const start = new Uint32Array(documents.length + 1);
  const allColumns: number[] = [];
  const allValues: number[] = [];
  documents.forEach((document, r) => {
    const counts = new Map<number, number>();
    for (const word of wordsOf(document)) {
      const column = columns.get(word);
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1);
    }
    const cells = [...counts].sort(([a], [b]) => a - b).map(([c, count]) => [c, count * inverseFrequency[c]]);
    const length = Math.sqrt(cells.reduce((sum, [, weight]) => sum + weight * weight, 0));
    for (const [column, weight] of cells) {
      allColumns.push(column);
      allValues.push(weight / length);
    }
    start[r + 1] = allColumns.length;
  });
  return {
    nRows: documents.length,
    nColumns: inverseFrequency.length,
    start,
    columns: Uint32Array.from(allColumns),
    values: Float64Array.from(allValues),
  };
}

/** X v. */
export function timesVector(
  { nRows, start, columns, values }: SparseRows,
  vector: Float64Array,
): Float64Array {
  const result = new Float64Array(nRows);
  for (let r = 0; r < nRows; r++) {
    let sum = 0;
    for (let cell = start[r]; cell < start[r + 1]; cell++) sum += values[cell] * vector[columns[cell]];
    result[r] = sum;
  }
  return result;
}

/** X' v. */
export function transposeTimesVector(rows: SparseRows, vector: Float64Array): Float64Array {
  const { nRows, nColumns, start, columns, values } = rows;
  const result = new Float64Array(nColumns);
  for (let r = 0; r < nRows; r++) {
    for (let cell = start[r]; cell < start[r + 1]; cell++) result[columns[cell]] += values[cell] * vector[r];
  }
  return result;
}

/** Dot product of two rows. */
export function dotOfRows({ start, columns, values }: SparseRows, a: number, b: number): number {
  let sum = 0;
  let atA = start[a];
  let atB = start[b];
  while (atA < start[a + 1] && atB < start[b + 1]) {
    const difference = columns[atA] - columns[atB];
    if (difference === 0) sum += values[atA++] * values[atB++];
    else if (difference < 0) atA++;
    else atB++;
  }
  return sum;
}
