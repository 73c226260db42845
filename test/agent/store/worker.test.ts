/** The compiled store in its thread: the same answers as in one thread, and no loss however it is killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { openStore as OpenStore } from "../../../agent/store/open.ts";
import { openReader } from "../../../agent/store/read.ts";
import { type Compiled, compileStore } from "./compiled.ts";
import { commitOf, cycle, interval, optionsFor, plan, record, START, temporary } from "./plant.ts";

let compiled: Compiled;
let openStore: typeof OpenStore;
let place: ReturnType<typeof temporary>;

beforeAll(async () => {
  compiled = compileStore();
  ({ openStore } = await import(compiled.open));
}, 60_000);
afterAll(() => compiled.remove());
beforeEach(() => {
  place = temporary();
});
afterEach(() => place.remove());

describe("in a thread of its own", () => {
  test("the store keeps and gives back", async () => {
    const { store } = await openStore(optionsFor(place.folder));
    const inputs = [cycle(START, { total: 2n ** 60n, oil: 41.5 }), plan(START + 1, "Ölwechsel")];
    for (const input of inputs) store.append(input);
    const facts = [interval(START, START + 5)];
    const commit = commitOf(START + 9, { facts, records: [record(1)], snapshot: "s" });
    expect(await store.commit(commit)).toEqual({ ok: true, gaps: [], snapshotNeeded: false });
    store.append(inputs[0] ?? plan(0, ""));
    expect(await store.commit(commitOf(START + 10))).toMatchObject({ ok: true });
    await store.settle([1]);
    expect(await store.outbox()).toEqual({ depth: 0, oldestAt: null, parked: 0 });
    await store.close();
    const again = await openStore(optionsFor(place.folder));
    expect(again.recovered).toMatchObject({ snapshot: "s", nextSeq: 2, lost: null });
    expect([...again.recovered.inputs]).toEqual(inputs.slice(0, 1));
    await again.store.close();
  });

  test("the main thread goes on while a commit is written", async () => {
    const { store } = await openStore(optionsFor(place.folder));
    const records = Array.from({ length: 3000 }, (_, i) =>
      record(i + 1, { payload: "x".repeat(400) }),
    );
    let turns = 0;
    let done = false;
    const committed = store.commit(commitOf(START, { records })).finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise((next) => setImmediate(next));
      turns += 1;
    }
    expect(await committed).toMatchObject({ ok: true });
    expect(turns).toBeGreaterThan(5);
    await store.close();
  });

  test("faults cross the thread as what they are", async () => {
    const { store } = await openStore(optionsFor(place.folder));
    await expect(openStore(optionsFor(place.folder))).rejects.toMatchObject({
      name: "Fault",
      code: "STORE_BUSY",
      context: { path: join(place.folder, "data", "store.lock") },
    });
    store.append(cycle(START, { text: "y".repeat(100_000) }));
    await store.close();
    const small = await openStore(optionsFor(place.folder, { rawMaxBytes: 1000 }));
    small.store.append(cycle(START, { text: "y".repeat(100_000) }));
    expect(await small.store.commit(commitOf(START))).toMatchObject({
      ok: false,
      snapshotNeeded: true,
      fault: { name: "Fault", code: "STORE_FULL" },
    });
    await small.store.close();
    await expect(small.store.outbox()).rejects.toMatchObject({ code: "STORE_IO" });
  });
});

interface Run {
  found: number;
  nextSeq: number;
  lost: string | null;
  quarantined: string | null;
  kept: number;
}

describe("killed", () => {
  let child: ChildProcess | undefined;
  afterEach(() => {
    child?.kill("SIGKILL");
  });

  /** Runs the writer, and kills it somewhere in the work after `commits` acknowledged commits. */
  async function runAndKill(commits: number): Promise<Run> {
    const options = JSON.stringify(optionsFor(place.folder));
    const writer = join(import.meta.dirname, "writer.mjs");
    child = spawn(process.execPath, [writer, compiled.open, options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout ?? process.stdin });
    const run: Run = { found: -1, nextSeq: -1, lost: null, quarantined: null, kept: 0 };
    const exited = once(child, "exit");
    let left = commits;
    for await (const line of lines) {
      const told = JSON.parse(line);
      expect(told.fault).toBeUndefined();
      Object.assign(run, told);
      if (told.kept !== undefined && left-- === 0) child.kill("SIGKILL");
    }
    await exited;
    return run;
  }

  test("twenty times in the middle of work, it loses nothing acknowledged and counts nothing twice", {
    timeout: 60_000,
  }, async () => {
    let kept = 0;
    for (let n = 0; n < 20; n += 1) {
      const run = await runAndKill((n * 7) % 11);
      expect(run).toMatchObject({ lost: null, quarantined: null });
      expect(run.found).toBeGreaterThanOrEqual(kept);
      expect(run.found).toBe(run.nextSeq - 1);
      kept = run.kept;
      expect(kept).toBeGreaterThan(run.found);
    }
    const { store, recovered } = await openStore(optionsFor(place.folder));
    const last = recovered.nextSeq - 1;
    expect(last).toBeGreaterThanOrEqual(kept);
    const seqs = (await store.take(0, 10_000)).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    const reader = openReader(optionsFor(place.folder).path);
    const counts = [...reader.counts("press-01", 0, START * 2)];
    expect(counts.map(({ at, total }) => [(at - START) / 1000, total])).toEqual(
      seqs.map((seq) => [seq, 1]),
    );
    reader.close();
    await store.close();
  });
});
