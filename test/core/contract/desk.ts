/** Small contracts and timelines for tests: a machine's conditions as a list, booked and closed as the core would. */
import type { StandingBody } from "../../../agent/core/contract/body.ts";
import { closeDue, standing } from "../../../agent/core/contract/close.ts";
import { bookInterval } from "../../../agent/core/contract/fold.ts";
import type { Outlook } from "../../../agent/core/contract/look.ts";
import type {
  ContractAsset,
  ContractModel,
  Exact,
  OutcomeModel,
} from "../../../agent/core/contract/model.ts";
import { type ContractState, newContract, openPeriod } from "../../../agent/core/contract/state.ts";
import type { PeriodInput } from "../../../agent/core/input.ts";
import type { IntervalFact, StopClass } from "../../../agent/core/journal.ts";
import { isStop } from "../../../agent/core/timeline/stop.ts";
import type { Attribution, Condition, Schedule } from "../../../agent/core/vocabulary.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** Monday, 00:00 UTC. */
export const MONDAY = Date.UTC(2026, 10, 2);

export const percent = (text: string): Exact => {
  const [whole = "", part = ""] = text.split(".");
  return { n: Number(whole + part), d: 100 * 10 ** part.length };
};

export const asset = (id = "press-01", more: Partial<ContractAsset> = {}): ContractAsset => ({
  id,
  weight: 1,
  calendar: "",
  microStopMs: 5 * MINUTE,
  good: "counted",
  fastestUs: 1_000_000,
  ...more,
});

export const outcome = (more: Partial<OutcomeModel> = {}): OutcomeModel => ({
  metric: "uptime",
  severity: null,
  limitMs: 0,
  clock: "covered",
  withinMs: 0,
  target: percent("97"),
  minimum: percent("92"),
  minCoverage: null,
  unknown: "bounds",
  bands: [],
  malus: null,
  bonus: null,
  step: null,
  misses: null,
  ...more,
});

export const model = (more: Partial<ContractModel> = {}): ContractModel => ({
  id: "acme",
  revision: 1,
  effective: { from: null, to: null },
  effectiveFrom: Number.MIN_SAFE_INTEGER,
  effectiveTo: Number.MAX_SAFE_INTEGER,
  period: "month",
  months: 1,
  firstPeriod: "prorate",
  denominator: "loading",
  noDemand: "exclude",
  setup: "loss",
  downtimeStart: "signal",
  aggregation: "pooled",
  rounding: { decimals: 2, stage: "before-band" },
  assets: [asset()],
  exclusions: [],
  attribution: { rules: [], pendingResolvesTo: "supplier" },
  capability: null,
  outcomes: [outcome()],
  fees: null,
  decides: { attribution: "both", reason: "both", counts: "both", schedule: "both", ideal: "both" },
  budgetAlerts: ["50", "75", "90", "100"].map(percent),
  burnAlerts: [],
  value: {},
  ...more,
});

/** A stretch of a machine's life. */
export interface Stretch {
  is: Condition;
  ms: number;
  schedule?: Schedule;
  attribution?: Attribution;
  reason?: string;
}

/** Settled intervals from `from` on, judged as the core would with `microStopMs`; `open`: more may follow. */
export function timeline(
  stretches: readonly Stretch[],
  { id = "press-01", from = MONDAY, microStopMs = 5 * MINUTE } = {},
): IntervalFact[] {
  let at = from;
  const facts = stretches.map(({ is, ms, schedule, attribution, reason }): IntervalFact => {
    const begin = at;
    at += ms;
    return {
      kind: "interval",
      asset: id,
      from: begin,
      to: at,
      condition: is,
      cause: is === "unknown" ? "device-silent" : null,
      schedule: schedule ?? "scheduled",
      attribution: attribution ?? "none",
      recipe: "a",
      idealCycleUs: 1_000_000,
      reason: reason ?? null,
      rule: 0,
      stop: "none",
      stopPrime: "none",
      stopFrom: null,
      edgeFrom: null,
    };
  });
  for (let i = 0; i < facts.length; ) i = judgeFrom(facts, i, microStopMs);
  return facts;
}

const PLANNED = ["setup", "engineering", "maintenance"];

/** Gives the stop that begins at `i` its class; returns the index after it. */
function judgeFrom(facts: IntervalFact[], i: number, microStopMs: number): number {
  let next = i;
  while (next < facts.length && isStop(facts[next]!.condition)) next++;
  if (next === i) return i + 1;
  const run = facts.slice(i, next);
  const [left, right] = [facts[i - 1]?.condition, facts[next]?.condition];
  const short =
    left !== undefined &&
    right !== undefined &&
    run.at(-1)!.to - run[0]!.from < microStopMs &&
    !run.some(({ condition }) => PLANNED.includes(condition));
  const judged = (isMicro: boolean): StopClass => (isMicro ? "micro" : "stop");
  for (const fact of run) {
    fact.stopFrom = run[0]!.from;
    fact.stop = judged(short && left === "producing" && right === "producing");
    fact.stopPrime = judged(short);
  }
  return next;
}

/** A period that is `scheduled` all the time, for every calendar named. */
export const period = (from: number, to: number, calendars = [""]): PeriodInput => ({
  kind: "period",
  at: from,
  contract: "acme",
  localDate: new Date(from).toISOString().slice(0, 10),
  from,
  to,
  scheduled: Object.fromEntries(calendars.map((id) => [id, [{ from, to }]])),
});

export const outlook = (at: number, more: Partial<Outlook> = {}): Outlook => ({
  at,
  tails: {},
  counts: [],
  incidents: {},
  proposed: {},
  ...more,
});

/** A contract with one period, in which the intervals were booked. */
export function booked(
  contract: ContractModel,
  facts: readonly IntervalFact[],
  span = period(MONDAY, MONDAY + 720 * HOUR),
): ContractState {
  const state = newContract(contract);
  openPeriod(contract, state, span);
  for (const fact of facts) bookInterval(contract, state, fact);
  return state;
}

/** The verdict of the period that ends first. */
export function verdictOf(
  contract: ContractModel,
  state: ContractState,
  more: Partial<Outlook> = {},
): StandingBody {
  const [body] = closeDue(contract, state, outlook(MONDAY + 9000 * HOUR, more), {});
  return body!;
}

/** A whole period of `minutes`, `down` of them down, as a final standing. */
export function ended(contract: ContractModel, minutes: number, down: number): StandingBody {
  const facts = timeline([
    { is: "producing", ms: (minutes - down) * MINUTE },
    { is: "fault", ms: down * MINUTE, attribution: "supplier" },
  ]);
  const span = period(MONDAY, MONDAY + minutes * MINUTE);
  const tail = timeline([{ is: "producing", ms: HOUR }], { from: span.to });
  return verdictOf(contract, booked(contract, [...facts, ...tail], span));
}

export const standingAt = (
  contract: ContractModel,
  state: ContractState,
  at: number,
  more: Partial<Outlook> = {},
): StandingBody => standing(contract, state, outlook(at, more))!;
