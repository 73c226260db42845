/**
 * Seeded randomness: named streams that do not influence each other, and stateless noise by index.
 * Never reads a clock or the operating system: same seed, same bytes, on every platform.
 */

/** Next number of a stream, uniform in [0, 1). */
export type Random = () => number;

/** A 32-bit key from a seed and names; another name gives an unrelated key (FNV-1a, then mixed). */
export function keyOf(seed: number, ...names: string[]): number {
  let hash = mix(seed ^ 0x811c9dc5);
  for (const name of names) {
    for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
    hash = mix(hash ^ 0x9e3779b9);
  }
  return hash >>> 0;
}

/** Finalizer of MurmurHash3: every input bit reaches every output bit. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** Uniform in [0, 1) for index `n` of `key`, without state: any order of calls gives the same values. */
export function noiseAt(key: number, n: number): number {
  const high = Math.floor(n / 4294967296);
  return (mix(mix(key ^ Math.imul(n | 0, 0x9e3779b1)) + high) >>> 0) / 4294967296;
}

/** An sfc32 stream (Chris Doty-Humphrey's small fast counting generator, 128 bits of state). */
export function stream(key: number): Random {
  let a = key | 0;
  let b = mix(key + 1);
  let c = mix(key + 2);
  let counter = 1;
  const next: Random = () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Uniform in [low, high). */
export function uniform(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** Waiting time of a memoryless process with the given mean. */
export function exponential(random: Random, mean: number): number {
  return -Math.log(1 - random()) * mean;
}

/** Heavy-tailed: half of the values lie below `median`; sigma 1 puts one in a hundred above 10 medians. */
export function logNormal(random: Random, median: number, sigma: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()));
}

/** Picks one row by its weight; weights need not sum to 1. Throws RangeError on an empty list. */
export function pick<T extends { weight: number }>(random: Random, rows: readonly T[]): T {
  let left = random() * rows.reduce((sum, row) => sum + row.weight, 0);
  for (const row of rows) {
    left -= row.weight;
    if (left < 0) return row;
  }
  const last = rows.at(-1);
  if (!last) throw new RangeError("nothing to pick from");
  return last;
}
