/** Errors of the disk come back as results, nothing in memory is lost, and nothing is stored twice. */
import { mkdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commit } from "../../../agent/store/commit.ts";
import { systemDisk } from "../../../agent/store/disk.ts";
import { createEngine } from "../../../agent/store/engine.ts";
import { openStore } from "../../../agent/store/open.ts";
import type { CommitResult, Store } from "../../../agent/store/port.ts";
import { type RawDamage, readRaw } from "../../../agent/store/raw-reader.ts";
import { openReader } from "../../../agent/store/read.ts";
import { closeTables, openSession } from "../../../agent/store/session.ts";
import { diskError, faultyDisk, type Trap } from "./faulty-disk.ts";
import { commitOf, cycle, interval, optionsFor, plan, record, START, temporary } from "./plant.ts";

let place: ReturnType<typeof temporary>;
let store: Store;
let trap: Trap;

beforeEach(async () => {
  place = temporary();
  const faulty = faultyDisk();
  trap = faulty.trap;
  ({ store } = await openStore(optionsFor(place.folder), createEngine(faulty.disk)));
});
afterEach(async () => {
  trap.spring = () => {};
  await store.close();
  place.remove();
});

/** Throws `error` at each of the named operations, `times` times. */
function failAt(operation: string, error: Error, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  trap.spring = (_, name) => {
    if (name === operation && left-- > 0) throw error;
  };
}

const sqlite = (code: string): Error => new Database.SqliteError(`${code}: injected`, code);
const raw = (onDamage?: (damage: RawDamage) => void) => [
  ...readRaw(`${place.folder}/data/raw`, onDamage ? { onDamage } : {}),
];
const seqs = async (): Promise<number[]> => (await store.take(0, 1000)).map(({ seq }) => seq);

/** Commit `n` of a run: one cycle, one plan, one interval, one record. */
function commitNumber(n: number, more = {}): Promise<CommitResult> {
  const at = START + n * 1000;
  store.append(cycle(at, { total: n }));
  store.append(plan(at, `${n}`));
  const facts = [interval(at, at + 1000)];
  return store.commit(commitOf(at + 10, { facts, records: [record(n)], ...more }));
}

const database = (): string => optionsFor(place.folder).path;
/** A folder in its place: the database cannot be opened, though what is open goes on. */
function breakOpening(): void {
  renameSync(database(), `${database()}.away`);
  mkdirSync(database());
}
function mend(): void {
  rmdirSync(database());
  renameSync(`${database()}.away`, database());
}

const stored = () => {
  const reader = openReader(optionsFor(place.folder).path);
  const intervals = [...reader.intervals("press-01", 0, START * 2)].map(
    ({ from }) => (from - START) / 1000,
  );
  const plans = [...reader.inputs(0, START * 2)].length;
  reader.close();
  return { intervals, plans };
};

describe("an error of the database", () => {
  test.each(["SQLITE_IOERR_FSYNC", "SQLITE_IOERR_WRITE", "SQLITE_BUSY"])(
    "%s once is cured by opening it again",
    async (code) => {
      await commitNumber(1);
      failAt("commit", sqlite(code), 1);
      expect(await commitNumber(2)).toEqual({ ok: true, gaps: [], snapshotNeeded: false });
      expect(stored()).toEqual({ intervals: [1, 2], plans: 2 });
    },
  );

  test("after the transaction was durable is found out, and nothing is stored twice", async () => {
    failAt("committed", sqlite("SQLITE_IOERR_FSYNC"), 1);
    expect(await commitNumber(1)).toMatchObject({ ok: true });
    failAt("committed", sqlite("SQLITE_IOERR_FSYNC"));
    expect(await commitNumber(2)).toMatchObject({ ok: true });
    expect(stored()).toEqual({ intervals: [1, 2], plans: 2 });
    expect(await seqs()).toEqual([1, 2]);
  });

  test("whose outcome stays unknown is asked later; what was stored is not stored again", async () => {
    await commitNumber(1);
    // Durable, told as an error, and then the database cannot be opened to ask it.
    trap.spring = (_, name) => {
      if (name !== "committed") return;
      breakOpening();
      throw sqlite("SQLITE_IOERR_FSYNC");
    };
    const refused = await commitNumber(2);
    expect(refused).toMatchObject({ ok: false, fault: { code: "STORE_IO" } });
    trap.spring = () => {};
    mend();
    store.append(cycle(START + 3000, { total: 3 }));
    const facts = [2, 3].map((n) => interval(START + n * 1000, START + n * 1000 + 1000));
    const records = [record(2), record(3)];
    const again = await store.commit(commitOf(START + 20_000, { facts, records }));
    expect(again).toEqual({ ok: true, gaps: [], snapshotNeeded: false });
    expect(stored()).toEqual({ intervals: [1, 2, 3], plans: 2 });
    expect(await seqs()).toEqual([1, 2, 3]);
    expect(raw().filter(({ kind }) => kind === "cycle")).toHaveLength(3);
    await store.close();
    const next = await openStore(optionsFor(place.folder));
    store = next.store;
    expect(next.recovered).toMatchObject({ nextSeq: 4, lost: null });
    expect([...next.recovered.inputs]).toHaveLength(5);
  });

  test("that stays is a result; the same commit with more succeeds later", async () => {
    await commitNumber(1);
    await store.settle([1]);
    failAt("commit", sqlite("SQLITE_IOERR_WRITE"));
    const refused = await commitNumber(2);
    expect(refused).toMatchObject({
      ok: false,
      snapshotNeeded: false,
      fault: { code: "STORE_IO" },
    });
    trap.spring = () => {};
    const facts = [interval(START + 2000, START + 3000), interval(START + 3000, START + 4000)];
    store.append(cycle(START + 3000, { total: 3 }));
    const at = START + 3010;
    expect(
      await store.commit(commitOf(at, { facts, records: [record(2), record(3)] })),
    ).toMatchObject({
      ok: true,
    });
    expect(stored()).toEqual({ intervals: [1, 2, 3], plans: 2 });
    expect(await seqs()).toEqual([2, 3]);
    expect(raw().filter(({ kind }) => kind === "cycle")).toHaveLength(3);
  });

  test("that closed it is told until it is opened again, a disk that is full as such", async () => {
    const { session } = openSession(systemDisk, optionsFor(join(place.folder, "own")));
    const request = { commit: commitOf(START), inputs: [], blocks: [], lostFrom: null };
    try {
      Object.assign(session, { trouble: "STORE_FULL", reopenedAt: START - 5_000 });
      closeTables(session);
      expect(commit(session, request)).toMatchObject({ ok: false, fault: { code: "STORE_FULL" } });
      session.reopenedAt = START - 10_000;
      expect(commit(session, request)).toMatchObject({ ok: true });
    } finally {
      closeTables(session);
      session.lock.release();
    }
  });

  test("that is a defect of ours is thrown", async () => {
    failAt("commit", sqlite("SQLITE_CONSTRAINT_PRIMARYKEY"));
    await expect(commitNumber(1)).rejects.toMatchObject({ code: "INTERNAL" });
  });
});

