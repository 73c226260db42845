/** Limits that near and pass: one message each, at the instant the clock says, held and covered time included. */
import { describe, expect, test } from "vitest";
import { coverageOf, NEVER } from "../../../agent/core/incident/coverage.ts";
import { limitsOf } from "../../../agent/core/incident/escalation.ts";
import type { EscalationModel, Limit } from "../../../agent/core/incident/model.ts";
import { LIMITS } from "../../../agent/core/incident/model.ts";
import { ALWAYS, DAY, faulted, HOUR, MIN, model, scene, severity, T0 } from "./scene.ts";

const OPENED = T0 + 5 * MIN;

const step = (
  at: EscalationModel["at"],
  text: string,
  limits: readonly Limit[] = LIMITS,
): EscalationModel => ({
  limits: [...limits],
  at,
  text,
  to: "shift lead",
});
const STEPS = [
  step({ percent: 50 }, "50%", ["respond"]),
  step({ beforeMs: 30 * MIN }, "30min before", ["respond"]),
  step("breach", "on breach"),
];
const terms = (over = {}) =>
  model({ severities: [severity("s1", { escalation: STEPS, ...over })] });
const steps = (play: ReturnType<typeof scene>) =>
  play.told
    .filter(({ body }) => body.status === "escalated")
    .map(({ at, body }) => [at - T0, body.escalation?.limit, body.escalation?.at]);

describe("every hour covered", () => {
  test("each step once, at its own instant, however late it is asked", () => {
    const play = faulted(terms())
      .run(T0 + 3 * DAY)
      .run(T0 + 4 * DAY);
    expect(steps(play)).toEqual([
      [35 * MIN + 1, "acknowledge", "on breach"],
      [5 * MIN + 2 * HOUR, "respond", "50%"],
      [5 * MIN + 3.5 * HOUR, "respond", "30min before"],
      [5 * MIN + 4 * HOUR + 1, "respond", "on breach"],
      [12 * HOUR + 1, "restore", "on breach"],
    ]);
    expect(play.last().escalation).toEqual({
      limit: "restore",
      at: "on breach",
      to: "shift lead",
      breached: true,
    });
    expect(play.last().clocks.restore).toMatchObject({ state: "running", met: false });
  });

  test("what was answered does not escalate", () => {
    const play = faulted(terms());
    play.act(OPENED + MIN, "respond");
    expect(steps(play.run(T0 + 11 * HOUR))).toEqual([]);
  });

  test("exactly at the limit is within", () => {
    const play = faulted(terms()).run(OPENED + 30 * MIN);
    play.act(OPENED + 30 * MIN, "acknowledge");
    expect(play.last().clocks.acknowledge).toMatchObject({ calendarMs: 30 * MIN, met: true });
    expect(steps(play.run(OPENED + HOUR))).toEqual([]);
  });

  test("a hold puts them off by its length", () => {
    const play = faulted(terms());
    play.act(OPENED + HOUR, "hold");
    expect(play.due()).toBe(NEVER);
    play.act(OPENED + 6 * HOUR, "release");
    expect(steps(play.run(T0 + DAY)).slice(1)).toEqual([
      [5 * MIN + 7 * HOUR, "respond", "50%"],
      [5 * MIN + 8.5 * HOUR, "respond", "30min before"],
      [5 * MIN + 9 * HOUR + 1, "respond", "on breach"],
      [17 * HOUR + 1, "restore", "on breach"],
    ]);
  });

  test("a machine that is back, and not yet proven so, has missed nothing; when it was not, it has", () => {
    const limits = { acknowledge: null, respond: null, restore: HOUR };
    const back = faulted(terms({ limits }))
      .see(T0 + HOUR, "idle")
      .run(T0 + HOUR + MIN);
    expect(back.statuses()).toEqual(["opened", "restored"]);
    expect(back.last().clocks.restore.met).toBe(true);
    const not = faulted(terms({ limits })).see(T0 + HOUR, "idle");
    not.see(T0 + HOUR + 30_000, "fault", { reason: "17" });
    expect(steps(not)).toEqual([[HOUR + 30_000, "restore", "on breach"]]);
  });

  test("nothing is told twice after a relapse", () => {
    const limits = { acknowledge: null, respond: null, restore: HOUR };
    const play = faulted(terms({ limits })).run(T0 + 2 * HOUR);
    play
      .see(T0 + 2 * HOUR, "idle")
      .run(T0 + 2 * HOUR + MIN)
      .see(T0 + 3 * HOUR, "fault")
      .run(T0 + DAY);
    expect(play.statuses()).toEqual(["opened", "escalated", "restored", "relapsed"]);
  });
});

