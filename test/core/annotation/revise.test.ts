/** Accounting rule 7: later knowledge. Annotations and late scrap make numbered revisions; open windows follow in place. */
import { describe, expect, test } from "vitest";
import { calendarFeeds } from "../../../agent/calendar/feeds.ts";
import type { ReasonInput } from "../../../agent/core/annotation/entered.ts";
import type { RecordFact, WindowBody } from "../../../agent/core/fact.ts";
import type { Input } from "../../../agent/core/input.ts";
import type { AssetModel, PlantModel } from "../../../agent/core/model.ts";
import { measure } from "../../../agent/core/window/measure.ts";
import { message } from "../../../agent/record/message.ts";
import { press } from "../../support/plant.ts";
import { type Played, play } from "../../support/play.ts";
import { FAULT, HOUR, MINUTE, RUN } from "../../support/story.ts";

const SIX = Date.UTC(2026, 10, 23, 6);
const MODEL = (asset: AssetModel): PlantModel => ({
  agent: "gw-1",
  zone: "UTC",
  clockSource: "ntp",
  root: { namespace: "uptime1", enterprise: "acme", site: "ulm" },
  assets: [asset],
});
const ASSET = press({
  windows: ["hour", "day"],
  sources: [{ id: "main", pollMs: 10_000, holdMs: 30_000 }],
});

/** Runs from 06:00 with a fault 06:20-06:50, polled every 10 s, up to `until`; `more` comes in order of time. */
function shift(until: number, more: Input[], asset: AssetModel = ASSET): Played {
  const feeds = calendarFeeds([], {});
  const inputs: Input[] = [
    ...feeds.configure([{ id: "", spec: null, zone: "UTC" }], SIX),
    { kind: "config", at: SIX, hash: "sha256:a", model: MODEL(asset) },
  ];
  for (let t = 0; t <= until; t += 10_000) {
    const fault = t >= 20 * MINUTE && t < 50 * MINUTE;
    const n = Math.floor(t / 20_000);
    const values = { status: fault ? FAULT : RUN, total: n, good: n };
    inputs.push({
      kind: "cycle",
      at: SIX + t,
      asset: asset.id,
      source: "main",
      values,
      bad: {},
      failure: null,
    });
  }
  const all = [...inputs, ...more].map((input, i) => ({ input, i }));
  all.sort(
    (a, b) =>
      (a.input.kind === "calendar" ? 0 : a.input.at) -
        (b.input.kind === "calendar" ? 0 : b.input.at) || a.i - b.i,
  );
  return play(all.flatMap(({ input }) => [...feeds.until(input.at), input]));
}

const reason = (
  at: number,
  from: number,
  to: number,
  changes: Partial<ReasonInput> = {},
): ReasonInput => ({
  kind: "reason",
  at: SIX + at * MINUTE,
  asset: ASSET.id,
  from: SIX + from * MINUTE,
  to: SIX + to * MINUTE,
  reason: "waits for material",
  attribution: "customer",
  by: "shift lead",
  why: "seen",
  ...changes,
});

const hours = ({ records }: Played): WindowBody[] =>
  records.flatMap((fact) =>
    fact.class === "window" && fact.body.kind === "hour" && fact.body.from === SIX
      ? [fact.body]
      : [],
  );
const days = ({ records }: Played): WindowBody[] =>
  records.flatMap((fact) =>
    fact.class === "window" && fact.body.kind === "day" ? [fact.body] : [],
  );

