/** Exact shares of integers whose products may leave the safe range. Refuses floats in between. */
type Factor = number | null;

const product = (factors: readonly number[]): bigint =>
  factors.reduce((product, factor) => product * BigInt(factor), 1n);

/**
 * Product of `numerators` over product of `denominators`, all non-negative integers, half-up to 6 decimals.
 * null where a factor is null or a denominator 0.
 */
export function share(
  numerators: readonly Factor[],
  denominators: readonly Factor[],
): number | null {
  const isKnown = (factor: Factor): factor is number => factor !== null;
  if (!numerators.every(isKnown) || !denominators.every(isKnown)) return null;
  const [n, d] = [product(numerators), product(denominators)];
  return d === 0n ? null : Number((n * 2_000_000n + d) / (2n * d)) / 1e6;
}
