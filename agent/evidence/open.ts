/** What a file is: a store, a bundle, an acceptance record or a stream of records; and its verification. */
import { closeSync, createReadStream, openSync, readFileSync, readSync } from "node:fs";
import { readAcceptance, verifyAcceptance } from "../accept/verify.ts";
import { Fault } from "../core/fault.ts";
import { openReader } from "../store/read.ts";
import type { Evidence } from "./evidence.ts";
import { createJudge, shippedSchema } from "./judge.ts";
import { bundleEvidence, unpack } from "./read-bundle.ts";
import { readStore } from "./read-store.ts";
import { readStream } from "./read-stream.ts";
import type { Report } from "./report.ts";
import { type Demands, verify } from "./verify.ts";

const GZIP = Buffer.from([0x1f, 0x8b]);
const SQLITE = Buffer.from("SQLite format 3\0");

/** Verifies a file, or stdin as a stream for `-`. Throws Fault EVIDENCE_UNREADABLE for what is none of them. */
export async function verifyTarget(target: string, demands: Demands): Promise<Report> {
  if (target === "-") return verify(await streamOf("-", process.stdin), demands);
  const head = firstBytes(target);
  if (head.subarray(0, GZIP.length).equals(GZIP))
    return verify(bundleEvidence(target, unpack(target, readFileSync(target))), demands);
  if (head.equals(SQLITE)) return verifyStore(target, demands);
  const acceptance = readAcceptance(target);
  if (acceptance !== null) return verifyAcceptance(target, acceptance, demands.keys);
  return verify(await streamOf(target, createReadStream(target)), demands);
}

function firstBytes(file: string): Buffer {
  const head = Buffer.alloc(SQLITE.length);
  try {
    const handle = openSync(file, "r");
    try {
      return head.subarray(0, readSync(handle, head));
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new Fault("EVIDENCE_UNREADABLE", `cannot read ${file}`, { file }, error);
  }
}

function verifyStore(file: string, demands: Demands): Report {
  const judge = createJudge(shippedSchema);
  const reader = openReader(file);
  try {
    return reader.frozen(() => verify(readStore(file, reader, judge), demands));
  } finally {
    reader.close();
  }
}

async function streamOf(target: string, input: NodeJS.ReadableStream): Promise<Evidence> {
  const stream = readStream(target, createJudge(shippedSchema));
  for await (const line of linesOf(input)) stream.line(line);
  const evidence = stream.end();
  if (evidence.rows.every(({ id }) => id === ""))
    throw new Fault("EVIDENCE_UNREADABLE", `${target} holds no record`, { target });
  return evidence;
}

/** No record is nearly as long. */
const LONGEST = 4 * 1024 * 1024;

/** Lines end with a line feed and nothing else: a text may hold what other readers of lines take for an end. */
async function* linesOf(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  input.setEncoding("utf8");
  let rest = "";
  let isFirst = true;
  for await (const chunk of input) {
    // Some tools begin a file with the mark of its byte order.
    const text = isFirst ? String(chunk).replace(/^\uFEFF/, "") : String(chunk);
    isFirst = false;
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    if (rest.length <= LONGEST) continue;
    yield rest;
    rest = "";
  }
  if (rest !== "") yield rest;
}
