/** The store in one thread: what is committed comes back, what is not does not, and nobody else may write. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../../agent/core/fault.ts";
import { systemDisk } from "../../../agent/store/disk.ts";
import { openStore } from "../../../agent/store/open.ts";
import type { Store } from "../../../agent/store/port.ts";
import { openDatabase } from "../../../agent/store/sqlite.ts";
import { openTables } from "../../../agent/store/tables.ts";
import { commitOf, cycle, interval, optionsFor, plan, record, START, temporary } from "./plant.ts";

let place: ReturnType<typeof temporary>;
let open: Store[];

beforeEach(() => {
  place = temporary();
  open = [];
});
afterEach(async () => {
  for (const store of open) await store.close();
  place.remove();
});

async function start(more: Parameters<typeof optionsFor>[1] = {}) {
  const made = await openStore(optionsFor(place.folder, more));
  open.push(made.store);
  return made;
}

async function stop(): Promise<void> {
  await open.pop()?.close();
}

describe("a store", () => {
  test("begins empty and makes its folders", async () => {
    const { recovered } = await start();
    expect(recovered).toMatchObject({
      firstStart: true,
      snapshot: null,
      nextSeq: 1,
      heads: {},
      lastCommitAt: null,
      marker: null,
      quarantined: null,
      lost: null,
    });
    expect([...recovered.inputs]).toEqual([]);
    expect(existsSync(join(place.folder, "data", "raw"))).toBe(true);
  });

  test("gives back the snapshot and every input committed after it", async () => {
    const first = await start();
    const early = [cycle(START, { status: 6, total: 10n }), plan(START + 1, "Inventur")];
    const late = [
      cycle(START + 1000, { status: 8, total: 11n }),
      { kind: "tick", at: START + 1500 } as const,
    ];
    for (const input of early) first.store.append(input);
    await first.store.commit(
      commitOf(START + 2, {
        snapshot: "state after early",
        heads: { "press-01": { hash: "sha256:1", seq: 0 } },
      }),
    );
    for (const input of late) first.store.append(input);
    await first.store.commit(commitOf(START + 2000, { records: [record(1), record(2)] }));
    first.store.append(cycle(START + 3000, { status: 1 }));
    await stop();

    const { recovered } = await start();
    expect(recovered).toMatchObject({
      firstStart: false,
      snapshot: "state after early",
      nextSeq: 3,
      heads: { "press-01": { hash: "sha256:1", seq: 0 } },
      lastCommitAt: START + 2000,
      lost: null,
    });
    expect([...recovered.inputs]).toEqual(late);
  });

  test("gives back every input while there was no snapshot, over midnight too", async () => {
    const first = await start();
    const inputs = [0, 40_000_000, 80_000_000, 130_000_000].map((ms) =>
      cycle(START + ms, { total: ms }),
    );
    for (const input of inputs) {
      first.store.append(input);
      await first.store.commit(commitOf(input.at));
    }
    await stop();
    const { recovered } = await start();
    expect(recovered.snapshot).toBeNull();
    expect([...recovered.inputs]).toEqual(inputs);
    expect(readdirSync(join(place.folder, "data", "raw"))).toEqual([
      "2026-11-23.raw",
      "2026-11-24.raw",
    ]);
  });

  test("takes one commit at a time", async () => {
    const { store } = await start();
    const first = store.commit(commitOf(START));
    await expect(store.commit(commitOf(START))).rejects.toMatchObject({ code: "INTERNAL" });
    expect(await first).toMatchObject({ ok: true });
  });

  test("keeps acknowledgments over a stop", async () => {
    const { store } = await start();
    await store.commit(
      commitOf(START, { records: [record(1), record(2, { keep: true }), record(3)] }),
    );
    await store.settle([1, 2]);
    await store.park(3, "refused");
    await stop();
    const again = await start();
    expect(await again.store.take(0, 10)).toEqual([]);
    expect(await again.store.outbox()).toEqual({ depth: 0, oldestAt: null, parked: 1 });
    expect(again.recovered.nextSeq).toBe(4);
  });
});

describe("durability", () => {
  test("a file that is opened again is as durable as a new one", () => {
    const path = join(place.folder, "again.db");
    for (let i = 0; i < 3; i += 1) {
      const db = openDatabase(path, 1e7);
      expect(db.pragma("synchronous", { simple: true })).toBe(2);
      expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
      db.close();
    }
  });

  test("a clean end leaves no write-ahead log", async () => {
    const { store } = await start();
    await store.commit(commitOf(START, { facts: [interval(START, START + 1)] }));
    const folder = join(place.folder, "data");
    expect(existsSync(join(folder, "agent.db-wal"))).toBe(true);
    await stop();
    expect(existsSync(join(folder, "agent.db-wal"))).toBe(false);
  });
});

describe("a second writer", () => {
  test("is refused, and may come when the first has gone", async () => {
    await start();
    await expect(start()).rejects.toMatchObject({ code: "STORE_BUSY" });
    await stop();
    await start();
  });
});

describe("a path that cannot be written", () => {
  test("is refused with what to do", async () => {
    writeFileSync(join(place.folder, "data"), "a file where the folder should be");
    const error = await start().catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ code: "STORE_UNWRITABLE" });
    expect((error as Fault).hint).toContain("install -d");
  });

  test("a folder where the database should be is refused too, and the lock is free again", async () => {
    mkdirSync(join(place.folder, "data", "agent.db"), { recursive: true });
    for (let i = 0; i < 2; i += 1) {
      await expect(start()).rejects.toMatchObject({ code: "STORE_UNWRITABLE" });
    }
  });

  test("a store of a newer version is left alone", async () => {
    await start();
    await stop();
    const path = optionsFor(place.folder).path;
    const { db } = openTables(systemDisk, path, 1e7, new Set());
    db.pragma("user_version = 99");
    db.close();
    const before = readFileSync(path);
    await expect(start()).rejects.toMatchObject({ code: "STORE_UNWRITABLE" });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
