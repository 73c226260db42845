/** The desk and the page over a real core: what is opened is shown, what is entered moves it, what the core refuses is said. */
import { expect, test } from "vitest";
import { type ActDesk, openActDesk } from "../../../agent/acts/desk.ts";
import { factsOf } from "../../../agent/acts/plant-facts.ts";
import { refusalOf } from "../../../agent/core/annotation/decide.ts";
import type { History } from "../../../agent/core/annotation/entered.ts";
import type { Input } from "../../../agent/core/input.ts";
import { openLog } from "../../../agent/log.ts";
import { pageView } from "../../../agent/page/plant-view.ts";
import { model } from "../../core/incident/scene.ts";
import { virtualClock } from "../../support/clock.ts";
import { type Bench, bench, drive, press } from "../../support/plant.ts";
import { CLI } from "./shop.ts";

const T0 = Date.parse("2026-11-23T06:00:00Z");
const MINUTE = 60_000;
const by = "Jo";
const NOTHING: History = { intervals: [], windows: [], counts: [] };

interface Floor {
  plant: Bench;
  desk: ActDesk;
  /** Polls with this status up to here. */
  until(minutes: number, status: number): void;
  now(): number;
}

function floor(): Floor {
  const plant = bench(T0, press({ incidents: model(), windows: ["hour", "day"] }));
  let at = T0;
  const clock = virtualClock(T0);
  const desk = openActDesk({
    clock,
    log: openLog({ level: "error", to: { write: () => {} }, clock }),
    newId: () => `act-${at}`,
    facts: () => factsOf({ core: plant.core, now: at, history: async () => NOTHING }),
    journal: () => [],
    submit: async (input: Input) => {
      const reason = refusalOf(plant.core, input);
      if (reason !== null) return { accepted: false, reason };
      plant.feed(
        "asset" in input && input.kind === "reason" ? { ...input, history: NOTHING } : input,
      );
      return { accepted: true };
    },
  });
  const until = (minutes: number, status: number): void => {
    const to = T0 + minutes * MINUTE;
    drive(plant, at, to, () => ({ status, total: 0, good: 0, guard: false }));
    at = to;
  };
  return { plant, desk, until, now: () => at };
}

test("an incident from its opening to its closing, by acts", async () => {
  const { desk, until } = floor();
  until(10, 6);
  until(16, 8);
  expect(desk.incidents()).toEqual([
    expect.objectContaining({
      id: "i-1",
      asset: "press-01",
      severity: "s1",
      state: "notified",
      from: T0 + 10 * MINUTE,
      open: true,
      held: false,
    }),
  ]);
  expect(desk.incidents()[0]?.limits[0]).toMatchObject({ limit: "acknowledge", state: "running" });
  const steps = [
    [17, 8, "acknowledge", "incident press-01/i-1 is acknowledged"],
    [18, 8, "respond", "incident press-01/i-1 is responded"],
    [19, 8, "hold", "incident press-01/i-1 is responded, on hold"],
    [20, 8, "release", "incident press-01/i-1 is responded"],
    [20.5, 6, "restore", "incident press-01/i-1 is restored"],
    [21, 6, "close", "incident press-01/i-1 is closed"],
  ] as const;
  for (const [minute, status, act, message] of steps) {
    until(minute, status);
    const said = act === "hold" ? { why: "no key" } : {};
    const answer = await desk.take({ act, asset: "press-01", by, ...said }, CLI);
    expect(answer).toMatchObject({ answer: "accepted", message });
  }
  expect(desk.incidents()).toEqual([
    expect.objectContaining({ id: "i-1", state: "closed", open: false }),
  ]);
});

test("the steps said to fit are those that are taken", async () => {
  const { desk, until } = floor();
  until(10, 6);
  until(16, 8);
  const fits = () => desk.incidents()[0]?.fits;
  expect(fits()).toEqual(["acknowledge", "dispatch", "respond", "hold"]);
  const take = (act: string, said = {}) => desk.take({ act, asset: "press-01", by, ...said }, CLI);
  expect(await take("restore")).toMatchObject({ answer: "refused" });
  await take("respond", { mode: "remote" });
  expect(fits()).toEqual(["dispatch", "respond", "hold"]);
  until(16.1, 8);
  await take("respond");
  expect(fits()).toEqual(["dispatch", "hold"]);
  until(16.2, 8);
  expect(await take("respond")).toMatchObject({ answer: "refused" });
  until(16.5, 6);
  expect(fits()).toEqual(["dispatch", "restore", "hold"]);
  until(18, 6);
  expect(fits()).toEqual(["verify", "close"]);
});

test("what the core refuses is refused with its words", async () => {
  const { desk, until } = floor();
  until(10, 6);
  until(16, 8);
  await desk.take({ act: "acknowledge", asset: "press-01", by }, CLI);
  until(17, 8);
  const answer = await desk.take({ act: "acknowledge", asset: "press-01", by }, CLI);
  expect(answer).toMatchObject({ answer: "refused", what: "acknowledge was refused" });
});

test("an annotation is found by its id, and a window by its begin", async () => {
  const { desk, until, plant, now } = floor();
  until(10, 6);
  until(16, 8);
  until(30, 6);
  const said = {
    id: "n-1",
    act: "attribute",
    asset: "press-01",
    attribution: "customer",
    by,
    why: "air",
  };
  const span = { from: T0 + 10 * MINUTE, to: T0 + 16 * MINUTE };
  expect(await desk.take({ ...said, ...span }, CLI)).toMatchObject({
    answer: "accepted",
    message: "annotation n-1 is effective: windows that it changes get a revision",
  });
  const facts = factsOf({ core: plant.core, now: now(), history: async () => NOTHING });
  expect(await facts.window("press-01", "hour", T0)).toMatchObject({ good: 0 });
  expect(await facts.window("press-01", "hour", T0 + 1)).toBeNull();
  expect(await facts.window("press-02", "hour", T0)).toBeNull();
});

test("the page shows the machine, its day and its incident as the core has them", () => {
  const { until, plant, now } = floor();
  until(30, 6);
  until(40, 8);
  const surroundings = {
    site: "ulm",
    broker: null,
    outbox: { depth: 0, oldestAt: null, parked: 0 },
    trouble: null,
  };
  const view = pageView(plant.core, now(), surroundings);
  expect(view).toMatchObject({ gateway: "gw-1", zone: "UTC", clock: plant.core.state.quality });
  expect(view.machines).toEqual([
    expect.objectContaining({ id: "press-01", condition: "fault", since: T0 + 30 * MINUTE }),
  ]);
  const { today } = view.machines[0]!;
  // Nobody saw the machine before it was first read: pieces of those hours may be anywhere between none and all.
  expect(today?.oee.max).toBeGreaterThan(0.9);
  expect(today?.uptime.value).toBeGreaterThan(0.5);
  expect(today?.uptime.value).toBeLessThanOrEqual(1);
  expect(view.incidents).toEqual([expect.objectContaining({ id: "i-1", open: true })]);
});
