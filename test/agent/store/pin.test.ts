/** What explains the stops outlives the raw log, for as long as the journal does; and the write-ahead log stays short. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { IntervalFact } from "../../../agent/core/fact.ts";
import type { Input } from "../../../agent/core/input.ts";
import { openStore } from "../../../agent/store/open.ts";
import type { Store, StoreOptions } from "../../../agent/store/port.ts";
import { readRaw } from "../../../agent/store/raw-reader.ts";
import { openReadOnly } from "../../../agent/store/sqlite.ts";
import { commitOf, cycle, interval, optionsFor, plan, record, START, temporary } from "./plant.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let place: ReturnType<typeof temporary>;
let store: Store;

beforeEach(() => {
  place = temporary();
});
afterEach(async () => {
  await store.close();
  place.remove();
});

const open = async (more: Partial<StoreOptions>): Promise<void> => {
  ({ store } = await openStore(optionsFor(place.folder, more)));
};
const folder = (): string => join(place.folder, "data/raw");

const running = (from: number, to: number, asset?: string): IntervalFact =>
  interval(from, to, asset);
const stopped = (from: number, to: number): IntervalFact => ({
  ...interval(from, to),
  ...{ stop: "stop", stopFrom: from },
});

/** One commit a minute, which is how often retention looks. */
async function minutes(count: number, from: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    const at = from + minute * MINUTE_MS;
    store.append(cycle(at, { total: 1 }));
    expect(await store.commit(commitOf(at, { snapshot: "s" }))).toMatchObject({ ok: true });
  }
}

test("the minutes around a stop and what is no cycle are pinned, then go with the journal", async () => {
  await open({ rawKeepMs: DAY_MS, journalKeepMs: 5 * DAY_MS });
  // A stop from minute 20 to 40, read once a second; another machine that never stops; one plan.
  const [begin, end] = [START + 20 * MINUTE_MS, START + 40 * MINUTE_MS];
  const inputs: Input[] = [];
  for (let at = START; at < START + 60 * MINUTE_MS; at += 1000) {
    inputs.push(cycle(at, { total: at - START }), {
      ...cycle(at, { total: 1 }),
      asset: "press-02",
    });
  }
  inputs.push(plan(START + 60 * MINUTE_MS, "far from any edge"));
  for (const input of inputs) store.append(input);
  const hour = START + 60 * MINUTE_MS;
  const facts = [running(START, begin), stopped(begin, end), running(end, hour)];
  const other = running(START, hour, "press-02");
  await store.commit(commitOf(hour, { facts: [...facts, other], snapshot: "s" }));

  await minutes(8, START + 3 * DAY_MS);
  expect(readdirSync(folder())).toEqual(["2026-11-23.pin", "2026-11-26.raw"]);
  const pinned = [...readRaw(folder(), { kind: "pin" })];
  const isNear = ({ at }: Input): boolean =>
    [begin, end].some((edge) => at >= edge - MINUTE_MS && at < edge + 2 * MINUTE_MS);
  expect(pinned).toEqual(
    inputs.filter(
      (one) => one.kind === "plan" || ("asset" in one && one.asset === "press-01" && isNear(one)),
    ),
  );
  expect(pinned.length).toBe(2 * 180 + 1);
  const raw = statSync(join(folder(), "2026-11-26.raw")).size;
  const pin = statSync(join(folder(), "2026-11-23.pin")).size;
  expect((await store.sizes()).raw).toBe(raw + pin);

  await minutes(4, START + 7 * DAY_MS);
  expect(readdirSync(folder()).filter((name) => name.endsWith(".pin"))).not.toContain(
    "2026-11-23.pin",
  );
});

test("a pin that was begun and not finished is made again", async () => {
  await open({ rawKeepMs: DAY_MS });
  for (let n = 0; n < 5000; n += 1) store.append(plan(START + n, `${n}`));
  await minutes(1, START + 6000);
  await minutes(2, START + 3 * DAY_MS);
  expect(readdirSync(folder())).toContain("2026-11-23.pin.part");
  await store.close();
  await open({ rawKeepMs: DAY_MS });
  await minutes(5, START + 3 * DAY_MS + 3 * MINUTE_MS);
  expect(readdirSync(folder())).toEqual(["2026-11-23.pin", "2026-11-26.raw"]);
  expect([...readRaw(folder(), { kind: "pin" })]).toHaveLength(5000);
});

test("the write-ahead log is emptied every ten minutes; a reader that stays is told once", async () => {
  await open({ maxBytes: 256 * 1024 * 1024 });
  const wal = async (): Promise<number> => (await store.sizes()).wal;
  await minutes(9, START);
  expect(await wal()).toBeGreaterThan(0);
  await minutes(2, START + 9 * MINUTE_MS);
  expect(await wal()).toBe(0);

  const reader = openReadOnly(optionsFor(place.folder).path);
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM words").get();
  const notes: string[] = [];
  for (let n = 1; n <= 6; n += 1) {
    const at = START + (20 + n) * MINUTE_MS;
    const rows = [0, 1, 2, 3].map((i) => record(n * 4 + i, { payload: "x".repeat(2_000_000) }));
    const result = await store.commit(commitOf(at, { records: rows }));
    if (result.ok && result.note) notes.push(result.note);
  }
  reader.close();
  expect(notes).toEqual([expect.stringMatching(/agent\.db-wal has grown to \d+ MiB/)]);
  await minutes(1, START + 40 * MINUTE_MS);
  expect(await wal()).toBe(0);
});
