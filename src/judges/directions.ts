/** "3 stimuli have ..." with the count in words a reader can act on; nothing when there are none. */
export function zeroVectorWarning(values: ArrayLike<number>, nStimuli: number, what: string): string[] {
  const nColumns = values.length / nStimuli;
  let nZero = 0;
  for (let stimulus = 0; stimulus < nStimuli; stimulus++) {
    let isZero = true;
    for (let c = 0; c < nColumns && isZero; c++) isZero = values[stimulus * nColumns + c] === 0;
    if (isZero) nZero++;
  }
  if (nZero === 0) return [];
  const subject = nZero === 1 ? '1 stimulus has' : `${nZero} stimuli have`;
  return [`${subject} ${what}: no direction to compare, so the similarity with every other stimulus is 0.`];
}

/** Mean 0 and standard deviation 1 (n) in every column, NaN cells left out; a constant column becomes 0. In place. */
export function zScoreColumns(values: Float64Array, nColumns: number): void {
  for (let c = 0; c < nColumns; c++) {
    let n = 0;
    let sum = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let i = c; i < values.length; i += nColumns) {
      const value = values[i];
      if (Number.isNaN(value)) continue;
      n++;
      sum += value;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const centre = sum / n;
    let squares = 0;
    for (let i = c; i < values.length; i += nColumns) {
      if (!Number.isNaN(values[i])) squares += (values[i] - centre) ** 2;
    }
    const scale = high > low ? 1 / Math.sqrt(squares / n) : 0;
    for (let i = c; i < values.length; i += nColumns) {
      if (!Number.isNaN(values[i])) values[i] = scale === 0 ? 0 : (values[i] - centre) * scale;
    }
  }
}
