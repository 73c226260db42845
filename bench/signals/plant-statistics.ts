/** What a count or a share of runs proves: intervals and quantiles. No detector, no machine. */

/** Wilson's 95 % interval of a share. Both null without trials. */
export function wilson(hits: number, trials: number): [number | null, number | null] {
  if (trials === 0) return [null, null];
  const z = 1.959964;
  const share = hits / trials;
  const center = share + (z * z) / (2 * trials);
  const reach = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return [Math.max(0, (center - reach) / scale), Math.min(1, (center + reach) / scale)];
}

/** Upper 95 % bound (one-sided) of the mean of a Poisson count: 3.0 for none. */
export function poissonBound(events: number): number {
  let [low, high] = [events, events + 10 + 5 * Math.sqrt(events + 1)];
  for (let i = 0; i < 60; i++) {
    const mean = (low + high) / 2;
    if (atMost(events, mean) > 0.05) low = mean;
    else high = mean;
  }
  return high;
}

/** Probability of `events` or fewer at `mean`. */
function atMost(events: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= events; k++) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}

/** The smallest value that a share `p` of the values does not exceed; null of none. */
export function quantile(values: readonly number[], p: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? null;
}
