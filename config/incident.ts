/**
 * `incidents:` and `severities:` of a configuration as the core's model: defaults filled in, durations as integers.
 * Expects what the cross checks let through; an asset without the key has none.
 */
import type {
  ButtonModel,
  EscalationAt,
  EscalationModel,
  IncidentModel,
  IncidentRuleModel,
  Limit,
  SeverityModel,
} from "../agent/core/incident/model.ts";
import { LIMITS } from "../agent/core/incident/model.ts";
import type { Asset, Config, EscalationStep, IncidentRule, Incidents, Severity } from "./types.ts";
import { durationMs } from "./units.ts";

/** Limits after the severity grid of common service contracts (metrics D). */
const GRID: Record<string, Partial<Severity>> = {
  s1: { ackWithin: "30min", respondWithin: "4h", restoreWithin: "12h" },
  s2: { ackWithin: "1h", respondWithin: "8h", restoreWithin: "24h" },
  s3: { ackWithin: "8h", respondWithin: "24h" },
  s4: {},
};
const RULES: IncidentRule[] = [{ fault: "5min" }, { lostContact: "30min" }];
const STEPS: EscalationStep[] = [{ at: "80%" }, { at: "on breach" }];

export const TRIGGERS = ["fault", "microStops", "signal", "lostContact"] as const;
export type TriggerKey = (typeof TRIGGERS)[number];

const SEVERITY_OF: Record<TriggerKey, string> = {
  fault: "s1",
  microStops: "s2",
  signal: "s3",
  lostContact: "s3",
};

/** The trigger of a rule that has exactly one. */
export const triggerOf = (rule: IncidentRule): TriggerKey =>
  TRIGGERS.find((key) => rule[key] !== undefined) ?? "fault";

export const rulesOf = (incidents: Partial<Incidents>): readonly IncidentRule[] =>
  incidents.rules ?? RULES;

export const severityOf = (rule: IncidentRule): string =>
  rule.severity ?? SEVERITY_OF[triggerOf(rule)];

/** Severities that hold for an asset: the plant's, else the grid's, and its own over them. */
export const severitiesOf = (
  plant: Record<string, Severity | null> | undefined,
  incidents: Partial<Incidents>,
): Record<string, Partial<Severity> | null> => ({ ...(plant ?? GRID), ...incidents.severities });

/** Undefined: the asset has no incidents. */
export function incidentModel(asset: Asset, config: Config): IncidentModel | undefined {
  const { incidents } = asset;
  if (!incidents) return undefined;
  const { verify = { stable: "10min" } } = incidents;
  const severities = severitiesOf(config.severities, incidents);
  return {
    rules: ruleModels(rulesOf(incidents)),
    severities: Object.entries(severities).map(([id, each]) => severityModel(id, each ?? {})),
    during: incidents.during,
    microStopMs: durationMs(asset.microStop),
    restoredAfterMs: durationMs(incidents.restoredAfter),
    verify: { pieces: verify.pieces ?? null, stableMs: optionalMs(verify.stable) },
    closing: incidents.close,
    repeatWithinMs: durationMs(incidents.repeatWithin),
    buttons: buttonModels(asset, incidents),
  };
}

const optionalMs = (text: string | undefined): number | null =>
  text === undefined ? null : durationMs(text);

const NAMES: Record<TriggerKey, IncidentRuleModel["on"]> = {
  fault: "fault",
  microStops: "micro-stops",
  signal: "signal",
  lostContact: "lost-contact",
};

/** Rules without an id are called by their trigger, from the second on with a number. */
function ruleModels(rules: readonly IncidentRule[]): IncidentRuleModel[] {
  return rules.map((rule, index) => {
    const trigger = triggerOf(rule);
    const before = rules.slice(0, index).filter((each) => triggerOf(each) === trigger).length;
    const name = before === 0 ? NAMES[trigger] : `${NAMES[trigger]}-${before + 1}`;
    return ruleModel(rule, { id: rule.id ?? name, severity: severityOf(rule) });
  });
}

function ruleModel(rule: IncidentRule, base: { id: string; severity: string }): IncidentRuleModel {
  switch (triggerOf(rule)) {
    case "fault": {
      const reasons = rule.reasons?.map(String) ?? null;
      return { ...base, on: "fault", forMs: durationMs(rule.fault ?? "0s"), reasons };
    }
    case "microStops": {
      const withinMs = durationMs(rule.within ?? "1h");
      return { ...base, on: "micro-stops", count: rule.microStops ?? 2, withinMs };
    }
    case "signal":
      return { ...base, on: "signal", atLeast: rule.signal ?? "alarm" };
    case "lostContact":
      return { ...base, on: "lost-contact", forMs: durationMs(rule.lostContact ?? "0s") };
  }
}

export const LIMIT_KEYS: Record<Limit, "ackWithin" | "respondWithin" | "restoreWithin"> = {
  acknowledge: "ackWithin",
  respond: "respondWithin",
  restore: "restoreWithin",
};

function severityModel(id: string, severity: Partial<Severity>): SeverityModel {
  const limits = LIMITS.map((limit) => [limit, optionalMs(severity[LIMIT_KEYS[limit]])]);
  return {
    id,
    limits: Object.fromEntries(limits) as SeverityModel["limits"],
    clock: severity.clock ?? "covered",
    coverage: severity.coverage ?? null,
    escalation: (severity.escalation ?? STEPS).map(escalationModel),
    holdReasons: severity.holdReasons ?? [],
  };
}

const escalationModel = ({ at, of, to }: EscalationStep): EscalationModel => ({
  limits: of === undefined ? [...LIMITS] : [of],
  at: escalationAt(at),
  text: at,
  to: to ?? null,
});

/** `80%`, `30min before`, `on breach`. */
export function escalationAt(text: string): EscalationAt {
  if (text === "on breach") return "breach";
  if (text.endsWith("%")) return { percent: Number(text.slice(0, -1)) };
  return { beforeMs: durationMs(text.replace(/ before$/, "")) };
}

function buttonModels(asset: Asset, { buttons }: Incidents): ButtonModel[] {
  const points = Object.keys(asset.points);
  return buttons.map(({ point, act, on }) => ({
    point: points.indexOf(point),
    name: point,
    act,
    on,
  }));
}
