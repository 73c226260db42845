/**
 * A month under contract, replayed and verified as somebody would from a command line. Every number expected here was
 * worked out by hand from the story; nothing is computed by the code under test.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { replayCommand } from "../../../agent/cli/replay.ts";
import { verifyCommand } from "../../../agent/cli/verify.ts";
import { loadPlant } from "../../../agent/plant.ts";
import type { Payload } from "../../support/records.ts";
import { chainFaults, violations } from "../../support/records.ts";
import { PLANT } from "./plant.ts";
import { END, recordedMonth } from "./record.ts";
import { MINUTE } from "./story.ts";
import { yardstick } from "./yardstick.ts";

type Part = Record<string, unknown>;
const folder = mkdtempSync(join(tmpdir(), "month-"));
const file = (name: string): string => join(folder, name);
let records: Payload[] = [];
let verified: number | null = null;
let seconds = 0;

beforeAll(async () => {
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  writeFileSync(file("plant.yaml"), PLANT);
  writeFileSync(file("input.ndjson"), `${recordedMonth().join("\n")}\n`);
  const config = file("plant.yaml");
  const [input, out] = [file("input.ndjson"), file("out.ndjson")];
  loadPlant(config); // in a build the checks of a configuration come ready made
  const begun = process.cpuUsage();
  await replayCommand({ config, input, until: new Date(END).toISOString(), out });
  verified = await verifyCommand([out], { config });
  const { user, system } = process.cpuUsage(begun);
  seconds = (user + system) / 1e6;
  vi.restoreAllMocks();
  const lines = readFileSync(out, "utf8").trimEnd().split("\n");
  records = lines.map((line) => (JSON.parse(line) as { payload: Payload }).payload);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const part = (of: Payload | Part | undefined, key: string): Part => (of as Part)[key] as Part;
const ofSchema = (name: string): Payload[] =>
  records.filter(({ schema }) => schema === `uptime.${name}/1`);
const verdicts = (): Part[] =>
  ofSchema("contract")
    .map((record) => part(record, "contract"))
    .filter(({ final }) => final === true);
const outcome = (verdict: Part | undefined, metric: string): Part =>
  (part(verdict, "outcomes") as unknown as Part[]).find(
    (each) => each["metric"] === metric,
  ) as Part;
/** Latest revision of each window of one kind. */
const windows = (asset: string, kind: string): Payload[] => [
  ...new Map(
    ofSchema("window")
      .filter((each) => each.asset === asset && part(each, "window")["kind"] === kind)
      .map((each) => [part(each, "window")["from"], each] as const),
  ).values(),
];
const windowFrom = (asset: string, kind: string, from: string): Payload =>
  windows(asset, kind).find((each) => part(each, "window")["from"] === `2025-${from}:00.000Z`)!;

/*
 * press-01, minutes. Scheduled in the month of 743 h: 31 early shifts of 7.5 h, and nights: 6 h on the 1st, 29 of 8 h,
 * one of 7 h, 2 h on the 31st: 232.5 + 247 = 479.5 h = 28,770. Planned on time: 180 + 120 = 300, leaves 28,470.
 *   faults 40 + 20 + 60 + 30 + 30 of 90 + 210 of 240 + 180 + 30 + 50 + 46 + 60 + 24 = 780
 *   overrun of the plan 40; maintenance without a plan 90
 *   of 300 planned 240 are granted; the other 60 are down
 *   up 28,470 - 780 - 40 - 90 = 27,560; down 780 + 40 + 90 + 60 = 970
 * mill-02: 743 h = 44,580, less 1,440 + 720 + 720 without orders: 41,700.
 *   faults 120 + 60 + 30 + 300 + 30 of 90 + 200 + 74 + 106 + 106 + 90 = 1,116
 *   not seen from 00:58, the last good poll, to 03:00: 122; an outer fault of 60 is excluded
 *   up 41,700 - 1,116 - 122 - 60 = 40,402 (120 idle and 40 of micro-stops are up)
 * lathe-03: 30 nights of 8 h and one of 7 h = 247 h = 14,820; 60 planned leave 14,760.
 *   faults 30 + 60 + 60 + 20 of 40 + 30 + 180 + 70 = 450; the 60 planned too shortly are down
 *   up 14,760 - 450 = 14,310; down 510
 */
const UP = 27_560 + 40_402 + 14_310; // 82,272
const DOWN = 970 + 1_116 + 510; // 2,596
const BLIND = 122;

