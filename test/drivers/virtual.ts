/** A driver clock that jumps from one sleeper to the next: hours of bus time in milliseconds, in the exact order. */
import type { DriverClock } from "../../drivers/driver.ts";

interface Sleeper {
  until: number;
  order: number;
  wake: () => void;
}

export class VirtualClock implements DriverClock {
  #now = 1000;
  #order = 0;
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.#now;
  }

  get asleep(): number {
    return this.#sleepers.length;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const abort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      const sleeper = this.at(ms, () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  /** Calls `wake` after `ms`; same instants in the order they were asked for. */
  at(ms: number, wake: () => void): Sleeper {
    const sleeper = { until: this.#now + ms, order: this.#order++, wake };
    this.#sleepers.push(sleeper);
    return sleeper;
  }

  /** Awaits `work`; whenever nothing else can happen, time jumps to the next sleeper. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    done.catch(() => {});
    let idle = 0;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone) return done;
      if (this.#jump()) idle = 0;
      else if (++idle > 1000) throw new Error("nothing sleeps and nothing ends");
    }
  }

  #jump(): boolean {
    const [first] = this.#sleepers;
    if (!first) return false;
    let next = first;
    for (const one of this.#sleepers) {
      if (one.until < next.until || (one.until === next.until && one.order < next.order))
        next = one;
    }
    this.#sleepers = this.#sleepers.filter((other) => other !== next);
    this.#now = Math.max(this.#now, next.until);
    next.wake();
    return true;
  }
}