describe("covered hours", () => {
  /** Covered from 06 to 18 UTC of each day, known for so many days. */
  const days = (n: number) => ({
    spans: Array.from({ length: n }, (_, i) => {
      const from = T0 + i * DAY;
      return { from, to: from + 12 * HOUR, schedule: "scheduled" as const };
    }),
  });
  const limits = { acknowledge: null, respond: null, restore: 13 * HOUR };

  test("the clock stands at night; beyond the horizon the step is not known and comes with the calendar", () => {
    const calendars = { service: days(1) };
    const coverage = coverageOf(calendars);
    const play = scene(terms({ coverage: "service", limits }), coverage)
      .see(T0, "fault")
      .run(T0 + 5 * MIN);
    expect(play.due()).toBe(NEVER);
    calendars.service = days(3);
    expect(play.due()).toBe(T0 + DAY + HOUR + 1);
    expect(steps(play.run(T0 + 2 * DAY))).toEqual([[DAY + HOUR + 1, "restore", "on breach"]]);
    expect(play.last().clocks.restore).toMatchObject({
      coveredMs: 13 * HOUR + 1,
      calendarMs: 25 * HOUR + 1,
    });
  });

  test("limits on the calendar clock run through the night", () => {
    const coverage = coverageOf({ service: days(3) });
    const play = scene(terms({ coverage: "service", limits, clock: "calendar" }), coverage);
    play.see(T0, "fault").run(T0 + 2 * DAY);
    expect(steps(play)).toEqual([[13 * HOUR + 1, "restore", "on breach"]]);
  });

  test("spans to instants: before, inside, between, beyond", () => {
    const { after: instant, covered } = coverageOf({ service: days(2) });
    expect(instant("service", T0 - HOUR, HOUR)).toBe(T0 + HOUR);
    expect(instant("service", T0 + 11 * HOUR, 2 * HOUR)).toBe(T0 + DAY + HOUR);
    expect(instant("service", T0, 12 * HOUR)).toBe(T0 + 12 * HOUR);
    expect(instant("service", T0, 25 * HOUR)).toBe(NEVER);
    expect(instant("service", T0 + 13 * HOUR, 0)).toBe(T0 + 13 * HOUR);
    expect(instant(null, T0, HOUR)).toBe(T0 + HOUR);
    expect(instant("none", T0, 1)).toBe(NEVER);
    expect(covered("service", T0 + 11 * HOUR, T0 + DAY + HOUR)).toBe(2 * HOUR);
    expect(covered("service", T0 + HOUR, T0)).toBe(0);
    expect(covered("none", T0, T0 + DAY)).toBe(0);
  });
});

test("the limits of an incident for people, the next first", () => {
  const play = faulted(terms()).run(OPENED + 3 * HOUR);
  const [incident] = play.state.open;
  expect(limitsOf(incident!, OPENED + 3 * HOUR, ALWAYS)).toEqual([
    { limit: "respond", due: OPENED + 4 * HOUR + 1, state: "near" },
    { limit: "restore", due: T0 + 12 * HOUR + 1, state: "running" },
    { limit: "acknowledge", due: null, state: "missed" },
  ]);
  play.act(OPENED + 3 * HOUR, "respond");
  play.act(OPENED + 3 * HOUR, "hold");
  expect(limitsOf(incident!, OPENED + 3 * HOUR, ALWAYS)).toEqual([
    { limit: "acknowledge", due: null, state: "missed" },
    { limit: "respond", due: null, state: "met" },
    { limit: "restore", due: null, state: "running" },
  ]);
});
