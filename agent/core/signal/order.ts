/** Order statistics of small lists: medians, spreads, the slope of Theil and Sen. All refuse to sort what they are given. */

/** 0 for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Median absolute deviation from `center`, scaled to the deviation of a Gaussian. */
export const spread = (values: readonly number[], center: number): number =>
  1.4826 * median(values.map((value) => Math.abs(value - center)));

/** Standard deviation with n - 1; 0 for fewer than two. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Median of the slopes of all pairs that are more than `least` apart in x (Theil 1950, Sen 1968); 0 when there are none. */
export function theilSen(x: readonly number[], y: readonly number[], least = 0): number {
  const slopes: number[] = [];
  for (let i = 0; i < x.length; i += 1) {
    for (let j = i + 1; j < x.length; j += 1) {
      const apart = x[j]! - x[i]!;
      if (Math.abs(apart) > least) slopes.push((y[j]! - y[i]!) / apart);
    }
  }
  return median(slopes);
}

/** Whether y rises or falls with its index beyond chance, at 95 % two-sided (Kendall 1938); 1, -1 or 0. */
export function kendall(y: readonly number[]): number {
  const n = y.length;
  let score = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 1; j < n; j += 1) score += Math.sign(y[j]! - y[i]!);
  }
  const limit = 1.96 * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
  return n > 1 && Math.abs(score) > limit ? Math.sign(score) : 0;
}
