/** Ten thousand random changes of real evidence, signed with a key made for the test: every one is found. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import { type Anchor, readAnchors } from "../../agent/evidence/anchors.ts";
import { exportBundle } from "../../agent/evidence/export.ts";
import { createJudge, type Judge, type Judged, shippedSchema } from "../../agent/evidence/judge.ts";
import { bundleEvidence, parseBundle, unpack } from "../../agent/evidence/read-bundle.ts";
import { readStream } from "../../agent/evidence/read-stream.ts";
import { type Remade, remake } from "../../agent/evidence/recount.ts";
import type { Report } from "../../agent/evidence/report.ts";
import { isSigned, type PublicKey, publicKeyOf } from "../../agent/evidence/signature.ts";
import { type Demands, verify, type Work } from "../../agent/evidence/verify.ts";
import { openReader } from "../../agent/store/read.ts";
import { temporary } from "../agent/store/plant.ts";
import { bundleText, dice, type Mutation, mutate, packed, remanifested } from "./forgery.ts";
import { type Recording, record, streamOf } from "./recording.ts";

/** Some seconds each on an idle machine. */
const TIMEOUT = 120_000;
const KINDS: Mutation[] = ["flip", "delete", "swap", "insert"];
const place = temporary();
let recording: Recording;
let bytes: Buffer;
let anchors: Anchor[];

beforeAll(async () => {
  recording = await record(place.folder, 4, 20_000);
  const reader = openReader(recording.database);
  bytes = exportBundle(reader, {
    ...{ span: null, assets: null, version: "0.1.0", agent: "gw-1", config: null },
    ...{ sign: recording.key.sign, handOver: null },
  }).bytes;
  reader.close();
  const file = join(place.folder, "heads.json");
  writeFileSync(file, JSON.stringify({ agent: "gw-1", heads: recording.pipeline.heads }));
  anchors = readAnchors(file);
});
afterAll(async () => {
  await recording.close();
  place.remove();
});

const demands = (): Demands => ({
  keys: [publicKeyOf(recording.key.publicKey)].flatMap((key) => key ?? []),
  ...{ anchors, allowDeclaredBreaks: false },
});

/** What was judged once need not be judged again: only the changed row is new. */
function remembering(): { judge: Pick<Judge, "line">; work: Work } {
  const judge = createJudge(shippedSchema);
  const judged = new Map<string, Judged>();
  const signed = new Map<string, boolean>();
  let remade: Remade | null = null;
  const once = <T>(known: Map<string, T>, key: string, make: () => T): T => {
    const value = known.get(key) ?? make();
    known.set(key, value);
    return value;
  };
  return {
    judge: { line: (text) => once(judged, text, () => judge.line(text)) },
    work: {
      isSigned: (key: PublicKey, hash, signature) =>
        once(signed, `${key.id} ${hash} ${signature}`, () => isSigned(key, hash, signature)),
      remake(journal) {
        // Every change of the journal is found by its digest; what comes here is the journal as it was.
        remade ??= remake(journal);
        return remade;
      },
    },
  };
}

const foundIn = ({ ok, gaps }: Report): boolean => !ok || gaps.length > 0;

/** What was not found, by seed and kind. */
function missed(
  runs: number,
  change: (kind: Mutation, random: () => number) => string[],
  isFound: (rows: string[]) => boolean,
): string[] {
  return Array.from({ length: runs }, (_, seed) => seed).flatMap((seed) => {
    const kind = KINDS[seed % KINDS.length] ?? "flip";
    return isFound(change(kind, dice(seed))) ? [] : [`${kind} of seed ${seed}`];
  });
}

describe("a stream", () => {
  test("4,000 changes of its evidence", { timeout: TIMEOUT }, () => {
    const rows = streamOf(recording.records);
    const { judge, work } = remembering();
    const isFound = (lines: string[]): boolean => {
      const stream = readStream("s", judge);
      for (const line of lines) stream.line(line);
      return foundIn(verify(stream.end(), demands(), work));
    };
    expect(isFound(rows)).toBe(false);
    // Order is nothing in a stream; rows that change places change their contents.
    const isEvidence = (row: number): boolean => rows[row]?.includes('"hash":"sha256') ?? false;
    const change = (kind: Mutation, random: () => number): string[] =>
      kind === "swap"
        ? exchanged(rows, random, isEvidence)
        : mutate(rows, kind, random, isEvidence);
    expect(missed(4_000, change, isFound)).toEqual([]);
  });
});

/** Two rows of evidence exchange their numbers, which neither hash nor signature covers: only their order is evidence. */
function exchanged(
  rows: string[],
  random: () => number,
  isOpen: (row: number) => boolean,
): string[] {
  const open = rows.map((_, i) => i).filter(isOpen);
  const pick = (): number => open[Math.floor(random() * open.length)] ?? 0;
  const part = (row: number, pattern: RegExp): string => pattern.exec(rows[row] ?? "")?.[0] ?? "";
  const [a, b] = [pick(), pick()];
  if (part(a, TIME) === part(b, TIME)) return exchanged(rows, random, isOpen);
  return rows.map((row, i) => {
    if (i !== a && i !== b) return row;
    return row.replace(SEQ, part(i === a ? b : a, SEQ));
  });
}

const SEQ = /"seq":\d+/;
const TIME = /"time":"[^"]+"/;

describe("a bundle", () => {
  const isFoundWith = (): ((rows: string[]) => boolean) => {
    const { judge, work } = remembering();
    return (rows) => {
      try {
        const bundle = parseBundle("b", rows.join("\n"));
        return foundIn(
          verify(
            bundleEvidence("b", bundle, () => judge),
            demands(),
            work,
          ),
        );
      } catch (error) {
        if (error instanceof Fault && error.code === "EVIDENCE_UNREADABLE") return true;
        throw error;
      }
    };
  };

  test("4,000 changes of its rows", { timeout: TIMEOUT }, () => {
    const rows = bundleText(bytes).split("\n");
    const isFound = isFoundWith();
    expect(isFound(rows)).toBe(false);
    expect(missed(4_000, (kind, random) => mutate(rows, kind, random), isFound)).toEqual([]);
  });

  test("1,600 changes by one who makes the manifest anew, without the key", {
    timeout: TIMEOUT,
  }, () => {
    const rows = bundleText(bytes).split("\n");
    const isFound = isFoundWith();
    const isRow = (row: number): boolean => row > 0 && row < rows.length - 1;
    const change = (kind: Mutation, random: () => number): string[] =>
      remanifested(mutate(rows, kind, random, isRow));
    expect(missed(1_600, change, isFound)).toEqual([]);
  });

  test("400 flipped bytes of the packed file", () => {
    const { judge, work } = remembering();
    const sound = bundleText(bytes);
    const isFound = (file: Buffer): boolean => {
      try {
        const bundle = unpack("b", file);
        return foundIn(
          verify(
            bundleEvidence("b", bundle, () => judge),
            demands(),
            work,
          ),
        );
      } catch (error) {
        if (error instanceof Fault && error.code === "EVIDENCE_UNREADABLE") return true;
        throw error;
      }
    };
    expect(isFound(packed(sound))).toBe(false);
    const unfound = Array.from({ length: 400 }, (_, seed) => {
      const random = dice(seed);
      const file = Buffer.from(bytes);
      const at = Math.floor(random() * file.length);
      file[at] = (file[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      // A few bits of gzip, such as the name of the system, say nothing of what is inside.
      return isFound(file) || bundleText(file) === sound ? null : `byte ${at}`;
    });
    expect(unfound.filter((each) => each !== null)).toEqual([]);
  });
});
