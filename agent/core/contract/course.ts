/**
 * An outcome while its period runs: budget, burn, forecast, earliest breach, alerts, and whether it is still on track.
 * What can no longer change is said already. Decides no period; that is `close.ts`.
 */
import {
  type Budget,
  budgetOf,
  burnOf,
  type Downtime,
  downtimeOf,
  earliestBreach,
  type Forecast,
  forecastOf,
  isSpent,
  thresholdOf,
  totalOf,
  valueAfter,
} from "./budget.ts";
import { compare, decimalText, exact, type Fraction, fraction, times } from "./fraction.ts";
import { isUncounted, type Look, type Outlook } from "./look.ts";
import type { Exact, OutcomeModel } from "./model.ts";
import { windowsOf } from "./pace.ts";
import { isCutShort } from "./state.ts";
import {
  type FinalVerdict,
  finalVerdict,
  isQuantity,
  type Joined,
  judgedAs,
  levelOf,
  reached,
  readingsOf,
  type Verdict,
} from "./verdict.ts";

/** Where a running outcome stands; parts are null where they mean nothing for it. */
export interface Course {
  verdict: Verdict;
  budget: Budget | null;
  burn: { windowMs: number; value: Fraction }[];
  forecast: { p10: Fraction | null; p50: Fraction; p90: Fraction | null } | null;
  earliestBreach: number | null;
  /** Ids of the alerts that are due now. */
  alerts: string[];
}

/** Downtime of all assets, for outcomes that are made of it and have a target. */
interface Drain {
  target: Fraction;
  total: Downtime;
  /** As the most favorable reading of unobserved time judges it. */
  best: Downtime;
  budget: Budget;
}

export const keyOf = ({ metric, severity }: OutcomeModel): string =>
  severity === null ? metric : `${metric} ${severity}`;

export function courseOf(
  look: Look,
  outcome: OutcomeModel,
  joined: Joined,
  outlook: Outlook,
): Course {
  const drain = drainOf(look, outcome);
  const forecast =
    drain && outcome.metric !== "availability"
      ? forecastOf(drain.total, look.aheadMs, repairsOf(look))
      : projection(look, outcome, joined);
  const burn = drain ? burnsOf(look, drain.target) : [];
  return {
    verdict: runningVerdict(look, outcome, joined, drain, forecast),
    budget: drain?.budget ?? null,
    burn,
    forecast,
    earliestBreach: drain ? earliestBreach(outlook.at, drain.budget.leftMs, look.ahead) : null,
    alerts: drain ? alertsOf(look, outcome, drain) : [],
  };
}

function drainOf({ sums, share, aheadMs }: Look, outcome: OutcomeModel): Drain | null {
  const target = levelOf(outcome, outcome.target, share);
  const total = (side: "judged" | "prime"): Downtime | null => {
    const parts = sums.flatMap((each) => downtimeOf(each, outcome.metric, side) ?? []);
    return parts.length === 0 ? null : totalOf(outcome, parts);
  };
  const judged = total("judged");
  const prime = total("prime");
  if (target === null || judged === null || prime === null) return null;
  const isOpen = outcome.unknown === "bounds" || outcome.unknown === "as-up";
  const best = isOpen ? prime : judged;
  return { target, total: judged, best, budget: budgetOf(target, judged, aheadMs) };
}

function repairsOf({ sums }: Look): { count: number; ms: number; squareS: number } {
  const all = { count: 0, ms: 0, squareS: 0 };
  for (const { tally } of sums) {
    all.count += tally.repairs.count;
    all.ms += tally.repairs.ms;
    all.squareS += tally.repairs.squareS;
  }
  return all;
}

/** Quantities go on at their rate per planned time, ratios stay as they are. */
function projection(
  look: Look,
  { metric }: OutcomeModel,
  { value }: Joined,
): { p10: null; p50: Fraction; p90: null } | null {
  if (value === null) return null;
  if (!isQuantity(metric)) return { p10: null, p50: value, p90: null };
  const factor = fraction(plannedMs(look), plannedMs(look) - look.aheadMs);
  return factor ? { p10: null, p50: times(value, factor), p90: null } : null;
}

