/** Random histories of a machine and its people, and what is told of them, for the properties of incidents. */
import fc from "fast-check";
import { expect } from "vitest";
import type { ActInput } from "../../../agent/core/annotation/entered.ts";
import type { IncidentChange } from "../../../agent/core/incident/body.ts";
import { coverageOf } from "../../../agent/core/incident/coverage.ts";
import type { IncidentModel } from "../../../agent/core/incident/model.ts";
import { newIncidents } from "../../../agent/core/incident/state.ts";
import { CONDITIONS } from "../../../agent/core/vocabulary.ts";
import { actInput, DAY, HOUR, MIN, model, type Scene, SEC, scene, severity, T0 } from "./scene.ts";

export type Step = { gap: number } & (
  | { what: "see"; condition: (typeof CONDITIONS)[number]; reason: string | null; late: number }
  | { what: "schedule"; to: "scheduled" | "unscheduled" | "planned-stop" }
  | { what: "signal"; id: string; severity: "advisory" | "alarm" | null }
  | { what: "pieces"; good: number }
  /** A micro-stop: producing, idle, producing, half a minute each. */
  | { what: "flicker" }
  | { what: "act"; act: ActInput["act"]; mode: "remote" | "on-site" }
);

const step: fc.Arbitrary<Step> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 4 * MIN }) },
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 * MIN }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 8 * HOUR }) },
    ),
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          what: fc.constant("see" as const),
          condition: fc.constantFrom(
            "fault",
            "producing",
            "fault",
            "producing",
            "idle",
            ...CONDITIONS,
          ),
          reason: fc.constantFrom(null, "17", "18"),
          late: fc.integer({ min: 0, max: 30 * SEC }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          what: fc.constant("schedule" as const),
          to: fc.constantFrom(
            "scheduled" as const,
            "scheduled" as const,
            "unscheduled" as const,
            "planned-stop" as const,
          ),
        }),
      },
      { weight: 1, arbitrary: fc.record({ what: fc.constant("flicker" as const) }) },
      {
        weight: 1,
        arbitrary: fc.record({
          what: fc.constant("signal" as const),
          id: fc.constantFrom("a", "b"),
          severity: fc.constantFrom("advisory" as const, "alarm" as const, null),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          what: fc.constant("pieces" as const),
          good: fc.integer({ min: 0, max: 6 }),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          what: fc.constant("act" as const),
          act: fc.constantFrom<ActInput["act"]>(
            "open",
            "acknowledge",
            "dispatch",
            "respond",
            "restore",
            "verify",
            "close",
            "hold",
            "hold",
            "release",
          ),
          mode: fc.constantFrom("remote" as const, "on-site" as const),
        }),
      },
    ),
  )
  .map(([gap, what]) => ({ gap, ...what }));

export const steps = fc.array(step, { minLength: 40, maxLength: 80, size: "max" });
export const closing = fc.constantFrom("verified" as const, "by-hand" as const);

/** Covered 6 to 18 UTC, with a break, for a month. */
export const SPANS = Array.from({ length: 40 }, (_, i) => T0 + i * DAY).flatMap((from) => [
  { from, to: from + 6 * HOUR, schedule: "scheduled" as const },
  { from: from + 6 * HOUR, to: from + 7 * HOUR, schedule: "planned-stop" as const },
  { from: from + 7 * HOUR, to: from + 12 * HOUR, schedule: "scheduled" as const },
  { from: from + 12 * HOUR, to: from + DAY, schedule: "unscheduled" as const },
]);

const plan = (how: IncidentModel["closing"]): IncidentModel =>
  model({
    rules: [
      { id: "door", severity: "s2", on: "fault", forMs: 0, reasons: ["18"] },
      { id: "fault", severity: "s1", on: "fault", forMs: 5 * MIN, reasons: null },
      { id: "often", severity: "s3", on: "micro-stops", count: 2, withinMs: HOUR },
      { id: "lost", severity: "s3", on: "lost-contact", forMs: 10 * MIN },
      { id: "signal", severity: "s2", on: "signal", atLeast: "alarm" },
    ],
    severities: [
      severity("s1", {
        coverage: "service",
        escalation: [
          {
            limits: ["acknowledge", "respond", "restore"],
            at: { percent: 50 },
            text: "50%",
            to: null,
          },
          {
            limits: ["acknowledge", "respond", "restore"],
            at: "breach",
            text: "on breach",
            to: null,
          },
        ],
      }),
      severity("s2", { coverage: "service", clock: "calendar" }),
      severity("s3", { coverage: "service" }),
    ],
    verify: { pieces: 8, stableMs: 10 * MIN },
    closing: how,
    repeatWithinMs: 2 * DAY,
  });

interface Options {
  /** Other calls between the steps. */
  between?: (play: Scene, at: number) => void;
  /** The state goes through JSON before this step. */
  roundTrip?: number;
  /** Every act is told twice. */
  twice?: boolean;
  forget?: boolean;
  asset?: string;
}

export function replay(
  history: Step[],
  how: IncidentModel["closing"],
  options: Options = {},
): IncidentChange[] {
  const calendars = { service: { spans: SPANS } };
  const asset = options.asset ?? "press-01";
  let play = scene(plan(how), coverageOf(calendars), newIncidents(asset));
  const told: IncidentChange[] = [];
  let at = T0;
  let since = T0;
  for (const [i, each] of history.entries()) {
    if (options.roundTrip === i) {
      told.push(...play.told);
      play = scene(plan(how), coverageOf(calendars), JSON.parse(JSON.stringify(play.state)));
    }
    at += each.gap;
    options.between?.(play, at);
    if (options.forget) {
      const needed = play.settle(Math.max(T0, at - each.gap - 2 * MIN));
      calendars.service = { spans: calendars.service.spans.filter(({ to }) => to > needed) };
    }
    const schedule = play.state.seen?.schedule ?? "scheduled";
    if (each.what === "flicker") {
      play.see(at, "producing", { schedule });
      play.see(at + 30 * SEC, "idle", { schedule });
      at += MIN;
      since = at;
      play.see(at, "producing", { schedule });
    } else if (each.what === "see") {
      since = Math.max(since, at - each.late);
      play.see(since, each.condition, { reason: each.reason, schedule }, at);
    } else take(play, each, at, `${i}`, asset, options.twice ?? false);
  }
  return [...told, ...play.run(at + DAY).told];
}

function take(
  play: Scene,
  each: Exclude<Step, { what: "see" | "flicker" }>,
  at: number,
  id: string,
  asset: string,
  twice: boolean,
): void {
  if (each.what === "schedule" && play.state.seen) play.schedule(at, each.to);
  if (each.what === "signal") play.signal(at, each.id, each.severity);
  if (each.what === "pieces") play.pieces(at, each.good);
  if (each.what !== "act") return;
  const mode = each.act === "respond" ? each.mode : null;
  const input = actInput(at, each.act, { id, mode, asset });
  const refused = play.act(at, each.act, input);
  if (!twice) return;
  const before = structuredClone(play.state);
  expect(play.act(at, each.act, input)).toBe(refused);
  expect(play.state).toEqual(before);
}
