/**
 * The only reader of real time in the agent. Everything else is handed a {@link Clock}.
 * Says nothing about how far UTC can be trusted: that is `synchronization.ts`, and `axis.ts` for steps.
 */
import type { DriverClock } from "../drivers/driver.ts";
import type { Millis } from "./core/time.ts";

export interface Clock {
  /** The operating system's UTC. May step in either direction. */
  utc(): Millis;
  /** Monotonic milliseconds since an arbitrary origin of this boot, fractional. Never steps. */
  mono(): number;
  /**
   * Resolves once `mono()` has reached `until`, up to 1 ms early, or at once when `signal` aborts.
   * Never rejects; a time that has passed resolves in a later turn of the loop.
   */
  sleep(until: number, signal?: AbortSignal): Promise<void>;
}

/** Node fires a timer at once when its delay does not fit 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  utc: () => Date.now(),
  // CLOCK_MONOTONIC of the boot, so that the heartbeats of two processes can be compared.
  mono: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: async (until, signal) => {
    let left = until - systemClock.mono();
    do {
      await timer(Math.min(Math.max(left, 0), LONGEST_TIMER_MS), signal);
      left = until - systemClock.mono();
    } while (left > 1 && !signal?.aborted);
  },
};

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(handle);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const handle = setTimeout(done, ms);
    signal?.addEventListener("abort", done);
  });
}

/** What drivers see of a clock: monotonic time and relative sleeps. */
export function driverClock(clock: Clock): DriverClock {
  return {
    now: () => clock.mono(),
    sleep: (ms, signal) => clock.sleep(clock.mono() + ms, signal),
  };
}