describe("uptime", () => {
  test("at the end of the period: below target by 0.06 points, 12.00 of 10,000", () => {
    const [first] = verdicts();
    expect(first).toMatchObject({
      from: "2025-02-28T23:00:00.000Z",
      to: "2025-03-31T22:00:00.000Z",
      verdictId: "acme-2025/2025-02-28T23:00:00.000Z/1",
      supersedes: null,
    });
    // 82,272 / 84,868 = 0.969411…; /(… + 122) = 0.968020…; (82,272 + 122) / 84,990 = 0.969455…
    expect([UP + DOWN, UP + DOWN + BLIND]).toEqual([84_868, 84_990]);
    expect(outcome(first, "uptime")).toMatchObject({
      value: 0.969411,
      min: 0.96802,
      max: 0.969455,
      judged: "0.9694",
      verdict: "below-target",
      breach: false,
      money: { malus: 12_00, amount: -12_00 }, // 0.06 points × 2 % of 10,000
    });
    const sums = part(first, "sums");
    const minutes = (key: string): number => (sums[key] as number) / MINUTE;
    expect(minutes("upMs")).toBe(UP);
    expect(minutes("downMs") + minutes("pendingMs")).toBe(DOWN);
    expect([minutes("blindMs"), minutes("excludedMs"), minutes("grantedMs")]).toEqual([
      122, 60, 240,
    ]);
  });

  test("with both proposals of the supplier agreed it would be met: both values are shown", () => {
    // 30 and 180 minutes of faults less: 82,272 / 84,658 = 0.9718160…, at least 82,272 / 84,780 = 0.9704175…
    expect(outcome(verdicts()[0], "uptime")["disputed"]).toMatchObject({
      value: 0.971816,
      min: 0.970418,
      verdict: "met",
      amount: 0,
    });
  });

  test("one agreed after the period makes verdict 2; the disputed one stays as it was", () => {
    const [, second] = verdicts();
    expect(second).toMatchObject({
      verdictId: "acme-2025/2025-02-28T23:00:00.000Z/2",
      supersedes: "acme-2025/2025-02-28T23:00:00.000Z/1",
    });
    // 30 minutes less: 82,272 / 84,838 = 0.969754…, 0.02 points below
    expect(outcome(second, "uptime")).toMatchObject({
      value: 0.969754,
      verdict: "below-target",
      money: { amount: -4_00 },
      disputed: { value: 0.971816, verdict: "met" },
    });
  });
});

describe("quality and OEE", () => {
  // Σ ideal × pieces, seconds: two pieces a minute of producing.
  const press = 27_560 * 2 * 30; // 1,653,600
  const lathe = 14_310 * 2 * 30; // 858,600
  const mill = (40_402 - 120 - 40) * 2 * 24; // 1,931,616
  const made = press + lathe + mill; // 4,443,816
  // 120 bad pieces and 60 found later on the press, 240 on the mill
  const bad = (120 + 60) * 30 + 240 * 24; // 11,160

  test("before the late scrap: 99.75 %, just met", () => {
    expect([made, bad]).toEqual([4_443_816, 11_160]);
    for (const verdict of verdicts().slice(0, 2))
      expect(outcome(verdict, "quality")).toMatchObject({
        value: 0.997489, // 1 - 11,160 / 4,443,816 = 0.9974886…
        judged: "0.9975",
        verdict: "met",
      });
  });

  test("40 pieces returned after the period make verdict 3: 99.72 %, 15.00", () => {
    expect(verdicts()[2]).toMatchObject({ supersedes: "acme-2025/2025-02-28T23:00:00.000Z/2" });
    // 1 - 12,360 / 4,443,816 = 0.9972186…: 0.03 points × 5 % of 10,000
    expect(outcome(verdicts()[2], "quality")).toMatchObject({
      value: 0.997219,
      verdict: "below-target",
      money: { amount: -15_00 },
    });
  });

  test("another ideal cycle for three days makes verdict 4", () => {
    const [, , third, fourth] = verdicts();
    expect(verdicts()).toHaveLength(4);
    expect(fourth).toMatchObject({ supersedes: "acme-2025/2025-02-28T23:00:00.000Z/3" });
    // the mill produced 4,320 - 200 - 120 = 4,000 minutes in them: 8,000 pieces of 6 s more
    const after = made + 8_000 * 6; // 4,491,816
    expect(outcome(fourth, "quality")["value"]).toBe(0.997248); // 1 - 12,360 / 4,491,816 = 0.9972483…
    // observed loading: up, down and what others answer for: 82,272 + 2,566 + 90 = 84,928 minutes
    expect([after, (UP + DOWN - 30 + 90) * 60]).toEqual([4_491_816, 5_095_680]);
    expect(outcome(third, "oee")["value"]).toBe(0.86965); // 4,431,456 / 5,095,680 = 0.8696495…
    expect(outcome(fourth, "oee")["value"]).toBe(0.879069); // 4,479,456 / 5,095,680 = 0.8790693…
  });
});

