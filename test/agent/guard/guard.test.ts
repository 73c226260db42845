/** When a guarded source is believed: never before its device was checked, not after it was lost, not while it is another. */
import { beforeEach, describe, expect, test } from "vitest";
import { guarded } from "../../../agent/guard/guard.ts";
import { guardReport } from "../../../agent/guard/report.ts";
import type { GuardPlan } from "../../../config/guard.ts";
import type { Connection, Identification, Reading, Sample } from "../../../drivers/driver.ts";
import { SteppedClock } from "../../drivers/clock.ts";

const PLAN: GuardPlan = {
  asset: "press-01",
  source: "main",
  everyMs: 600_000,
  identity: { vendor: "Acme" },
  checks: [
    {
      point: { id: "check-0", table: "holding", address: 7 },
      check: { equals: 1 },
    },
  ],
};

let clock: SteppedClock;
let device: { vendor: string; canary: number };
let failure: string | null;
/** Of the guard alone. */
let checkFailure: string | null;
let reconnects: number;
let asked: string[];
let news: string[];

const reading = (name: string, id: string, value: number, why: string | null): Reading => {
  asked.push(name);
  const samples = new Map<string, Sample>([[id, { quality: "good", value, raw: [value] }]]);
  return { samples, failure: why, at: clock.now(), requests: 1 };
};

const connection: Connection = {
  source: (id) => ({
    read: async () =>
      id.endsWith("#guard")
        ? reading("canary", "check-0", device.canary, failure ?? checkFailure)
        : reading("points", "status", 6, failure),
    plan: () => [id],
    busTime: () => 7,
  }),
  identify: async (): Promise<Identification> => {
    asked.push("identity");
    const why = failure ?? checkFailure;
    return { objects: why === null ? { 0: device.vendor } : {}, failure: why };
  },
  health: () => ({ state: "up", lastFailure: null, requests: 0, failures: 0, reconnects }),
  close: async () => {},
};

const open = () =>
  guarded(connection.source("press-01/main", 1, []), connection, 1, PLAN, clock, (mismatch) =>
    news.push(mismatch ? `${mismatch.what} ${mismatch.found}` : "again"),
  );

beforeEach(() => {
  clock = new SteppedClock();
  device = { vendor: "Acme", canary: 1 };
  failure = null;
  checkFailure = null;
  reconnects = 0;
  asked = [];
  news = [];
});

const taken = (): string[] => asked.splice(0);

describe("the right device", () => {
  test("is checked at the first answer, then every so often, and costs nothing in between", async () => {
    const reader = open();
    expect((await reader.read()).failure).toBeNull();
    expect(taken()).toEqual(["points", "identity", "canary"]);
    clock.advance(599_999);
    expect((await reader.read()).failure).toBeNull();
    expect(taken()).toEqual(["points"]);
    clock.advance(1);
    await reader.read();
    expect(taken()).toEqual(["points", "identity", "canary"]);
    expect(news).toEqual([]);
  });

  test("is checked again after every loss, of the connection or of the unit alone", async () => {
    const reader = open();
    await reader.read();
    reconnects = 1;
    taken();
    await reader.read();
    expect(taken()).toEqual(["points", "identity", "canary"]);
    failure = "MODBUS_TIMEOUT";
    expect((await reader.read()).failure).toBe("MODBUS_TIMEOUT");
    failure = null;
    taken();
    await reader.read();
    expect(taken()).toEqual(["points", "identity", "canary"]);
  });

  test("is not believed while the check after a loss gets no answer", async () => {
    const reader = open();
    checkFailure = "MODBUS_EXCEPTION_6";
    expect((await reader.read()).failure).toBe("MODBUS_EXCEPTION_6");
    checkFailure = null;
    expect((await reader.read()).failure).toBeNull();
  });

  test("stays believed when a routine check gets no answer", async () => {
    const reader = open();
    await reader.read();
    clock.advance(600_000);
    checkFailure = "MODBUS_EXCEPTION_6";
    expect((await reader.read()).failure).toBeNull();
    taken();
    await reader.read();
    expect(taken()).toContain("identity");
  });
});

describe("another device", () => {
  test.each([
    ["by its identity", { vendor: "Other" }, "vendor Other"],
    ["by a canary", { canary: 2 }, "holding 7 2"],
  ])("%s: nothing is believed until it is the right one again", async (_, swapped, what) => {
    const reader = open();
    await reader.read();
    Object.assign(device, swapped);
    reconnects = 1;
    const refused = await reader.read();
    expect(refused).toMatchObject({ failure: "IDENTITY_MISMATCH", at: clock.now() });
    expect(refused.samples.size).toBe(0);
    taken();
    clock.advance(9999);
    expect((await reader.read()).failure).toBe("IDENTITY_MISMATCH");
    expect(taken()).toEqual([]);
    device = { vendor: "Acme", canary: 1 };
    clock.advance(1);
    expect((await reader.read()).failure).toBeNull();
    expect(news).toEqual([what, "again"]);
  });

  test("a loss meanwhile does not make it the right one", async () => {
    const reader = open();
    device.vendor = "Other";
    await reader.read();
    clock.advance(10_000);
    failure = "MODBUS_CLOSED";
    expect((await reader.read()).failure).toBe("MODBUS_CLOSED");
    failure = null;
    checkFailure = "MODBUS_TIMEOUT";
    expect((await reader.read()).failure).not.toBeNull();
    checkFailure = null;
    expect((await reader.read()).failure).toBe("IDENTITY_MISMATCH");
    expect(news).toEqual(["vendor Other"]);
  });
});

test("the plan shows what the guard costs, and the bus time stays that of the source", () => {
  const reader = open();
  expect(reader.plan()).toEqual([
    "press-01/main",
    "identification (guard, every 600 s)",
    "press-01/main#guard (guard, every 600 s)",
  ]);
  expect(reader.busTime?.()).toBe(7);
});

test("one event when it is noticed, and one with the whole span when it is over", () => {
  const offered: object[] = [];
  let now = 1000;
  const log = { error: () => {}, info: () => {} };
  const report = guardReport(
    { offer: (input) => offered.push(input) },
    () => now,
    log as unknown as Parameters<typeof guardReport>[2],
  );
  report("press-01", "main", { what: "vendor", expected: "Acme", found: "Other" });
  now = 5000;
  report("press-01", "main", null);
  expect(offered).toMatchObject([
    { kind: "notice", type: "config", asset: "press-01", at: 1000, start: 1000, end: null },
    { at: 5000, start: 1000, end: 5000, detail: { source: "main", what: null } },
  ]);
});
