/** A chain that was damaged, at a start and while the agent runs: named, set aside, gone on from with a declared break. */
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createJudge, shippedSchema } from "../../agent/evidence/judge.ts";
import { type Mended, mendChains } from "../../agent/evidence/mend.ts";
import { breakNotice } from "../../agent/evidence/notice.ts";
import { QUARANTINED, readStore } from "../../agent/evidence/read-store.ts";
import type { Report } from "../../agent/evidence/report.ts";
import { verify } from "../../agent/evidence/verify.ts";
import { hold } from "../../agent/store/hold.ts";
import { openReader } from "../../agent/store/read.ts";
import { temporary } from "../agent/store/plant.ts";
import { HOUR, SIX } from "../support/line-plant.ts";
import { openRecording, type Recording, record, work } from "./recording.ts";

let place: ReturnType<typeof temporary>;
beforeEach(() => {
  place = temporary();
});
afterEach(() => place.remove());

const verified = (database: string, allowDeclaredBreaks = false): Report => {
  const reader = openReader(database);
  try {
    const demands = { keys: [], anchors: null, allowDeclaredBreaks };
    return verify(readStore(database, reader, createJudge(shippedSchema)), demands);
  } finally {
    reader.close();
  }
};

/** Somebody at the file, with the means of SQLite. */
function edit(database: string, sql: string, ...values: unknown[]): void {
  const db = hold(new Database(database));
  const { changes } = db.prepare(sql).run(...values);
  db.close();
  expect(changes).toBeGreaterThan(0);
}

/** Opens the store again as a start does. */
async function restarted(): Promise<{ mended: Mended; recording: Recording }> {
  const all: Mended[] = [];
  const recording = await openRecording(place.folder, undefined, async (found, store) => {
    const database = join(place.folder, "data", "agent.db");
    const chains = ["press-01", "saw-02"];
    const mended = await mendChains(found, chains, async () => openReader(database));
    for (const { seq, why } of mended.damaged)
      await store.quarantine([seq], `${QUARANTINED}${why}`);
    all.push(mended);
    return { ...found, heads: mended.heads };
  });
  return { mended: all[0] as Mended, recording };
}

const goOn = async ({
  mended,
  recording,
}: Awaited<ReturnType<typeof restarted>>): Promise<void> => {
  for (const each of mended.breaks) recording.pipeline.enter(breakNotice(SIX + 3 * HOUR, each));
  await work(recording, 3 * HOUR, 5 * HOUR, 20_000);
  await recording.close();
  // Told once: what a start has judged is no news for a commit.
  expect(recording.results.filter((result) => result.ok && result.disagreed)).toEqual([]);
};

const CASES: {
  what: string;
  damage: (database: string, seq: number) => void;
  quarantined: number;
}[] = [
  {
    what: "the last record was changed",
    damage: (db, seq) =>
      edit(
        db,
        `UPDATE records SET payload = replace(payload, '"lengthMs":', '"lengthMs":1') WHERE seq = ?`,
        seq,
      ),
    quarantined: 1,
  },
  {
    what: "the last record is gone",
    damage: (db, seq) => edit(db, "DELETE FROM records WHERE seq = ?", seq),
    quarantined: 0,
  },
  {
    what: "the head was changed",
    damage: (db, seq) => edit(db, "UPDATE heads SET hash = 'sha256:0' WHERE seq = ?", seq),
    quarantined: 0,
  },
  {
    what: "the head is gone",
    damage: (db, seq) => edit(db, "DELETE FROM heads WHERE seq = ?", seq),
    quarantined: 0,
  },
];

describe("at a start", () => {
  test.each(CASES)("$what", async ({ damage, quarantined }) => {
    const first = await record(place.folder, 3, 20_000);
    await first.close();
    const heads = Object.entries(first.pipeline.heads).sort(([, a], [, b]) => b.seq - a.seq);
    const [[chain, head] = ["", { hash: "", seq: 0 }]] = heads;
    damage(first.database, head.seq);

    const again = await restarted();
    expect(again.mended.breaks.map((each) => each.chain)).toEqual([chain]);
    expect(again.mended.damaged).toHaveLength(quarantined);
    await goOn(again);

    const report = verified(first.database);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ok: false, quarantined, breaks: [{ chain }] });
    expect(verified(first.database, true).ok).toBe(true);
  });

  test("nothing is wrong: nothing is read, nothing declared", async () => {
    const first = await record(place.folder, 3, 20_000);
    await first.close();
    const { recovered, store } = await openRecording(place.folder);
    const open = () => Promise.reject(new Error("read"));
    const mended = await mendChains(recovered, ["press-01"], open);
    expect(mended).toEqual({ heads: recovered.heads, breaks: [], damaged: [] });
    expect(Object.keys(mended.heads).sort()).toEqual(["press-01", "saw-02"]);
    await store.close();
  });

  test("a store that was lost begins its chains anew, declared", async () => {
    const found = { heads: {}, tails: [], beyond: [], firstStart: false, lost: null };
    const open = () => Promise.reject(new Error("read"));
    const { breaks } = await mendChains({ ...found, quarantined: "agent.db.damaged" }, ["a"], open);
    expect(breaks).toMatchObject([{ chain: "a", prev: null, head: null }]);
    expect(
      (await mendChains({ ...found, firstStart: true, quarantined: null }, ["a"], open)).breaks,
    ).toEqual([]);
  });
});

describe("while the agent runs", () => {
  test("a head or a record changed underneath is told with the next commit to the chain, whose links stay the agent's", async () => {
    const recording = await record(place.folder, 3, 20_000);
    const head = recording.pipeline.heads["press-01"] ?? { hash: "", seq: 0 };
    const saw = recording.pipeline.heads["saw-02"] ?? { hash: "", seq: 0 };
    edit(recording.database, "UPDATE heads SET hash = 'sha256:0' WHERE seq = ?", head.seq);
    edit(
      recording.database,
      `UPDATE records SET payload = replace(payload, '"lengthMs":', '"lengthMs":1') WHERE seq = ?`,
      saw.seq,
    );
    await work(recording, 3 * HOUR, 4 * HOUR + 20_000, 20_000);
    const told = recording.results.flatMap((result) => (result.ok ? (result.disagreed ?? []) : []));
    expect(told).toEqual([
      { chain: "press-01", head, what: "the stored head was changed", isRecord: false },
      { chain: "saw-02", head: saw, what: expect.stringContaining("content"), isRecord: true },
    ]);
    const next = recording.records
      .map(({ payload }) => JSON.parse(payload))
      .find(({ seq, hash, asset }) => hash && asset === "press-01" && seq > head.seq);
    expect(next.prev).toBe(head.hash);
    await recording.close();
  });
});