describe("incidents", () => {
  const incidents = (): Part[] => ofSchema("incident").map((each) => each as unknown as Part);
  const closed = (asset: string, day: string): Part =>
    incidents()
      .map((each) => ({ asset: each["asset"], ...part(each, "incident") }) as Part)
      .findLast(
        (each) => each["asset"] === asset && String(each["openedAt"]).startsWith(`2025-${day}`),
      )!;

  test("are thirty, one of them the lost contact", () => {
    const opened = incidents().filter((each) => part(each, "incident")["status"] === "opened");
    expect(opened).toHaveLength(30);
    const severities = opened.map((each) => part(each, "incident")["severity"]);
    expect(severities.filter((severity) => severity === "s1")).toHaveLength(29);
  });

  test("are answered in time 22 times of 25: a malus of 200.00", () => {
    // Missed: 12:05 after 9:35, 14:30 after 12:05, 9:00 after 6:35. Four were over before anybody had to come.
    for (const verdict of verdicts())
      expect(outcome(verdict, "response")).toMatchObject({
        value: 0.88,
        verdict: "below-target",
        money: { amount: -200_00 },
      });
  });

  test("stand still on hold and count covered hours only", () => {
    const response = (asset: string, day: string) =>
      part(part(closed(asset, day), "clocks"), "respond");
    // 06:05 to 09:05, held from 07:00 to 08:15
    expect(response("press-01", "03-13")).toMatchObject({
      elapsedMs: 180 * MINUTE,
      coveredMs: 105 * MINUTE,
    });
    // Friday 16:05 to 17:10 on 27 March; on the 31st cover ends at 17:00, since clocks went forward
    expect(response("mill-02", "03-27")).toMatchObject({ coveredMs: 65 * MINUTE });
    expect(response("mill-02", "03-31")).toMatchObject({
      elapsedMs: 75 * MINUTE,
      coveredMs: 55 * MINUTE,
    });
    // without an order nothing was due: the fault of 11:00 counts from 12:00
    expect(closed("mill-02", "03-16")["openedAt"]).toBe("2025-03-16T12:05:00.000Z");
  });
});

test("the fee: 10,000.00 less 4.00, 15.00 and 200.00", () => {
  const [first] = verdicts();
  expect(part(first, "money")).toMatchObject({ fee: 10_000_00, malus: 212_00, payable: 9_788_00 });
  expect(part(verdicts().at(-1), "money")).toMatchObject({ malus: 219_00, payable: 9_781_00 });
});

describe("windows", () => {
  test("of the days that clocks go forward have 23 hours, and their nights seven", () => {
    const lengths = (asset: string, day: string, night: string): unknown[] => {
      const [a, b] = [windowFrom(asset, "day", day), windowFrom(asset, "shift", night)];
      return [
        part(a, "window")["lengthMs"],
        part(b, "window")["lengthMs"],
        part(b, "oee")["availability"],
      ];
    };
    // an hour of fault in seven: 6 / 7
    const expected = [23 * 60 * MINUTE, 7 * 60 * MINUTE, 0.857143];
    expect(lengths("press-01", "03-29T23:00", "03-29T21:00")).toEqual(expected);
    expect(lengths("lathe-03", "03-09T05:00", "03-09T03:00")).toEqual(expected);
  });

  test("hold 48 hours without orders, and no plan that came too late", () => {
    const noDemand = windows("mill-02", "day").map(
      (each) => part(each, "scheduleMs")["noDemand"] as number,
    );
    expect(noDemand.reduce((sum, ms) => sum + ms, 0)).toBe(48 * 60 * MINUTE);
    expect(part(windowFrom("press-01", "hour", "03-15T03:00"), "scheduleMs")["plannedStop"]).toBe(
      0,
    );
    expect(part(windowFrom("press-01", "hour", "03-08T04:00"), "scheduleMs")["plannedStop"]).toBe(
      60 * MINUTE,
    );
    expect(part(windowFrom("press-01", "hour", "03-08T05:00"), "uptime")["downMs"]).toBe(
      40 * MINUTE,
    );
  });

  test("are superseded by what was agreed, with its author", () => {
    const revised = windowFrom("press-01", "hour", "03-10T10:00");
    expect(part(revised, "window")).toMatchObject({
      revision: 2,
      supersedes: "gw-1/press-01/hour/2025-03-10T10:00:00.000Z/1",
      by: "Meier, agreed by Huber",
      why: "seen in the log",
    });
    expect(part(revised, "uptime")).toMatchObject({ downMs: 0, excludedMs: 30 * MINUTE });
    expect(part(windowFrom("press-01", "hour", "03-17T10:00"), "window")["revision"]).toBe(1);
  });

  test("sum up on every axis, in every revision", () => {
    const sum = (of: Part): number =>
      Object.values(of).reduce<number>((all, ms) => all + (ms as number), 0);
    for (const each of ofSchema("window")) {
      const { lengthMs } = part(each, "window");
      for (const axis of ["conditionMs", "scheduleMs", "attributionMs"])
        expect(sum(part(each, axis)), `${each.id} ${axis}`).toBe(lengthMs);
    }
  });
});

test("the records keep their schemas and chains, and verify", () => {
  expect(violations(records)).toEqual([]);
  expect(chainFaults(ofSchema("window")).links).toBeGreaterThan(800);
  expect(verified).toBe(0);
});

test("replay and verify take less than 10 s of computing, on a machine as quick as the yardstick's", () => {
  expect(seconds / yardstick(file("input.ndjson"))).toBeLessThan(10 / 0.2);
});