/** Of all machines in the present period. */
const plannedMs = ({ model, period }: Look): number =>
  model.assets.reduce((sum, { calendar }) => {
    const whole = period.to - period.from;
    return sum + (model.denominator === "calendar" ? whole : (period.scheduledMs[calendar] ?? 0));
  }, 0);

const burnsOf = ({ model, state, sums }: Look, target: Fraction): Course["burn"] =>
  windowsOf(model).flatMap((windowMs) => {
    const value = burnOf(state.pace, target, windowMs, sums.length);
    return value ? [{ windowMs, value }] : [];
  });

function runningVerdict(
  look: Look,
  outcome: OutcomeModel,
  joined: Joined,
  drain: Drain | null,
  forecast: Forecast | Course["forecast"],
): Verdict {
  const { model, share } = look;
  const { minCoverage } = outcome;
  if (minCoverage && joined.coverage && compare(joined.coverage, exact(minCoverage)) < 0)
    return "indeterminate";
  if (isUncounted(look, outcome)) return "indeterminate";
  const reach = (value: Fraction): string =>
    reached(outcome, judgedAs(model, outcome.metric, value), share);
  const certain = drain && isPlain(look) ? certainVerdict(look, outcome, drain) : null;
  if (certain) return certain;
  const readings = readingsOf(outcome, joined);
  if (readings.every((each) => each === null)) return "on-track";
  const isMet = readings.every((each) => each !== null && reach(each) === "met");
  if (isQuantity(outcome.metric) && isMet) return "met";
  const leads = forecast === null || reach(forecast.p50) === "met";
  return leads && (isMet || isQuantity(outcome.metric)) ? "on-track" : "at-risk";
}

/** Whether the sums over all assets are what is judged. */
const isPlain = ({ model }: Look): boolean =>
  model.aggregation === "pooled" || model.assets.length === 1;

/** What holds whatever comes: the best end misses already, or the worst still meets. */
function certainVerdict(
  { model, share, aheadMs }: Look,
  outcome: OutcomeModel,
  { total, best: most }: Drain,
): Verdict | null {
  const best = valueAfter(most, aheadMs, 0);
  const worst = valueAfter(total, aheadMs, aheadMs + total.blindMs);
  if (best === null || worst === null) return null;
  const end = reached(outcome, judgedAs(model, outcome.metric, best), share);
  if (end !== "met") return end;
  return reached(outcome, judgedAs(model, outcome.metric, worst), share) === "met" ? "met" : null;
}

function alertsOf(look: Look, outcome: OutcomeModel, { target, budget }: Drain): string[] {
  const { model, state, sums } = look;
  const key = keyOf(outcome);
  const spent = model.budgetAlerts
    .filter((share) => isSpent(budget, exact(share)))
    .map((share) => `${key} budget ${percentText(share)}`);
  const perAsset = plannedMs(look) / Math.max(1, sums.length);
  const burns = model.burnAlerts.flatMap((rule) => {
    const burn = burnOf(state.pace, target, rule.windowMs, sums.length);
    const threshold = thresholdOf(rule, Math.floor(perAsset));
    const fires = burn !== null && threshold !== null && compare(burn, threshold) >= 0;
    return fires ? [`${key} burn ${rule.windowMs / 60_000}min`] : [];
  });
  return [...spent, ...burns];
}

const percentText = (share: Exact): string =>
  `${decimalText(times(exact(share), { n: 100n, d: 1n }), 6).replace(/\.?0+$/, "")}%`;

/** As if the period ended now. What was agreed for a period says nothing of one that was cut short. */
export const endVerdict = (look: Look, outcome: OutcomeModel, joined: Joined): FinalVerdict =>
  isCutShort(look.period) || (look.model.firstPeriod === "skip" && look.share.n < look.share.d)
    ? "indeterminate"
    : finalVerdict(look.model, outcome, joined, look.share);
