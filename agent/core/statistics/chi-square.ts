/**
 * Quantiles of the chi-square distribution with an even number of degrees of freedom: all that the bounds of a mean
 * time between failures need. There the tail is a sum of Poisson terms; odd degrees are refused.
 */

/** ln(n!), by its sum for small n and Stirling's series beyond (error below 1e-15 there). */
function lnFactorial(n: number): number {
  if (n < 32) {
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += Math.log(i);
    return sum;
  }
  const x = n + 1;
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}

/** Sums the terms next to `first`, each the one before times `factor(i)`, until they add nothing. */
function tail(first: number, factor: (i: number) => number): number {
  let term = first;
  let sum = 0;
  for (let i = 1; term > sum * 1e-17; i++) {
    sum += term;
    term *= factor(i);
  }
  return sum;
}

/** P(X ≤ 2·mean) for X chi-square with 2·events degrees of freedom = P(Poisson(mean) ≥ events). */
export function chiSquareCdfEven(events: number, mean: number): number {
  if (mean <= 0) return 0;
  const at = (k: number): number => Math.exp(k * Math.log(mean) - mean - lnFactorial(k));
  if (mean < events) return tail(at(events), (i) => mean / (events + i));
  return 1 - tail(at(events - 1), (i) => Math.max(0, events - i) / mean);
}

/**
 * The value below which a chi-square variable with `degrees` degrees of freedom lies with probability `p`.
 * `degrees` is even and positive, 0 < p < 1; anything else throws a RangeError. Relative error below 1e-12.
 */
export function chiSquareQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`no probability between 0 and 1: ${p}`);
  if (!Number.isInteger(degrees) || degrees <= 0 || degrees % 2 !== 0)
    throw new RangeError(`no even number of degrees of freedom: ${degrees}`);
  const events = degrees / 2;
  if (events === 1) return -2 * Math.log1p(-p);
  let low = 0;
  let high = events;
  while (chiSquareCdfEven(events, high) < p) {
    low = high;
    high *= 2;
  }
  while (high - low > high * 1e-15) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (chiSquareCdfEven(events, middle) < p) low = middle;
    else high = middle;
  }
  return low + high;
}
