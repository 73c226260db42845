/** Seeded rows of a small machine for detector tests: correlated channels, heavy tails, slow drift. */

/** Uniform in [0, 1). */
export function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function normal(next: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** Four channels: load, flow that follows it, a temperature that drifts, vibration. */
export function plantRows(seed: number, n: number): number[][] {
  const g = normal(chance(seed));
  let load = 0;
  let warmth = 0;
  return Array.from({ length: n }, () => {
    load = 0.8 * load + 0.6 * g();
    warmth += 0.002 * g();
    const tail = g() / Math.max(0.5, Math.abs(g()));
    return [
      5 + load,
      30 + 2 * load + 0.3 * g(),
      60 + warmth + 0.2 * g(),
      1.5 + 0.05 * g() + 0.01 * tail,
    ];
  });
}

/** The same rows with `change` added from row `from` to row `to`, exclusive. */
export function hurt(
  rows: readonly number[][],
  from: number,
  to: number,
  change: readonly number[],
): number[][] {
  return rows.map((row, i) =>
    i >= from && i < to ? row.map((value, j) => value + (change[j] ?? 0)) : [...row],
  );
}
