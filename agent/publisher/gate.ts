/**
 * Lets one loop wait for "something happened" or for a time, whichever is first. Waking early is allowed: the loop
 * looks again. Never sets a timer per event, because a drain has 20,000 of those per second.
 */
import type { Clock } from "../clock.ts";

export interface Gate {
  ring(): void;
  /** Resolves at the next ring, at once if it rang since the last wait, or about when `clock.mono()` reaches `until`. */
  wait(until: number): Promise<void>;
  /** Lets go of the timer. */
  close(): void;
}

export function createGate(clock: Clock): Gate {
  let rung = false;
  let wake: (() => void) | null = null;
  let armedUntil = Number.POSITIVE_INFINITY;
  let alarm = new AbortController();

  const ring = (): void => {
    rung = true;
    wake?.();
  };
  const arm = (until: number): void => {
    alarm.abort();
    const current = new AbortController();
    alarm = current;
    armedUntil = until;
    void clock.sleep(until, current.signal).then(() => {
      if (current.signal.aborted) return;
      armedUntil = Number.POSITIVE_INFINITY;
      ring();
    });
  };

  return {
    ring,
    wait: async (until) => {
      // A later time keeps the earlier alarm: it only wakes the loop once for nothing.
      if (until < armedUntil) arm(until);
      if (!rung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = null;
      }
      rung = false;
    },
    close: () => alarm.abort(),
  };
}
