/** A dense matrix, row after row. `data.length === nRows * nColumns`. */
export interface Matrix {
  readonly nRows: number;
  readonly nColumns: number;
  readonly data: Float32Array | Float64Array;
}

export function matrix(nRows: number, nColumns: number, data?: Float32Array | Float64Array): Matrix {
  const values = data ?? new Float64Array(nRows * nColumns);
  if (values.length !== nRows * nColumns) {
    throw new RangeError(
      `A ${nRows} x ${nColumns} matrix needs ${nRows * nColumns} numbers, got ${values.length}.`,
    );
  }
  return { nRows, nColumns, data: values };
}

export function row(m: Matrix, index: number): Float32Array | Float64Array {
  return m.data.subarray(index * m.nColumns, (index + 1) * m.nColumns);
}

export function column(m: Matrix, index: number): Float64Array {
  const result = new Float64Array(m.nRows);
  for (let r = 0; r < m.nRows; r++) result[r] = m.data[r * m.nColumns + index];
  return result;
}

/** The rows named by `indices`, in that order. */
export function takeRows(m: Matrix, indices: ArrayLike<number>): Matrix {
  const data = new Float64Array(indices.length * m.nColumns);
  for (let r = 0; r < indices.length; r++) data.set(row(m, indices[r]), r * m.nColumns);
  return { nRows: indices.length, nColumns: m.nColumns, data };
}

/** X X', nRows x nRows, float64. */
export function gram(m: Matrix): Matrix {
  const { nRows, nColumns, data } = m;
  const result = new Float64Array(nRows * nRows);
  for (let i = 0; i < nRows; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let c = 0; c < nColumns; c++) sum += data[i * nColumns + c] * data[j * nColumns + c];
      result[i * nRows + j] = sum;
      result[j * nRows + i] = sum;
    }
  }
  return { nRows, nColumns: nRows, data: result };
}

/**
 * Cosine similarity of every two rows, nRows x nRows, float64. A row of zeros has no direction:
 * its similarity with every other row is 0, and 1 with itself.
 */
export function cosineSimilarity(m: Matrix): Matrix {
  const { nRows, nColumns, data } = m;
  const unit = new Float64Array(nRows * nColumns);
  for (let r = 0; r < nRows; r++) {
    let square = 0;
    for (let c = 0; c < nColumns; c++) square += data[r * nColumns + c] ** 2;
    const scale = square > 0 ? 1 / Math.sqrt(square) : 0;
    for (let c = 0; c < nColumns; c++) unit[r * nColumns + c] = data[r * nColumns + c] * scale;
  }
  const result = gram({ nRows, nColumns, data: unit });
  for (let r = 0; r < nRows; r++) result.data[r * nRows + r] = 1;
  return result;
}
