/** Whatever the operation at which a process dies or the power fails, the store comes back at a committed state. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fact } from "../../../agent/core/fact.ts";
import type { Input } from "../../../agent/core/input.ts";
import { createEngine, type Engine } from "../../../agent/store/engine.ts";
import { openStore } from "../../../agent/store/open.ts";
import type { Commit, Recovered, Store } from "../../../agent/store/port.ts";
import { openReader } from "../../../agent/store/read.ts";
import { Crash, faultyDisk, image, type Trap } from "./faulty-disk.ts";
import { commitOf, cycle, interval, optionsFor, plan, record, START, temporary } from "./plant.ts";

let place: ReturnType<typeof temporary>;
let engines: Engine[];

beforeEach(() => {
  place = temporary();
  engines = [];
});
afterEach(() => {
  for (const engine of engines) engine.close();
  place.remove();
});

const DAY_MS = 86_400_000;

/** Five commits: over midnight, with a snapshot in the middle and more numbers than one lease. */
const script: { inputs: Input[]; commit: Commit }[] = [0, 1, 2, 3, 4].map((n) => {
  const at = START + n * 0.4 * DAY_MS;
  const records = [record(n * 700 + 1), record(n * 700 + 2, { keep: true })];
  const facts = [interval(at, at + 1000)];
  const heads = { "press-01": { hash: `sha256:${n}`, seq: 0 } };
  const snapshot = n === 2 ? { snapshot: "after the third" } : {};
  return {
    inputs: [cycle(at, { total: n }), plan(at + 1, `plan ${n}`)],
    commit: commitOf(at + 1000, { facts, records, heads, ...snapshot }),
  };
});

interface State extends Pick<Recovered, "snapshot" | "nextSeq" | "heads" | "lost"> {
  inputs: Input[];
  plans: (Input | undefined)[];
  intervals: Fact[];
  waiting: number[];
}

/** What a start must find after `n` commits. */
const expected = (n: number): State => ({
  snapshot: n > 2 ? "after the third" : null,
  inputs: script.slice(n > 2 ? 3 : 0, n).flatMap(({ inputs }) => inputs),
  nextSeq: n === 0 ? 1 : (n - 1) * 700 + 3,
  heads: n === 0 ? {} : { "press-01": { hash: `sha256:${n - 1}`, seq: 0 } },
  lost: null,
  plans: script.slice(0, n).map(({ inputs }) => inputs[1]),
  intervals: script.slice(0, n).flatMap(({ commit }) => commit.facts),
  waiting: script.slice(0, n).flatMap(({ commit }) => commit.records.map(({ seq }) => seq)),
});

async function found(folder: string): Promise<State> {
  const { store, recovered } = await openStore(optionsFor(folder));
  const reader = openReader(optionsFor(folder).path);
  const state = {
    snapshot: recovered.snapshot,
    inputs: [...recovered.inputs],
    nextSeq: recovered.nextSeq,
    heads: recovered.heads,
    lost: recovered.lost,
    plans: [...reader.inputs(0, START * 2)],
    intervals: [...reader.intervals("press-01", 0, START * 2)],
    waiting: (await store.take(0, 100)).map(({ seq }) => seq),
  };
  reader.close();
  await store.close();
  return state;
}

/** Plays the script until operation `last`; returns the acknowledged commits, or null when it was never reached. */
async function playUntil(
  folder: string,
  last: number,
): Promise<{ done: number; trap: Trap } | null> {
  const { disk, trap } = faultyDisk();
  const engine = createEngine(disk);
  engines.push(engine);
  const { store } = await openStore(optionsFor(folder), engine);
  trap.count = 0;
  trap.spring = (count) => {
    if (count === last) throw new Crash();
  };
  const done = await play(store);
  const died = trap.count >= last;
  trap.spring = () => {};
  return died ? { done, trap } : null;
}

async function play(store: Store): Promise<number> {
  let done = 0;
  for (const { inputs, commit } of script) {
    for (const input of inputs) store.append(input);
    const result = await store.commit(commit).catch(() => null);
    if (result === null) return done;
    expect(result).toMatchObject({ ok: true, gaps: [], snapshotNeeded: false });
    done += 1;
  }
  return done;
}

describe.each(["process", "power"] as const)("the %s ends", (what) => {
  test("at every operation of five commits", { timeout: 60_000 }, async () => {
    let operations = 0;
    for (let n = 1; ; n += 1) {
      const live = join(place.folder, `${n}`);
      const died = await playUntil(live, n);
      if (!died) break;
      if (what === "power") died.trap.cutPower();
      const copy = join(place.folder, `${n}-again`);
      mkdirSync(dirname(copy), { recursive: true });
      image(live, copy);
      const state = await found(copy);
      const isNext =
        state.heads["press-01"]?.hash === expected(died.done + 1).heads["press-01"]?.hash;
      expect(state, `operation ${n}`).toEqual(expected(died.done + (isNext ? 1 : 0)));
      operations = n;
    }
    expect(operations).toBeGreaterThan(25);
  });
});

test("without a crash everything is there, and goes on where it ended", async () => {
  const { store } = await openStore(optionsFor(place.folder));
  expect(await play(store)).toBe(5);
  await store.close();
  expect(await found(place.folder)).toEqual(expected(5));
});
