/** A driver clock that moves only when told, so that no test waits for a deadline. */
import type { DriverClock } from "../../drivers/driver.ts";

interface Sleeper {
  until: number;
  wake: () => void;
}

export class SteppedClock implements DriverClock {
  #now = 1000;
  #sleepers = new Set<Sleeper>();

  now(): number {
    return this.#now;
  }

  /** Sleeps that have not ended: a closed driver must leave none. */
  get asleep(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted || ms <= 0) {
        resolve();
        return;
      }
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener(
        "abort",
        () => {
          this.#sleepers.delete(sleeper);
          resolve();
        },
        { once: true },
      );
    });
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > this.#now) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }

  /**
   * Awaits `work` while time flows: `step` ms per turn of the event loop, far faster than real time.
   * Only for work that must wait for a deadline: a real peer could miss it.
   */
  async flow<T>(work: Promise<T>, step = 2): Promise<T> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      if (!isDone) this.advance(step);
    }
    return done;
  }
}

/** Time passes by itself as far as a short sleep needs it, such as the silence of a serial line. */
export class CreepingClock extends SteppedClock {
  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || ms > 20) return super.sleep(ms, signal);
    return new Promise((resolve) => {
      setImmediate(() => {
        this.advance(ms);
        resolve();
      });
    });
  }
}

/** Lets pending socket events happen without moving any clock; fails after two seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 2000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never became true: ${condition}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
