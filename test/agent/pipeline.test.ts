/** Inputs enter the core in order, what is late is clamped, and what a killed run had written is taken up once. */
import { describe, expect, test } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import type { Input } from "../../agent/core/input.ts";
import { openLog } from "../../agent/log.ts";
import { tellContact } from "../../agent/notice.ts";
import { openPipeline, type Pipeline } from "../../agent/pipeline.ts";
import { HOLD_MS } from "../../agent/release.ts";
import type { Commit, Recovered } from "../../agent/store/port.ts";
import { virtualClock } from "../support/clock.ts";
import { plantOf, SIX } from "../support/line-plant.ts";

const CLOCK = virtualClock(SIX);

interface Rig {
  pipeline: Pipeline;
  appended: Input[];
  commits: Commit[];
  /** What the heartbeat was told. */
  kept: number[];
}

const NOTHING: Recovered = {
  ...{ firstStart: true, snapshot: null, inputs: [], uncommitted: [], nextSeq: 1, heads: {} },
  ...{ tails: [], beyond: [] },
  ...{ lastCommitAt: null, marker: null, quarantined: null, lost: null },
};

function rig(recovered: Partial<Recovered> = {}, writeAhead = async () => true): Rig {
  const [appended, commits, kept]: [Input[], Commit[], number[]] = [[], [], []];
  const pipeline = openPipeline(
    plantOf(),
    { ...NOTHING, ...recovered },
    {
      store: {
        append: (input) => void appended.push(input),
        writeAhead,
        history: async () => ({ intervals: [], windows: [] }),
        commit: async (commit) => {
          commits.push(commit);
          return { ok: true, gaps: [], snapshotNeeded: false };
        },
      },
      kept: (until) => void kept.push(until),
      committed: () => {},
      trouble: (fault) => {
        throw fault;
      },
      failed: (error) => {
        throw error;
      },
    },
  );
  return { pipeline, appended, commits, kept };
}

const cycle = (at: number, status: number): Input => ({
  ...{ kind: "cycle", at, asset: "saw-02", source: "main", values: { status } },
  ...{ bad: {}, failure: null },
});
const clock = (at: number, stepMs: number): Input => ({
  kind: "clock",
  at,
  quality: "synced",
  stepMs,
});
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("what comes late", () => {
  test("is clamped to core time and counted", () => {
    const { pipeline, appended } = rig();
    pipeline.configure(SIX);
    pipeline.enter(cycle(SIX + 2000, 6));
    pipeline.enter(cycle(SIX + 1500, 4));
    expect(appended.slice(-2).map(({ at }) => at)).toEqual([SIX + 2000, SIX + 2000]);
    expect(pipeline.statistics()).toMatchObject({ lateInputs: 1, cycles: 2 });
  });

  test("steps the axis all the same when it is the clock: nothing after it is clamped for ever", () => {
    const { pipeline, appended } = rig();
    pipeline.configure(SIX);
    pipeline.enter(cycle(SIX + 3_600_000, 6));
    pipeline.enter(clock(SIX + 3_599_000, -3_000_000));
    const later = [1, 2, 3].map((n) => cycle(SIX + 600_000 + n * 1000, 6));
    for (const input of later) pipeline.enter(input);
    expect(appended.slice(-4)).toEqual([clock(SIX + 3_600_000, -3_000_000), ...later]);
    expect(pipeline.statistics().lateInputs).toBe(1);
  });
});

describe("the heartbeat is promised", () => {
  test("what was written, and nothing while the store cannot write", async () => {
    let isWritten = true;
    const { pipeline, kept, commits } = rig({}, async () => isWritten);
    pipeline.configure(SIX);
    pipeline.tick(SIX + HOLD_MS + 100);
    await settle();
    expect(commits).toHaveLength(1);
    pipeline.tick(SIX + HOLD_MS + 350);
    await settle();
    expect(kept).toEqual([SIX + 100, SIX + 350]);
    isWritten = false;
    pipeline.tick(SIX + HOLD_MS + 600);
    await settle();
    expect(kept).toHaveLength(2);
    pipeline.tick(SIX + HOLD_MS + 20_000);
    await settle();
    expect(commits).toHaveLength(2);
    expect(kept.at(-1)).toBe(SIX + 20_000);
  });
});

test("a store that is full is told for as long as it is, and what became known at once", async () => {
  let isFull = true;
  const lines: string[] = [];
  const log = openLog({ level: "info", to: { write: (line) => lines.push(line) }, clock: CLOCK });
  const pipeline = openPipeline(plantOf(), NOTHING, {
    store: {
      append: () => {},
      writeAhead: async () => true,
      history: async () => ({ intervals: [], windows: [] }),
      commit: async () =>
        isFull
          ? { ok: false, fault: new Fault("STORE_FULL", "full"), snapshotNeeded: true }
          : { ok: true, gaps: [], snapshotNeeded: false },
    },
    told: (fact) => tellContact(log, fact),
    ...{ kept: () => {}, committed: () => {}, trouble: () => {}, failed: () => {} },
  });
  pipeline.configure(SIX);
  pipeline.enter(cycle(SIX + 1000, 6));
  expect(pipeline.statistics().trouble).toBeNull();
  pipeline.enter({ kind: "tick", at: SIX + 60_000 });
  pipeline.enter(cycle(SIX + 61_000, 6));
  await pipeline.drain(SIX + 62_000);
  expect(pipeline.statistics().trouble).toBe("STORE_FULL");
  isFull = false;
  await pipeline.drain(SIX + 63_000);
  expect(pipeline.statistics().trouble).toBeNull();
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
    "saw-02 cannot be read",
    "saw-02 is read again",
  ]);
});

describe("a start after a kill", () => {
  test("commits what was only written, without writing it again, and no silence for the gap", async () => {
    const first = rig();
    first.pipeline.configure(SIX);
    for (let n = 1; n <= 9; n += 1) first.pipeline.offer(cycle(SIX + n * 1000, n < 5 ? 6 : 8));
    first.pipeline.tick(SIX + 9000 + HOLD_MS);
    await settle();
    const facts = first.commits.flatMap((commit) => commit.facts);

    const again = rig({ uncommitted: first.appended, firstStart: false });
    expect(again.pipeline.core.state.now).toBe(SIX + 9000);
    expect(again.appended).toEqual([]);
    const at = SIX + 60_000;
    const started: Input = {
      kind: "agent-started",
      at,
      lastAlive: SIX + 9000,
      cause: "agent-stopped",
    };
    again.pipeline.enter(started);
    again.pipeline.tick(at + HOLD_MS + 1);
    await settle();
    const records = again.commits.flatMap((commit) => commit.records);
    expect(again.appended.filter(({ kind }) => kind !== "tick" && kind !== "calendar")).toEqual([
      started,
    ]);
    expect(again.commits.flatMap((commit) => commit.facts).slice(0, facts.length)).toEqual(facts);
    expect(records[0]?.seq).toBe(1);
    const since = records.filter((record) => record.at >= SIX + 9000);
    expect(since.filter(({ payload }) => payload.includes("device-silent"))).toEqual([]);
    expect(since.some(({ payload }) => payload.includes("agent-stopped"))).toBe(true);
  });
});
