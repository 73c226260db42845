/**
 * What is wrong right now, by the rules of the asset: keeps a watch for every trigger that is on, from the first sample
 * that showed it. Only time that counts (`during`) arms a watch; time that was not observed neither ends nor ripens one.
 */
import type { Millis } from "../time.ts";
import type { UnknownCause } from "../vocabulary.ts";
import type { IncidentChange } from "./body.ts";
import { NEVER } from "./coverage.ts";
import { fits, type IncidentModel, type IncidentRuleModel } from "./model.ts";
import { open } from "./open.ts";
import type { Incident, IncidentsState, Moment, Seen, Watch } from "./state.ts";
import { relapse } from "./step.ts";

const LOST: UnknownCause[] = ["link-down", "device-silent", "read-rejected"];

/** Whether the machine cannot be seen because of itself or its line. */
export const isLost = ({ condition, cause }: Seen): boolean =>
  condition === "unknown" && cause !== null && LOST.includes(cause);

interface Active {
  rule: IncidentRuleModel;
  signal: string | null;
  since: Millis;
}

/** The first fault rule that is about this reason. */
function faultRule({ rules }: IncidentModel, reason: string | null): IncidentRuleModel | undefined {
  return rules.find(
    (rule) =>
      rule.on === "fault" &&
      (rule.reasons === null || (reason !== null && rule.reasons.includes(reason))),
  );
}

function activesOf({ model, state }: Moment): Active[] {
  const { seen, signals } = state;
  const active: Active[] = [];
  const add = (rule: IncidentRuleModel | undefined, signal: string | null, since: Millis): void => {
    if (rule) active.push({ rule, signal, since });
  };
  if (seen?.condition === "fault") add(faultRule(model, seen.reason), null, seen.since);
  const lost = model.rules.find(({ on }) => on === "lost-contact");
  if (seen && isLost(seen)) add(lost, null, seen.since);
  for (const { id, severity, since } of signals) {
    const rule = model.rules.find((each) => fits(each, severity));
    add(rule, id, since);
  }
  return active;
}

const forMsOf = (rule: IncidentRuleModel | undefined): Millis =>
  rule && "forMs" in rule ? rule.forMs : 0;

/** Brings the watches in line with what is on; a fault that comes back before it was proven gone reopens its incident. */
export function watch(moment: Moment): IncidentChange[] {
  const { state } = moment;
  const active = activesOf(moment);
  state.watches = [
    ...state.watches.filter((each) => stays(each, active, moment)),
    ...active.filter((each) => !known(each, state, moment)).map((each) => begun(each, moment)),
  ];
  for (const each of state.watches) arm(each, moment);
  return state.watches.flatMap((each) => claim(each, moment));
}

/** Whether a watch goes on: its trigger is on, or nobody can see. */
function stays(each: Watch, active: Active[], { model, state }: Moment): boolean {
  const on = active.find(({ rule, signal }) => rule.id === each.rule && signal === each.signal);
  if (!on) {
    const blind = each.signal === null && state.seen?.condition === "unknown";
    if (blind) each.lapsedAt ??= state.seen?.since ?? null;
    return blind;
  }
  return !isForgotten(each, model, on.since);
}

/** Unseen at `at` for longer than it had to last: nobody knows that it is still the same. */
export function isForgotten(
  { lapsedAt, rule }: Watch,
  { rules }: IncidentModel,
  at: Millis,
): boolean {
  return lapsedAt !== null && at - lapsedAt > forMsOf(rules.find(({ id }) => id === rule));
}

function known(active: Active, { watches, seen }: IncidentsState, moment: Moment): boolean {
  const same = watches.find(
    ({ rule, signal }) => rule === active.rule.id && signal === active.signal,
  );
  if (!same || !stays(same, [active], moment)) return false;
  same.lapsedAt = null;
  same.reason ??= active.rule.on === "fault" ? (seen?.reason ?? null) : null;
  return true;
}

function begun({ rule, signal, since }: Active, { state: { seen }, at }: Moment): Watch {
  const isFault = rule.on === "fault";
  return {
    rule: rule.id,
    signal,
    since,
    detectedAt: at,
    armedAt: null,
    reason: isFault ? (seen?.reason ?? null) : null,
    attribution: isFault ? (seen?.attribution ?? "pending") : "none",
    raised: false,
    lapsedAt: null,
  };
}

/** Whether what happens now counts. */
export const counts = ({ model, state }: Moment): boolean =>
  model.during === "always" || state.seen?.schedule === "scheduled";

function arm(each: Watch, moment: Moment): void {
  if (!counts(moment)) {
    if (!each.raised) each.armedAt = null;
    return;
  }
  const { scheduledSince } = moment.state;
  each.armedAt ??=
    moment.model.during === "always" ? each.since : Math.max(each.since, scheduledSince);
}

/** The incident of a rule that is not over. */
export const unverified = (
  { open: all }: IncidentsState,
  rule: string,
  signal: string | null,
): Incident | undefined =>
  all.find((each) => each.rule === rule && each.signal === signal && each.verified === null);

/** What already has an incident does not open another. */
function claim(each: Watch, moment: Moment): IncidentChange[] {
  if (each.raised || each.armedAt === null || each.lapsedAt !== null) return [];
  const existing = unverified(moment.state, each.rule, each.signal);
  if (!existing) return [];
  each.raised = true;
  return existing.restored ? [relapse(moment, existing)] : [];
}

/** When a watch opens its incident, as seen from the state's instant. */
export function watchDue(each: Watch, { rules }: IncidentModel, now: Millis): Millis {
  if (each.raised || each.armedAt === null || each.lapsedAt !== null) return NEVER;
  const rule = rules.find(({ id }) => id === each.rule);
  return Math.max(each.armedAt + forMsOf(rule), now);
}

/** Opens the incident of a watch that is due. */
export function raise(moment: Moment, each: Watch): IncidentChange[] {
  const { model } = moment;
  const rule = model.rules.find(({ id }) => id === each.rule);
  each.raised = true;
  if (!rule) return [];
  const { signal, reason, attribution, since, armedAt, detectedAt } = each;
  const faultAt = armedAt ?? since;
  const opening = { rule: rule.id, trigger: rule.on, severity: rule.severity };
  const stayMs = model.restoredAfterMs;
  return open(
    moment,
    { ...opening, signal, reason, attribution, faultAt, detectedAt, stayMs },
    null,
  );
}
