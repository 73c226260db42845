/** The heartbeat survives torn writes, and tells a stop of the agent from a loss of power. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  lastAlive,
  type Marker,
  openHeartbeat,
  readHeartbeat,
} from "../../../agent/store/heartbeat.ts";
import { START, temporary } from "./plant.ts";

let place: ReturnType<typeof temporary>;
let path: string;

beforeEach(() => {
  place = temporary();
  path = join(place.folder, "agent.alive");
});
afterEach(() => place.remove());

const marker = (n: number, more: Partial<Marker> = {}): Marker => ({
  boot: "7f3e0e5c-6bb0-4f0c-9d39-2f1a5cf2f0b1",
  mono: n * 250.125,
  utc: START + n * 250,
  clean: false,
  ...more,
});

describe("a heartbeat", () => {
  test("is read back, newest slot first, and across openings", async () => {
    expect(readHeartbeat(path)).toBeNull();
    for (let n = 1; n <= 4; n += 1) {
      const heartbeat = await openHeartbeat(path);
      await heartbeat.close(marker(n));
      expect(readHeartbeat(path)).toEqual(marker(n));
      expect(heartbeat.failure()).toBeNull();
    }
  });

  test("beats in the background, never two writes at once", async () => {
    const heartbeat = await openHeartbeat(path);
    for (let n = 1; n <= 50; n += 1) heartbeat.beat(marker(n));
    await heartbeat.close(marker(51, { clean: true }));
    expect(readHeartbeat(path)).toEqual(marker(51, { clean: true }));
  });

  test("torn anywhere, gives the beat before", async () => {
    const heartbeat = await openHeartbeat(path);
    await heartbeat.close(marker(1));
    const older = readFileSync(path);
    const next = await openHeartbeat(path);
    await next.close(marker(2));
    const newer = readFileSync(path);
    const from = newer.findIndex((byte, i) => byte !== (older[i] ?? -1));
    for (let cut = from; cut < newer.length; cut += 1) {
      const torn = Buffer.alloc(newer.length);
      older.copy(torn);
      newer.copy(torn, 0, 0, cut);
      writeFileSync(path, torn);
      const isWhole = torn.equals(newer);
      expect(readHeartbeat(path)).toEqual(isWhole ? marker(2) : marker(1));
    }
  });

  test("of no use at all is none", () => {
    writeFileSync(path, Buffer.alloc(512));
    expect(readHeartbeat(path)).toBeNull();
    writeFileSync(path, "short");
    expect(readHeartbeat(path)).toBeNull();
  });

  test("that cannot be written says so and does not throw", async () => {
    await expect(openHeartbeat(join(place.folder, "missing", "agent.alive"))).rejects.toMatchObject(
      {
        code: "ENOENT",
      },
    );
    const heartbeat = await openHeartbeat(path);
    await heartbeat.close(marker(1));
    heartbeat.beat(marker(2));
    await heartbeat.close(marker(3));
    expect(heartbeat.failure()).toBe("EBADF");
  });
});

describe("what a start concludes", () => {
  const boot = marker(0).boot;
  const beat = START + 2250;
  const clean = marker(9, { clean: true });
  test.each([
    ["killed: the heartbeat", marker(9), boot, beat - 900, beat, "agent-stopped"],
    ["killed between writing and beating: the core", marker(9), boot, beat + 9, beat + 9],
    ["clean end", clean, boot, beat + 1, beat, "agent-stopped"],
    ["clean end, new boot", clean, "other", beat + 1, beat, "agent-stopped"],
    ["power cut, inputs lost: the core", marker(9), "other", beat - 900, beat - 900, "power-lost"],
    ["power cut, heartbeat older: the core", marker(9), "other", beat + 9, beat + 9, "power-lost"],
    ["power cut, core lost: the heartbeat", marker(9), "other", 0, beat, "power-lost"],
  ])("%s", (_, last, now, known, from, cause = "agent-stopped") => {
    expect(lastAlive(last, now, known)).toEqual({ lastAlive: from, cause });
  });

  test("nothing without a marker", () => {
    expect(lastAlive(null, boot, START)).toBeNull();
  });
});
