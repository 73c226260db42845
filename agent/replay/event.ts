/** Lines of recorded input that are no cycles: what happened to the agent, and what people entered (DESIGN 5.3). */
import type {
  ActInput,
  CountsInput,
  DecisionInput,
  PlanInput,
  ReasonInput,
  SignalActInput,
} from "../core/annotation/entered.ts";
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import {
  ATTRIBUTIONS,
  CLOCK_QUALITIES,
  PARTIES,
  SCHEDULES,
  VIAS,
  WINDOW_KINDS,
} from "../core/vocabulary.ts";
import type { FieldReader } from "./fields.ts";

/** A `config` line names a file; reading it is the caller's business. */
export interface ConfigLine {
  kind: "config-file";
  at: Millis;
  file: string;
}

export type LineInput =
  | Exclude<Input, { kind: "config" | "calendar" | "notice" | "tick" | "period" }>
  | ConfigLine;

const ACTS = [
  ...(["open", "acknowledge", "dispatch", "respond", "restore"] as const),
  ...(["verify", "close", "hold", "release"] as const),
];

export function readEvent(line: FieldReader, at: Millis): LineInput {
  const kind = line.fields["event"];
  switch (kind) {
    case "agent-stopped":
      return { kind, at };
    case "agent-started": {
      const cause = line.oneOf("cause", ["agent-stopped", "power-lost"], "agent-stopped");
      return { kind, at, lastAlive: line.instant("lastAlive"), cause };
    }
    case "clock": {
      const quality = line.oneOf("quality", CLOCK_QUALITIES, "synced");
      return { kind, at, quality, stepMs: line.integer("stepMs", 0) };
    }
    case "plan":
      return planOf(line, at);
    case "reason":
      return reasonOf(line, at);
    case "decision":
      return decisionOf(line, at);
    case "counts":
      return countsOf(line, at);
    case "act":
      return actOf(line, at);
    case "signal-act":
      return signalActOf(line, at);
    case "config":
      return { kind: "config-file", at, file: line.text("file") };
    default:
      return line.refuse(`event "${String(kind)}" is not known`);
  }
}

const author = (line: FieldReader): { by: string; why: string } => ({
  by: line.text("by", "unknown"),
  why: line.text("why", ""),
});

/** The id of an act; one that has none is known by its instant and by what it does to what. */
const idOf = (line: FieldReader, at: Millis): string =>
  line.optionalText("id") ??
  ["at", at, line.fields["act"], line.optionalText("incident") ?? line.optionalText("signal")]
    .filter((part) => part != null)
    .join("-");

function planOf(line: FieldReader, at: Millis): PlanInput {
  const schedule = line.oneOf("schedule", ["planned-stop", "no-demand"]);
  const asset = line.asset().id;
  return { kind: "plan", at, asset, ...line.span(), schedule, ...author(line) };
}

function reasonOf(line: FieldReader, at: Millis): ReasonInput {
  const { id: asset, recipes } = line.asset();
  const party = line.optionalOneOf("party", PARTIES);
  const schedule = line.optionalOneOf("schedule", SCHEDULES);
  const recipe = line.optionalText("recipe");
  if (recipe !== null && !recipes.some(({ id }) => id === recipe))
    line.refuse(`recipe "${recipe}" is not in asset "${asset}"`);
  return {
    kind: "reason",
    at,
    asset,
    ...line.span(),
    reason: line.optionalText("reason"),
    attribution: line.optionalOneOf("attribution", ATTRIBUTIONS),
    ...(schedule ? { schedule } : {}),
    ...(recipe === null ? {} : { ideal: { recipe, idealCycleUs: line.integer("idealCycleUs") } }),
    ...author(line),
    ...(line.has("id") ? { id: line.text("id") } : {}),
    ...(party ? { party } : {}),
  };
}

function decisionOf(line: FieldReader, at: Millis): DecisionInput {
  return {
    kind: "decision",
    at,
    asset: line.asset().id,
    annotation: line.text("annotation"),
    decision: line.oneOf("decision", ["agreed", "disputed"]),
    party: line.oneOf("party", PARTIES),
    ...author(line),
  };
}

function countsOf(line: FieldReader, at: Millis): CountsInput {
  const window = line.oneOf("kind", WINDOW_KINDS);
  const from = line.instant("from");
  const reject = line.integer("reject");
  if (reject < 0) line.refuse('"reject" is negative');
  const party = line.optionalOneOf("party", PARTIES);
  const said = { ...author(line), ...(party ? { party } : {}) };
  return { kind: "counts", at, asset: line.asset().id, window, from, reject, ...said };
}

function actOf(line: FieldReader, at: Millis): ActInput {
  return {
    kind: "act",
    id: idOf(line, at),
    at,
    asset: line.asset().id,
    incident: line.optionalText("incident"),
    act: line.oneOf("act", ACTS),
    mode: line.optionalOneOf("mode", ["remote", "on-site"]),
    party: line.optionalOneOf("party", PARTIES),
    ...author(line),
    via: line.oneOf("via", VIAS, "cli"),
  };
}

function signalActOf(line: FieldReader, at: Millis): SignalActInput {
  const points = line.fields["points"];
  return {
    kind: "signal-act",
    id: idOf(line, at),
    at,
    asset: line.asset().id,
    signal: line.optionalText("signal"),
    act: line.oneOf("act", ["acknowledge", "shelve", "unshelve", "maintenance"]),
    until: line.has("until") ? line.instant("until") : null,
    points: Array.isArray(points) ? points.map(String) : null,
    ...author(line),
    via: line.oneOf("via", VIAS, "cli"),
  };
}
