/** Damage is found, set aside and survived; seq never goes back, and nothing is deleted. */
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEngine } from "../../../agent/store/engine.ts";
import { openStore } from "../../../agent/store/open.ts";
import type { Recovered, Store } from "../../../agent/store/port.ts";
import { openReader } from "../../../agent/store/read.ts";
import { faultyDisk, image } from "./faulty-disk.ts";
import { commitOf, cycle, interval, optionsFor, plan, record, START, temporary } from "./plant.ts";

let place: ReturnType<typeof temporary>;
const opened: Store[] = [];

beforeEach(() => {
  place = temporary();
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  place.remove();
});

const file = (name: string, folder = place.folder): string => join(folder, "data", name);
const names = (): string[] => readdirSync(file(""));

async function start(folder = place.folder): Promise<{ store: Store; recovered: Recovered }> {
  const made = await openStore(optionsFor(folder, { now: START + 900_000 }));
  opened.push(made.store);
  return made;
}

async function run(commits: number, store: Store, from = 1): Promise<void> {
  for (let n = from; n < from + commits; n += 1) {
    const at = START + n * 1000;
    store.append(cycle(at, { total: n }));
    const facts = [
      interval(at, at + 1000),
      ...[2, 3, 4].map((i) => interval(at, at + i, `press-${i}`)),
    ];
    const records = [record(n, { payload: "p".repeat(700) })];
    const commit = commitOf(at, { facts, records, ...(n % 10 === 0 ? { snapshot: `${n}` } : {}) });
    expect(await store.commit(commit)).toMatchObject({ ok: true });
  }
}

/** A closed store of 25 commits. */
async function make(): Promise<void> {
  const { store } = await start();
  await run(25, store);
  await opened.pop()?.close();
}

/** A start that found damage, checked: it works, and the old file is still there. */
async function expectAnew(): Promise<void> {
  const damaged = readFileSync(file("agent.db"));
  const { store, recovered } = await start();
  expect(recovered).toMatchObject({ firstStart: false, snapshot: null, nextSeq: 1001 });
  expect([...recovered.inputs]).toEqual([]);
  expect(recovered.quarantined).toBe(file("agent.db.damaged-2026-11-23T06-15-00Z"));
  expect(readFileSync(recovered.quarantined ?? "").equals(damaged)).toBe(true);
  await run(1, store, 1001);
  expect((await store.take(0, 10)).map(({ seq }) => seq)).toEqual([1001]);
}

describe("a damaged database", () => {
  test("that is no database", async () => {
    await make();
    writeFileSync(
      file("agent.db"),
      "not a database at all, but long enough to be read as one".repeat(40),
    );
    await expectAnew();
  });

  test("that is cut in half", async () => {
    await make();
    truncateSync(file("agent.db"), readFileSync(file("agent.db")).length >> 1);
    await expectAnew();
  });

  test("with any page but the first zeroed", { timeout: 60_000 }, async () => {
    await make();
    const whole = readFileSync(file("agent.db"));
    const pages = whole.length / 1024;
    let found = 0;
    for (let page = 1; page < pages; page += 3) {
      const bytes = Buffer.from(whole);
      bytes.fill(0, page * 1024, (page + 1) * 1024);
      writeFileSync(file("agent.db"), bytes);
      const { store, recovered } = await start();
      // A page that is free may be anything.
      if (recovered.quarantined !== null) found += 1;
      else expect(recovered.nextSeq).toBe(26);
      expect(recovered.nextSeq).toBeGreaterThanOrEqual(26);
      await run(1, store, recovered.nextSeq);
      await opened.pop()?.close();
      for (const name of names()) if (name.startsWith("agent.db")) rmSync(file(name));
      rmSync(file("agent.seq"));
      writeFileSync(file("agent.seq"), "1000 7013\n");
    }
    expect(found).toBeGreaterThan(pages / 6);
  });

  test("a second time on the same second keeps both", async () => {
    for (let i = 0; i < 2; i += 1) {
      writeFileSync(join(place.folder, "junk"), "junk".repeat(500));
      await make().catch(() => undefined);
      copyFileSync(join(place.folder, "junk"), file("agent.db"));
      await start();
      await opened.pop()?.close();
    }
    expect(names().filter((name) => name.includes("damaged"))).toEqual([
      "agent.db.damaged-2026-11-23T06-15-00Z",
      "agent.db.damaged-2026-11-23T06-15-00Z-2",
    ]);
  });

  test("found while running is set aside too, and begun anew with a snapshot", async () => {
    const { disk, trap } = faultyDisk();
    const { store } = await openStore(optionsFor(place.folder), createEngine(disk));
    opened.push(store);
    await run(25, store);
    trap.spring = (_, operation) => {
      if (operation !== "commit") return;
      trap.spring = () => {};
      throw new Database.SqliteError("injected", "SQLITE_CORRUPT");
    };
    store.append(plan(START + 90_000, "kept"));
    const at = START + 91_000;
    const refused = await store.commit(commitOf(at, { records: [record(26)] }));
    expect(refused).toMatchObject({
      ok: false,
      snapshotNeeded: true,
      fault: {
        code: "STORE_DAMAGED",
        context: { path: file("agent.db.damaged-2026-11-23T06-01-31Z") },
      },
    });
    const without = await store.commit(commitOf(at, { records: [record(26)] }));
    expect(without).toMatchObject({ ok: false, snapshotNeeded: true });
    const again = await store.commit(commitOf(at, { records: [record(26)], snapshot: "all" }));
    expect(again).toMatchObject({
      ok: true,
      gaps: [{ n: 1, what: "store", to: at, why: "damaged" }],
    });
    expect((await store.take(0, 10)).map(({ seq }) => seq)).toEqual([26]);
    const reader = openReader(optionsFor(place.folder).path);
    expect([...reader.inputs(0, START * 2)]).toEqual([plan(START + 90_000, "kept")]);
    reader.close();
  });
});

