/** The clocks themselves. The only test that waits for real time, some milliseconds of it. */
import { describe, expect, it } from "vitest";
import { driverClock, systemClock } from "../../agent/clock.ts";
import { virtualClock } from "../support/clock.ts";

describe("systemClock", () => {
  it("sleeps until a monotonic instant, at most 1 ms early", async () => {
    const until = systemClock.mono() + 20.5;
    await systemClock.sleep(until);
    expect(systemClock.mono()).toBeGreaterThanOrEqual(until - 1);
  });

  it("wakes at once when aborted, before and during the sleep", async () => {
    const began = systemClock.mono();
    const abort = new AbortController();
    const asleep = systemClock.sleep(began + 60_000, abort.signal);
    abort.abort();
    await asleep;
    await systemClock.sleep(began + 60_000, abort.signal);
    expect(systemClock.mono() - began).toBeLessThan(10_000);
  });

  it("takes delays that no timer can hold", async () => {
    const began = systemClock.mono();
    const abort = new AbortController();
    const asleep = systemClock.sleep(began + 2 ** 33, abort.signal);
    expect(await Promise.race([asleep, systemClock.sleep(began + 20)])).toBeUndefined();
    abort.abort();
    await asleep;
    expect(systemClock.mono() - began).toBeGreaterThanOrEqual(19);
  });

  it("reads UTC from the operating system", () => {
    expect(Math.abs(systemClock.utc() - Date.now())).toBeLessThan(1_000);
    expect(Number.isInteger(systemClock.utc())).toBe(true);
  });
});

describe("virtualClock", () => {
  it("wakes sleepers in the order of their deadlines, each at its own instant", async () => {
    const clock = virtualClock(1_000_000, 500);
    const woken: string[] = [];
    const nap = async (name: string, until: number, again = 0): Promise<void> => {
      await clock.sleep(until);
      woken.push(`${name} ${clock.mono()} ${clock.utc()}`);
      if (again > 0) await nap(`${name}'`, until + again);
    };
    void nap("b", 530);
    void nap("a", 510, 15);
    void nap("c", 541);
    await clock.advance(40);
    expect(woken).toEqual(["a 510 1000010", "a' 525 1000025", "b 530 1000030"]);
    expect(clock.mono()).toBe(540);
    expect(clock.sleeping()).toBe(1);
  });

  it("lets everyone oversleep a stall, and steps UTC alone", async () => {
    const clock = virtualClock(0, 0);
    let woken = 0;
    void clock.sleep(10).then(() => {
      woken = clock.mono();
    });
    await clock.stall(5_000);
    expect(woken).toBe(5_000);
    clock.step(-3_600_000);
    expect([clock.mono(), clock.utc()]).toEqual([5_000, -3_595_000]);
  });

  it("gives drivers relative sleeps that an abort ends", async () => {
    const clock = virtualClock(0, 100);
    const driver = driverClock(clock);
    const abort = new AbortController();
    const ended: string[] = [];
    void driver.sleep(50).then(() => ended.push("slept"));
    void driver.sleep(500, abort.signal).then(() => ended.push("aborted"));
    await clock.advance(60);
    abort.abort();
    await clock.settle();
    expect([ended, driver.now(), clock.sleeping()]).toEqual([["slept", "aborted"], 160, 0]);
  });
});
