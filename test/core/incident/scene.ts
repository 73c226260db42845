/** One asset's incidents for tests: a small model, coverage as given, and everything that was told, in order. */

import type { ActInput } from "../../../agent/core/annotation/entered.ts";
import { applyAct } from "../../../agent/core/incident/act.ts";
import type { IncidentBody, IncidentChange } from "../../../agent/core/incident/body.ts";
import { type Coverage, coverageOf } from "../../../agent/core/incident/coverage.ts";
import { nextDue, runDue, settleClocks } from "../../../agent/core/incident/due.ts";
import type {
  IncidentModel,
  SeverityModel,
  SignalSeverity,
} from "../../../agent/core/incident/model.ts";
import { seeCondition, seePieces, seeSignal } from "../../../agent/core/incident/see.ts";
import {
  type IncidentsState,
  newIncidents,
  type Seen,
} from "../../../agent/core/incident/state.ts";
import type { Condition, Schedule } from "../../../agent/core/vocabulary.ts";

export const SEC = 1_000;
export const MIN = 60_000;
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** An instant of June 13, 2025 (a Friday), UTC. */
export const T0 = Date.parse("2025-06-13T06:00:00Z");

export const severity = (id: string, over: Partial<SeverityModel> = {}): SeverityModel => ({
  id,
  limits: { acknowledge: 30 * MIN, respond: 4 * HOUR, restore: 12 * HOUR },
  clock: "covered",
  coverage: null,
  escalation: [],
  holdReasons: [],
  ...over,
});

export const model = (over: Partial<IncidentModel> = {}): IncidentModel => ({
  rules: [{ id: "fault", severity: "s1", on: "fault", forMs: 5 * MIN, reasons: null }],
  severities: [severity("s1"), severity("s2"), severity("s3")],
  during: "scheduled",
  microStopMs: 5 * MIN,
  restoredAfterMs: MIN,
  verify: { pieces: null, stableMs: 10 * MIN },
  closing: "verified",
  repeatWithinMs: 30 * DAY,
  buttons: [],
  ...over,
});

export const ALWAYS: Coverage = coverageOf({});

export const seen = (condition: Condition, since: number, over: Partial<Seen> = {}): Seen => ({
  condition,
  cause: condition === "unknown" ? "link-down" : null,
  reason: null,
  since,
  schedule: "scheduled",
  attribution: condition === "fault" ? "pending" : "none",
  ...over,
});

export interface Scene {
  state: IncidentsState;
  told: IncidentChange[];
  /** `condition` since `at`, seen at once unless `seenAt` says later. */
  see(at: number, condition: Condition, over?: Partial<Seen>, seenAt?: number): Scene;
  schedule(at: number, schedule: Schedule): Scene;
  signal(at: number, id: string, severity: SignalSeverity | null): Scene;
  pieces(at: number, good: number): Scene;
  run(at: number): Scene;
  settle(to: number): number;
  due(): number;
  /** The reason of a refusal, else null. */
  act(at: number, act: ActInput["act"], over?: Partial<ActInput>): string | null;
  statuses(): string[];
  last(): IncidentBody;
}

let acts = 0;

export function scene(
  incidents: IncidentModel = model(),
  coverage: Coverage = ALWAYS,
  state: IncidentsState = newIncidents("press-01"),
): Scene {
  const told: IncidentChange[] = [];
  const tell = (changes: IncidentChange[]): Scene => {
    told.push(...changes);
    return self;
  };
  const self: Scene = {
    state,
    told,
    see: (at, condition, over = {}, seenAt = at) =>
      tell(seeCondition(incidents, state, seen(condition, at, over), seenAt, coverage)),
    schedule(at, schedule) {
      const now = state.seen;
      if (!now) throw new Error("nothing was seen");
      return tell(seeCondition(incidents, state, { ...now, schedule }, at, coverage));
    },
    signal: (at, id, level) =>
      tell(seeSignal(incidents, state, { id, severity: level }, at, coverage)),
    pieces: (at, good) => tell(seePieces(incidents, state, good, at, coverage)),
    run: (at) => tell(runDue(incidents, state, at, coverage)),
    settle: (to) => settleClocks(incidents, state, to, coverage),
    due: () => nextDue(incidents, state, coverage),
    act(at, act, over = {}) {
      const input = actInput(at, act, over);
      const { changes, refused } = applyAct(incidents, state, input, at, coverage);
      tell(changes);
      return refused;
    },
    statuses: () => told.map(({ body }) => body.status),
    last() {
      const change = told.at(-1);
      if (!change) throw new Error("nothing was told");
      return change.body;
    },
  };
  return self;
}

export const actInput = (
  at: number,
  act: ActInput["act"],
  over: Partial<ActInput> = {},
): ActInput => ({
  kind: "act",
  id: `act-${++acts}`,
  at,
  asset: "press-01",
  incident: null,
  act,
  mode: act === "respond" ? "on-site" : null,
  party: null,
  by: "m.huber",
  why: act === "hold" ? "no access" : "",
  via: "cli",
  ...over,
});

/** A fault at T0 that is open since T0 + 5 min. */
export const faulted = (incidents = model(), coverage = ALWAYS): Scene =>
  scene(incidents, coverage)
    .see(T0 - HOUR, "producing")
    .see(T0, "fault", { reason: "17" })
    .run(T0 + 5 * MIN);
