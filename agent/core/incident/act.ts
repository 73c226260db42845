/**
 * Steps that somebody takes: applied once per act id, or refused with a reason, in which case nothing changes. A step
 * takes effect when the agent hears of it; nobody can date one back.
 */
import type { ActInput } from "../annotation/entered.ts";
import type { Millis } from "../time.ts";
import type { IncidentChange, Who } from "./body.ts";
import type { Coverage } from "./coverage.ts";
import { runDue } from "./due.ts";
import type { IncidentModel } from "./model.ts";
import { open } from "./open.ts";
import { begin } from "./recovery.ts";
import {
  holdOf,
  type Incident,
  type IncidentsState,
  MOST_ACTS,
  MOST_HOLDS,
  MOST_OPEN,
  type Moment,
} from "./state.ts";
import { acknowledge, close, dispatch, hold, release, respond, restore, verify } from "./step.ts";

export interface Acted {
  changes: IncidentChange[];
  /** Why nothing was done, in words; null when it was, now or before. */
  refused: string | null;
}

export type Step = Exclude<ActInput["act"], "open">;

/** Applies an act at `at`, after whatever was due by then. An id that was done before changes nothing and is no refusal. */
export function applyAct(
  model: IncidentModel,
  state: IncidentsState,
  input: ActInput,
  at: Millis,
  coverage: Coverage,
): Acted {
  const changes = runDue(model, state, at, coverage);
  if (state.acts.includes(input.id)) return { changes, refused: null };
  const moment = { model, state, at: state.now, coverage };
  const done =
    foreign(moment, input) ??
    (input.act === "open" ? call(moment, input) : step(moment, input, input.act));
  if (typeof done === "string") return { changes, refused: done };
  state.acts = [...state.acts, input.id].slice(-MOST_ACTS);
  changes.push(...done, ...runDue(model, state, at, coverage));
  return { changes, refused: null };
}

function foreign({ state, at }: Moment, input: ActInput): string | null {
  if (input.asset !== state.asset)
    return `the act is about ${input.asset}, not about ${state.asset}`;
  if (input.at > at) return "the act is dated in the future";
  return null;
}

const whoOf = ({ by, party, via, why }: ActInput): Who => ({ by, party, via, why });

/** Somebody opens one; it is restored by an act too, since no condition tells. */
function call(moment: Moment, input: ActInput): IncidentChange[] | string {
  const { model, state, at } = moment;
  const severity = input.severity ?? model.severities[0]?.id ?? "s1";
  if (!model.severities.some(({ id }) => id === severity))
    return `there is no severity ${severity}`;
  if (state.open.length >= MOST_OPEN) return `${MOST_OPEN} incidents are open: close some first`;
  const same = state.open.find(
    ({ trigger, restored }) => !restored && (trigger === "called" || trigger === "fault"),
  );
  if (same) return `${same.id} is open already`;
  const opening = {
    rule: "called",
    trigger: "called",
    signal: null,
    reason: input.why || null,
  } as const;
  const times = { faultAt: at, detectedAt: at, stayMs: 0 };
  return open(moment, { ...opening, ...times, severity, attribution: "pending" }, whoOf(input));
}

/** On the named incident, else on the newest open one that the step fits. */
function step(moment: Moment, input: ActInput, act: Step): IncidentChange[] | string {
  const { state } = moment;
  const meant = input.incident === null ? state.open.toReversed() : named(state, input.incident);
  if (typeof meant === "string") return meant;
  let refused: string | null = null;
  for (const incident of meant) {
    const wrong = wrongState(state, incident, input, act);
    if (wrong === null) return take(moment, incident, input, act);
    refused ??= `${incident.id} ${wrong}`;
  }
  return refused ?? `${state.asset} has no open incident`;
}

