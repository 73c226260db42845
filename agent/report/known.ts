/**
 * What a journal knows beside intervals and counts: configurations, calendars as they were resolved, plans,
 * annotations and late scrap. Read once; a report asks it for each machine.
 */
import { type Agreement, agreementOf, type Entry } from "../core/annotation/agreement.ts";
import type { CountsInput, DecisionInput, PlanInput } from "../core/annotation/entered.ts";
import type { ConfigInput, Input } from "../core/input.ts";
import type { AssetModel } from "../core/model.ts";
import type { Millis } from "../core/time.ts";
import { type CalendarState, extend } from "../core/timeline/schedule.ts";
import type { JournalSource } from "../replay/from-journal.ts";
import { type InForce, rulesInForce } from "../replay/in-force.ts";

export interface Known {
  /** In the order in which they took effect. */
  configs: ConfigInput[];
  /** By id; "" is the gateway's. */
  calendars: Map<string, CalendarState>;
  tzdata: string[];
  plans: PlanInput[];
  reasons: Entry[];
  decisions: DecisionInput[];
  scraps: CountsInput[];
}

export function knownOf(reader: Pick<JournalSource, "inputs">): Known {
  const known: Known = {
    ...{ configs: [], calendars: new Map(), tzdata: [], plans: [], reasons: [], decisions: [] },
    scraps: [],
  };
  const rules = rulesInForce();
  for (const input of reader.inputs(0, Number.MAX_SAFE_INTEGER)) {
    rules.see(input);
    learn(known, input, rules.decidersOf);
  }
  return known;
}

function learn(known: Known, input: Input, decidersOf: InForce["decidersOf"]): void {
  switch (input.kind) {
    case "config":
      known.configs.push(input);
      return;
    case "calendar":
      known.calendars.set(input.id, extend(known.calendars.get(input.id), input));
      if (!known.tzdata.includes(input.tzdata)) known.tzdata.push(input.tzdata);
      return;
    case "plan":
      if (input.at < input.from) known.plans.push(input);
      return;
    case "reason":
      known.reasons.push({ input, deciders: decidersOf(input.asset) });
      return;
    case "decision":
      known.decisions.push(input);
      return;
    case "counts":
      known.scraps.push(input);
      return;
    default:
      return;
  }
}

/** The configuration in force just before `at`; the first one where there is none yet. */
export function configAt({ configs }: Known, at: Millis): ConfigInput | null {
  return configs.filter((config) => config.at < at).at(-1) ?? configs[0] ?? null;
}

/** The annotations of an asset: those that hold, in their order, and those that change nothing yet. */
export const notesOf = ({ reasons, decisions }: Known, asset: string): Agreement =>
  agreementOf(
    reasons.filter(({ input }) => input.asset === asset),
    decisions.filter((input) => input.asset === asset),
  );

/** Assets of the newest configuration, by id. */
export const assetsOf = ({ configs }: Known): AssetModel[] => configs.at(-1)?.model.assets ?? [];
