/** Percentages, plain decimals and amounts of money as exact fractions of integers. Texts were checked by the schema. */
import type { Exact } from "../agent/core/contract/model.ts";

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))? ?(%?)$/;

/** `97.5%` is 975/1000, `90000` itself; reduced. Throws a RangeError for anything else. */
export function exactOf(text: string | number): Exact {
  const [, sign = "", whole = "", part = "", percent = ""] = DECIMAL.exec(String(text)) ?? [];
  if (whole === "") throw new RangeError(`not a decimal: ${text}`);
  let n = BigInt(whole + part);
  let d = 10n ** BigInt(part.length) * (percent === "" ? 1n : 100n);
  const common = gcd(n, d);
  n /= common;
  d /= common;
  return { n: Number(sign === "-" ? -n : n), d: Number(d) };
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

/** Millionths of the currency unit; nothing is 0. Places beyond the sixth were refused by the schema. */
export function microOf(amount: string | number | undefined): number {
  if (amount === undefined) return 0;
  const { n, d } = exactOf(amount);
  return Number((BigInt(n) * 1_000_000n) / BigInt(d));
}

/** Below 0, 0 or above 0. */
export const compareExact = (a: Exact, b: Exact): number => {
  const [x, y] = [BigInt(a.n) * BigInt(b.d), BigInt(b.n) * BigInt(a.d)];
  return x < y ? -1 : x > y ? 1 : 0;
};
