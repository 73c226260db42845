/** Raw numbers to engineering numbers, decimal-exact: 217 with scale 0.1 is 21.7. Rounds nothing that is exact. */

const TWO_32 = 4_294_967_296;

/** The value of two 32-bit halves; `high` may be negative. A number where safe, else a bigint: always exact. */
export function join64(high: number, low: number): number | bigint {
  const value = high * TWO_32 + low;
  return Number.isSafeInteger(value) ? value : BigInt(high) * 4_294_967_296n + BigInt(low);
}

/**
 * `raw × scale + offset`. Integers are scaled as integers over a power of ten, so that the result is the
 * double nearest to the decimal; a whole result beyond 2^53 is a bigint.
 */
export function scaler(scale: number, offset: number): (raw: number | bigint) => number | bigint {
  if (scale === 1 && offset === 0) return (raw) => raw;
  const digits = Math.max(fractionDigits(scale), fractionDigits(offset));
  const ten = 10 ** digits;
  const factor = Math.round(scale * ten);
  const addend = Math.round(offset * ten);
  const isExact = digits <= 15 && isWhole(factor, scale, ten) && isWhole(addend, offset, ten);
  return (raw) => {
    if (!isExact || !(typeof raw === "bigint" || Number.isInteger(raw)))
      return Number(raw) * scale + offset;
    if (typeof raw === "number") {
      const product = raw * factor;
      const sum = product + addend;
      if (Number.isSafeInteger(product) && Number.isSafeInteger(sum)) return sum / ten;
    }
    const sum = BigInt(raw) * BigInt(factor) + BigInt(addend);
    const whole = ten === 1 && !Number.isSafeInteger(Number(sum));
    return whole ? sum : Number(sum) / ten;
  };
}

function isWhole(mantissa: number, value: number, ten: number): boolean {
  return Number.isSafeInteger(mantissa) && mantissa / ten === value;
}

function fractionDigits(value: number): number {
  const [mantissa = "", exponent = "0"] = String(value).split("e");
  const fraction = mantissa.split(".")[1] ?? "";
  return Math.max(0, fraction.length - Number(exponent));
}
