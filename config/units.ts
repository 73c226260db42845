/**
 * Durations, sizes and rates as written in a configuration, read exactly (no binary fractions).
 * The texts were checked by the schema; anything else throws a RangeError.
 */
import type { Rate } from "../agent/core/model.ts";

const MICROSECONDS: Record<string, bigint> = {
  us: 1n,
  ms: 1_000n,
  s: 1_000_000n,
  min: 60_000_000n,
  h: 3_600_000_000n,
  d: 86_400_000_000n,
};

const BYTES: Record<string, bigint> = {
  B: 1n,
  kB: 1_000n,
  MB: 1_000_000n,
  GB: 1_000_000_000n,
  KiB: 1_024n,
  MiB: 1_048_576n,
  GiB: 1_073_741_824n,
};

/** `numerator / denominator`, exactly. */
interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

function decimal(text: string): Fraction {
  const [, whole = "", part = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? [];
  if (whole === "") throw new RangeError(`not a decimal: ${text}`);
  return { numerator: BigInt(whole + part), denominator: 10n ** BigInt(part.length) };
}

function measured(text: string, units: Record<string, bigint>): Fraction {
  const [, amount = "", unit = ""] = /^([\d.]+) ?([A-Za-z]+)$/.exec(text) ?? [];
  const factor = units[unit];
  if (factor === undefined) throw new RangeError(`not a quantity with a known unit: ${text}`);
  const { numerator, denominator } = decimal(amount);
  return { numerator: numerator * factor, denominator };
}

const roundHalfUp = ({ numerator, denominator }: Fraction): number =>
  Number((2n * numerator + denominator) / (2n * denominator));

/** Microseconds, rounded half-up. */
export const durationUs = (text: string): number => roundHalfUp(measured(text, MICROSECONDS));

/** Milliseconds, rounded half-up; `cross` refuses durations that are not whole milliseconds. */
export function durationMs(text: string): number {
  const { numerator, denominator } = measured(text, MICROSECONDS);
  return roundHalfUp({ numerator, denominator: denominator * 1_000n });
}

/** True when a duration is a whole number of milliseconds. */
export function isWholeMs(text: string): boolean {
  const { numerator, denominator } = measured(text, MICROSECONDS);
  return numerator % (denominator * 1_000n) === 0n;
}

/** Bytes, rounded half-up. */
export const sizeBytes = (text: string): number => roundHalfUp(measured(text, BYTES));

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

function rateFraction(text: string): Fraction {
  const [amount = "", unit = ""] = text.split("/").map((part) => part.trim());
  const perUs = MICROSECONDS[unit];
  if (perUs === undefined) throw new RangeError(`not a rate: ${text}`);
  const { numerator, denominator } = decimal(amount);
  return { numerator, denominator: denominator * (perUs / 1_000n) };
}

/** `0/s` and its like, which {@link rate} and {@link cycleUsOf} refuse. */
export const isZeroRate = (text: string): boolean => rateFraction(text).numerator === 0n;

/** Pieces per milliseconds as an exact, reduced fraction; `2.4/h` is 1 per 1500000. Zero throws. */
export function rate(text: string): Rate {
  const { numerator, denominator } = rateFraction(text);
  if (numerator === 0n) throw new RangeError(`a rate of zero: ${text}`);
  const common = gcd(numerator, denominator);
  return { count: Number(numerator / common), perMs: Number(denominator / common) };
}

/** Microseconds per piece of a rate, rounded half-up; `420/min` is 142857. */
export function cycleUsOf(text: string): number {
  const { numerator, denominator } = rateFraction(text);
  if (numerator === 0n) throw new RangeError(`a rate of zero: ${text}`);
  return roundHalfUp({ numerator: denominator * 1_000n, denominator: numerator });
}

/** Local time of day as minutes after midnight; `24:00` is 1440. */
export function minutesOf(time: string): number {
  const [hours = "0", minutes = "0"] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}
