/** Where plant time comes from: real time at any speed, or a hand that sets it. The simulator's only clock. */
import type { Millis } from "../agent/core/time.ts";

export interface PlantTime {
  /** Plant time, integer milliseconds UTC. Never runs back. */
  now(): Millis;
  /** Calls back when plant time reaches `at`, at once when it has; returns a function that forgets it. */
  when(at: Millis, callback: () => void): () => void;
}

/** Longest delay that setTimeout keeps. */
const LONGEST = 2 ** 31 - 1;

/** Plant time = `start` + elapsed × `speed`. */
export function runningTime(start: Millis, speed: number): PlantTime {
  const begin = performance.now();
  const now = (): Millis => start + Math.floor((performance.now() - begin) * speed);
  return {
    now,
    when: (at, callback) => {
      let timer: NodeJS.Timeout;
      const wait = (): void => {
        const ms = Math.max(0, Math.ceil((at - now()) / speed));
        timer = setTimeout(() => (now() >= at ? callback() : wait()), Math.min(ms, LONGEST));
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}

/** Time that stands until it is set; callbacks run inside `set`, each at its own instant. */
export function manualTime(start: Millis): PlantTime & { set(to: Millis): void } {
  let time = start;
  let waiting: { at: Millis; callback: () => void }[] = [];
  return {
    now: () => time,
    when: (at, callback) => {
      const entry = { at, callback };
      waiting.push(entry);
      return () => {
        waiting = waiting.filter((one) => one !== entry);
      };
    },
    set: (to) => {
      for (;;) {
        const due = waiting.filter(({ at }) => at <= to).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        waiting = waiting.filter((one) => one !== due);
        time = Math.max(time, due.at);
        due.callback();
      }
      time = Math.max(time, to);
    },
  };
}
