/**
 * Many micro-stops in a short time: short stops between two spans of producing, counted where they end. Follows the
 * condition as it is told; windows classify stops on their own.
 */
import type { Millis } from "../time.ts";
import type { Condition } from "../vocabulary.ts";
import type { IncidentChange } from "./body.ts";
import type { IncidentModel, IncidentRuleModel } from "./model.ts";
import { open } from "./open.ts";
import { begin } from "./recovery.ts";
import type { IncidentsState, Moment, Seen } from "./state.ts";
import { relapse } from "./step.ts";
import { counts, unverified } from "./trigger.ts";

type MicroRule = Extract<IncidentRuleModel, { on: "micro-stops" }>;

const PLANNED: Condition[] = ["setup", "engineering", "maintenance"];

const rulesOf = ({ rules }: IncidentModel): MicroRule[] =>
  rules.filter((rule) => rule.on === "micro-stops");

/** Takes the next condition; opens or reopens an incident where the micro-stop that ended with it is one too many. */
export function followStops(moment: Moment, before: Seen | null, now: Seen): IncidentChange[] {
  const { model, state } = moment;
  const rules = rulesOf(model);
  if (rules.length === 0) return [];
  const stop = stopEnded(moment, before, now);
  if (!stop || !counts(moment)) return [];
  const most = rules.reduce((a, { count }) => Math.max(a, count), 0);
  state.micro = [...state.micro, stop].slice(-most);
  putOff(moment, stop.to);
  const full = rules.find((rule) => isFull(moment, rule, stop.to));
  return full ? strike(moment, full, stop.to) : [];
}

/** Drops micro-stops that are too old, and a stop that is too long, to count with one that ends at `to` or later. */
export function forgetStops(model: IncidentModel, state: IncidentsState, to: Millis): void {
  const span = rulesOf(model).reduce((a, { withinMs }) => Math.max(a, withinMs), 0);
  state.micro = state.micro.filter((stop) => stop.to > to - span);
  if (state.run && to - state.run.from >= model.microStopMs) state.run = null;
}

/** The micro-stop that ends where producing begins again, else null. */
function stopEnded({ model, state }: Moment, before: Seen | null, now: Seen) {
  if (now.condition === "unknown") {
    state.run = null;
    return null;
  }
  if (now.condition !== "producing") {
    const begins = before?.condition === "producing";
    if (begins) state.run = { from: now.since, planned: false };
    if (state.run && PLANNED.includes(now.condition)) state.run.planned = true;
    return null;
  }
  const { run } = state;
  state.run = null;
  if (!run || run.planned || now.since - run.from >= model.microStopMs) return null;
  return { from: run.from, to: now.since };
}

/** The machine is not back while micro-stops go on. */
function putOff({ state }: Moment, end: Millis): void {
  for (const incident of state.open)
    if (incident.trigger === "micro-stops" && !incident.restored && incident.back !== null)
      begin(incident, end, true);
}

/** Those of a rule that ended within its span; since the restoration where there was one. */
function within({ state }: Moment, rule: MicroRule, end: Millis): { from: Millis; to: Millis }[] {
  const restored = unverified(state, rule.id, null)?.restored?.at ?? 0;
  return state.micro.filter(({ to }) => to > end - rule.withinMs && to > restored);
}

const isFull = (moment: Moment, rule: MicroRule, end: Millis): boolean =>
  within(moment, rule, end).length >= rule.count;

function strike(moment: Moment, rule: MicroRule, end: Millis): IncidentChange[] {
  const { state, at } = moment;
  const existing = unverified(state, rule.id, null);
  if (existing) {
    const changes = existing.restored ? [relapse(moment, existing)] : [];
    begin(existing, end, true);
    return changes;
  }
  const first = within(moment, rule, end).at(-rule.count);
  const changes = open(
    moment,
    {
      rule: rule.id,
      trigger: "micro-stops",
      signal: null,
      reason: null,
      severity: rule.severity,
      attribution: "pending",
      faultAt: first?.from ?? end,
      detectedAt: at,
      stayMs: rule.withinMs,
    },
    null,
  );
  const opened = state.open.at(-1);
  if (opened) begin(opened, end, true);
  return changes;
}
