/** Random timelines of the small plant under a contract, and what people say of them afterwards. */
import fc from "fast-check";
import { calendarFeeds } from "../../agent/calendar/feeds.ts";
import type { ContractModel } from "../../agent/core/contract/model.ts";
import type { IncidentModel } from "../../agent/core/incident/model.ts";
import type { Input } from "../../agent/core/input.ts";
import type { PlantModel } from "../../agent/core/model.ts";
import { asset, model as contract, outcome } from "../core/contract/desk.ts";
import { exclusion } from "../core/contract/tale.ts";
import { HOUR, MINUTE } from "./story.ts";
import { type Act, inputsOf, START } from "./tale.ts";
import { WORK } from "./tale-plant.ts";

const S1: IncidentModel["severities"][number] = {
  id: "s1",
  limits: { acknowledge: 10 * MINUTE, respond: 60 * MINUTE, restore: null },
  clock: "covered",
  coverage: "work",
  escalation: [{ limits: ["respond"], at: { percent: 80 }, text: "80%", to: null }],
  holdReasons: [],
};

const INCIDENTS: IncidentModel = {
  rules: [
    { id: "fault", severity: "s1", on: "fault", forMs: 2 * MINUTE, reasons: null },
    { id: "lost-contact", severity: "s1", on: "lost-contact", forMs: 10 * MINUTE },
  ],
  severities: [S1],
  during: "scheduled",
  microStopMs: 2 * MINUTE,
  restoredAfterMs: MINUTE,
  verify: { pieces: 20, stableMs: 5 * MINUTE },
  closing: "verified",
  repeatWithinMs: 24 * HOUR,
  buttons: [],
};

/** Ends while most timelines run. */
const FROM = START - 20 * HOUR;
const TO = START + 5 * HOUR;

export const CONTRACT: ContractModel = contract({
  id: "acme",
  effective: { from: "2026-11-22", to: "2026-11-24" },
  effectiveFrom: FROM,
  effectiveTo: TO,
  assets: [
    asset("press-01", { microStopMs: 2 * MINUTE, fastestUs: 4_000_000 }),
    asset("saw-02", {
      calendar: "work",
      microStopMs: 3 * MINUTE,
      good: "rest",
      fastestUs: 8_000_000,
    }),
  ],
  exclusions: [
    exclusion({ code: "agreed", reasons: ["agreed"], allowanceMs: 30 * MINUTE }),
    exclusion({
      code: "plan",
      conditions: ["fault"],
      schedules: ["planned-stop"],
      treatment: "credit",
    }),
  ],
  outcomes: [
    outcome({ unknown: "exclude" }),
    outcome({ metric: "oee" }),
    outcome({ metric: "quality", unknown: "exclude" }),
    outcome({ metric: "availability" }),
    outcome({ metric: "response", severity: "s1", limitMs: HOUR }),
  ],
});

const CALENDARS = [
  { id: "", spec: null, zone: "UTC" },
  { id: "work", spec: WORK, zone: "Europe/Berlin" },
];

const underContract = (model: PlantModel): PlantModel => ({
  ...model,
  assets: model.assets.map((each) => ({ ...each, incidents: INCIDENTS })),
  contracts: [CONTRACT],
});

/** The timeline as inputs, under contract, with incidents; told until the period is over where `ended`. */
export function contractedInputs(told: Act[], ended: boolean): Input[] {
  const [period] = calendarFeeds(CALENDARS, {}, [CONTRACT])
    .until(START)
    .filter(({ kind }) => kind === "period");
  const inputs = inputsOf(told);
  const first = inputs.findIndex(({ kind }) => kind === "config");
  const contracted = inputs.flatMap((input, i): Input[] => {
    if (input.kind !== "config") return [input];
    const known = i === first && period ? [{ ...period, at: input.at }] : [];
    return [...known, { ...input, model: underContract(input.model) }];
  });
  const reached = contracted.at(-1)?.at ?? START;
  if (ended && reached < TO + HOUR) contracted.push({ kind: "tick", at: TO + HOUR });
  return contracted;
}

export type Said =
  | { say: "who"; attribution: "customer" | "supplier"; reason: string | null }
  | { say: "schedule"; schedule: "scheduled" | "planned-stop" | "no-demand" | "unscheduled" }
  | { say: "ideal"; recipe: number; idealCycleUs: number }
  | { say: "scrap"; reject: number };

export interface Entry {
  asset: "press-01" | "saw-02";
  /** Of the first ten hours, minutes. */
  from: number;
  minutes: number;
  what: Said;
  /** Who says so, and what the other one answers. */
  party: null | "supplier" | "customer";
  answer: null | "agreed" | "disputed";
}

export const entry: fc.Arbitrary<Entry> = fc.record({
  asset: fc.constantFrom("press-01" as const, "saw-02" as const),
  from: fc.integer({ min: 0, max: 240 }),
  minutes: fc.integer({ min: 1, max: 120 }),
  what: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        say: fc.constant("who" as const),
        attribution: fc.constantFrom("customer" as const, "supplier" as const),
        reason: fc.constantFrom(null, "agreed", "jam"),
      }),
    },
    fc.record({
      say: fc.constant("schedule" as const),
      schedule: fc.constantFrom(
        "scheduled" as const,
        "planned-stop" as const,
        "no-demand" as const,
        "unscheduled" as const,
      ),
    }),
    fc.record({
      say: fc.constant("ideal" as const),
      recipe: fc.integer({ min: 0, max: 1 }),
      idealCycleUs: fc.constantFrom(3_000_000, 12_000_000),
    }),
    fc.record({ say: fc.constant("scrap" as const), reject: fc.integer({ min: 1, max: 3 }) }),
  ),
  party: fc.constantFrom(null, null, "supplier" as const, "customer" as const),
  answer: fc.constantFrom(null, "agreed" as const, "agreed" as const, "disputed" as const),
});

/** What is entered at `at`: the annotation, and the answer where there is one. */
export function entered(
  { asset, what, party, answer, ...span }: Entry,
  id: string,
  at: number,
): Input[] {
  const from = START + span.from * MINUTE;
  const by = { by: "lead", why: "seen" };
  if (what.say === "scrap") {
    const hour = Math.floor(from / HOUR) * HOUR;
    return [{ kind: "counts", at, asset, window: "hour", from: hour, reject: what.reject, ...by }];
  }
  const recipe =
    asset === "press-01" ? (["a", "b"][what.say === "ideal" ? what.recipe : 0] ?? "a") : "default";
  const note: Input = {
    ...{ kind: "reason", at, asset, from, to: from + span.minutes * MINUTE },
    reason: what.say === "who" ? what.reason : null,
    attribution: what.say === "who" ? what.attribution : null,
    ...(what.say === "schedule" ? { schedule: what.schedule } : {}),
    ...(what.say === "ideal" ? { ideal: { recipe, idealCycleUs: what.idealCycleUs } } : {}),
    ...by,
    ...(party ? { party, id } : {}),
  };
  if (!party || !answer) return [note];
  const other = party === "supplier" ? "customer" : "supplier";
  return [
    note,
    { kind: "decision", at, asset, annotation: id, decision: answer, party: other, ...by },
  ];
}
