/**
 * An act as it comes in, whichever way: checked against `act.json`, with its times as numbers. Judges its form only;
 * whether it can be so is the desk's.
 */
import { explain } from "../../config/explain.ts";
import { pathText } from "../../config/problem.ts";
import { violations } from "../../config/validator.ts";
import type { Millis } from "../core/time.ts";
import type { Attribution, Party, Schedule } from "../core/vocabulary.ts";

/** Steps in the life of an incident. */
export const INCIDENT_ACTS = [
  "acknowledge",
  "dispatch",
  "respond",
  "restore",
  "verify",
  "close",
  "hold",
  "release",
  "open",
] as const;
export type IncidentAct = (typeof INCIDENT_ACTS)[number];

export type ActName =
  | IncidentAct
  | "attribute"
  | "reason"
  | "agree"
  | "dispute"
  | "scrap"
  | "plan"
  | "ideal"
  | "schedule"
  | "signal-acknowledge"
  | "signal-shelve"
  | "signal-unshelve"
  | "maintenance";

/** Acts that say something about a span of time that is accounted: what a contract is judged by. */
const STATEMENTS: readonly ActName[] = [
  "attribute",
  "reason",
  "agree",
  "dispute",
  "scrap",
  "ideal",
  "schedule",
];
export const isStatement = (act: ActName): boolean => STATEMENTS.includes(act);

/** As `act.json` says; what the act needs is there. Instants are UTC milliseconds. */
export interface Act {
  id?: string;
  act: ActName;
  asset?: string;
  incident?: string;
  signal?: string;
  annotation?: string;
  from?: Millis;
  to?: Millis;
  at?: Millis;
  until?: Millis;
  severity?: string;
  attribution?: Attribution;
  reason?: string;
  recipe?: string;
  idealCycle?: string;
  schedule?: Schedule;
  window?: string;
  reject?: number;
  mode?: "remote" | "on-site";
  points?: string[];
  party?: Party;
  by: string;
  why?: string;
}

const INSTANTS = ["from", "to", "at", "until"] as const;

/** The act, or what is wrong with the document, a sentence each. `data` is left alone. */
export function readAct(data: unknown): { act: Act } | { wrong: string[] } {
  if (typeof data !== "object" || data === null || Array.isArray(data))
    return { wrong: ['an act is a JSON object such as {"act":"acknowledge","asset":…,"by":…}'] };
  const found = violations("act.json", data).filter(({ keyword }) => keyword !== "if");
  if (found.length > 0)
    return { wrong: [...new Set(found.map((each) => sentence(explain(each))))] };
  const act = { ...data } as Record<string, unknown>;
  for (const key of INSTANTS) {
    const given = act[key];
    if (given === undefined) continue;
    const instant = typeof given === "number" ? given : Date.parse(String(given));
    if (Number.isNaN(instant))
      return { wrong: [`${key} is no time that exists: ${String(given)}`] };
    act[key] = instant;
  }
  return { act: act as unknown as Act };
}

function sentence({ path, message, hint }: ReturnType<typeof explain>): string {
  return `${pathText(path)} ${message}${hint ? ` (${hint})` : ""}`.trim();
}