describe("raw that cannot be written", () => {
  test.each(["write", "sync", "extend"])(
    "(%s) asks for a snapshot, once cured has no gap",
    async (operation) => {
      failAt(operation, diskError("EIO"));
      const refused = await commitNumber(1);
      expect(refused).toMatchObject({
        ok: false,
        snapshotNeeded: true,
        fault: { code: "STORE_IO" },
      });
      expect(stored()).toEqual({ intervals: [], plans: 0 });
      trap.spring = () => {};
      expect(await commitNumber(2)).toEqual({ ok: true, gaps: [], snapshotNeeded: false });
      expect(raw()).toHaveLength(4);
    },
  );

  test("is stood in for by snapshots; the gap is one, numbered, and ends", async () => {
    await commitNumber(1);
    failAt("write", diskError("EIO"));
    expect(await commitNumber(2)).toMatchObject({ ok: false, snapshotNeeded: true });
    const second = await commitNumber(3, { snapshot: "3" });
    const gap = { n: 1, what: "raw", from: START + 2000, to: START + 3000, rows: 4, why: "io" };
    expect(second).toEqual({ ok: true, gaps: [gap], snapshotNeeded: true });
    const third = await commitNumber(4, { snapshot: "4" });
    expect(third).toMatchObject({ ok: true, gaps: [{ n: 1, to: START + 4000, rows: 6 }] });
    trap.spring = () => {};
    expect(await commitNumber(5, { snapshot: "5" })).toEqual({
      ok: true,
      gaps: [],
      snapshotNeeded: false,
    });
    expect(await commitNumber(6)).toEqual({ ok: true, gaps: [], snapshotNeeded: false });

    const damage: RawDamage[] = [];
    const inputs = raw((found) => damage.push(found));
    expect(inputs.flatMap((input) => (input.kind === "cycle" ? [input.at] : []))).toEqual(
      [1, 5, 6].map((n) => START + n * 1000),
    );
    expect(damage).toMatchObject([{ what: "gap", from: START + 1000, to: START + 5000 }]);
    await store.close();
    const again = await openStore(optionsFor(place.folder));
    store = again.store;
    expect(again.recovered).toMatchObject({ snapshot: "5", lost: null, nextSeq: 7 });
    expect([...again.recovered.inputs]).toHaveLength(2);
  });

  test("loses what was packed meanwhile, and says so", async () => {
    failAt("extend", diskError("EIO"));
    const under = commitNumber(1, { snapshot: "1" });
    store.append(cycle(START + 1500, { total: 9 }));
    expect(await under).toMatchObject({
      ok: true,
      snapshotNeeded: true,
      gaps: [{ n: 1, rows: 2 }],
    });
    trap.spring = () => {};
    expect(await commitNumber(2)).toMatchObject({ ok: false, snapshotNeeded: true });
    const result = await store.commit(
      commitOf(START + 2500, { snapshot: "2", records: [record(2)] }),
    );
    expect(result).toMatchObject({ ok: true, snapshotNeeded: false });
    expect(result.ok && result.gaps).toMatchObject([
      { n: 1, what: "raw", from: START + 1000, to: START + 2000 },
    ]);
  });
});

test("a lease that cannot be written stops the commit, not the agent", async () => {
  failAt("rename", diskError("EROFS"));
  expect(await commitNumber(1)).toMatchObject({ ok: false, fault: { code: "STORE_IO" } });
  trap.spring = () => {};
  expect(await store.commit(commitOf(START, { records: [record(1)] }))).toMatchObject({ ok: true });
});
