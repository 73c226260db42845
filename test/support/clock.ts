/**
 * A clock that moves only when told. Sleepers wake in the order of their deadlines, and everything that
 * follows from one wake-up has run before the next. Refuses to run backward; only UTC may step.
 */
import type { Clock } from "../../agent/clock.ts";
import type { Millis } from "../../agent/core/time.ts";

export interface VirtualClock extends Clock {
  /** Moves both clocks by `ms`, waking every sleeper on its way at its own instant. */
  advance(ms: number): Promise<void>;
  /** Moves both clocks by `ms` at once, as a stopped process sees it; then wakes all that became due. */
  stall(ms: number): Promise<void>;
  /** Steps UTC and leaves the monotonic clock alone. */
  step(ms: Millis): void;
  /** Runs what is ready to run, without moving time. */
  settle(): Promise<void>;
  /** How many sleeps are open. */
  sleeping(): number;
}

interface Sleeper {
  until: number;
  wake(): void;
}

export function virtualClock(utc: Millis = 0, mono = 0): VirtualClock {
  let offset = utc - mono;
  let now = mono;
  const sleepers: Sleeper[] = [];

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const sleep = (until: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const sleeper: Sleeper = {
        until,
        wake: () => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          signal?.removeEventListener("abort", sleeper.wake);
          resolve();
        },
      };
      signal?.addEventListener("abort", sleeper.wake);
      const later = sleepers.findIndex((other) => other.until > until);
      sleepers.splice(later < 0 ? sleepers.length : later, 0, sleeper);
    });
  const wakeUntil = async (end: number): Promise<void> => {
    for (let next = sleepers[0]; next && next.until <= end; next = sleepers[0]) {
      now = Math.max(now, next.until);
      next.wake();
      await settle();
    }
  };

  return {
    utc: () => Math.floor(now + offset),
    mono: () => now,
    sleep,
    settle,
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      await wakeUntil(end);
      now = end;
    },
    stall: async (ms) => {
      now += ms;
      await wakeUntil(now);
      await settle();
    },
    step: (ms) => {
      offset += ms;
    },
    sleeping: () => sleepers.length,
  };
}
