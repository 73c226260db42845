/**
 * Heavy-tailed sensor noise at a few nanoseconds a draw: Student's t with 4 degrees of freedom, scaled to deviation 1,
 * from a table of its quantiles. Two draws come from one random word; keeps no state of its own.
 */
import type { Random } from "../random.ts";

const BITS = 14;
const SIZE = 1 << BITS;
const MASK = SIZE - 1;
const WORD = 4_294_967_296;

/**
 * The closed form of the quantile of t(4) (Shaw 2006, "Sampling Student's T distribution", section 4.1), divided by the
 * deviation of t(4), which is the root of 2. `p` in (0, 1).
 */
export function tailQuantile(p: number): number {
  const alpha = 4 * p * (1 - p);
  const q = Math.cos(Math.acos(Math.sqrt(alpha)) / 3) / Math.sqrt(alpha);
  return Math.sign(p - 0.5) * Math.SQRT2 * Math.sqrt(Math.max(0, q - 1));
}

const TABLE = Float64Array.from({ length: SIZE }, (_, i) => tailQuantile((i + 0.5) / SIZE));

/** Fills `out` with independent draws: median 0, deviation 1, one in a thousand beyond 5. */
export function fillTails(random: Random, out: Float64Array): void {
  for (let i = 0; i < out.length; i += 2) {
    const word = (random() * WORD) >>> 0;
    out[i] = TABLE[word & MASK] as number;
    if (i + 1 < out.length) out[i + 1] = TABLE[(word >>> BITS) & MASK] as number;
  }
}

/** One Gaussian draw, deviation 1 (Box and Muller). For what is drawn once a minute. */
export function gauss(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
