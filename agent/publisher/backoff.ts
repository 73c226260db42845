/** How long to stay away from the broker. Pure: chance is an argument. */

/** `spread`: a good connection was lost, perhaps by all gateways at once. `slow`: only a person can mend it. */
export type Pace = "retry" | "spread" | "slow";

/** All in milliseconds. */
export interface BackoffSettings {
  /** Upper end of the first wait; doubles with each try. */
  baseMs: number;
  capMs: number;
  /** A fleet that loses its broker comes back over this span, not in one second. */
  spreadMs: number;
  /** Shortest wait after a refusal; the longest is twice this. Five minutes keep it to 12 tries an hour. */
  slowMs: number;
  /** A connection that lived this long was good; one that did not makes the next wait longer. */
  stableMs: number;
}

export const BACKOFF: BackoffSettings = {
  baseMs: 1_000,
  capMs: 300_000,
  spreadMs: 20_000,
  slowMs: 300_000,
  stableMs: 60_000,
};

/** Milliseconds before try number `attempt` (0 is the first after a good connection). `chance` in [0, 1). */
export function waitMs(
  pace: Pace,
  attempt: number,
  chance: number,
  settings: BackoffSettings,
): number {
  switch (pace) {
    case "retry":
      // 2^30 s is far beyond the cap and still an exact number.
      return chance * Math.min(settings.capMs, settings.baseMs * 2 ** Math.min(attempt, 30));
    case "spread":
      return chance * settings.spreadMs;
    case "slow":
      return settings.slowMs * (1 + chance);
  }
}
