/** `outbox stats|list|export`: what waits for delivery, beside a running agent or without one. Reads only. */
import { writeFileSync } from "node:fs";
import { whole } from "../commission/target.ts";
import { Fault } from "../core/fault.ts";
import { loadPlant } from "../plant.ts";
import { iso } from "../record/iso.ts";
import { storePaths } from "../storage.ts";
import { openReader, type Reader, type StoredRecord } from "../store/read.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

export interface OutboxOptions extends GlobalOptions {
  config: string;
  limit?: string;
  parked?: boolean;
  out?: string;
}

const PAGE = 1_000;

/** Throws `STORE_UNWRITABLE` where there is no store. */
function reading<T>(options: OutboxOptions, use: (reader: Reader) => T): T {
  const reader = openReader(storePaths(loadPlant(options.config)).database);
  try {
    return use(reader);
  } finally {
    reader.close();
  }
}

export function outboxStats(options: OutboxOptions): number {
  const { depth, oldestAt, parked, gaps, sizes } = reading(options, (reader) => ({
    ...reader.outbox(),
    gaps: reader.gaps(),
    sizes: reader.sizes(),
  }));
  const oldest = oldestAt === null ? null : iso(oldestAt);
  if (options.json) print(JSON.stringify({ depth, oldestAt: oldest, parked, gaps, sizes }));
  else {
    print(
      `${depth} waiting${oldest ? ` since ${oldest}` : ""}, ${parked} set aside, ${gaps.length} gaps`,
    );
    print(`database ${sizes.database} bytes, write-ahead log ${sizes.wal}, raw ${sizes.raw}`);
  }
  if (parked > 0) say("next: `uptime-agent outbox list --parked` says why");
  return EXIT.done;
}

export function listOutbox(options: OutboxOptions): number {
  const limit = whole("--limit", options.limit ?? "20", 1, 1_000_000);
  const wanted = options.parked ? ["parked"] : ["waiting", "parked"];
  const rows = reading(options, (reader) => {
    const found: StoredRecord[] = [];
    for (const row of undelivered(reader)) {
      if (wanted.includes(row.state)) found.push(row);
      if (found.length === limit) break;
    }
    return found;
  });
  for (const { seq, at, state, topic, payload, note } of rows) {
    const bytes = Buffer.byteLength(payload);
    if (options.json) print(JSON.stringify({ seq, at: iso(at), state, topic, bytes, note }));
    else
      print(
        `${seq}  ${iso(at)}  ${state}  ${topic}  ${bytes} B${note === null ? "" : `  ${note}`}`,
      );
  }
  if (rows.length === 0) say(options.parked ? "nothing is set aside" : "nothing waits");
  return EXIT.done;
}

/** NDJSON `{topic, payload}`, as `replay` prints it; for a receiver that no broker reaches. They stay in the outbox. */
export function exportOutbox(options: OutboxOptions): number {
  const lines = reading(options, (reader) =>
    [...undelivered(reader)].map(
      ({ topic, payload }) => `{"topic":${JSON.stringify(topic)},"payload":${payload}}`,
    ),
  );
  if (options.out === undefined) for (const line of lines) print(line);
  else writeTo(options.out, lines);
  say(`${lines.length} records; they stay in the outbox`);
  return EXIT.done;
}

function writeTo(path: string, lines: string[]): void {
  try {
    writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  } catch (error) {
    throw new Fault("FILE_UNWRITABLE", `cannot write ${path}`, { path }, error);
  }
}

function* undelivered(reader: Reader): Generator<StoredRecord> {
  let after = 0;
  for (;;) {
    const rows = reader.records(after, PAGE);
    for (const row of rows) if (row.state !== "delivered") yield row;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.seq ?? after;
  }
}
