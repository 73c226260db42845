/** Numbers are leased before they are used, and never go back. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemDisk } from "../../../agent/store/disk.ts";
import { extendLease, readLease } from "../../../agent/store/lease.ts";
import { openStore } from "../../../agent/store/open.ts";
import { commitOf, optionsFor, record, START, temporary } from "./plant.ts";

let place: ReturnType<typeof temporary>;

beforeEach(() => {
  place = temporary();
});
afterEach(() => place.remove());

describe("a lease", () => {
  test("grows in ranges, and only when it has to", () => {
    const path = join(place.folder, "agent.seq");
    const lease = readLease(path);
    expect(lease).toEqual({ path, upTo: 0, damaged: false });
    extendLease(systemDisk, lease, 0);
    expect(existsSync(path)).toBe(false);
    extendLease(systemDisk, lease, 1);
    expect(readLease(path).upTo).toBe(1000);
    rmSync(path);
    extendLease(systemDisk, lease, 1000);
    expect(existsSync(path)).toBe(false);
    extendLease(systemDisk, lease, 3001);
    expect(readLease(path)).toEqual({ path, upTo: 4000, damaged: false });
  });

  test.each(["", "garbage", "1000 7\n", "1000"])("that reads %j is damaged", (text) => {
    const path = join(place.folder, "agent.seq");
    writeFileSync(path, text);
    expect(readLease(path)).toEqual({ path, upTo: 0, damaged: true });
  });
});

describe("seq", () => {
  const file = (name: string): string => join(place.folder, "data", name);
  const run = async (records: number[]): Promise<number> => {
    const { store, recovered } = await openStore(optionsFor(place.folder));
    const result = await store.commit(
      commitOf(START, { records: records.map((offset) => record(recovered.nextSeq + offset)) }),
    );
    expect(result.ok).toBe(true);
    await store.close();
    return recovered.nextSeq;
  };

  test("goes on without a gap over restarts", async () => {
    expect(await run([0, 1, 2])).toBe(1);
    expect(await run([0])).toBe(4);
    expect(await run([])).toBe(5);
  });

  test("goes on above the lease when the database is gone", async () => {
    await run([0, 1]);
    rmSync(file("agent.db"));
    expect(await run([0])).toBe(1001);
    expect(await run([])).toBe(1002);
  });

  test("is beyond anything used when the lease is gone too", async () => {
    await run([0]);
    rmSync(file("agent.db"));
    writeFileSync(file("agent.seq"), "1000 1");
    expect(await run([0])).toBe(START / 1000 + 1);
    expect(readFileSync(file("agent.seq"), "utf8")).toMatch(/^\d+ \d+\n$/);
  });
});
