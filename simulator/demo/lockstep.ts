/**
 * Time that stands while a read is under way and jumps when nothing is: a day of real sockets in a minute, and the
 * same readings in every run. The agent's clock and the plant's time in one, so that both see the same instant.
 */
import type { Clock } from "../../agent/clock.ts";
import type { Millis } from "../../agent/core/time.ts";
import type { Driver, Reading } from "../../drivers/driver.ts";
import { manualTime, type PlantTime } from "../plant-time.ts";

export interface Lockstep {
  clock: Clock;
  time: PlantTime;
  /** A driver whose reads hold time still and are dated by it. */
  paced(driver: Driver): Driver;
  /** Lets time run to `to`; after every `everyMs` it waits for `pause`. Rejects with what `pause` threw. */
  run(to: Millis, everyMs: Millis, pause: () => Promise<void>): Promise<void>;
}

interface Sleeper {
  until: number;
  wake: () => void;
}

export function lockstep(start: Millis): Lockstep {
  const time = manualTime(start);
  let sleepers: Sleeper[] = [];
  let reads = 0;
  let resume: (() => void) | null = null;
  const mono = (): number => time.now() - start;
  const clock: Clock = {
    utc: () => time.now(),
    mono,
    sleep: (until, signal) =>
      new Promise((resolve) => {
        const wake = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const sleeper: Sleeper = { until, wake };
        if (signal?.aborted) return resolve();
        sleepers.push(sleeper);
        signal?.addEventListener("abort", wake);
      }),
  };
  const quiet = async (): Promise<void> => {
    await turn();
    while (reads > 0) {
      await new Promise<void>((resolve) => {
        resume = resolve;
      });
      await turn();
    }
  };
  const read = async (reader: () => Promise<Reading>): Promise<Reading> => {
    reads++;
    try {
      return { ...(await reader()), at: mono() };
    } finally {
      if (--reads === 0) resume?.();
    }
  };
  return {
    clock,
    time,
    paced: (driver) => ({
      name: driver.name,
      open(id, options, wire) {
        const connection = driver.open(id, options, wire);
        return {
          source(name, unit, points) {
            const source = connection.source(name, unit, points);
            return { plan: () => source.plan(), read: () => read(() => source.read()) };
          },
          health: () => connection.health(),
          close: () => connection.close(),
        };
      },
    }),
    async run(to, everyMs, pause) {
      let paused = time.now();
      while (time.now() < to) {
        await quiet();
        const next = Math.min(to, ...sleepers.map((sleeper) => Math.ceil(sleeper.until) + start));
        time.set(Math.max(next, time.now()));
        for (const sleeper of sleepers.filter(({ until }) => until <= mono())) sleeper.wake();
        if (time.now() - paused >= everyMs) {
          paused = time.now();
          await pause();
        }
      }
      await quiet();
    },
  };
}

/** One turn of the event loop: what was woken has begun its reads. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
