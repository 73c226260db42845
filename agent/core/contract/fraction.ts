/** Exact arithmetic of the decisions: fractions of bigints, rounded half-up at the end. Knows no floats but for reading aids. */
import type { Exact } from "./model.ts";

/** `d` > 0; not reduced. */
export interface Fraction {
  n: bigint;
  d: bigint;
}

/** null where the denominator is 0. */
export function fraction(n: number | bigint, d: number | bigint = 1): Fraction | null {
  const below = BigInt(d);
  if (below === 0n) return null;
  return below < 0n ? { n: -BigInt(n), d: -below } : { n: BigInt(n), d: below };
}

export const exact = ({ n, d }: Exact): Fraction => ({ n: BigInt(n), d: BigInt(d) });
export const whole = (n: number | bigint): Fraction => ({ n: BigInt(n), d: 1n });
export const ZERO = whole(0);

export const plus = (a: Fraction, b: Fraction): Fraction => ({
  n: a.n * b.d + b.n * a.d,
  d: a.d * b.d,
});
export const minus = (a: Fraction, b: Fraction): Fraction => ({
  n: a.n * b.d - b.n * a.d,
  d: a.d * b.d,
});
export const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
/** `b` must not be 0. */
export const over = (a: Fraction, b: Fraction): Fraction => {
  const sign = b.n < 0n ? -1n : 1n;
  return { n: sign * a.n * b.d, d: sign * a.d * b.n };
};

/** Below 0, 0 or above 0, as `a` is below, equal to or above `b`. */
export function compare(a: Fraction, b: Fraction): number {
  const [x, y] = [a.n * b.d, b.n * a.d];
  return x < y ? -1 : x > y ? 1 : 0;
}

export const least = (a: Fraction, b: Fraction): Fraction => (compare(a, b) <= 0 ? a : b);
export const most = (a: Fraction, b: Fraction): Fraction => (compare(a, b) >= 0 ? a : b);

/** Nearest integer, halves away from zero, so that a malus and an equal bonus are the same amount. */
export function halfUp({ n, d }: Fraction): bigint {
  const size = n < 0n ? -n : n;
  const rounded = (2n * size + d) / (2n * d);
  return n < 0n ? -rounded : rounded;
}

/** Largest integer that is not above. */
export const floor = ({ n, d }: Fraction): bigint => (n >= 0n ? n / d : -((-n + d - 1n) / d));

/** Rounded half-up to `decimals` places. */
export function rounded(value: Fraction, decimals: number): Fraction {
  const scale = 10n ** BigInt(decimals);
  return { n: halfUp(times(value, whole(scale))), d: scale };
}

/** Half-up to 6 decimals, for reading only. */
export const aid = (value: Fraction | null): number | null =>
  value === null ? null : Number(rounded(value, 6).n) / 1e6;

/** As decimal text with exactly `decimals` places, half-up; what `value` was judged as. */
export function decimalText(value: Fraction, decimals: number): string {
  const { n } = rounded(value, decimals);
  const digits = (n < 0n ? -n : n).toString().padStart(decimals + 1, "0");
  const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return n < 0n ? `-${text}` : text;
}

/** Largest integer whose square is at most `n` ≥ 0 (Newton). */
export function root(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}