describe("a reason for a final window", () => {
  const played = shift(2 * HOUR, [reason(90, 20, 50), { kind: "tick", at: SIX + 20 * HOUR }]);

  test("revision 2 supersedes 1, with who and why", () => {
    expect(
      hours(played).map(({ revision, final, supersedes }) => [revision, final, supersedes]),
    ).toEqual([
      [0, false, null],
      [1, true, null],
      [2, true, 1],
    ]);
    expect(hours(played)[2]).toMatchObject({ by: "shift lead", why: "seen" });
    const record = played.records.find(
      (fact) => fact.class === "window" && fact.body.revision === 2,
    ) as RecordFact;
    expect(message(record, MODEL(ASSET)).body["window"]).toMatchObject({
      supersedes: "gw-1/press-01/hour/2026-11-23T06:00:00.000Z/1",
    });
    expect(record.time).toBe(SIX + 90 * MINUTE);
  });

  test("down becomes excluded, a failure no failure; nothing else moves", () => {
    const [, before, after] = hours(played).map(({ sums }) => sums);
    expect([before?.downMs, before?.excludedMs, before?.failures]).toEqual([30 * MINUTE, 0, 1]);
    expect([after?.downMs, after?.excludedMs, after?.failures]).toEqual([0, 30 * MINUTE, 0]);
    expect(after?.attributionMs).toMatchObject({ customer: 30 * MINUTE, pending: 0 });
    expect(after?.conditionMs).toEqual(before?.conditionMs);
    expect(after?.recipes).toEqual(before?.recipes);
    expect([after?.runMs, after?.edgeUncertaintyMs]).toEqual([
      before?.runMs,
      before?.edgeUncertaintyMs,
    ]);
  });

  test("the open day window follows in place", () => {
    const [provisional, final] = days(played).map(({ sums }) => sums);
    for (const sums of [provisional, final])
      expect([sums?.downMs, sums?.excludedMs, sums?.failures]).toEqual([0, 30 * MINUTE, 0]);
  });
});