/** `i-3`, or `press-01/i-3`. */
function named(state: IncidentsState, name: string): Incident[] | string {
  const [asset, id] = name.includes("/") ? name.split("/") : [state.asset, name];
  if (asset !== state.asset) return `${name} is an incident of ${asset}, not of ${state.asset}`;
  const incident = state.open.find((each) => each.id === id);
  if (incident) return [incident];
  const n = Number(/^i-([1-9]\d{0,14})$/.exec(id ?? "")?.[1] ?? Number.NaN);
  return n <= state.ordinal ? `${id} is closed` : `there is no incident ${id}`;
}

/** Steps towards a restoration; once restored they have no aim. */
const TOWARDS: readonly Step[] = ["dispatch", "respond", "restore", "hold"];
/** Steps that take a restoration for granted. */
const BEYOND: readonly Step[] = ["verify", "close"];

const STEPS: readonly Step[] = ["acknowledge", ...TOWARDS, "release", ...BEYOND];

/** Steps that would be taken of an open incident as it is now; a response is one on site. */
export const fittingSteps = (state: IncidentsState, incident: Incident): Step[] =>
  STEPS.filter((step) => {
    const said = { mode: "on-site", why: incident.terms.holdReasons[0] ?? "waiting" } as const;
    return wrongState(state, incident, said, step) === null;
  });

/** Why the step does not fit the incident, else null. */
function wrongState(
  state: IncidentsState,
  incident: Incident,
  input: Pick<ActInput, "mode" | "why">,
  act: Step,
): string | null {
  if (incident.restored && TOWARDS.includes(act)) return "is restored";
  if (!incident.restored && BEYOND.includes(act)) return "is not restored";
  switch (act) {
    case "acknowledge":
      return incident.acknowledged ? "is acknowledged" : null;
    case "dispatch":
      return incident.underWay ? "has somebody on the way" : null;
    case "respond":
      return secondVisit(incident, input);
    case "restore":
      return contradicted(state, incident);
    case "verify":
      return incident.verified ? "is verified" : null;
    case "close":
      return null;
    case "hold":
      return unheld(incident, input.why);
    case "release":
      return holdOf(incident) ? null : "is not held";
  }
}

/** Another response is another visit: after a dispatch or a relapse, or on site after a remote one. */
function secondVisit(
  { responded, responseMode, underWay, comeBack }: Incident,
  { mode }: Pick<ActInput, "mode">,
): string | null {
  if (mode === null) return "needs to know whether the response is remote or on site";
  if (!responded || underWay || comeBack || (responseMode === "remote" && mode === "on-site"))
    return null;
  return "has been responded to";
}

/** The machine itself says that it is not restored. */
function contradicted({ watches }: IncidentsState, { rule, signal }: Incident): string | null {
  const on = watches.some(
    (each) => each.rule === rule && each.signal === signal && each.lapsedAt === null,
  );
  return on ? "is not restored: what opened it goes on" : null;
}

function unheld(incident: Incident, reason: string): string | null {
  if (holdOf(incident)) return "is held";
  if (incident.holds.length >= MOST_HOLDS) return `was held ${MOST_HOLDS} times`;
  const { holdReasons } = incident.terms;
  if (reason === "") return "needs a reason for the hold";
  if (holdReasons.length === 0 || holdReasons.includes(reason)) return null;
  return `can be held for ${holdReasons.join(", ")}, not for ${reason}`;
}

function take(moment: Moment, incident: Incident, input: ActInput, act: Step): IncidentChange[] {
  const who = whoOf(input);
  switch (act) {
    case "acknowledge":
      return [acknowledge(moment, incident, who)];
    case "dispatch":
      return [dispatch(moment, incident, who)];
    case "respond":
      return [respond(moment, incident, input.mode ?? "on-site", who)];
    case "restore":
      begin(incident, moment.at, moment.state.seen?.condition === "producing");
      return [restore(moment, incident, moment.at, who)];
    case "verify":
      return verify(moment, incident, who);
    case "close":
      return [close(moment, incident, who)];
    case "hold":
      return [hold(moment, incident, who)];
    case "release":
      return [release(moment, incident, who)];
  }
}
