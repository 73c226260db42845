/** What is written ahead of its commit is found again whole, in order and once, or not believed at all. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Input } from "../../../agent/core/input.ts";
import { createEngine, type Engine } from "../../../agent/store/engine.ts";
import { openStore } from "../../../agent/store/open.ts";
import type { Commit, Recovered, Store } from "../../../agent/store/port.ts";
import { readRaw } from "../../../agent/store/raw-reader.ts";
import { openReader } from "../../../agent/store/read.ts";
import { diskError, faultyDisk, image, type Trap } from "./faulty-disk.ts";
import { commitOf, cycle, optionsFor, plan, START, temporary } from "./plant.ts";

const DAY_MS = 86_400_000;

let place: ReturnType<typeof temporary>;
let store: Store;
let trap: Trap;
let engines: Engine[];
let copies: number;

beforeEach(async () => {
  place = temporary();
  engines = [];
  copies = 0;
  store = (await start("live")).store;
});
afterEach(() => {
  trap.spring = () => {};
  for (const engine of engines) engine.close();
  place.remove();
});

async function start(name: string): Promise<{ store: Store; recovered: Recovered }> {
  const faulty = faultyDisk();
  trap = faulty.trap;
  const engine = createEngine(faulty.disk);
  engines.push(engine);
  return openStore(optionsFor(join(place.folder, name)), engine);
}

const rawOf = (name: string): string => join(place.folder, name, "data/raw");

/** A start on the files as they are now. */
async function killed(name = "live"): Promise<{ name: string; store: Store; found: Recovered }> {
  copies += 1;
  const copy = `copy-${copies}`;
  image(join(place.folder, name), join(place.folder, copy));
  const { store: next, recovered } = await start(copy);
  return { name: copy, store: next, found: recovered };
}

/** Slot `n`: a cycle and a plan, written ahead. */
async function slot(n: number, at = START + n * 250, into = store): Promise<Input[]> {
  const inputs = [cycle(at, { total: n, text: `${n}` }), plan(at + 1, `plan ${n}`)];
  for (const input of inputs) into.append(input);
  expect(await into.writeAhead()).toBe(true);
  return inputs;
}

async function committed(n: number, more: Partial<Commit> = {}, into = store): Promise<void> {
  const result = await into.commit(commitOf(START + n * 250 + 100, more));
  expect(result).toEqual({ ok: true, gaps: [], snapshotNeeded: false });
}

const plansOf = (name: string): Input[] => {
  const reader = openReader(optionsFor(join(place.folder, name)).path);
  const plans = [...reader.inputs(0, START * 2)];
  reader.close();
  return plans;
};

