/** A small seeded generator for test data (mulberry32). */

export interface Dice {
  /** [0, 1) */
  unit(): number;
  /** Integer, both ends included. */
  int(low: number, high: number): number;
  chance(p: number): boolean;
  pick<T>(of: readonly T[]): T;
}

export function dice(seed: number): Dice {
  let state = seed | 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    unit,
    int: (low, high) => low + Math.floor(unit() * (high - low + 1)),
    chance: (p) => unit() < p,
    pick: (of) => of[Math.floor(unit() * of.length)] as (typeof of)[number],
  };
}
