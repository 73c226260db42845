/** What every driver promises, run against each of them: `driverContract(name, harness)`. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FAULTS } from "../../agent/core/fault.ts";
import type { Value } from "../../agent/core/model.ts";
import type { Connection, Driver, PointOptions, Reading } from "../../drivers/driver.ts";
import { SteppedClock, until } from "./clock.ts";

/** A device that serves `values` for `points`, fresh for each test. */
export interface Bench {
  options: Record<string, unknown>;
  unit: number;
  points: PointOptions[];
  values: Record<string, Value>;
  /** Connections the device has seen. */
  opened(): number;
  /** Most requests that were open at once; 0 where the device cannot tell. */
  overlap(): number;
  /** Absent where the device cannot be made to misbehave. */
  trouble?: {
    /** Answers nothing from now on, without closing. Absent where lines report by themselves. */
    silence?(): void;
    /** Closes the link; new ones are served. */
    cut(): void;
    recover(): void;
  };
  stop(): Promise<void>;
}

export interface Harness {
  driver: Driver;
  start(): Promise<Bench>;
  /** Where the driver needs time to pass by itself. */
  clock?(): SteppedClock;
  /** The longest a read may take on its own, in ms. */
  deadlineMs: number;
}

export function driverContract(name: string, harness: Harness): void {
  describe(`driver contract: ${name}`, () => {
    let bench: Bench;
    let clock: SteppedClock;
    let connection: Connection;
    beforeEach(async () => {
      bench = await harness.start();
      clock = harness.clock?.() ?? new SteppedClock();
      connection = harness.driver.open("bench", bench.options, clock);
    });
    afterEach(async () => {
      await connection.close();
      await bench.stop();
    });
    const source = () => connection.source("main", bench.unit, bench.points);
    const isGood = (reading: Reading): boolean =>
      reading.failure === null && [...reading.samples.values()].every((s) => s.quality === "good");

    it("opens nothing before the first read", async () => {
      source().plan();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(bench.opened()).toBe(0);
      expect(connection.health()).toMatchObject({ state: "down", lastFailure: null, requests: 0 });
    });

    it("reads every point with its value, dated at the reply", async () => {
      const before = clock.now();
      const reading = await source().read();
      expect(reading.failure).toBeNull();
      const values = [...reading.samples].map(([id, s]) => [
        id,
        s.quality === "good" ? s.value : s,
      ]);
      expect(Object.fromEntries(values)).toEqual(bench.values);
      expect(reading.at).toBeGreaterThanOrEqual(before);
      expect(reading.at).toBeLessThanOrEqual(clock.now());
      expect(reading.requests).toBe(connection.health().requests);
      expect(connection.health().state).toBe("up");
    });

    it("names its plan", () => {
      const lines = source().plan().join("\n");
      for (const point of bench.points) expect(lines).toContain(point.id);
    });

    it("keeps one request open at a time and one connection, however many ask", async () => {
      const readers = Array.from({ length: 8 }, source);
      const readings = await Promise.all(readers.map((reader) => reader.read()));
      expect(readings.every(isGood)).toBe(true);
      expect(bench.overlap()).toBeLessThanOrEqual(1);
      expect(bench.opened()).toBe(1);
    });

    it("has nothing that writes", () => {
      const names = [
        ...Object.keys(connection),
        ...Object.keys(harness.driver),
        ...Object.keys(source()),
      ];
      expect(names.filter((key) => /write|set|force|preset/i.test(key))).toEqual([]);
    });

    it("closes twice, settles what is open, and reads no more", async () => {
      const reader = source();
      await reader.read();
      const open = reader.read();
      const start = clock.now();
      await clock.flow(Promise.all([connection.close(), connection.close()]), 0.1);
      expect(clock.now() - start).toBeLessThanOrEqual(2000);
      await open;
      expect((await reader.read()).failure).not.toBeNull();
      expect(connection.health().state).toBe("closed");
      expect(clock.asleep).toBe(0);
    });

    it("turns silence into a failure within the deadline, and comes back", async (context) => {
      if (!bench.trouble?.silence) return context.skip();
      const reader = source();
      expect(isGood(await reader.read())).toBe(true);
      bench.trouble.silence();
      const start = clock.now();
      const reading = await clock.flow(reader.read());
      expect(clock.now() - start).toBeLessThanOrEqual(harness.deadlineMs);
      expect(FAULTS).toHaveProperty(reading.failure ?? "none");
      expect(reading.samples.size).toBe(0);
      bench.trouble.recover();
      clock.advance(10_000);
      expect(isGood(await reader.read())).toBe(true);
    });

    it("books one loss per cut and reconnects by itself", async (context) => {
      if (!bench.trouble) return context.skip();
      const reader = source();
      await reader.read();
      bench.trouble.cut();
      await until(() => connection.health().state === "down");
      clock.advance(10_000);
      expect(isGood(await reader.read())).toBe(true);
      expect(connection.health()).toMatchObject({ state: "up", reconnects: 1 });
    });
  });
}
