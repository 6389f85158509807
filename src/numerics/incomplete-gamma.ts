import jstat from 'jstat';

const { gammaln } = jstat.jStat;

const precision = 1e-15;
const smallest = 1e-300;

/**
 * Regularised upper incomplete gamma function Q(a, x) for a > 0, x >= 0. Small values keep their relative precision
 * (about 1e-9), where 1 - P(a, x) would be 0. Power series below a + 1, continued fraction by Lentz's method above (DLMF
 * 8.7.1 and 8.9.2).
 */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const scale = Math.exp(a * Math.log(x) - x - gammaln(a));
  return x < a + 1 ? 1 - scale * series(a, x) : scale * continuedFraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * precision; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return sum;
}

function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / smallest;
  let d = 1 / b;
  let value = d;
  for (let n = 1, factor = 0; Math.abs(factor - 1) > precision && n < 10_000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    factor = c * d;
    value *= factor;
  }
  return value;
}

const nonZero = (value: number): number => (Math.abs(value) < smallest ? smallest : value);
