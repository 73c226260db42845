/** Parts of a record: exported spans, anchors kept elsewhere, streams with holes, stores past their keeping time. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Anchor, readAnchors } from "../../agent/evidence/anchors.ts";
import { exportBundle } from "../../agent/evidence/export.ts";
import { createJudge, shippedSchema } from "../../agent/evidence/judge.ts";
import { bundleEvidence, unpack } from "../../agent/evidence/read-bundle.ts";
import { readStore } from "../../agent/evidence/read-store.ts";
import { readStream } from "../../agent/evidence/read-stream.ts";
import type { Report } from "../../agent/evidence/report.ts";
import { verify } from "../../agent/evidence/verify.ts";
import { hold } from "../../agent/store/hold.ts";
import { openReader, type Reader } from "../../agent/store/read.ts";
import { temporary } from "../agent/store/plant.ts";
import { HOUR, SIX } from "../support/line-plant.ts";
import { type Recording, record, streamOf } from "./recording.ts";

const place = temporary();
const judge = createJudge(shippedSchema);
let recording: Recording;
let reader: Reader;

beforeAll(async () => {
  recording = await record(place.folder, 8, 20_000);
  reader = openReader(recording.database);
});
afterAll(async () => {
  reader.close();
  await recording.close();
  place.remove();
});

const demands = (anchors: Anchor[] | null = null) => ({
  ...{ keys: [], anchors, allowDeclaredBreaks: false },
});

const exported = (from: number, to: number, assets: string[] | null = null): Buffer =>
  exportBundle(reader, {
    ...{ span: { from: SIX + from, to: SIX + to }, assets, version: "0.1.0", agent: "gw-1" },
    ...{ config: null, sign: recording.key.sign, handOver: null },
  }).bytes;

const verified = (bytes: Buffer, anchors: Anchor[] | null = null): Report =>
  verify(bundleEvidence("b", unpack("b", bytes)), demands(anchors));

function streamed(lines: string[], anchors: Anchor[] | null = null): Report {
  const stream = readStream("s", judge);
  for (const line of lines) stream.line(line);
  return verify(stream.end(), demands(anchors));
}

describe("a span", () => {
  test("is exported without a hole and verifies; the same question gives the same bytes", () => {
    const bytes = exported(3 * HOUR, 5 * HOUR);
    expect(bytes.equals(exported(3 * HOUR, 5 * HOUR))).toBe(true);
    const report = verified(bytes);
    expect(report.findings).toEqual([]);
    const whole = verify(readStore("s", reader, judge), demands());
    expect(report.records).toBeLessThan(whole.records);
    expect(report.recounted?.windows).toBeGreaterThanOrEqual(4);
    expect(report.chains.some(({ begins }) => begins !== null)).toBe(true);
  });

  test("of one asset holds nothing of the others", () => {
    const report = verified(exported(0, 8 * HOUR, ["saw-02"]));
    expect(report).toMatchObject({ ok: true, chains: [{ chain: "saw-02" }] });
  });
});

describe("anchors", () => {
  const statusOf = (time: string, heads: Recording["pipeline"]["heads"]) => {
    const entries = Object.entries(heads);
    return JSON.stringify({
      topic: "uptime1/acme/ulm/_gateway/gw-1/status",
      payload: {
        ...{ schema: "uptime.status/1", agent: "gw-1", time },
        status: {
          heads: Object.fromEntries(entries.map(([chain, { hash }]) => [chain, hash])),
          headSeqs: Object.fromEntries(entries.map(([chain, { seq }]) => [chain, seq])),
        },
      },
    });
  };
  const anchorsOf = (...lines: string[]): Anchor[] => {
    const file = join(place.folder, "anchors.ndjson");
    writeFileSync(file, lines.join("\n"));
    return readAnchors(file);
  };
  const NOW = "2026-11-23T13:00:00.000Z";

  test("prove every head that was told: from status records and from a list of heads", () => {
    const early = recording.records
      .map(({ payload }) => JSON.parse(payload))
      .find(({ hash, asset }) => hash && asset === "press-01");
    const anchors = anchorsOf(
      statusOf("2026-11-23T06:30:00.000Z", { "press-01": { hash: early.hash, seq: early.seq } }),
      statusOf(NOW, recording.pipeline.heads),
    );
    const report = verify(readStore("s", reader, judge), demands(anchors));
    expect(report).toMatchObject({ ok: true, anchors: { proved: 3, earlier: 0, later: 0 } });
    const heads = anchorsOf(JSON.stringify({ "press-01": early.hash }));
    expect(streamed(streamOf(recording.records), heads).anchors?.proved).toBe(1);
  });

  test("a gateway that rewrote its chain, signed and sound, is found by what it had told", async () => {
    const other = temporary();
    const rewritten = await record(other.folder, 8, 25_000);
    const store = openReader(rewritten.database);
    try {
      const alone = verify(readStore("s", store, judge), demands());
      expect(alone.ok).toBe(true);
      const anchors = anchorsOf(statusOf(NOW, recording.pipeline.heads));
      const report = verify(readStore("s", store, judge), demands(anchors));
      expect(report.ok).toBe(false);
      expect(report.findings.map(({ what }) => what)).toEqual(["anchor", "anchor"]);
    } finally {
      store.close();
      await rewritten.close();
      other.remove();
    }
  });

  test("of before and after a bundle are counted as that", () => {
    const first = recording.records
      .map(({ payload }) => JSON.parse(payload))
      .find(({ hash, asset }) => hash && asset === "saw-02");
    const anchors = anchorsOf(
      statusOf("2026-11-23T06:30:00.000Z", { "saw-02": { hash: first.hash, seq: first.seq } }),
      statusOf("2026-11-24T00:00:00.000Z", {
        "saw-02": { hash: `sha256:${"0".repeat(64)}`, seq: 9e5 },
      }),
    );
    const report = verified(exported(3 * HOUR, 4 * HOUR), anchors);
    expect(report).toMatchObject({ ok: true, anchors: { proved: 0, earlier: 1, later: 1 } });
  });
});

describe("a stream with holes", () => {
  test("names the numbers that are not here, and evidence that is missing as a fault", () => {
    const rows = streamOf(recording.records);
    const plain = rows.findIndex((row) => row.includes("uptime.state/1"));
    const evidence = rows.findIndex((row, i) => i > 40 && row.includes('"hash":"sha256'));
    const seqOf = (i: number): number => recording.records[i]?.seq ?? 0;
    const without = (...gone: number[]): string[] => rows.filter((_, i) => !gone.includes(i));
    const one = { agent: "gw-1", from: seqOf(plain), to: seqOf(plain) };
    expect(streamed(without(plain))).toMatchObject({ ok: true, gaps: [one] });
    const two = streamed(without(plain, evidence));
    expect(two.ok).toBe(false);
    const between = expect.stringContaining("is not here, sha256:");
    expect(two.first).toMatchObject({ what: "missing", detail: between });
    expect(two.gaps).toContainEqual({ agent: "gw-1", from: seqOf(evidence), to: seqOf(evidence) });
  });

  test("bare payloads and payloads as text are records, too", () => {
    const lines = recording.records.map(({ topic, payload }, i) =>
      i % 2 === 0 ? payload : JSON.stringify({ topic, payload, qos: 1 }),
    );
    expect(streamed(lines)).toMatchObject({ ok: true, gaps: [] });
    const broken = streamed([...lines, "{", '{"hello":1}']);
    expect(broken.findings.map(({ what, line }) => [what, line])).toEqual([
      ["unreadable", lines.length + 1],
      ["unreadable", lines.length + 2],
    ]);
  });
});

describe("the store", () => {
  test("past its keeping time is verified as far as it is kept; the same rows gone from a whole one are found", async () => {
    const old = temporary();
    const kept = await record(old.folder, 8, 20_000);
    await kept.close();
    const db = hold(new Database(kept.database));
    const before = SIX + 3 * HOUR;
    const run = (sql: string): void => {
      db.prepare(sql).run({ before });
    };
    // What retention does (agent/store/room.ts).
    run("DELETE FROM intervals WHERE from_ms < @before AND from_ms + length_ms <= @before");
    run("DELETE FROM counts WHERE at_ms < @before");
    run("DELETE FROM windows WHERE from_ms < @before AND to_ms < @before");
    const look = (): Report => {
      const store = openReader(kept.database);
      try {
        return verify(readStore("s", store, judge), demands());
      } finally {
        store.close();
      }
    };
    expect(look().findings.some(({ what }) => what === "journal")).toBe(true);
    run("DELETE FROM records WHERE at_ms < @before");
    const report = look();
    expect(report.findings).toEqual([]);
    expect(report.recounted?.windows).toBeGreaterThan(4);
    expect(report.recounted?.beyondJournal).toBeGreaterThan(0);

    db.prepare("UPDATE intervals SET length_ms = length_ms - 1 WHERE from_ms > ?").run(
      SIX + 5 * HOUR,
    );
    expect(look().findings.some(({ what }) => what === "recount")).toBe(true);
    db.close();
    old.remove();
  });
});
