/** Incidents: rules with one trigger each, severities, calendars and points that exist, steps that can come. */
import { LIMITS } from "../../agent/core/incident/model.ts";
import type { Draft, DraftAsset } from "../draft.ts";
import {
  escalationAt,
  LIMIT_KEYS,
  rulesOf,
  severitiesOf,
  severityOf,
  TRIGGERS,
  triggerOf,
} from "../incident.ts";
import { didYouMean } from "../nearest.ts";
import { kindOf } from "../point.ts";
import type { Path } from "../problem.ts";
import type { EscalationStep, IncidentRule, Incidents, Severity } from "../types.ts";
import { durationMs } from "../units.ts";
import { error, errorAtKey, type Report, warn } from "./report.ts";
import { checkDuration } from "./time.ts";
import { findPoint } from "./when.ts";

type Calendars = Draft["calendars"];

/** Severities of the plant. */
export function checkSeverities(report: Report, draft: Draft): void {
  for (const [id, severity] of Object.entries(draft.severities ?? {}))
    if (severity) checkSeverity(report, ["severities", id], severity, draft.calendars);
}

/** `incidents` of an asset, if it has them and they are sound. */
export function checkIncidents(report: Report, path: Path, asset: DraftAsset, draft: Draft): void {
  const { incidents } = asset;
  if (!incidents) return;
  const at = [...path, "incidents"];
  for (const [id, severity] of Object.entries(incidents.severities ?? {}))
    checkSeverity(report, [...at, "severities", id], severity, draft.calendars);
  checkRules(report, at, incidents, draft);
  checkDuration(report, [...at, "restoredAfter"], incidents.restoredAfter, { least: "0s" });
  checkDuration(report, [...at, "repeatWithin"], incidents.repeatWithin, { most: "400d" });
  checkVerification(report, [...at, "verify"], incidents, asset);
  checkButtons(report, [...at, "buttons"], incidents, asset);
}

function checkRules(report: Report, path: Path, incidents: Incidents, draft: Draft): void {
  const known = Object.keys(severitiesOf(draft.severities, incidents));
  const rules = rulesOf(incidents);
  for (const [index, rule] of rules.entries()) {
    const at = incidents.rules ? [...path, "rules", index] : path;
    checkRule(report, at, rule);
    const severity = severityOf(rule);
    if (!known.includes(severity)) {
      const place = rule.severity === undefined ? at : [...at, "severity"];
      error(report, place, `there is no severity ${severity}`, didYouMean(severity, known));
    }
    checkAgainst(report, at, rule, rules.slice(0, index));
  }
}

function checkAgainst(
  report: Report,
  path: Path,
  rule: IncidentRule,
  before: readonly IncidentRule[],
): void {
  if (rule.id !== undefined && before.some(({ id }) => id === rule.id))
    error(report, [...path, "id"], `another rule is called ${rule.id}`);
  const first = before.findIndex((each) => hides(each, rule));
  if (first >= 0)
    warn(report, path, `never applies: rules[${first}] comes first and fits whenever it does`);
}

/** Whether `rule` can never apply where `each` comes before it. */
function hides(each: IncidentRule, rule: IncidentRule): boolean {
  const trigger = triggerOf(rule);
  if (triggerOf(each) !== trigger) return false;
  return trigger === "lostContact" || (trigger === "fault" && each.reasons === undefined);
}

function checkRule(report: Report, path: Path, rule: IncidentRule): void {
  const [trigger, second] = TRIGGERS.filter((key) => rule[key] !== undefined);
  if (trigger === undefined) {
    error(report, path, `needs one of ${TRIGGERS.join(", ")}`);
    return;
  }
  if (second !== undefined) {
    const hint = "make two rules of it";
    errorAtKey(report, [...path, second], `does not go with \`${trigger}\``, hint);
  }
  if (rule.reasons && trigger !== "fault")
    errorAtKey(report, [...path, "reasons"], "only goes with `fault`");
  if (rule.within !== undefined && trigger !== "microStops")
    errorAtKey(report, [...path, "within"], "only goes with `microStops`");
  if (rule.within === undefined && trigger === "microStops")
    errorAtKey(report, [...path, "within"], "is missing", "the span in which they happen");
  const least = { least: "0s", most: "7d" };
  checkDuration(report, [...path, "fault"], rule.fault, least);
  checkDuration(report, [...path, "lostContact"], rule.lostContact, least);
  checkDuration(report, [...path, "within"], rule.within, { least: "1min", most: "7d" });
}

function checkSeverity(report: Report, path: Path, severity: Severity, calendars: Calendars): void {
  for (const limit of LIMITS) {
    const key = LIMIT_KEYS[limit];
    checkDuration(report, [...path, key], severity[key], { least: "1s", most: "365d" });
  }
  const { coverage } = severity;
  if (coverage !== undefined && !Object.hasOwn(calendars, coverage)) {
    const hint = didYouMean(coverage, Object.keys(calendars));
    error(report, [...path, "coverage"], `there is no calendar ${coverage}`, hint);
  }
  for (const [index, step] of (severity.escalation ?? []).entries())
    checkStep(report, [...path, "escalation", index], step, severity);
}

/** A step needs a limit that it can come before. */
function checkStep(report: Report, path: Path, step: EscalationStep, severity: Severity): void {
  const meant = step.of === undefined ? LIMITS : [step.of];
  const set = meant.flatMap((limit) => severity[LIMIT_KEYS[limit]] ?? []);
  if (set.length === 0) {
    const what = step.of === undefined ? "a limit" : `\`${LIMIT_KEYS[step.of]}\``;
    const at = step.of === undefined ? path : [...path, "of"];
    error(report, at, `never comes: the severity has no ${what.replace(/^a /, "")}`);
    return;
  }
  const when = escalationAt(step.at);
  if (typeof when !== "object" || !("beforeMs" in when)) return;
  const text = step.at.replace(/ before$/, "");
  if (checkDuration(report, [...path, "at"], text, { most: "365d" }) === null) return;
  if (set.every((limit) => durationMs(limit) <= when.beforeMs))
    error(report, [...path, "at"], `never comes: no limit is longer than ${text}`);
}

function checkVerification(
  report: Report,
  path: Path,
  { verify }: Incidents,
  { counts }: DraftAsset,
): void {
  checkDuration(report, [...path, "stable"], verify?.stable, { least: "1s", most: "30d" });
  if (verify?.pieces !== undefined && !counts)
    errorAtKey(report, [...path, "pieces"], "needs `counts`", "name the point that counts pieces");
}

function checkButtons(report: Report, path: Path, { buttons }: Incidents, asset: DraftAsset): void {
  for (const [index, button] of buttons.entries()) {
    const at = [...path, index, "point"];
    const point = findPoint(report, at, button.point, asset);
    if (point && kindOf(point) !== "bool")
      error(report, at, `${button.point} is not true or false`, "a button is a point of type bool");
  }
}
