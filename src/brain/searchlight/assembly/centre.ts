// Mean and spread of correlations in two passes: where all are near 1, sums of squares alone would lose their differences.

/** Takes the mean from n f64 values, in place. Returns the centred sum of squares. */
export function centreDoubles(values: usize, n: u32): f64 {
  const end = values + (<usize>n << 3);
  const first = load<f64>(values);
  let sum: f64 = 0;
  for (let at = values; at < end; at += 8) sum += load<f64>(at) - first;
  const shift = sum / <f64>n;
  let rest: f64 = 0;
  let square: f64 = 0;
  for (let at = values; at < end; at += 8) {
    const x = load<f64>(at) - first - shift;
    store<f64>(at, x);
    rest += x;
    square += x * x;
  }
  return square - (rest * rest) / <f64>n;
}

/** The same of f32 values; sums in f64. */
export function centreSingles(values: usize, n: u32): f64 {
  const end = values + (<usize>n << 2);
  let sum: f64 = 0;
  for (let at = values; at < end; at += 4) sum += <f64>load<f32>(at);
  const mean = sum / <f64>n;
  let rest: f64 = 0;
  let square: f64 = 0;
  for (let at = values; at < end; at += 4) {
    const x = <f64>load<f32>(at) - mean;
    store<f32>(at, <f32>x);
    rest += x;
    square += x * x;
  }
  return square - (rest * rest) / <f64>n;
}
