/** What a sound recording proves, as a store, as a bundle without its store, and as a stream. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportBundle } from "../../agent/evidence/export.ts";
import { createJudge, shippedSchema } from "../../agent/evidence/judge.ts";
import { bundleEvidence, unpack } from "../../agent/evidence/read-bundle.ts";
import { readStore } from "../../agent/evidence/read-store.ts";
import { readStream } from "../../agent/evidence/read-stream.ts";
import type { Report } from "../../agent/evidence/report.ts";
import { publicKeyOf } from "../../agent/evidence/signature.ts";
import { verify } from "../../agent/evidence/verify.ts";
import { openReader, type Reader } from "../../agent/store/read.ts";
import { temporary } from "../agent/store/plant.ts";
import { type Recording, record, streamOf } from "./recording.ts";

const place = temporary();
let recording: Recording;
let reader: Reader;

beforeAll(async () => {
  recording = await record(place.folder, 5);
  reader = openReader(recording.database);
});
afterAll(async () => {
  reader.close();
  await recording.close();
  place.remove();
});

const demands = () => ({
  keys: [publicKeyOf(recording.key.publicKey)].flatMap((key) => key ?? []),
  anchors: null,
  allowDeclaredBreaks: false,
});
const judge = createJudge(shippedSchema);
const summary = ({ ok, first, records, recounted, signatures }: Report) => ({
  ...{ ok, first, records, checked: signatures.checked, recounted },
});

describe("a sound recording", () => {
  test("as a store", () => {
    const report = verify(readStore("agent.db", reader, judge), demands());
    expect(report.findings).toEqual([]);
    expect(summary(report)).toMatchObject({ ok: true, first: null });
    expect(report.signatures.checked).toBe(report.records);
    expect(report.recounted?.beyondJournal).toBe(0);
    expect(report.recounted?.windows).toBeGreaterThan(8);
  });

  test("as a bundle", () => {
    const { bytes } = exportBundle(reader, {
      ...{ span: null, assets: null, version: "0.1.0", agent: "gw-1", config: null },
      ...{ sign: recording.key.sign, handOver: null },
    });
    const report = verify(bundleEvidence("b", unpack("b", bytes)), demands());
    expect(report.findings).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.recounted?.windows).toBeGreaterThan(8);
  });

  test("as a stream, in any order and twice", () => {
    const stream = readStream("s", judge);
    const lines = streamOf(recording.records);
    for (const line of [...lines].reverse().concat(lines)) stream.line(line);
    const report = verify(stream.end(), demands());
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ok: true, gaps: [], takeOvers: [], breaks: [] });
  });
});
