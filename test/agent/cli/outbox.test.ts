/** What waits for delivery and what was open, read beside a store that an agent may hold: nothing is changed. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { keptIncidents } from "../../../agent/cli/kept-incidents.ts";
import { exportOutbox, listOutbox, outboxStats } from "../../../agent/cli/outbox.ts";
import { openStore } from "../../../agent/store/open.ts";
import type { RecordRow, Store } from "../../../agent/store/port.ts";
import { plantText } from "../../support/site.ts";
import { commitOf, optionsFor, record, START, temporary } from "../store/plant.ts";

let folder: string;
let remove: () => void;
let store: Store;
let out: string[];

const config = (): string => join(folder, "plant.yaml");
const commit = (records: RecordRow[]) => store.commit(commitOf(START, { records }));

beforeEach(async () => {
  ({ folder, remove } = temporary());
  writeFileSync(config(), plantText({ modbus: 1 }));
  mkdirSync(join(folder, "data"), { recursive: true });
  ({ store } = await openStore(optionsFor(folder)));
  out = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out.push(String(text).trimEnd());
    return true;
  });
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await store.close();
  remove();
});

test("stats, list and export tell of what waits and what was set aside", async () => {
  await commit([record(1), record(2), record(3)]);
  await store.settle([1]);
  await store.park(2, "larger than the broker accepts");
  await commit([]);
  expect(outboxStats({ config: config(), json: true })).toBe(0);
  expect(JSON.parse(out.pop() ?? "")).toMatchObject({ depth: 1, parked: 1, gaps: [] });
  listOutbox({ config: config() });
  expect(out.splice(0)).toEqual([
    expect.stringMatching(/^2 .* parked .* larger than the broker accepts$/),
    expect.stringMatching(/^3 .* waiting /),
  ]);
  listOutbox({ config: config(), parked: true, json: true });
  expect(out.splice(0).map((line) => JSON.parse(line).seq)).toEqual([2]);
  const file = join(folder, "records.ndjson");
  exportOutbox({ config: config(), out: file });
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).payload.seq)).toEqual([2, 3]);
  expect((await store.outbox()).depth).toBe(1);
});

test("limits and files that cannot be are refused", () => {
  expect(() => listOutbox({ config: config(), limit: "0" })).toThrow("--limit");
  const nowhere = join(folder, "no", "where");
  expect(() => exportOutbox({ config: config(), out: nowhere })).toThrow(
    expect.objectContaining({ code: "FILE_UNWRITABLE" }),
  );
});

test("without a store there is nothing to read, and that is said", () => {
  rmSync(join(folder, "data", "agent.db"), { force: true });
  expect(() => outboxStats({ config: config() })).toThrow(
    expect.objectContaining({ code: "STORE_UNWRITABLE" }),
  );
});

test("incidents of a stopped agent: the newest record of each", async () => {
  const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();
  const told = (seq: number, asset: string, more: object): RecordRow => {
    const stamps = {
      acknowledgedAt: null,
      dispatchedAt: null,
      respondedAt: null,
      restoredAt: null,
    };
    const known = { id: "i-1", severity: "s1", reason: "E12", faultAt: at(0), holds: [] };
    const incident = { ...known, ...stamps, verifiedAt: null, closedAt: null, ...more };
    return record(seq, {
      class: "incident",
      asset,
      payload: JSON.stringify({ time: at(seq), asset, incident }),
    });
  };
  const holds = [{ from: at(1), to: null }];
  await commit([
    told(1, "press-01", {}),
    told(2, "pack-01", { faultAt: at(5) }),
    told(3, "press-01", { acknowledgedAt: at(1), respondedAt: at(2), holds }),
    told(4, "pack-01", { faultAt: at(5), restoredAt: at(6), closedAt: at(7), holds }),
  ]);
  expect(keptIncidents(join(folder, "data", "agent.db"))).toEqual([
    expect.objectContaining({ asset: "pack-01", state: "closed", open: false, held: false }),
    expect.objectContaining({ asset: "press-01", state: "responded", open: true, held: true }),
  ]);
});
