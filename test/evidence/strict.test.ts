/** Files that readers could take in two ways, or that break a reader: found and named, never a crash. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultOf } from "../../agent/cli/output.ts";
import { createJudge, shippedSchema } from "../../agent/evidence/judge.ts";
import { verifyTarget } from "../../agent/evidence/open.ts";
import { readStore } from "../../agent/evidence/read-store.ts";
import type { Report } from "../../agent/evidence/report.ts";
import { publicKeyOf } from "../../agent/evidence/signature.ts";
import { doubtOf } from "../../agent/evidence/strict.ts";
import type { Reader } from "../../agent/store/read.ts";
import { temporary } from "../agent/store/plant.ts";
import { type Recording, record, streamOf } from "./recording.ts";

const judge = createJudge(shippedSchema);
const place = temporary();
let recording: Recording;
let lines: string[];
/** A line with a final window. */
let row: number;

beforeAll(async () => {
  recording = await record(place.folder, 3, 60_000);
  lines = streamOf(recording.records);
  row = lines.findIndex((line) => line.includes('"final":true'));
  await recording.close();
});
afterAll(() => place.remove());

/** The stream with another text of that line, as `verify` sees it. */
function verified(edit: (line: string) => string, begin = "", between = "\n"): Promise<Report> {
  const file = join(place.folder, "stream.ndjson");
  const changed = lines.map((line, i) => (i === row ? edit(line) : line));
  writeFileSync(file, begin + changed.join(between));
  const keys = [publicKeyOf(recording.key.publicKey)].flatMap((key) => key ?? []);
  return verifyTarget(file, { keys, anchors: null, allowDeclaredBreaks: false });
}

describe("a member that is there twice", () => {
  test.each([
    ["on top", (line: string) => line.replace('"configHash":', '"calcVersion":"9","configHash":')],
    ["inside", (line: string) => line.replace('"conditionMs":{', '"conditionMs":{"fault":9,')],
    [
      "escaped",
      (line: string) => line.replace('"unknownMs":{', '"unknownMs":{"link\\u0044own":9,'),
    ],
    ["around the payload", (line: string) => line.replace('{"topic"', '{"payload":{},"topic"')],
  ])("%s is found although the hash is that of the last one", async (_, edit) => {
    const { ok, first } = await verified(edit);
    expect(ok).toBe(false);
    expect(first).toMatchObject({ what: "unreadable", line: row + 1 });
    expect(first?.detail).toContain("is there twice, and readers may take either");
  });

  test("is found by any nesting, and by nothing else", () => {
    fc.assert(
      fc.property(fc.json({ depthSize: "medium" }), (text) => {
        expect(doubtOf(JSON.stringify(JSON.parse(text)))).toBeNull();
      }),
    );
    expect(doubtOf('{"a":[{"b":1},{"b":"\\"b\\": {"}],"b":{"a":"}"}}')).toBeNull();
    expect(doubtOf('{"a":[{"b":{},"c":[{}],"b" :2}]}')).toContain('"b"');
  });
});

test("what is nested without end is a bad row", async () => {
  const deep = `${"[".repeat(40_000)}${"]".repeat(40_000)}`;
  const { first } = await verified((line) => line.replace('"schema":', `"x":${deep},"schema":`));
  expect(first).toMatchObject({ what: "unreadable", line: row + 1 });
});

test("marks of a byte order, line ends of Windows and separators inside a text change nothing", async () => {
  expect(await verified((line) => line, "\uFEFF", "\r\n")).toMatchObject({ ok: true });
  const meta = lines.find((line) => line.includes('"uptime.meta/1"')) ?? "";
  const named = meta.replace(/"name":"[^"]*"/, '"name":"Press\u2028one"');
  expect(judge.line(named).faults).toEqual([]);
  const report = await verified((line) => `${line}\n${named.replace(/"seq":\d+/, '"seq":99999')}`);
  expect(report.findings.map(({ what }) => what)).not.toContain("unreadable");
});

describe("a store that is damaged or none of ours", () => {
  test.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, 20_000)],
    ["a header alone", (bytes: Buffer) => bytes.subarray(0, 100)],
    ["overwritten here and there", (bytes: Buffer) => trashed(bytes)],
  ])("%s is refused, not a crash", async (_, damage) => {
    const folder = join(place.folder, "damaged");
    mkdirSync(folder, { recursive: true });
    const copy = join(folder, "agent.db");
    copyFileSync(recording.database, copy);
    writeFileSync(copy, damage(readFileSync(copy)));
    const demands = { keys: [], anchors: null, allowDeclaredBreaks: false };
    const error: unknown = await verifyTarget(copy, demands).catch((thrown: unknown) => thrown);
    expect(faultOf(error)).toMatchObject({ code: "STORE_UNREADABLE" });
  });

  test("is one thing, and a defect of ours another", () => {
    expect(faultOf(new TypeError("x")).code).toBe("INTERNAL");
    expect(faultOf(Object.assign(new Error("x"), { code: "SQLITE_CORRUPT" })).code).toBe(
      "INTERNAL",
    );
  });

  test("with an input that cannot be read declares nothing, and is bad", () => {
    const reader = { evidence: () => [], inputs: () => [JSON.parse("{")] };
    const broken = { ...NOTHING, ...reader } as unknown as Reader;
    const { journal, findings } = readStore("s", broken, judge);
    expect([journal, findings[0]?.what]).toEqual([null, "journal"]);
  });

  test("with a row that is no record any more names it by its number", () => {
    const told = { seq: 7, topic: "t", payload: "[]", note: null };
    const reader = { evidence: (after: number) => (after < 7 ? [told] : []) };
    const { rows, findings } = readStore(
      "s",
      { ...NOTHING, ...reader } as unknown as Reader,
      judge,
    );
    expect([rows[0]?.seq, rows[0]?.faults[0]?.what, findings]).toEqual([7, "unreadable", []]);
  });
});

const NOTHING = {
  inputs: () => [],
  keys: () => [],
  heads: () => ({}),
  lastCommitAt: () => null,
};

function trashed(bytes: Buffer): Buffer {
  for (let at = 4096; at < bytes.length; at += 4096 * 3) bytes.fill(0xff, at, at + 60);
  return bytes;
}
