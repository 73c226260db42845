/**
 * The standing of a contract in one period, live or final, with both values while something is disputed. The one
 * place where exact numbers become what is published.
 */
import type { Disputed, OutcomeStanding, Reading, StandingBody, StandingSums } from "./body.ts";
import { courseOf, endVerdict } from "./course.ts";
import { aid, decimalText } from "./fraction.ts";
import { type Look, lookAt, type Outlook, outcomeOf } from "./look.ts";
import { lossesOf } from "./loss.ts";
import { missesOf } from "./misses.ts";
import type { ContractModel, OutcomeModel } from "./model.ts";
import { decidedValue, moneyFor, moneyOf } from "./money.ts";
import type { ContractState, PeriodState } from "./state.ts";
import { type Joined, levelOf, placesOf, reached } from "./verdict.ts";

/**
 * The standing of a period that is open or closed. Changes nothing; `alerts` are those that fired before, and
 * `due` what fires now (see `watch` in `close.ts`).
 */
export function standingOf(
  model: ContractModel,
  state: ContractState,
  period: PeriodState,
  outlook: Outlook,
  final: boolean,
): { body: StandingBody; due: string[] } {
  const at = final ? { ...outlook, at: period.to, knownAt: outlook.at } : outlook;
  const look = lookAt(model, state, period, at, false);
  const isDisputed = Object.values(outlook.proposed).some((changes) => changes.length > 0);
  const agreed = isDisputed ? lookAt(model, state, period, at, true) : null;
  const due: string[] = [];
  const outcomes = model.outcomes.map((outcome) => {
    const standing = outcomeStanding(state, look, agreed, outcome, at, final);
    due.push(...standing.due);
    return standing.body;
  });
  const body: StandingBody = {
    contract: model.id,
    contractRevision: model.revision,
    localDate: period.localDate,
    from: look.span.from,
    to: period.to,
    at: outlook.at,
    final,
    revision: period.revision,
    supersedes: null,
    outcomes,
    sums: sumsNow(look),
    money: moneyOf(look, outcomes, at),
    losses: look.sums.flatMap((sums) => {
      const value = model.value[sums.asset.id];
      return value ? [lossesOf(sums, value, model.fees?.digits ?? 2)] : [];
    }),
    alerts: [...period.alerts],
  };
  return { body, due: final ? [] : due };
}

function outcomeStanding(
  state: ContractState,
  look: Look,
  agreed: Look | null,
  outcome: OutcomeModel,
  outlook: Outlook,
  final: boolean,
): { body: OutcomeStanding; due: string[] } {
  const { share } = look;
  const joined = outcomeOf(look, outcome, outlook);
  const course = courseOf(look, outcome, joined, outlook);
  const end = endVerdict(look, outcome, joined);
  const verdict = final ? end : course.verdict;
  const decided = decidedValue(look, outcome, joined);
  const body: OutcomeStanding = {
    metric: outcome.metric,
    severity: outcome.severity,
    target: aid(levelOf(outcome, outcome.target, share)),
    minimum: aid(levelOf(outcome, outcome.minimum, share)),
    ...reading(joined),
    coverage: aid(joined.coverage),
    judged: decided === null ? null : decimalText(decided, judgedPlaces(look, outcome)),
    verdict,
    breach: decided !== null && reached(outcome, decided, share) === "below-minimum",
    budget: course.budget,
    burn: final
      ? []
      : course.burn.map(({ windowMs, value }) => ({ windowMs, value: aid(value) ?? 0 })),
    forecast:
      final || course.forecast === null
        ? null
        : {
            p10: aid(course.forecast.p10),
            p50: aid(course.forecast.p50) ?? 0,
            p90: aid(course.forecast.p90),
          },
    earliestBreach: final ? null : course.earliestBreach,
    money: moneyFor(look, outcome, joined, end),
    disputed: agreed ? disputedOf(agreed, outcome, outlook, final) : null,
    misses: final ? missesOf(state, look.period, outcome, end) : null,
  };
  return { body, due: course.alerts };
}

const reading = ({ value, min, max }: Joined): Reading => ({
  value: aid(value),
  min: aid(min),
  max: aid(max),
});

const judgedPlaces = ({ model }: Look, { metric }: OutcomeModel): number =>
  model.rounding.stage === "none" ? 9 : placesOf(model, metric);

function disputedOf(
  agreed: Look,
  outcome: OutcomeModel,
  outlook: Outlook,
  final: boolean,
): Disputed {
  const joined = outcomeOf(agreed, outcome, outlook);
  const end = endVerdict(agreed, outcome, joined);
  const { verdict } = courseOf(agreed, outcome, joined, outlook);
  const money = moneyFor(agreed, outcome, joined, end);
  return { ...reading(joined), verdict: final ? end : verdict, amount: money?.amount ?? null };
}

function sumsNow({ sums }: Look): StandingSums {
  const all: StandingSums = {
    ...{ upMs: 0, downMs: 0, pendingMs: 0, excludedMs: 0, grantedMs: 0 },
    ...{ blindMs: 0, outsideMs: 0, runMs: 0 },
  };
  for (const { judged, tally } of sums) {
    all.upMs += judged.up;
    all.downMs += judged.down;
    all.pendingMs += judged.pending;
    all.excludedMs += judged.excluded;
    all.grantedMs += judged.granted;
    all.blindMs += judged.blind;
    all.outsideMs += tally.judged.buckets.outside;
    all.runMs += judged.run;
  }
  return all;
}
