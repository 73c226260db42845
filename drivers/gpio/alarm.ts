/** One wake-up at a time on a driver's clock: setting an earlier one replaces it. Knows nothing of what it wakes. */
import type { DriverClock } from "../driver.ts";

export interface Alarm {
  /** Wakes at `at` or soon after, unless an earlier wake-up is set already. */
  set(at: number): void;
  clear(): void;
}

export function newAlarm(clock: DriverClock, wake: () => void): Alarm {
  let due: number | null = null;
  let sleep = new AbortController();
  const alarm: Alarm = {
    set(at) {
      if (due !== null && due <= at) return;
      alarm.clear();
      const mine = new AbortController();
      due = at;
      sleep = mine;
      void clock.sleep(Math.max(0, at - clock.now()), mine.signal).then(() => {
        if (mine.signal.aborted) return;
        due = null;
        wake();
      });
    },
    clear() {
      due = null;
      sleep.abort();
    },
  };
  return alarm;
}