describe("reasons in other circumstances", () => {
  test("entered before the window is final it needs no revision", () => {
    const played = shift(2 * HOUR, [reason(61, 20, 50)]);
    const [provisional, final, ...rest] = hours(played);
    expect(rest).toEqual([]);
    expect(provisional?.sums.downMs).toBe(30 * MINUTE);
    expect([final?.sums.downMs, final?.sums.excludedMs]).toEqual([0, 30 * MINUTE]);
  });

  test("entered while the stop lasts it covers what is to come, to its own end", () => {
    const played = shift(2 * HOUR, [reason(25, 20, 40)]);
    const final = hours(played)[1]?.sums;
    expect([final?.downMs, final?.excludedMs]).toEqual([10 * MINUTE, 20 * MINUTE]);
  });

  test("a customer's reason for the whole stop, given while it lasts, leaves no failure", () => {
    const played = shift(2 * HOUR, [reason(25, 15, 60)]);
    expect(hours(played)[1]?.sums.failures).toBe(0);
    expect(hours(played)[1]?.sums.restoredMs).toBe(0);
  });

  test("a reason given when part of the stop is settled takes its failure back, in whole", () => {
    const played = shift(2 * HOUR, [reason(40, 15, 60)]);
    const sums = hours(played)[1]?.sums;
    expect([sums?.failures, sums?.restoredMs, sums?.downMs]).toEqual([0, 0, 0]);
  });

  test("a reason for the settled part alone leaves the failure", () => {
    const played = shift(2 * HOUR, [reason(40, 15, 30)]);
    const sums = hours(played)[1]?.sums;
    expect([sums?.failures, sums?.restoredMs, sums?.downMs]).toEqual([1, 30 * MINUTE, 20 * MINUTE]);
  });

  test("only the annotated part changes", () => {
    const played = shift(2 * HOUR, [reason(90, 20, 30)]);
    const sums = hours(played)[2]?.sums;
    expect([sums?.downMs, sums?.excludedMs, sums?.failures]).toEqual([20 * MINUTE, 10 * MINUTE, 1]);
  });

  test("producing time cannot be attributed", () => {
    const played = shift(2 * HOUR, [reason(90, 0, 60)]);
    expect(hours(played)[2]?.sums.attributionMs).toMatchObject({
      customer: 30 * MINUTE,
      none: 30 * MINUTE,
    });
  });

  test("two reasons: the later one holds, revisions are numbered on", () => {
    const played = shift(2 * HOUR, [
      reason(90, 20, 50),
      reason(95, 20, 50, { attribution: "supplier" }),
    ]);
    expect(hours(played).map(({ revision, supersedes }) => [revision, supersedes])).toEqual([
      [0, null],
      [1, null],
      [2, 1],
      [3, 2],
    ]);
    expect(hours(played)[3]?.sums.downMs).toBe(30 * MINUTE);
  });

  test("two reasons at the same instant are two revisions", () => {
    const played = shift(2 * HOUR, [reason(90, 20, 35), reason(90, 35, 50)]);
    expect(hours(played).map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
    expect(hours(played)[3]?.sums.excludedMs).toBe(30 * MINUTE);
  });

  test("a reason at the very instant at which the window becomes final", () => {
    const settleMin = (300_000 + 30_000 + 1000) / MINUTE;
    const played = shift(2 * HOUR, [reason(60 + settleMin, 20, 50)]);
    expect(hours(played).map(({ revision }) => revision)).toEqual([0, 1, 2]);
    expect(hours(played)[2]?.sums.excludedMs).toBe(30 * MINUTE);
  });

  test("after a silence in which much was settled", () => {
    const played = shift(55 * MINUTE, [reason(180, 20, 50)]);
    expect(hours(played)[2]?.sums).toMatchObject({ downMs: 0, excludedMs: 30 * MINUTE });
    expect(Object.values(hours(played)[2]?.sums.conditionMs ?? {}).reduce((a, b) => a + b, 0)).toBe(
      HOUR,
    );
  });
});

describe("late scrap", () => {
  const scrap = (at: number, from: number, reject = 7): Input => ({
    kind: "counts",
    at: SIX + at * MINUTE,
    asset: ASSET.id,
    window: "hour",
    from: SIX + from * MINUTE,
    reject,
    by: "lab",
    why: "cracks",
  });

  test("a final window gets revision 2, the open day follows", () => {
    const played = shift(2 * HOUR, [scrap(90, 0), { kind: "tick", at: SIX + 20 * HOUR }]);
    const [, before, after] = hours(played).map(({ sums }) => measure(sums).counts);
    expect(after).toMatchObject({
      total: before?.total,
      good: Number(before?.good) - 7,
      reject: 7,
    });
    expect(days(played).map(({ sums }) => measure(sums).counts.reject)).toEqual([7, 7]);
  });

  test("an open window is corrected in place", () => {
    const played = shift(2 * HOUR, [scrap(61, 0)]);
    expect(hours(played).map(({ sums }) => measure(sums).counts.reject)).toEqual([0, 7]);
  });

  test("a reject counter takes it as rejects", () => {
    const asset = { ...ASSET, counts: { total: 1, good: null, reject: 3 } };
    const points = ASSET.points.map((point) =>
      point.id === "guard" ? { ...point, counter: ASSET.points[1]?.counter ?? null } : point,
    );
    const played = shift(2 * HOUR, [scrap(90, 0)], { ...asset, points });
    // the reject counter itself was never read
    expect(measure(hours(played)[2]?.sums as never).flags).toContain("COUNT_MISSING");
    expect(Object.values(hours(played)[2]?.sums.recipes ?? {})[0]?.reject).toBe(7);
  });

  test("a window nobody knows is left alone", () => {
    expect(hours(shift(2 * HOUR, [scrap(90, 600)])).map(({ revision }) => revision)).toEqual([
      0, 1,
    ]);
  });
});

test("a change of configuration inside a window flags it, at its edge it does not", () => {
  const changed = (at: number): Played =>
    shift(2 * HOUR, [
      {
        kind: "config",
        at: SIX + at,
        hash: "sha256:b",
        model: MODEL({ ...ASSET, name: "Press One" }),
      },
    ]);
  const flags = (played: Played): unknown[] =>
    played.records.flatMap((fact) =>
      fact.class === "window" && fact.body.kind === "hour"
        ? [[fact.body.sums.flags.includes("CONFIG_CHANGED"), fact.configHash]]
        : [],
    );
  expect(flags(changed(30 * MINUTE))).toEqual([
    [true, "sha256:b"],
    [true, "sha256:b"],
    [false, "sha256:b"],
  ]);
  expect(flags(changed(HOUR))).toEqual([
    [false, "sha256:a"],
    [false, "sha256:b"],
    [false, "sha256:b"],
  ]);
  const total = hours(changed(30 * MINUTE))[1]?.sums.conditionMs;
  expect(total).toEqual(hours(shift(2 * HOUR, []))[1]?.sums.conditionMs);
});