describe("a kill", () => {
  test("before the first commit loses nothing that was written", async () => {
    const inputs = [...(await slot(1)), ...(await slot(2))];
    const { found } = await killed();
    expect(found).toMatchObject({ firstStart: false, snapshot: null, lost: null, nextSeq: 1 });
    expect([...found.inputs]).toEqual([]);
    expect([...found.uncommitted]).toEqual(inputs);
  });

  test.each([
    ["", {}],
    [" with a snapshot", { snapshot: "s" }],
  ])("between commits%s, again and again, keeps each input once", async (_, more) => {
    const first = [...(await slot(1)), ...(await slot(2))];
    await committed(2, more);
    const second = [...(await slot(3)), ...(await slot(4)), ...(await slot(5, START + DAY_MS))];
    const once = await killed();
    expect([...once.found.inputs]).toEqual("snapshot" in more ? [] : first);
    expect([...once.found.uncommitted]).toEqual(second);
    const third = await slot(6, START + DAY_MS + 250, once.store);
    const twice = await killed(once.name);
    expect([...twice.found.uncommitted]).toEqual([...second, ...third]);
    const fourth = await slot(7, START + DAY_MS + 500, twice.store);
    await committed(DAY_MS / 250 + 7, {}, twice.store);
    const all = [...first, ...second, ...third, ...fourth];
    expect([...readRaw(rawOf(twice.name))]).toEqual(all);
    expect(plansOf(twice.name)).toEqual(all.filter(({ kind }) => kind === "plan"));
    const last = await killed(twice.name);
    expect([...last.found.uncommitted]).toEqual([]);
    expect([...last.found.inputs]).toEqual("snapshot" in more ? all.slice(first.length) : all);
  });

  test("after a refused commit keeps what is in raw", async () => {
    const inputs = await slot(1);
    await committed(1);
    trap.spring = (_, operation) => {
      if (operation === "rename") throw diskError("EROFS");
    };
    const more = [...(await slot(2)), ...(await slot(3))];
    const record = { topic: "t", payload: "{}", retain: false, class: "state", asset: null };
    const records = [{ ...record, seq: 1, at: START, keep: false }];
    expect(await store.commit(commitOf(START, { records }))).toMatchObject({ ok: false });
    const { found } = await killed();
    expect([...found.inputs]).toEqual(inputs);
    expect([...found.uncommitted]).toEqual(more);
  });

  test("does not bring back what a snapshot stands in for", async () => {
    await slot(1);
    await committed(1);
    await slot(2);
    trap.spring = (_, operation) => {
      if (operation === "sync" || operation === "truncate") throw diskError("EIO");
    };
    store.append(cycle(START + 900, { total: 9 }));
    const result = await store.commit(commitOf(START + 1000, { snapshot: "holds 2 and 9" }));
    expect(result).toMatchObject({ ok: true, snapshotNeeded: true, gaps: [{ what: "raw" }] });
    expect(await store.writeAhead()).toBe(true);
    const { found } = await killed();
    expect(found.snapshot).toBe("holds 2 and 9");
    expect([...found.inputs, ...found.uncommitted]).toEqual([]);
  });
});

describe("a power cut", () => {
  test.each([0, 1, 2])("that tears block %i takes it and all behind it", async (torn) => {
    const first = await slot(1);
    await committed(1);
    const slots = [await slot(2), await slot(3), await slot(4)];
    const file = join(rawOf("live"), "2026-11-23.raw");
    const bytes = readFileSync(file);
    let begin = 0;
    for (let block = 0; block <= torn; block += 1) begin = bytes.indexOf("UARB", begin + 1);
    bytes.fill(0, begin + 20, begin + 24);
    writeFileSync(file, bytes);
    const { name, found, store: next } = await killed();
    expect([...found.inputs]).toEqual(first);
    expect([...found.uncommitted]).toEqual(slots.slice(0, torn).flat());
    const later = await slot(9, START + 9000, next);
    await committed(40, {}, next);
    expect([...readRaw(rawOf(name))]).toEqual([...first, ...slots.slice(0, torn).flat(), ...later]);
  });
});

describe("writing ahead", () => {
  test("that fails is made good by the commit, whole and once", async () => {
    const inputs = await slot(1);
    trap.spring = (_, operation) => {
      if (operation === "write") throw diskError("EIO");
    };
    store.append(cycle(START + 500, { total: 5 }));
    expect(await store.writeAhead()).toBe(false);
    trap.spring = () => {};
    store.append(cycle(START + 600, { total: 6 }));
    await committed(4);
    const more = await slot(5);
    const cycles = [5, 6].map((n) => cycle(START + n * 100, { total: n }));
    expect([...readRaw(rawOf("live"))]).toEqual([...inputs, ...cycles, ...more]);
  });

  test("is told in one word while a commit is under way, and syncs nothing", async () => {
    let syncs = 0;
    await slot(1);
    await committed(1);
    trap.spring = (_, operation) => {
      if (operation === "sync") syncs += 1;
    };
    await slot(2);
    expect(syncs).toBe(0);
    const under = store.commit(commitOf(START + 900));
    store.append(cycle(START + 1000, { total: 3 }));
    expect(await store.writeAhead()).toBe(false);
    await under;
    expect(syncs).toBe(1);
    expect(await store.writeAhead()).toBe(true);
  });
});

test("a second database in the same folder is refused, because raw and socket are shared", async () => {
  const path = join(place.folder, "live/data/other.db");
  await expect(
    openStore({ ...optionsFor(place.folder), path }, createEngine(faultyDisk().disk)),
  ).rejects.toMatchObject({ code: "STORE_BUSY" });
});
