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
  test.each([
    ["same boot, killed", marker(9), boot, "agent-stopped"],
    ["same boot, clean end", marker(9, { clean: true }), boot, "agent-stopped"],
    ["new boot, clean end", marker(9, { clean: true }), "other", "agent-stopped"],
    ["new boot, no end", marker(9), "other", "power-lost"],
  ])("%s", (_, last, now, cause) => {
    expect(lastAlive(last, now)).toEqual({ lastAlive: START + 2250, cause });
  });

  test("nothing without a marker", () => {
    expect(lastAlive(null, boot)).toBeNull();
  });
});
