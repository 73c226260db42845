/** When a limit nears or passes: the escalation steps of an incident that are still to come, and the instants they fall due. */
import type { Millis } from "../time.ts";
import type { IncidentChange } from "./body.ts";
import { clocksOf } from "./clock.ts";
import { type Coverage, NEVER } from "./coverage.ts";
import type { EscalationAt, Limit } from "./model.ts";
import { holdOf, type Incident, type Moment, stampOf } from "./state.ts";
import { escalate } from "./step.ts";

/** Time on the clock at which a step falls due; null where the step is longer than the limit. */
function thresholdOf(at: EscalationAt, limitMs: Millis): Millis | null {
  // Equal is still within the limit.
  if (at === "breach") return limitMs + 1;
  if ("percent" in at) return Math.ceil((limitMs * at.percent) / 100);
  return at.beforeMs < limitMs ? limitMs - at.beforeMs : null;
}

interface Running {
  spentMs: Millis;
  limitMs: Millis;
  /** The machine is back: what counts is when, not now. */
  isBack: boolean;
}

/** A limit whose clock runs, else null. */
function runningOf(
  incident: Incident,
  limit: Limit,
  at: Millis,
  coverage: Coverage,
): Running | null {
  if (holdOf(incident)) return null;
  const { terms, back } = incident;
  const isBack = limit === "restore" && back !== null;
  const clock = clocksOf(incident, stampOf(incident, isBack ? back : at, coverage))[limit];
  if (clock.state !== "running" || clock.limitMs === null) return null;
  const spentMs = terms.clock === "covered" ? clock.coveredMs : clock.calendarMs;
  return { spentMs, limitMs: clock.limitMs, isBack };
}

/** The instant, from `at` on, at which the clock shows `ms` if nothing holds it. */
function dueAt(
  incident: Incident,
  { spentMs, isBack }: Running,
  ms: Millis,
  at: Millis,
  coverage: Coverage,
): Millis {
  const missingMs = ms - spentMs;
  if (missingMs <= 0) return at;
  if (isBack) return NEVER;
  const { clock, coverage: calendar } = incident.terms;
  return coverage.after(clock === "covered" ? calendar : null, at, missingMs);
}

interface Step {
  key: string;
  limit: Limit;
  index: number;
  due: Millis;
}

/** Steps that were not told yet, with the instants they fall due as seen from `at`. */
function stepsOf(incident: Incident, at: Millis, coverage: Coverage): Step[] {
  return incident.terms.escalation.flatMap((step, index) =>
    step.limits.flatMap((limit): Step[] => {
      const key = `${limit} ${index}`;
      if (incident.escalated.includes(key)) return [];
      const running = runningOf(incident, limit, at, coverage);
      const threshold = running && thresholdOf(step.at, running.limitMs);
      if (!running || threshold === null) return [];
      return [{ key, limit, index, due: dueAt(incident, running, threshold, at, coverage) }];
    }),
  );
}

/** The next step of an incident, as seen from `at`. */
export const nextEscalation = (incident: Incident, at: Millis, coverage: Coverage): Millis =>
  stepsOf(incident, at, coverage).reduce((due, step) => Math.min(due, step.due), NEVER);

/** Tells every step that is due now, in the order of the configuration. */
export function escalateDue(moment: Moment, incident: Incident): IncidentChange[] {
  const { at, coverage } = moment;
  return stepsOf(incident, at, coverage)
    .filter(({ due }) => due <= at)
    .map(({ key, limit, index }) => {
      const step = incident.terms.escalation[index];
      const escalation = { limit, at: step?.text ?? "", to: step?.to ?? null };
      return escalate(moment, incident, key, { ...escalation, breached: step?.at === "breach" });
    });
}

export interface LimitView {
  limit: Limit;
  /** When it will have passed if nothing holds the clock; null: it does not run, or not within the known calendar. */
  due: Millis | null;
  state: "running" | "near" | "missed" | "met";
}

/** The limits of an incident for people, the next first. Limits that ended without answer are left out. */
export function limitsOf(incident: Incident, at: Millis, coverage: Coverage): LimitView[] {
  const clocks = clocksOf(incident, stampOf(incident, at, coverage));
  const views = (["acknowledge", "respond", "restore"] as const).flatMap((limit): LimitView[] => {
    const { limitMs, met, state } = clocks[limit];
    if (limitMs === null) return [];
    if (met !== null) return [{ limit, due: null, state: met ? "met" : "missed" }];
    if (state === "ended") return [];
    const running = runningOf(incident, limit, at, coverage);
    const due = running ? dueAt(incident, running, limitMs + 1, at, coverage) : NEVER;
    const near = incident.escalated.some((key) => key.startsWith(`${limit} `));
    return [{ limit, due: due === NEVER ? null : due, state: near ? "near" : "running" }];
  });
  return views.sort((a, b) => (a.due ?? NEVER) - (b.due ?? NEVER));
}