describe("a lost write-ahead log", () => {
  let copy: string;
  beforeEach(() => {
    copy = `${place.folder}-copy`;
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  test("is noticed; seq goes on above the lease and the raw is kept aside", async () => {
    await make();
    const { store } = await start();
    await run(5, store, 26);
    image(place.folder, copy);
    rmSync(file("agent.db-wal", copy));
    const raw = readFileSync(file("raw/2026-11-23.raw", copy));
    const { recovered } = await start(copy);
    expect(recovered).toMatchObject({ quarantined: null, snapshot: "20", nextSeq: 1001 });
    expect(recovered.lost).toMatch(/^at least 4 commits are gone/);
    expect([...recovered.inputs]).toHaveLength(5);
    const [aside] = readdirSync(file("raw", copy)).filter((name) => name.includes("uncommitted"));
    expect(readFileSync(file(`raw/${aside}`, copy)).equals(raw)).toBe(true);
  });

  test("with everything in it leaves an empty database, which is told", async () => {
    const { store } = await start();
    await run(5, store);
    image(place.folder, copy);
    rmSync(file("agent.db-wal", copy));
    const { recovered } = await start(copy);
    expect(recovered).toMatchObject({
      firstStart: false,
      quarantined: null,
      snapshot: null,
      nextSeq: 1001,
    });
    expect(recovered.lost).toMatch(/gone or empty/);
  });
});

describe("raw that cannot be read", () => {
  test.each(["flipped", "cut", "removed"])(
    "since the snapshot (%s): the core starts anew, the journal stays",
    async (how) => {
      await make();
      const path = file("raw/2026-11-23.raw");
      const bytes = readFileSync(path);
      if (how === "flipped")
        writeFileSync(path, bytes.fill(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1));
      if (how === "cut") truncateSync(path, bytes.length - 1);
      if (how === "removed") rmSync(path);
      const { store, recovered } = await start();
      expect(recovered).toMatchObject({
        snapshot: null,
        quarantined: null,
        nextSeq: 1001,
        lost: expect.stringContaining("raw"),
      });
      expect([...recovered.inputs]).toEqual([]);
      await run(2, store, 1001);
      await opened.pop()?.close();
      const again = await start();
      expect(again.recovered).toMatchObject({ snapshot: null, lost: null, nextSeq: 1003 });
      expect([...again.recovered.inputs].map(({ at }) => at)).toEqual(
        [1001, 1002].map((n) => START + n * 1000),
      );
      const reader = openReader(optionsFor(place.folder).path);
      expect([...reader.intervals("press-01", 0, START * 2)]).toHaveLength(27);
      reader.close();
    },
  );

  test("before the snapshot does not matter", async () => {
    await make();
    const path = file("raw/2026-11-23.raw");
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(30) ^ 1, 30);
    writeFileSync(path, bytes);
    const { recovered } = await start();
    expect(recovered).toMatchObject({ snapshot: "20", lost: null });
    expect([...recovered.inputs]).toHaveLength(5);
    expect(existsSync(path)).toBe(true);
  });
});
